"""The measures as they may be published: whole quarters that never overlap, one line of each, small numbers hidden.

A quarter beside the year so far would give back a month, and two lines of one measure a child, so neither is published
(measures.md 2.12, parts 1, 2 and 5). There is no chart of single events here, nor of districts: each of their points may be
one child.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lodestar.core.book import Book, Cell, Column, Sheet
from lodestar.core.measures.catalogue import Line
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.disclosure import SafeTable
from lodestar.core.measures.episodes import local_period
from lodestar.core.measures.measure import HIDDEN, Measure, published
from lodestar.core.times import local_date, say_date
from lodestar.core.words import Period

SHOWN_BACK = 8
COLUMNS = (
    Column("Code", "Code of the measure"),
    Column("Measure", "What it measures"),
    Column("Line", "Which line of the measure"),
    Column("From", "First day of the quarter"),
    Column("To", "Last day of the quarter"),
    Column("Figure", "The figure, a share to a whole per cent; empty where hidden or not known", "as Unit says"),
    Column("Lower", "Lower end of the 95% interval", "as Unit says"),
    Column("Upper", "Upper end of the 95% interval", "as Unit says"),
    Column("Unit", "per cent, hours, days, or a count"),
    Column("Counted", f"How many of the whole; {HIDDEN} where it is hidden", "episodes, or what the population counts"),
    Column("Of", f"The whole counted; {HIDDEN} where it is hidden", "episodes, or what the population counts"),
    Column("Children", f"How many different children; {HIDDEN} where it is hidden", "children"),
    Column("Why hidden", "Which rule hid a number, where one did"),
    Column("Clock", "From which instant time is counted"),
    Column("Population", "Who is counted, and what is left out"),
    Column("Definition of", "The day from which the definition holds"),
    Column("Definition content", "SHA-256 of the definition"),
    Column("As known", "The instant at which it was known, in UTC"),
)
DISTRICT_COLUMNS = (
    Column("Code", "Code of the measure"),
    Column("Line", "Which line of the measure"),
    Column("District", "The district, or the total"),
    Column("Counted", f"How many are counted; {HIDDEN} where it is hidden", "what the population counts"),
    Column("Not counted", f"How many are not; {HIDDEN} where it is hidden", "what the population counts"),
    Column("All", f"Both together; {HIDDEN} where it is hidden", "what the population counts"),
)
HIDDEN_COLUMNS = (
    Column("Code", "Code of the measure"),
    Column("District", "The district, or the total"),
    Column("Column", "Which column of the table"),
    Column("Why", "Why it is hidden"),
    Column("Threshold set by", "Who set the threshold"),
)
UNITS = {"share": "per cent", "per_child": "a child"}


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three whole calendar months, in London days; ``code`` is as 2026-Q3."""

    code: str
    period: Period

    @property
    def title(self) -> str:
        """In words: July to September 2026."""
        first, last = self.first, self.last
        return f"{first:%B} to {last:%B %Y}"

    @property
    def first(self) -> date:
        """Its first day."""
        return local_date(self.period.from_at)

    @property
    def last(self) -> date:
        """Its last day."""
        year, quarter = int(self.code[:4]), int(self.code[-1])
        return date.fromordinal(_first(year, quarter + 1).toordinal() - 1)


def quarters(*, at: datetime, count: int = SHOWN_BACK) -> tuple[Quarter, ...]:
    """The last so many quarters that have ended, newest first; the one now running is not one of them."""
    today = local_date(at)
    number = today.year * 4 + (today.month - 1) // 3
    return tuple(_quarter(back // 4, back % 4 + 1) for back in range(number - 1, number - 1 - count, -1))


def _quarter(year: int, quarter: int) -> Quarter:
    return Quarter(f"{year}-Q{quarter}", local_period(first=_first(year, quarter), until=_first(year, quarter + 1)))


def _first(year: int, quarter: int) -> date:
    return date(year + (quarter - 1) // 4, (quarter - 1) % 4 * 3 + 1, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the publication: the figure as it may leave, with its words."""

    line: Line
    definition: Definition
    figure: Measure

    @property
    def value(self) -> str:
        """The figure as published: a share to a whole per cent, since counts stand beside it."""
        return self._said(self.figure.value) or ("hidden" if self.figure.suppressed else "not known")

    @property
    def interval(self) -> str:
        """The interval as published, or nothing."""
        low, high = self._said(self.figure.lower), self._said(self.figure.upper)
        return f"{low} to {high or 'not reached'}" if low else ""

    def _said(self, value: float | None) -> str:
        if value is None:
            return ""
        return f"{value * 100:.0f}%" if self.figure.unit == "share" else f"{value:.1f}"


@dataclass(frozen=True, slots=True)
class DistrictTable:
    """One headline district by district, as it may be published."""

    code: str
    title: str
    table: SafeTable


def entry_of(line: Line, definition: Definition, figure: Measure) -> Entry | None:
    """A line as it may be published; None where the catalogue keeps it for internal screens."""
    return Entry(line, definition, published(figure, small=definition.small)) if line.published else None


def count_said(count: int | None) -> str:
    """A count as published: hidden is said, never left empty."""
    return HIDDEN if count is None else str(count)


def book_of(entries: Sequence[Entry], *, quarter: Quarter, at: datetime, tables: Sequence[DistrictTable] = ()) -> Book:
    """The publication as tables with their dictionary; what is hidden in them stands with its reason on a sheet of its own."""
    rows = tuple(tuple(_cells(one, quarter)) for one in entries)
    sheets = [Sheet("Measures", COLUMNS, rows)]
    if tables:
        sheets.append(Sheet("By district", DISTRICT_COLUMNS, tuple(_district_rows(tables))))
        sheets.append(Sheet("Hidden", HIDDEN_COLUMNS, tuple(hidden_rows(tables))))
    return Book(f"Measures, {quarter.title}", "Lodestar", at, tuple(sheets))


def hidden_rows(tables: Sequence[DistrictTable]) -> Iterator[tuple[str, ...]]:
    """Every cell of the tables that is hidden: of which measure, where, why, and who set the threshold."""
    for one in tables:
        yield from ((one.code, cell.row, cell.column, cell.why, one.table.owner) for cell in one.table.hidden)


def _district_rows(tables: Sequence[DistrictTable]) -> Iterator[tuple[Cell, ...]]:
    for one in tables:
        for name, cells in zip(one.table.rows, one.table.cells, strict=True):
            yield one.code, one.title, name, *(HIDDEN if cell is None else cell for cell in cells)


def _cells(one: Entry, quarter: Quarter) -> Iterator[Cell]:
    found = one.figure
    yield from (found.code, one.definition.title, one.line.title, say_date(quarter.first), say_date(quarter.last))
    yield from (_rounded(value, found.unit) for value in (found.value, found.lower, found.upper))
    yield UNITS.get(found.unit, found.unit)
    yield from (HIDDEN if count is None else count for count in (found.numerator, found.denominator, found.children))
    yield from (found.reason, found.clock.replace("_", " "), found.population, found.definition_version, found.definition_hash)
    yield found.as_of.isoformat()


def _rounded(value: float | None, unit: str) -> Cell:
    if value is None:
        return None
    return round(value * 100) if unit == "share" else round(value, 1)
