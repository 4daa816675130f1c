"""The star schema as files: typed CSV, and Parquet made from that CSV, so that the two cannot differ."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib import import_module
from pathlib import Path

from lodestar.core.star import DICTIONARY, TABLES, Kind, Table, Value
from lodestar.core.times import to_utc
from lodestar.doors.feeds.writing import guarded
from lodestar.store.queries.star import Export

SQL: Mapping[Kind, str] = {
    "key": "VARCHAR",
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "instant": "TIMESTAMP",
}
FORMS = ("csv", "parquet")


def write_star(found: Export, *, forms: Sequence[str] = FORMS) -> dict[str, bytes]:
    """Every table as the forms asked for, by file name."""
    tables = (*TABLES.values(), DICTIONARY)
    made = {f"{table.name}.csv": _csv(table, found.tables[table.name]) for table in tables}
    if "parquet" in forms:
        made |= _parquet(tables, made)
    return {name: body for name, body in made.items() if name.rsplit(".", 1)[1] in forms}


def packed(files: Mapping[str, bytes], *, at: datetime) -> bytes:
    """All files in one, each dated by the export."""
    when = to_utc(at)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, body in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (when.year, when.month, when.day, when.hour, when.minute, when.second))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            pack.writestr(entry, body)
    return out.getvalue()


def _csv(table: Table, rows: Sequence[tuple[Value, ...]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{to_utc(value):%Y-%m-%dT%H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return guarded(value) if isinstance(value, str) else repr(value)


def _parquet(tables: Sequence[Table], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Each CSV read back with the kinds that its table declares, in one thread so that the bytes do not differ from run to run.

    The library takes a while to load, and is wanted only here.
    """
    database = import_module("duckdb").connect(config={"threads": 1})
    made = {}
    with tempfile.TemporaryDirectory(prefix="lodestar-star-") as folder:
        for table in tables:
            source, target = Path(folder, f"{table.name}.csv"), Path(folder, f"{table.name}.parquet")
            source.write_bytes(files[source.name])
            kinds = "{" + ", ".join(f"'{one.name}': '{SQL[one.kind]}'" for one in table.fields) + "}"
            reading = f"read_csv('{source}', header=true, delim=',', quote='\"', escape='\"', columns={kinds}, nullstr='')"
            database.execute(f"COPY (SELECT * FROM {reading}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
            made[target.name] = target.read_bytes()
    database.close()
    return made
