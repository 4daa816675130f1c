"""``lodestar duty``: replay a rota and its reviews from a file, with no database.

This module imports neither Django nor anything of the store, so that an inspector can use it on any machine.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from lodestar.core.duty.ledger import Done, Ledger, Line, Roster, ledger
from lodestar.core.times import ReadDate, read_local, say
from lodestar.core.words import Refusal

COLUMNS = ("shift_start", "shift_end", "sergeant", "lead", "review_done_at", "done_by")
YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
MOST_FAULTS_SHOWN = 20
Row = dict[str, str]


@dataclass(slots=True)
class Replay:
    """The rota and the reviews that a file holds, and everything wrong with it, each as a sentence that says what to do."""

    roster: list[Roster] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@click.group()
def duty() -> None:
    """Who owed which review, and which were missed."""


@duty.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output.")
def replay(file: Path, as_json: bool) -> None:
    """Name every missed review of FILE, each with the one sergeant who owed it.

    FILE is a CSV in UTF-8 with a row for each sergeant on each shift on which a review was owed:

    \b
      shift_start, shift_end   London time, like 2021-03-15 07:00
      sergeant                 who was on
      lead                     yes for the one who leads the shift; otherwise no, or blank
      review_done_at, done_by  when a review was done and by whom; blank where there was none

    One review is owed on each shift, by its lead; where none is marked, by the first by name. A review answers the newest
    shift begun when it was done: one done after that shift's end is late, and it never makes up for a shift missed before.

    The JSON is {"file", "expected", "done", "late", "missed", "lines", "missed_by", "extra"}. Every line has shift_start,
    shift_end, owed_by, because, outcome, done_at and done_by; extra holds the reviews that answer no shift.

    A file that cannot be used is refused with exit code 2 and every bad row named, up to 20.
    """
    read = read_replay(file)
    if read.faults:
        _refuse(file, read.faults)
    found = ledger(roster=read.roster, done=read.done)
    click.echo(json.dumps(_report(file, found), indent=2, ensure_ascii=False) if as_json else _readable(found))


def read_replay(path: Path) -> Replay:
    """Every row is read or named as bad; one bad row refuses the file, since a ledger without it would be wrong."""
    read = Replay()
    try:
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        read.faults.append("it is not CSV in UTF-8; save it again as CSV UTF-8.")
        return read
    header = [cell.strip() for cell in rows[0]] if rows else []
    if sorted(header) != sorted(COLUMNS):
        read.faults.append(f"its header must name these columns, each once and no others: {', '.join(COLUMNS)}.")
        return read
    for number, cells in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in cells):
            _read_row(read, number, header, cells)
    if not read.roster and not read.faults:
        read.faults.append("it has a header and no rows; give it at least one row.")
    read.faults += _shift_faults(read.roster)
    return read


def _read_row(read: Replay, number: int, header: Sequence[str], cells: Sequence[str]) -> None:
    if len(cells) != len(header):
        read.faults.append(f"row {number} has {len(cells)} cells and the header has {len(header)}; make them the same.")
        return
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    before = len(read.faults)
    start, end = _time(read, number, row, "shift_start"), _time(read, number, row, "shift_end")
    done_at = _time(read, number, row, "review_done_at") if row["review_done_at"] else None
    read.faults += [f"row {number}, {fault}" for fault in _row_faults(row, start, end)]
    if len(read.faults) > before or start is None or end is None:
        return
    read.roster.append(Roster(start, end, row["sergeant"], YES_NO[row["lead"].lower()]))
    if done_at is not None:
        read.done.append(Done(done_at, row["done_by"]))


def _row_faults(row: Row, start: datetime | None, end: datetime | None) -> Iterator[str]:
    """What is wrong with a row. The sentences never repeat a cell: it may hold a name."""
    if start is not None and end is not None and end <= start:
        yield 'column "shift_end": the shift must end after it starts.'
    if not row["sergeant"]:
        yield 'column "sergeant": the cell is blank; say who was on, or remove the row.'
    if row["lead"].lower() not in YES_NO:
        yield 'column "lead": write yes or no.'
    if bool(row["review_done_at"]) != bool(row["done_by"]):
        yield 'columns "review_done_at" and "done_by": fill in both, or neither.'


def _time(read: Replay, number: int, row: Row, name: str) -> datetime | None:
    found = read_local(row[name], field=name)
    if isinstance(found, datetime):
        return found
    sentence = found.sentence if isinstance(found, Refusal) else "Enter the time of day with the date."
    if isinstance(found, ReadDate | Refusal):
        read.faults.append(f'row {number}, column "{name}": {sentence}')
    return None


def _shift_faults(roster: Sequence[Roster]) -> Iterator[str]:
    """One shift with two leads, or one sergeant twice, leaves nobody who can be named for certain."""
    leads = Counter((entry.shift_start, entry.shift_end) for entry in roster if entry.lead)
    for (start, _), count in sorted(leads.items()):
        if count > 1:
            yield f"the shift of {say(start)} has {count} leads; mark one."
    for entry, count in Counter((entry.shift_start, entry.shift_end, entry.sergeant) for entry in roster).items():
        if count > 1:
            yield f"the shift of {say(entry[0])} has the same sergeant {count} times; remove the extra rows."


def _report(path: Path, found: Ledger) -> dict[str, Any]:
    return {
        "file": path.name,
        "expected": len(found.lines),
        **{outcome: found.count(outcome) for outcome in ("done", "late", "missed")},
        "lines": [_line(line) for line in found.lines],
        "missed_by": found.missed_by,
        "extra": [{"at": _instant(review.at), "by": review.by} for review in found.extra],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "shift_start": _instant(line.due_from),
        "shift_end": _instant(line.due_at),
        "owed_by": line.owed_by,
        "because": line.because,
        "outcome": line.outcome,
        "done_at": _instant(line.done_at) if line.done_at is not None else None,
        "done_by": line.done_by or None,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _readable(found: Ledger) -> str:
    late = f", late {found.count('late')}" if found.count("late") else ""
    lines = [f"Reviews expected {len(found.lines)}: done {found.count('done')}{late}, missed {found.count('missed')}."]
    if found.missed:
        lines += ["", "Missed, each with the one person who owed it:"]
        lines += [f"  {say(line.due_from):<28} {line.owed_by:<28} {line.because}" for line in found.missed]
        lines += ["", "Missed by person:"]
        owed = Counter(line.owed_by for line in found.lines)
        lines += [f"  {name:<28} {count} of the {owed[name]} they owed" for name, count in found.missed_by.items()]
    if found.extra:
        lines += ["", f"{len(found.extra)} reviews answer no shift: done before the first, or a second time on one."]
    return "\n".join(lines)


def _refuse(path: Path, faults: Sequence[str]) -> NoReturn:
    shown = [f"{path.name}: {fault}" for fault in faults[:MOST_FAULTS_SHOWN]]
    if len(faults) > len(shown):
        shown.append(f"{path.name}: and {len(faults) - len(shown)} more.")
    click.echo("\n".join(shown), err=True)
    raise SystemExit(2)
