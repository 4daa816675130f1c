"""``python -m bench.identity.spark``: the same model in Spark, in local mode, beside DuckDB.

Spark is for sets of a region or a nation; a force needs none. This shows that the model's JSON goes there unchanged: only the
dialect of its conditions is translated. Needs ``pip install pyspark`` and Java; neither is among what Lodestar needs.
"""

from __future__ import annotations

import copy
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlglot

from lodestar.doors.feeds.linking.models import document_in
from lodestar.doors.feeds.linking.statements import People, people_in
from lodestar.doors.feeds.linking.training import OURS, arrow_of, linker_on

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "identity"
NAMES_IN_SPARK = {"jaro_winkler_similarity": "jaro_winkler", "list_intersect": "array_intersect", "array_length": "size"}
SAME_TO = 1e-9  # bits
Weights = dict[tuple[str, str], float]


def in_spark(document: dict[str, Any]) -> dict[str, Any]:
    """The model with its conditions in Spark's dialect; everything else as it is."""
    made = copy.deepcopy({name: value for name, value in document.items() if name not in OURS})
    made["sql_dialect"] = "spark"
    for comparison in made["comparisons"]:
        for level in comparison["comparison_levels"]:
            level["sql_condition"] = translated(level["sql_condition"])
    for rule in made["blocking_rules_to_generate_predictions"]:
        rule.update(blocking_rule=translated(rule["blocking_rule"]), sql_dialect="spark")
    return made


def translated(condition: str) -> str:
    """One condition from DuckDB's words into Spark's."""
    if condition == "ELSE":
        return condition
    for ours, theirs in NAMES_IN_SPARK.items():
        condition = condition.replace(f"{ours}(", f"{theirs}(")
    return str(sqlglot.transpile(condition, read="duckdb", write="spark")[0])


def by_spark(document: dict[str, Any], people: People, *, folder: str) -> Weights:
    """Every pair that shares a block, weighed by Spark on this machine; ``folder`` holds what it puts aside."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - a peer, only where it was put
    from splink import Linker  # noqa: PLC0415
    from splink.backends.spark import SparkAPI, similarity_jar_location  # noqa: PLC0415

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.jars", similarity_jar_location())
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    session.sparkContext.setCheckpointDir(folder)
    frame = session.createDataFrame(arrow_of(people.records))
    linker = Linker(SparkAPI(spark_session=session).register(frame), in_spark(document), log_level=40)
    rows = linker.inference.predict().as_record_list()
    session.stop()
    return _weights(rows)


def by_duckdb(document: dict[str, Any], people: People) -> Weights:
    """The same by DuckDB."""
    return _weights(linker_on(people.records, document).inference.predict().as_record_list())


def _weights(rows: list[dict[str, Any]]) -> Weights:
    return {(min(row["unique_id_l"], row["unique_id_r"]), max(row["unique_id_l"], row["unique_id_r"])): row["match_weight"] for row in rows}


def main() -> int:
    """Weigh the examples both ways, and say how far apart the answers are."""
    document, people = document_in(EXAMPLES / "model.json"), people_in([EXAMPLES / "people.csv"], number="number")
    began, load = time.monotonic(), os.getloadavg()[0]
    with TemporaryDirectory() as folder:
        spark = by_spark(document, people, folder=folder)
    took = time.monotonic() - began
    duck = by_duckdb(document, people)
    apart = max(abs(spark[pair] - duck[pair]) for pair in spark.keys() & duck.keys())
    print(f"{len(people.records)} records. Spark weighed {len(spark)} pairs in {took:.0f} s at a load of {load:.1f}; DuckDB {len(duck)}.")
    print(f"Pairs that only one of them has: {len(spark.keys() ^ duck.keys())}. Weights furthest apart: {apart:.1e} bits.")
    return 0 if spark.keys() == duck.keys() and apart <= SAME_TO else 1


if __name__ == "__main__":
    sys.exit(main())
