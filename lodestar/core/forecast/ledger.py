"""Counts from before the service: how many a line received on a day, and when that was on record. Read whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lodestar.core.words import Refusal

COLUMNS = ("received_on", "recorded_on", "count")
MAY = ("level",)
MOST_ROWS, MOST_COUNT = 200_000, 100_000


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of the old ledger."""

    received_on: date
    recorded_on: date
    count: int
    level: str


def read_ledger(text: str, *, today: date) -> tuple[tuple[LedgerRow, ...], tuple[Refusal, ...]]:
    """The rows of a CSV with a header, or every fault by its row: one bad row would make each month's count wrong."""
    records = list(csv.reader(text.splitlines(keepends=True)))
    heading = [cell.strip().lower() for cell in records[0]] if records else []
    lacking = [name for name in COLUMNS if name not in heading]
    if lacking:
        return (), (Refusal("ledger.columns", f"The file lacks the column {lacking[0]}; it needs {', '.join(COLUMNS)}."),)
    if len(records) - 1 > MOST_ROWS:
        return (), (Refusal("ledger.rows", f"The file has {len(records) - 1} rows; {MOST_ROWS} are the most."),)
    places = {name: heading.index(name) for name in (*COLUMNS, *MAY) if name in heading}
    rows, faults = [], []
    for number, cells in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        said = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        found = list(_faults(said, number, today))
        faults += found
        if not found:
            received, recorded = (date.fromisoformat(said[name]) for name in COLUMNS[:2])
            rows.append(LedgerRow(received, recorded, int(said["count"]), said.get("level", "")))
    if not rows and not faults:
        faults.append(Refusal("ledger.empty", "The file has no rows."))
    return (() if faults else tuple(rows)), tuple(faults)


def taken_gaps(*, rows: Sequence[LedgerRow], source: str, taken: bool) -> tuple[Refusal, ...]:
    """A ledger is taken over once: a second time from the same source would count everything twice."""
    gaps = []
    if not source.strip():
        gaps.append(Refusal("ledger.source", "Say where the counts come from."))
    if taken:
        gaps.append(Refusal("ledger.taken", f"Counts from “{source}” are on record already. Nothing was taken twice."))
    if not rows:
        gaps.append(Refusal("ledger.empty", "The file has no rows."))
    return tuple(gaps)


def _faults(said: dict[str, str], number: int, today: date) -> Iterator[Refusal]:
    """What is wrong with one row. No cell is repeated: it may hold a name."""
    days = {}
    for name in COLUMNS[:2]:
        try:
            days[name] = date.fromisoformat(said[name])
        except ValueError:
            yield Refusal("ledger.date", f"Row {number}, {name}: not a date; write one like 2024-03-31.")
    if len(days) == 2 and days["recorded_on"] < days["received_on"]:
        yield Refusal("ledger.order", f"Row {number}: it was recorded before it was received.")
    if any(day > today for day in days.values()):
        yield Refusal("ledger.future", f"Row {number}: a day that is yet to come.")
    if not said["count"].isascii() or not said["count"].isdigit() or not 0 < int(said["count"]) <= MOST_COUNT:
        yield Refusal("ledger.count", f"Row {number}, count: not a whole number from 1 to {MOST_COUNT}.")
