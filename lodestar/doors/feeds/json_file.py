"""Takes JSON apart: a list of records as a sheet, one row a record, whatever is nested flattened into headings with full stops."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lodestar.core.words import Refusal
from lodestar.doors.feeds.sheet import Limits, Sheet, SheetRow, too_many_columns, too_many_rows

TOGETHER = "; "  # how a list of plain values stands in one cell
Record = Mapping[str, Any]


def read(data: bytes, *, limits: Limits) -> Sheet | Refusal:
    """Read a list of records, or one object whose only list they are. Refuses what is no JSON and what is no list of records."""
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        return Refusal("table.json", f"The file is not JSON that can be read: {fault}.")
    records = _records(found)
    if records is None:
        return Refusal("table.json_shape", "The file is not a list of records. It should hold [{…}, {…}], one record for each row.")
    if len(records) > limits.rows:
        return too_many_rows(limits)
    flat = [dict(_flat(record)) for record in records]
    heading = tuple(dict.fromkeys(name for row in flat for name in row))
    if len(heading) > limits.columns:
        return too_many_columns(limits)
    if not heading:
        return Refusal("table.blank", "This file is blank. Choose the file that holds the rows.")
    # The heading is row 1, as in a spreadsheet, so that the first record is row 2 in either.
    rows = tuple(SheetRow(number, tuple(row.get(name, "") for name in heading)) for number, row in enumerate(flat, start=2))
    return Sheet(heading, rows)


def _records(found: Any) -> list[Record] | None:
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        return None
    return found


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """``{"person": {"name": "Ada"}}`` is ``person.name``; records in a list are numbered from 1, plain values stand together."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for place, inner in enumerate(value, start=1):
            yield from _flat(inner, f"{path}.{place}")
    elif isinstance(value, list):
        yield path, TOGETHER.join(_plain(one) for one in value)
    else:
        yield path, _plain(value)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).encode("utf-8", "replace").decode()  # half a character, which JSON can say and no store can hold, is a question mark
