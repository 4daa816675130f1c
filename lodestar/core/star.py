"""The star schema for analysts: facts with keys and numbers, dimensions with words, no name and no word anybody wrote.

A person is a keyed pseudonym: the same child has the same key in every table of one export, and nobody can work the child out
from it without the force's key. Ages are bands, times are hours and dates, texts are codes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal

from lodestar.core.times import DAY, local_date

Kind = Literal["key", "text", "integer", "number", "boolean", "date", "instant"]
Value = str | int | float | bool | date | datetime | None
BANDS = ((0, 10, "under 10"), (10, 13, "10 to 12"), (13, 16, "13 to 15"), (16, 18, "16 to 17"), (18, 200, "18 and over"))
UNKNOWN = "not known"
KEY_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its kind, what it means, its unit, and the dimension that it leads to."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    leads_to: str = ""  # "dim_date.date_key"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the star."""

    name: str
    meaning: str
    fields: tuple[Field, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(one.name for one in self.fields)


def pseudonym(*, person: int | None, key: bytes) -> str:
    """The key a person goes by: HMAC-SHA256 of their number under the force's key, cut to 64 bits; nobody has none."""
    if person is None:
        return ""
    return hmac.new(key, f"person:{person}".encode(), hashlib.sha256).hexdigest()[:KEY_LETTERS]


def date_key(instant: datetime | None) -> int | None:
    """The London day of an instant as 20260604."""
    if instant is None:
        return None
    day = local_date(instant)
    return day.year * 10_000 + day.month * 100 + day.day


def hours_between(start: datetime | None, end: datetime | None) -> float | None:
    """Elapsed hours to two places; none where either is not known."""
    return None if start is None or end is None else round((end - start).total_seconds() / 3600, 2)


def age_band(age: int | None) -> str:
    """The band of an age: never the age itself."""
    return next((words for low, high, words in BANDS if age is not None and low <= age < high), UNKNOWN)


def dates(keys: Iterable[int]) -> Iterator[tuple[Value, ...]]:
    """The dimension of dates: every day from the first used to the last, as analysts group them."""
    found = sorted(set(keys))
    if not found:
        return
    day, last = _day(found[0]), _day(found[-1])
    while day <= last:
        week = day - timedelta(days=day.weekday())
        quarter = (day.month - 1) // 3 + 1
        key = day.year * 10_000 + day.month * 100 + day.day
        yield key, day, day.year, quarter, day.month, f"{day:%Y-%m}", week, day.isoweekday(), day.weekday() >= 5
        day += DAY


def _day(key: int) -> date:
    return date(key // 10_000, key // 100 % 100, key % 100)


def _to_date(name: str, words: str) -> Field:
    return Field(name, "integer", f"Day {words}, in London, as 20260604", leads_to="dim_date.date_key")


_PERSON = Field("person_key", "key", "The child, as a keyed pseudonym", leads_to="dim_person.person_key")
_DISTRICT = Field("district", "text", "Code of the district", leads_to="dim_district.district")
_MATTER = Field("matter_key", "integer", "Number of the matter: opens the record for those who may")
_KIND = Field("kind", "text", "Which desk", leads_to="dim_kind.kind")

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        one.name: one
        for one in (
            Table(
                "dim_date",
                "Every day that the facts touch",
                (
                    Field("date_key", "integer", "The day as 20260604"),
                    Field("date", "date", "The day"),
                    Field("year", "integer", "Calendar year"),
                    Field("quarter", "integer", "Calendar quarter, 1 to 4"),
                    Field("month", "integer", "Month, 1 to 12"),
                    Field("year_month", "text", "Year and month"),
                    Field("week_begins", "date", "The Monday of its week"),
                    Field("weekday", "integer", "1 is Monday"),
                    Field("weekend", "boolean", "Saturday or Sunday"),
                ),
            ),
            Table(
                "dim_district",
                "Districts and the local authority of each",
                (
                    Field("district", "text", "Code"),
                    Field("name", "text", "Name"),
                    Field("authority", "text", "Code of the local authority"),
                ),
            ),
            Table(
                "dim_level",
                "Levels of risk, by desk",
                (
                    Field("level_key", "text", "Desk and code, as missing:high"),
                    Field("kind", "text", "Which desk"),
                    Field("title", "text", "The word used"),
                    Field("rank", "integer", "Place among the desk's levels"),
                ),
            ),
            Table("dim_kind", "Desks", (Field("kind", "text", "Code"), Field("title", "text", "The word used"))),
            Table(
                "dim_person",
                "Children, by pseudonym",
                (
                    Field("person_key", "key", "Keyed pseudonym"),
                    Field("sex", "text", "Sex as recorded"),
                    Field("ethnicity", "text", "Ethnicity as recorded"),
                    Field("looked_after", "text", "yes, no or not known"),
                ),
            ),
            Table(
                "fact_episodes",
                "Missing episodes, open ones kept in",
                (
                    _MATTER,
                    _PERSON,
                    _DISTRICT,
                    Field("level_key", "text", "First level given", leads_to="dim_level.level_key"),
                    _to_date("reported_on", "reported"),
                    _to_date("located_on", "located"),
                    Field("hours_to_location", "number", "From report to location; empty while open", "hours"),
                    Field("age_band", "text", "Age when reported"),
                    Field("looked_after", "text", "In care then: yes, no or not known"),
                    Field("is_open", "boolean", "Not yet ended"),
                    Field("outcome", "text", "Code of how it ended"),
                ),
            ),
            Table(
                "fact_obligations",
                "What was owed, done or not",
                (
                    Field("obligation_key", "integer", "Number of the obligation"),
                    _MATTER,
                    _PERSON,
                    _KIND,
                    _DISTRICT,
                    Field("rule", "text", "Code of the clock"),
                    Field("post", "text", "Kind of post that owed it"),
                    _to_date("due_on", "due"),
                    _to_date("done_on", "done"),
                    Field("hours_late", "number", "Done after it was due, by so much", "hours"),
                    Field("state", "text", "done, late, cancelled or open"),
                    Field("on_time", "boolean", "Done by its time; empty while open or cancelled"),
                ),
            ),
            Table(
                "fact_tasks",
                "Work issued, and what came of it",
                (
                    Field("task_key", "integer", "Number of the task"),
                    _MATTER,
                    _PERSON,
                    _KIND,
                    _DISTRICT,
                    Field("task_kind", "text", "Code of the kind of work"),
                    _to_date("created_on", "asked for"),
                    _to_date("done_on", "ended"),
                    Field("minutes", "integer", "How long it takes", "minutes"),
                    Field("hours_to_issue", "number", "From asking to issuing", "hours"),
                    Field("state", "text", "State of the task"),
                    Field("outcome", "text", "Code of the outcome"),
                ),
            ),
            Table(
                "fact_detentions",
                "Children charged, and what became of bail and the move",
                (
                    _MATTER,
                    _PERSON,
                    _DISTRICT,
                    _to_date("charged_on", "charged"),
                    Field("age_band", "text", "Age at charge"),
                    Field("bail", "text", "refused, released, or empty"),
                    Field("straight_to_court", "boolean", "No request was needed"),
                    Field("requests", "integer", "Requests made to the authority", "requests"),
                    Field("requests_secure", "integer", "Of these, for secure accommodation", "requests"),
                    Field("offers", "integer", "Of these, offered a place", "requests"),
                    Field("moved", "boolean", "Moved to the authority"),
                    Field("certificate", "text", "a, b, both, or empty"),
                    Field("failed_to_provide", "boolean", "The authority failed to provide"),
                    Field("hours_kept", "number", "From charge to move, court or release; empty while kept", "hours"),
                    Field("discussed_daily", "boolean", "The daily meeting's scrutiny is on record"),
                    Field("discussed_fortnightly", "boolean", "The tactical meeting's is"),
                    Field("discussed_board", "boolean", "The board's is"),
                ),
            ),
            Table(
                "fact_online_cases",
                "Online abuse cases",
                (
                    _MATTER,
                    _DISTRICT,
                    Field("level_key", "text", "Level now", leads_to="dim_level.level_key"),
                    _to_date("received_on", "received"),
                    _to_date("closed_on", "ended"),
                    Field("queue", "text", "Where it waits now"),
                    Field("is_open", "boolean", "Not yet ended"),
                    Field("days_open", "number", "From receipt to its end, or to now", "days"),
                ),
            ),
            Table(
                "fact_measures",
                "Every figure kept, headline and other lines; whole force, so only for those who see the whole force",
                (
                    Field("figure_key", "integer", "Number of the kept figure"),
                    Field("measure", "text", "Code of the measure"),
                    Field("line", "text", "Line of the measure"),
                    _to_date("as_of_on", "of the data cut"),
                    _to_date("period_from", "the period begins"),
                    _to_date("period_until", "the period ends"),
                    Field("unit", "text", "share, hours, days, count or number"),
                    Field("value", "number", "The figure"),
                    Field("lower", "number", "Lower end of the 95% interval"),
                    Field("upper", "number", "Upper end of the 95% interval"),
                    Field("numerator", "integer", "Counted"),
                    Field("denominator", "integer", "Out of"),
                    Field("children", "integer", "Different children"),
                    Field("definition_version", "text", "Day from which the definition holds"),
                    Field("definition_hash", "text", "Its SHA-256"),
                ),
            ),
        )
    }
)
DICTIONARY = Table(
    "data_dictionary",
    "What every column means",
    (
        Field("table", "text", "The table"),
        Field("column", "text", "The column"),
        Field("kind", "text", "What its cells are"),
        Field("meaning", "text", "What it says"),
        Field("unit", "text", "What a number counts"),
        Field("leads_to", "text", "The column it joins to"),
    ),
)


def dictionary() -> tuple[tuple[Value, ...], ...]:
    """What every column of every table means, and what it joins to: the relationships to draw."""
    return tuple((table.name, one.name, one.kind, one.meaning, one.unit, one.leads_to) for table in TABLES.values() for one in table.fields)
