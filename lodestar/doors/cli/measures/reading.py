"""A CSV read column by column: every row is used or named as bad, and one bad row refuses the file.

A figure without that row would be wrong. The sentences never repeat a cell: it may hold a name.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import click

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
WHOLE = re.compile(r"\d+")
EVENT_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
MOST_FAULTS_SHOWN = 20

Reader = Callable[[str], tuple[Any, str]]
Check = Callable[[tuple[Any, ...]], str]
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name, how a cell of it is read, and whether it may be blank (then None)."""

    name: str
    read: Reader
    may_be_blank: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be used: its number as a spreadsheet shows it, and the columns asked for."""

    number: int
    values: tuple[Any, ...]


class BadFileError(Exception):
    """Everything wrong with a file, each as a sentence that says what to do."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.path, self.faults = path, faults


def read_rows(path: Path, columns: Sequence[Column], *, check: Check | None = None) -> list[Row]:
    """Every row of the columns asked for. ``check`` looks across a row and gives a sentence where it does not hold."""
    records = _records(path)
    header = next(records, (1, []))[1]
    places = _places(path, header, columns)
    rows: list[Row] = []
    faults: list[str] = []
    for number, cells in records:
        if len(cells) != len(header):
            faults.append(f"row {number} has {len(cells)} cells and the header has {len(header)}; make them the same.")
            continue
        bad, values = _row(number, [cells[place] for place in places], columns)
        if not bad and check is not None and (problem := check(values)):
            bad = [f"row {number}: {problem}"]
        faults.extend(bad)
        if not bad:
            rows.append(Row(number, values))
    if not rows and not faults:
        faults.append("it has a header and no rows; give it at least one row.")
    if faults:
        raise BadFileError(path, faults)
    return rows


def number(text: str) -> tuple[float, str]:
    """Any number that exists."""
    if NUMBER.fullmatch(text) is None:
        return 0.0, "not a number; write one like 3.5."
    value = float(text)
    if not math.isfinite(value):
        return 0.0, "too large a number; check the unit."
    return value + 0.0, ""  # minus nought becomes nought


def time(text: str) -> tuple[float, str]:
    """A number of 0 or more."""
    value, problem = number(text)
    if not problem and value < 0:
        return 0.0, "a time cannot be negative; write 0 where it ended before it was reported."
    return value, problem


def positive(text: str) -> tuple[float, str]:
    """A number above 0."""
    value, problem = number(text)
    if not problem and value <= 0:
        return 0.0, "it must be more than nought."
    return value, problem


def whole(text: str) -> tuple[int, str]:
    """A whole number of 0 or more."""
    if WHOLE.fullmatch(text) is None:
        return 0, "not a whole number of nought or more; write one like 12."
    return int(text), ""


def mark(text: str) -> tuple[bool, str]:
    """Whether it happened."""
    found = EVENT_WORDS.get(text.lower())
    return bool(found), "" if found is not None else "not an event mark; write 1, true or yes, or 0, false or no."


def word(text: str) -> tuple[str, str]:
    """Whatever is written."""
    return text, ""


def asked_times(asked: tuple[str, ...]) -> list[float]:
    """The times of --at, which may be repeated or separated by commas."""
    times: list[float] = []
    for text in (part.strip() for given in asked for part in given.split(",")):
        value, problem = time(text)
        if problem:
            raise click.BadParameter(f'"{text}" is not a time of 0 or more.', param_hint="--at")
        times.append(value)
    return times


def refuse(bad: BadFileError) -> NoReturn:
    """Say what is wrong, the first twenty by name, and leave with exit code 2."""
    shown = bad.faults[:MOST_FAULTS_SHOWN]
    lines = [f"{bad.path.name}: {fault}" for fault in shown]
    if len(bad.faults) > len(shown):
        lines.append(f"{bad.path.name}: and {len(bad.faults) - len(shown)} more.")
    click.echo("\n".join(lines), err=True)
    raise SystemExit(2)


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each record with its row number as a spreadsheet shows it; wholly empty lines are passed over."""
    place, content = 0, path.read_bytes()
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        for place, cells in enumerate(csv.reader(text, strict=True), start=1):
            if cells:
                yield place, [cell.strip() for cell in cells]
    except UnicodeDecodeError as bad:
        row = content.count(b"\n", 0, bad.start) + 1
        raise BadFileError(path, [f"row {row} is not UTF-8; save the file again as CSV UTF-8."]) from None
    except csv.Error as bad:
        raise BadFileError(path, [f"row {place + 1} is not CSV ({bad}); mend its quotation marks."]) from None


def _places(path: Path, header: list[str], columns: Sequence[Column]) -> list[int]:
    if not header:
        raise BadFileError(path, ["it is empty; give it a header row and at least one row."])
    wanted = [column.name for column in columns]
    faults = [
        f'the header names column "{name}" twice; name each column once.'
        for name in dict.fromkeys(header)
        if name and header.count(name) > 1
    ]
    faults += [f'column "{name}" is asked for twice; name a column of its own for each.' for name in _repeated(wanted)]
    faults += [f'it has no column "{name}"; its columns are {", ".join(header)}.' for name in dict.fromkeys(wanted) if name not in header]
    if faults:
        raise BadFileError(path, faults)
    return [header.index(name) for name in wanted]


def _repeated(names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]


def _row(number: int, cells: list[str], columns: Sequence[Column]) -> tuple[list[str], tuple[Any, ...]]:
    """What is wrong with a row, and what it says."""
    faults, values = [], []
    for column, cell in zip(columns, cells, strict=True):
        if not cell:
            values.append(None)
            if not column.may_be_blank:
                faults.append(f'row {number}, column "{column.name}": the cell is blank; fill it in or remove the row.')
            continue
        value, problem = column.read(cell)
        values.append(value)
        if problem:
            faults.append(f'row {number}, column "{column.name}": {problem}')
    return faults, tuple(values)
