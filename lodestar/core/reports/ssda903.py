"""The ``Missing`` table of the national return on looked-after children (SSDA903): its rows, and the reports in them.

The return counts days. A row of type M is a child missing from care; one of type A is a child away from placement without
authorisation, whose place is known: it is kept, and is not a report of a missing child (statutory guidance 2014).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lodestar.core.reports.draft import ReportDraft, Subject
from lodestar.core.reports.intake import Questions
from lodestar.core.reports.outcome import Outcome
from lodestar.core.times import local_day_bounds
from lodestar.core.words import Caution, Refusal

COLUMNS = ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END")
MISSING, AWAY = "M", "A"
KINDS = {
    MISSING: ("missing", "Missing from care, by the authority's annual return."),
    AWAY: ("away", "Away from placement without authorisation, place known, by the authority's annual return."),
}
NO_QUESTIONS = Questions(version="", codes=frozenset())  # the return asks nothing about risk
AUTHORITY = "SSDA903 return, Missing table"

_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_CHILD = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,59}")


@dataclass(frozen=True, slots=True)
class MissingRow:
    """One row of the table; whatever is blank in it is ``None`` or empty."""

    number: int  # where it stands in its file
    child: str
    born: date | None
    kind: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class CollectionYear:
    """The year of a return: from 1 April to 31 March."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class CareEpisode:
    """One row of the return's ``Episodes`` table, as far as these rules need it: placement from DECOM to DEC."""

    child: str
    began: date
    ended: date | None


def year_ending(year: int) -> CollectionYear:
    """The collection year that ends on 31 March of the year given."""
    return CollectionYear(date(year - 1, 4, 1), date(year, 3, 31))


def read_date(text: str, *, column: str) -> date | Refusal | None:
    """A date as the return writes it, dd/mm/yyyy; blank is nothing, and anything else is refused."""
    if not text.strip():
        return None
    match = _DATE.fullmatch(text.strip())
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        pass
    return Refusal("ssda903.date", "Write the date as day/month/year, like 04/06/2025.", AUTHORITY, column)


def write_date(on: date | None) -> str:
    """A date as the return writes it; nothing for none."""
    return f"{on:%d/%m/}{on.year:04d}" if on else ""


def read_row(*, number: int, cells: dict[str, str]) -> MissingRow | tuple[Refusal, ...]:
    """A row of five cells by column; refused where a date cannot be read or nobody is named."""
    dates = {column: read_date(cells[column], column=column) for column in ("DOB", "MIS_START", "MIS_END")}
    refusals = [found for found in dates.values() if isinstance(found, Refusal)]
    child = cells["CHILD"].strip()
    if not _CHILD.fullmatch(child):
        sentence = "Give the child's number as the authority writes it: letters and figures."
        refusals.append(Refusal("ssda903.child", sentence, AUTHORITY, "CHILD"))
    if refusals:
        return tuple(refusals)
    born, start, end = (found for found in dates.values() if not isinstance(found, Refusal))
    return MissingRow(number, child, born, cells["MISSING"].strip().upper(), start, end)


def cells_of(row: MissingRow) -> tuple[str, str, str, str, str]:
    """A row as the return writes it, in the order of its columns."""
    return row.child, write_date(row.born), row.kind, write_date(row.start), write_date(row.end)


def numbers_of(rows: Iterable[MissingRow]) -> dict[int, str]:
    """A number for each row that stays the same when the file comes again: child, type, first day and which of that day.

    The same row twice has one number. Of several that begin on one day, the one that ended first is the first.
    """
    groups: dict[tuple[str, str, date | None], list[MissingRow]] = {}
    for row in rows:
        groups.setdefault((row.child, row.kind, row.start), []).append(row)
    numbers: dict[int, str] = {}
    for (child, kind, start), group in groups.items():
        ends = sorted({row.end or date.max for row in group})
        for row in group:
            nth = ends.index(row.end or date.max) + 1
            numbers[row.number] = f"{child}:{kind}:{start.isoformat() if start else ''}:{nth}"
    return numbers


def report_of(*, row: MissingRow, number: str, authority: str, authority_name: str, now: datetime) -> ReportDraft | None:
    """The report in a row with a first day: missing for type M; for type A kept as away, which opens no matter of a missing child.

    The return says on which day a child went and nothing of when the police were told: the day stands for both, and no time of
    day is made up. A row without a first day, or of another type, is no report.
    """
    if row.kind not in KINDS or row.start is None:
        return None
    kind, circumstances = KINDS[row.kind]
    day = local_day_bounds(row.start).from_at
    return ReportDraft(
        source=f"ssda903:{authority}",
        external_id=number,
        reported_at=day,
        recorded_at=now,
        subject=Subject(birth_date=row.born, looked_after=True, responsible_authority=authority, keys={"la_child_id": row.child}),
        kind=kind,
        reporter_name=authority_name,
        reporter_relationship="local authority",
        since_from=day,
        since_to=day,
        circumstances=circumstances,
        precision="date",
        date_only=frozenset({"reported_at", "since_from", "since_to"}),
        cautions=(_DAY_ONLY,),
    )


def outcome_of(row: MissingRow) -> Outcome | None:
    """The end of a row, as a day."""
    if row.end is None:
        return None
    return Outcome(traced_at=local_day_bounds(row.end).from_at, traced_precision="date")


_DAY_ONLY = Caution(
    "ssda903.day_only",
    "The return gives the day the child went missing, not when it was reported. Do not count this towards times in hours.",
    AUTHORITY,
    "reported_at",
)
