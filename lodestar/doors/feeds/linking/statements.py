"""People from CSV and XLSX files, each row one statement of who somebody is. One bad row refuses the files, by row and reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import click
import pyarrow as pa

from lodestar.core.identity.record import Record, Statement, prepare, roots_of
from lodestar.core.people.identifiers import SCHEMES
from lodestar.core.reports.rows import BadRow
from lodestar.doors.feeds.linking.cells import ISSUER, day_in, keys_in, postcodes_in, year_in
from lodestar.doors.feeds.linking.columns import Making
from lodestar.doors.feeds.linking.training import CHUNK, arrow_of
from lodestar.doors.feeds.sheet import Limits, Value, as_text
from lodestar.doors.feeds.tables import Row, Rows, read_rows
from lodestar.store.playbooks import playbook

NAMES = ("given_name", "family_name")
OTHERS = ("birth_date", "birth_year", "sex", "postcode", "former_postcodes", "phone", ISSUER, *SCHEMES)
MOST_FAULTS = 20
LIMITS = Limits(rows=2_000_000, file_bytes=1024 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class People:
    """Every row of the files: the record as it is compared, and the row as it stands for whatever else is asked of it."""

    records: tuple[Record, ...]
    rows: dict[str, Row]


def people_in(files: Iterable[Path], *, number: str, also: Collection[str] = ()) -> People:
    """Every row of every file, held; ``also`` are columns that each must have. Ends with exit code 2 as ``tables_in`` does."""
    found = list(_people(files, number, also))
    return People(tuple(record for record, _ in found), {record.id: row for record, row in found})


def tables_in(files: Iterable[Path], *, number: str) -> Iterator[pa.Table]:
    """The records of every row of every file as they are compared, so many rows at a time; no more are held.

    Ends with exit code 2 after naming each fault by file, row, column and reason, once every row was read.
    """
    faults: list[str] = []
    making = Making(number, _roots())
    for file, found in _opened(files, (number,)):
        begun = False  # the first row was taken apart when the file was opened
        while True:
            made = _ahead(making, found) if begun else None
            if made is None:
                some = list(islice(found.rows, CHUNK if begun else 1))
                if not some:
                    break
                made = _one_by_one(some, making, file, faults)
            begun = True
            if made is not None:
                yield made
    if faults:
        stop(*faults)


def _ahead(making: Making, found: Rows) -> pa.Table | None:
    """So many rows at once as are a quarter of those that stand: the more at once, the fewer names and places are met again."""
    more = making.ahead(found, most) if (most := len(making.known) // 4) > CHUNK else None
    return more if more is not None else making.ahead(found, CHUNK)


def _one_by_one(some: Sequence[Row | BadRow], making: Making, file: Path, faults: list[str]) -> pa.Table | None:
    good = [row for row in some if isinstance(row, Row)]
    if len(good) == len(some):
        made = making.table(
            {name: pa.array([as_text(row.values.get(name, "")) for row in good], pa.string()) for name in (making.number, *NAMES, *OTHERS)}
        )
        if made is not None:
            return made
    # each by itself, for what is wrong with it
    found = [record for record, _ in _read(some, making.number, file, making.known, faults)]
    return arrow_of(found) if found else None


def _people(files: Iterable[Path], number: str, also: Collection[str]) -> Iterator[tuple[Record, Row]]:
    faults: list[str] = []
    known: set[str] = set()
    for file, found in _opened(files, (*also, number)):
        yield from _read(found.rows, number, file, known, faults)
    if faults:
        stop(*faults)


def _opened(files: Iterable[Path], also: Collection[str]) -> list[tuple[Path, Rows]]:
    return [(file, opened(file, required=(*NAMES, *also), known=OTHERS)) for file in files]


def _roots() -> Mapping[str, str]:
    return roots_of(playbook("PEOPLE-LINKING").blocks[-1].values["variants"])


def _read(rows: Iterable[Row | BadRow], number: str, file: Path, known: set[str], faults: list[str]) -> Iterator[tuple[Record, Row]]:
    """Each row by itself; whatever is wrong with it is added to the faults."""
    roots = _roots()
    for row in rows:
        if isinstance(row, BadRow):
            faults.extend(faults_of(row, file))
            continue
        statement = _statement(row, number, file.name, known, faults)
        known.add(statement.id)
        yield prepare(statement, roots=roots), row


def rows_in(file: Path, *, required: Collection[str], known: Collection[str] = ()) -> Iterator[Row | BadRow]:
    """The rows of a file. Ends with exit code 2 as ``opened`` does."""
    return opened(file, required=required, known=known).rows


def opened(file: Path, *, required: Collection[str], known: Collection[str] = ()) -> Rows:
    """A file whose rows can be read. Ends with exit code 2 and a sentence where it is no table or lacks a column."""
    found = read_rows(file.read_bytes(), file=file.name, required=required, known=known, limits=LIMITS)
    if isinstance(found, tuple):
        stop(*(f"{file.name}: {refusal.sentence}" for refusal in found))
    for caution in found.cautions:
        click.echo(f"{file.name}: {caution.sentence}", err=True)
    return found


def faults_of(bad: BadRow, file: Path) -> list[str]:
    """What is wrong with a row that cannot be read, by file, row and column."""
    return [f"{file.name}, row {bad.row.number}, {fault.column}: {fault.reason}" for fault in bad.faults]


def stop(*faults: str) -> NoReturn:
    """End with exit code 2 after the faults, the first twenty in full."""
    for fault in faults[:MOST_FAULTS]:
        click.echo(fault, err=True)
    if len(faults) > MOST_FAULTS:
        click.echo(f"and {len(faults) - MOST_FAULTS} more.", err=True)
    raise SystemExit(2)


def _statement(row: Row, number: str, file: str, known: Collection[str], faults: list[str]) -> Statement:
    def fault(column: str, sentence: str) -> None:
        faults.append(f"{file}, row {row.source.number}, {column}: {sentence}")

    own = row.text(number)
    if not own:
        fault(number, "Every row needs a number of its own.")
    if own in known:
        fault(number, f"The number {own} stands twice; a number is one record.")

    def read(column: str, how: Callable[[Any], Any], cell: Value) -> Any:
        try:
            return how(cell)
        except ValueError as wrong:
            fault(column, str(wrong))
            return None

    return Statement(
        id=own,
        given_name=row.text("given_name"),
        family_name=row.text("family_name"),
        birth_date=read("birth_date", day_in, row.values.get("birth_date", "")),
        birth_year=read("birth_year", year_in, row.text("birth_year")),
        sex=row.text("sex"),
        postcodes=postcodes_in(row.text("postcode"), row.text("former_postcodes")),
        phone=row.text("phone"),
        keys=tuple(keys_in([row.values.get(scheme, "") for scheme in SCHEMES], row.text(ISSUER))),
        source=file,
    )
