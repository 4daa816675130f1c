"""``PYTHON bench/identity/splink4.py FILE``: Splink 4's ``compare_records`` on what was handed over, in a Python of its own.

Splink 4 and 5 cannot stand in one Python, and Lodestar's is locked to 5. Only the comparing is timed here: the tables are made, and
whoever hands over has looked the candidates up and timed that.
"""

import gc
import json
import sys
import time

import pyarrow as pa
import splink
from splink import DuckDBAPI
from splink.internals.realtime import compare_records


def main(path: str) -> dict[str, object]:
    """Milliseconds of each question, after a tenth of them unmeasured, and the version."""
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    engine, lists = DuckDBAPI(), pa.list_(pa.string())
    types = {"year": pa.int64(), **dict.fromkeys(("postcodes", "keys", "schemes"), lists)}

    def table(rows: list[dict[str, object]]) -> pa.Table:
        names = list(rows[0])
        kind = {name: pa.float64() if name.startswith("tf_") else types.get(name, pa.string()) for name in names}
        return pa.table({name: pa.array([row[name] for row in rows], kind[name]) for name in names})

    pairs = [(table(left), table(right)) for left, right in given["asked"]]
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)  # as on every other side: lodestar/config/leftovers.py says why
    found = []
    for number, (left, right) in enumerate(pairs[: max(5, len(pairs) // 10)] + pairs):
        begun = time.perf_counter()
        answer = compare_records(left, right, given["settings"], engine, sql_cache_key="live")
        answer.as_record_dict()  # type: ignore[attr-defined]  # Splink 4 has it
        engine.delete_table_from_database(answer.physical_name)
        if number >= max(5, len(pairs) // 10):
            found.append((time.perf_counter() - begun) * 1000)
    return {"ms": found, "version": splink.__version__}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
