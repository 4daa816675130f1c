"""How a source's rows are read: which column is which field, its codes, dates and time zone, and what its grading means.

A mapping is dated and never edited: a source that changes its export gets a new version from a day, and every engagement keeps
the version it was read by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from lodestar.core.engagements.kinds import Kinds
from lodestar.core.matters.involved import NATURES, THINGS
from lodestar.core.reports.draft import LOCAL_KEYS, NATIONAL_KEYS
from lodestar.core.reports.force_mapping import plain, turned
from lodestar.core.times import zone_named
from lodestar.core.words import Refusal, Refusals, listed

OF_THE_ENGAGEMENT = (
    "number", "number_with", "happened_at", "district", "grading", "reason", "nature", "circumstances", "ended",
)  # fmt: skip
OF_A_PERSON = (
    "role", "given_name", "family_name", "full_name", "birth_date", "sex", "ethnicity", "address", "postcode", "phone",
    "looked_after", "responsible_authority", "said", "nature", "grading", *NATIONAL_KEYS, *LOCAL_KEYS,
)  # fmt: skip
OF_A_THING = ("value", "said", "nature", "grading")
WHO = frozenset({"given_name", "family_name", "full_name", *NATIONAL_KEYS, *LOCAL_KEYS})  # without any, a person is not stated
# Fields that a code list may translate, by the field's own name.
LISTS = ("district", "grading", "reason", "nature", "ended", "role", "sex", "ethnicity", "looked_after", "responsible_authority")
OWED = ("version", "time_zone", "dates", "required", "columns", "people", "nature", "grading")
MAY = ("things", "codes", "always")
Columns = Mapping[str, tuple[str, ...]]  # field to the headings it may stand under


@dataclass(frozen=True, slots=True)
class PersonColumns:
    """Where one person stands in a row: the role, or the column that gives it, and one cell that may name several."""

    role: str
    columns: Columns
    nature: str
    split: str = ""


@dataclass(frozen=True, slots=True)
class ThingColumns:
    """Where one place, vehicle, phone or handle stands in a row; one cell may hold several."""

    kind: str
    columns: Columns
    said: str
    nature: str
    split: str = ""


@dataclass(frozen=True, slots=True)
class Grading:
    """A source's own scheme of grading: its name, what is kept where the row says nothing, and what each grade means."""

    scheme: str
    otherwise: str
    means: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """One version of how a source is read."""

    code: str
    title: str
    kind: str
    version: str
    verified: bool
    zone: ZoneInfo  # what its clocks show
    dates: tuple[str, ...]
    required: tuple[str, ...]
    columns: Columns
    people: tuple[PersonColumns, ...]
    things: tuple[ThingColumns, ...]
    codes: Mapping[str, Mapping[str, str]]  # list, then plain code, to meaning
    always: Mapping[str, str]  # what the source never says because it is always so
    nature: str
    grading: Grading

    def headings(self, field: str) -> tuple[str, ...]:
        """The headings that a field of the engagement itself may stand under."""
        return self.columns.get(field, ())


def mapping_from(table: Mapping[str, Any], *, code: str, title: str, kind: str, content_hash: str, verified: bool = False) -> SourceMapping:
    """A mapping as its block says it; what cannot be followed is found by ``mapping_faults``, not here."""
    nature = str(table["nature"])
    return SourceMapping(
        code=code,
        title=title,
        kind=kind,
        version=f"{table['version']} ({content_hash[:12]})",
        verified=verified,
        zone=ZoneInfo(table["time_zone"]),
        dates=tuple(table["dates"]),
        required=tuple(table["required"]),
        columns=_columns(table["columns"]),
        people=tuple(
            PersonColumns(one["role"], _columns(one["columns"]), one.get("nature", nature), one.get("split", "")) for one in table["people"]
        ),
        things=tuple(
            ThingColumns(one["kind"], _columns(one["columns"]), one.get("said", ""), one.get("nature", nature), one.get("split", ""))
            for one in table.get("things", ())
        ),
        codes={name: turned(code, codes) for name, codes in table.get("codes", {}).items()},
        always=dict(table.get("always", {})),
        nature=nature,
        grading=Grading(table["grading"]["scheme"], table["grading"].get("otherwise", ""), dict(table["grading"].get("means", {}))),
    )


def mapping_faults(table: Mapping[str, Any], *, kind: str, kinds: Kinds) -> tuple[str, ...]:
    """Everything in a mapping that cannot be followed, each as a clause; a sound one has none."""
    known = kinds.get(kind)
    if known is None:
        return (f"there is no kind of engagement {kind}; the kinds are {listed(kinds)}",)
    lacking = tuple(f"it lacks {key}" for key in OWED if key not in table)
    if lacking:
        return lacking
    try:
        return (*_top_faults(table), *_people_faults(table, known.roles), *_thing_faults(table), *_code_faults(table, known))
    except (TypeError, AttributeError, KeyError, ValueError) as fault:
        return (f"it is not in the shape of a mapping: {fault}",)


