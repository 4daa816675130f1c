"""``lodestar duty``: replay a rota and its reviews from a file, with no database.

This module imports neither Django nor anything of the store, so that an inspector can use it on any machine.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from lodestar.core.duty.ledger import Done, Ledger, Line, Roster, ledger
from lodestar.core.times import ReadDate, local_date, read_local, say, say_clock, say_date, to_local
from lodestar.core.words import Refusal

COLUMNS = ("shift_start", "shift_end", "sergeant", "lead", "review_done_at", "done_by")
YES_NO = {"yes": True, "no": False, "": False}
MOST_FAULTS_SHOWN = 20


@dataclass(slots=True)
class Reading:
    """What a file holds, and everything wrong with it."""

    roster: list[Roster] = field(default_factory=list)
    done: set[Done] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def fault(self, row: int, column: str, sentence: str) -> None:
        """One thing wrong, with its place in the file."""
        self.faults.append(f"row {row}, column {column}: {sentence}")


@click.group()
def duty() -> None:
    """Replay a rota and find the reviews that were missed."""


@duty.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every review owed.")
@click.pass_context
def replay(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Who owed each review, and which were never done.

    FILE is a CSV with one row for each sergeant on each shift: shift_start, shift_end (local times), sergeant,
    lead (yes or no), and review_done_at and done_by on any row of a shift whose review was done. One review is owed
    on each shift, by its lead sergeant. A review answers the shift it was done in; it never makes up for one before.
    """
    reading = read(file)
    if reading.faults:
        for sentence in reading.faults[:MOST_FAULTS_SHOWN]:
            click.echo(f"{file.name}: {sentence}", err=True)
        if len(reading.faults) > MOST_FAULTS_SHOWN:
            click.echo(f"{file.name}: and {len(reading.faults) - MOST_FAULTS_SHOWN} more like these.", err=True)
        ctx.exit(2)
    found = ledger(roster=reading.roster, done=sorted(reading.done, key=lambda item: item.at))
    click.echo(json.dumps(as_data(found), indent=2) if as_json else "\n".join(as_text(found)))


def read(path: Path) -> Reading:
    """Every row of the file; whatever cannot be used is a fault with its row and column."""
    reading = Reading()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        reading.faults.append("this is not a text file. Save it as CSV (UTF-8).")
        return reading
    rows = csv.DictReader(io.StringIO(text))
    absent = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if absent:
        reading.faults.append(f"row 1: there is no column {', '.join(absent)}. The columns are {', '.join(COLUMNS)}.")
        return reading
    for row in rows:
        read_row(reading, rows.line_num, {name: (row[name] or "").strip() for name in COLUMNS})
    if not reading.roster and not reading.faults:
        reading.faults.append("there is no shift in it. Add a row for each sergeant on each shift.")
    check_shifts(reading)
    return reading


def read_row(reading: Reading, number: int, row: dict[str, str]) -> None:
    """One sergeant on one shift, and the review written beside them."""
    start = instant(reading, number, "shift_start", row["shift_start"])
    end = instant(reading, number, "shift_end", row["shift_end"])
    if start and end and end <= start:
        reading.fault(number, "shift_end", "the shift ends before it begins. Check both times.")
    if not row["sergeant"]:
        reading.fault(number, "sergeant", "is empty. Enter who was on the shift.")
    if row["lead"].lower() not in YES_NO:
        reading.fault(number, "lead", f"is {row['lead']!r}. Enter yes or no.")
    if row["review_done_at"]:
        read_review(reading, number, row, start)
    elif row["done_by"]:
        reading.fault(number, "review_done_at", "is empty beside a name in done_by. Enter when the review was done.")
    if start and end:
        reading.roster.append(Roster(start, end, row["sergeant"], YES_NO.get(row["lead"].lower(), False)))


def read_review(reading: Reading, number: int, row: dict[str, str], start: datetime | None) -> None:
    """The review on this row: when, and by whom."""
    at = instant(reading, number, "review_done_at", row["review_done_at"])
    if not row["done_by"]:
        reading.fault(number, "done_by", "is empty. Enter who did the review.")
    if at and start and at < start:
        reading.fault(number, "review_done_at", "is before the shift began. Write it beside the shift it was done in.")
    if at:
        reading.done.add(Done(at, row["done_by"]))


def instant(reading: Reading, number: int, column: str, text: str) -> datetime | None:
    """A local time as an instant, or a fault that says how to write it."""
    value = read_local(text)
    if isinstance(value, datetime):
        return value
    reading.fault(number, column, value.sentence if isinstance(value, Refusal) else no_clock(value))
    return None


def no_clock(value: ReadDate) -> str:
    """A day alone says nothing of which shift."""
    return f"{say_date(value.on)} has no time of day. Enter one, like {value.on.isoformat()} 07:00."


def check_shifts(reading: Reading) -> None:
    """A shift has one end, and at most one lead, who is on it once."""
    ends: dict[datetime, datetime] = {}
    for entry in reading.roster:
        if ends.setdefault(entry.shift_start, entry.shift_end) != entry.shift_end:
            reading.faults.append(f"the shift of {say(entry.shift_start)} has two ends. Give every row of it the same shift_end.")
    leads = Counter(entry.shift_start for entry in reading.roster if entry.lead)
    for start in sorted(start for start, count in leads.items() if count > 1):
        reading.faults.append(f"the shift of {say(start)} has {leads[start]} leads. Mark one, so that one person answers.")


def as_text(found: Ledger) -> list[str]:
    """The ledger as a person reads it."""
    counts = [("expected", len(found.lines)), *((name, found.count(name)) for name in ("done", "late", "missed"))]
    lines = [f"{name:<9}{count:>4}" for name, count in counts if name != "late" or count]
    if found.missed:
        lines += ["", "Missed, and who owed each:", *(f"  {shift(line)}  {line.owed_by}" for line in found.missed)]
        lines += ["", "Missed by each sergeant:", *(f"  {name:<24}{count:>4}" for name, count in found.missed_by.items())]
    return lines


def shift(line: Line) -> str:
    """A shift by its date and hours, as London saw them."""
    hours = f"{say_clock(to_local(line.due_from).time())} to {say_clock(to_local(line.due_at).time())}"
    return f"{say_date(local_date(line.due_from)):<18}{hours:<12}"


def as_data(found: Ledger) -> dict[str, Any]:
    """The ledger for another program."""
    return {
        "expected": len(found.lines),
        **{name: found.count(name) for name in ("done", "late", "missed")},
        "missed_by": found.missed_by,
        "reviews": [
            {
                "shift_start": line.due_from.isoformat(),
                "shift_end": line.due_at.isoformat(),
                "owed_by": line.owed_by,
                "outcome": line.outcome,
                "done_at": line.done_at.isoformat() if line.done_at else None,
                "done_by": line.done_by or None,
            }
            for line in found.lines
        ],
    }
