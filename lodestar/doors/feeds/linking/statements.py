"""People from CSV and XLSX files, each row one statement of who somebody is. One bad row refuses the files, by row and reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

import click

from lodestar.core.identity.record import Record, Statement, prepare, roots_of
from lodestar.core.people.identifiers import SCHEMES, Key, read_key
from lodestar.core.reports.rows import BadRow
from lodestar.doors.feeds.sheet import Limits
from lodestar.doors.feeds.tables import Row, read_rows
from lodestar.store.playbooks import playbook

ISSUER = "responsible_authority"
NAMES = ("given_name", "family_name")
OTHERS = ("birth_date", "birth_year", "sex", "postcode", "former_postcodes", "phone", ISSUER, *SCHEMES)
FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_FAULTS = 20
LIMITS = Limits(rows=2_000_000, file_bytes=1024 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class People:
    """Every row of the files: the record as it is compared, and the row as it stands for whatever else is asked of it."""

    records: tuple[Record, ...]
    rows: dict[str, Row]


def people_in(files: Iterable[Path], *, number: str, also: Collection[str] = ()) -> People:
    """Every row of every file, held; ``also`` are columns that each must have. Ends with exit code 2 as ``records_in`` does."""
    found = list(_read(files, number, also))
    return People(tuple(record for record, _ in found), {record.id: row for record, row in found})


def records_in(files: Iterable[Path], *, number: str) -> Iterator[Record]:
    """The record of every row of every file, one after the other; none is held.

    Ends with exit code 2 after naming each fault by file, row, column and reason, once every row was read.
    """
    return (record for record, _ in _read(files, number, ()))


def _read(files: Iterable[Path], number: str, also: Collection[str]) -> Iterator[tuple[Record, Row]]:
    roots = roots_of(playbook("PEOPLE-LINKING").blocks[-1].values["variants"])
    faults: list[str] = []
    known: set[str] = set()
    for file, rows in [(file, rows_in(file, required=(*NAMES, *also, number), known=OTHERS)) for file in files]:
        for row in rows:
            if isinstance(row, BadRow):
                faults.extend(faults_of(row, file))
                continue
            statement = _statement(row, number, file.name, known, faults)
            known.add(statement.id)
            yield prepare(statement, roots=roots), row
    if faults:
        stop(*faults)


def rows_in(file: Path, *, required: Collection[str], known: Collection[str] = ()) -> Iterator[Row | BadRow]:
    """The rows of a file. Ends with exit code 2 and a sentence where it is no table or lacks a column."""
    found = read_rows(file.read_bytes(), file=file.name, required=required, known=known, limits=LIMITS)
    if isinstance(found, tuple):
        stop(*(f"{file.name}: {refusal.sentence}" for refusal in found))
    for caution in found.cautions:
        click.echo(f"{file.name}: {caution.sentence}", err=True)
    return found.rows


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
    return Statement(
        id=own,
        given_name=row.text("given_name"),
        family_name=row.text("family_name"),
        birth_date=_day(row, fault),
        birth_year=_year(row, fault),
        sex=row.text("sex"),
        postcodes=tuple(part for part in (row.text("postcode"), *re.split(r"[;,]", row.text("former_postcodes"))) if part.strip()),
        phone=row.text("phone"),
        keys=tuple(_keys(row)),
        source=file,
    )


def _day(row: Row, fault) -> date | None:  # type: ignore[no-untyped-def]
    value = row.values.get("birth_date", "")
    if isinstance(value, date):
        return value
    text = row.text("birth_date")
    if not text:
        return None
    parts = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text) or re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        numbers = [int(part) for part in parts.groups()] if parts else []
        year, month, day = numbers if "-" in text else numbers[::-1]
        return date(year, month, day)
    except ValueError:
        fault("birth_date", f"{text!r} is no day. Write 2011-05-06 or 06/05/2011, or leave it blank and give birth_year.")
        return None


def _year(row: Row, fault) -> int | None:  # type: ignore[no-untyped-def]
    text = row.text("birth_year")
    if not text:
        return None
    if not text.isdigit() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        fault("birth_year", f"{text!r} is no year. Write it with four figures, or leave it blank.")
        return None
    return int(text)


def _keys(row: Row) -> Iterable[Key]:
    """Identifiers that pass their check; one that does not is left out, as everywhere, and links nothing."""
    for scheme in SCHEMES:
        if (text := row.text(scheme)) and isinstance(read := read_key(scheme=scheme, text=text, issuer=row.text(ISSUER)), Key):
            yield read