def headings_gaps(*, columns: Sequence[str], mapping: SourceMapping) -> Refusals:
    """A file lacks a column that every row of this source needs, or two columns give the same field."""
    found = {plain(name) for name in columns}
    lacking = [
        names[0] for names in (mapping.headings(field) for field in mapping.required) if names and not found & set(map(plain, names))
    ]
    if not lacking:
        return ()
    sentence = f"The file lacks {listed(f'“{name}”' for name in lacking)}. Check that it is from {mapping.title}."
    return (Refusal("engagement.columns_missing", sentence),)


def becomes(*, columns: Sequence[str], mapping: SourceMapping) -> dict[str, tuple[str, ...]]:
    """What each column of a file would become, in words; a column that nothing reads becomes nothing and is kept with the row."""
    said: dict[str, list[str]] = {}
    for field, names in mapping.columns.items():
        _say(said, names, field.replace("_", " "))
    for person in mapping.people:
        for field, names in person.columns.items():
            _say(said, names, f"{person.role.replace('_', ' ') or 'person'}: {field.replace('_', ' ')}")
    for thing in mapping.things:
        for field, names in thing.columns.items():
            _say(said, names, thing.kind if field == "value" else f"{thing.kind}: {field}")
    return {heading: tuple(said.get(plain(heading), ())) for heading in columns}


def _say(said: dict[str, list[str]], names: Sequence[str], words: str) -> None:
    for name in names:
        said.setdefault(plain(name), []).append(words)


def _columns(table: Mapping[str, Any]) -> Columns:
    return {field: (names,) if isinstance(names, str) else tuple(names) for field, names in table.items()}


def _top_faults(table: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"nothing reads {key}" for key in sorted(table.keys() - set(OWED) - set(MAY)))
    if zone_named(table["time_zone"]) is None:
        yield f"there is no time zone {table['time_zone']}; it is named as Europe/London, Europe/Dublin or UTC"
    if table["nature"] not in NATURES:
        yield "nature is fact or opinion"
    if not table["dates"]:
        yield "it names no form of date"
    yield from (f"there is no field {field} of an engagement" for field in sorted(table["columns"].keys() - set(OF_THE_ENGAGEMENT)))
    yield from (f"columns lack {field}, which every row needs" for field in ("number", "happened_at") if not table["columns"].get(field))
    yield from (f"required names {field}, which no column gives" for field in table["required"] if field not in table["columns"])
    if not str(table["grading"]["scheme"]).strip():
        yield "say which scheme of grading it is, or “not graded”"


def _people_faults(table: Mapping[str, Any], roles: Mapping[str, str]) -> Iterator[str]:
    for place, one in enumerate(table["people"], start=1):
        unknown = sorted(one["columns"].keys() - set(OF_A_PERSON))
        yield from (f"person {place}: there is no field {field} of a person" for field in unknown)
        if not one["columns"].keys() & WHO:
            yield f"person {place} has neither a name nor a number"
        if one["role"] not in roles and not (one["role"] == "" and "role" in one["columns"]):
            yield f"person {place}: the role is one of {listed(roles)}, or blank with a column that gives it"
        if one.get("nature", "fact") not in NATURES:
            yield f"person {place}: nature is fact or opinion"


def _thing_faults(table: Mapping[str, Any]) -> Iterator[str]:
    for place, one in enumerate(table.get("things", ()), start=1):
        if one["kind"] not in THINGS:
            yield f"thing {place} is one of {listed(THINGS)}"
        if "value" not in one["columns"]:
            yield f"thing {place} lacks the column that holds it"
        yield from (f"thing {place}: there is no field {field} of a thing" for field in sorted(one["columns"].keys() - set(OF_A_THING)))


def _code_faults(table: Mapping[str, Any], kind: Any) -> Iterator[str]:
    codes = table.get("codes", {})
    for name in codes:
        if name not in LISTS:
            yield f"there is no list {name}; the lists are {listed(LISTS)}"
        turned(name, codes[name])
    for name, known in (("role", kind.roles), ("reason", kind.reasons), ("nature", NATURES)):
        yield from (f"the list {name} means {meaning}, which this kind lacks" for meaning in codes.get(name, {}) if meaning not in known)
    yield from (
        f"always names {field}, which is no field" for field in table.get("always", {}) if field not in (*OF_THE_ENGAGEMENT, *OF_A_PERSON)
    )
