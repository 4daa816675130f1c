"""One row of a source as an engagement, by its mapping. Every fault of the row is found, not only the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from lodestar.core.engagements.dates import NotADate, wall
from lodestar.core.engagements.draft import EngagementDraft, PersonSaid, ThingSaid
from lodestar.core.engagements.examining import itself_gaps, person_gaps, thing_gaps
from lodestar.core.engagements.mapping import WHO, Columns, PersonColumns, SourceMapping, ThingColumns
from lodestar.core.reports.draft import LOCAL_KEYS, NATIONAL_KEYS, Subject
from lodestar.core.reports.force_mapping import plain
from lodestar.core.times import ReadDate, local_day_bounds, read_on_import
from lodestar.core.words import Allowed, Caution, Refusal, Refusals, listed

Value = str | date | datetime
YES = {"yes": True, "no": False}


@dataclass(slots=True)
class _Row:
    """A row being read: its cells by plain heading, and what was found wrong or odd so far."""

    cells: Mapping[str, tuple[str, Value]]  # plain heading to the file's own heading and the cell
    mapping: SourceMapping
    faults: list[Refusal] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)

    def cell(self, columns: Columns, name: str) -> tuple[str, Value]:
        """The heading and the first cell that says anything of a field; where none does, its documented heading and nothing."""
        names = columns.get(name, ())
        found = [self.cells[plain(heading)] for heading in names if plain(heading) in self.cells]
        return next((one for one in found if _text(one[1])), found[0] if found else (names[0] if names else name, ""))

    def text(self, columns: Columns, name: str) -> str:
        """A field as text, through its code list where it has one."""
        heading, value = self.cell(columns, name)
        given = _text(value)
        return self.coded(name, given, heading) if given else self.mapping.always.get(name, "")

    def coded(self, name: str, given: str, heading: str) -> str:
        """What a code means; one that the list does not know is refused, and what it knows is said."""
        known = self.mapping.codes.get(name)
        if known is None:
            return given
        meaning = known.get(plain(given))
        if meaning is None:
            sentence = f"“{given[:40]}” is not a code for this. Use one of: {listed(_words(known.values()))}."
            self.faults.append(Refusal("engagement.unknown_code", sentence, field=heading))
            return ""
        return meaning

    def refuse(self, gaps: Iterable[Refusal], columns: Columns) -> None:
        """What the rules refuse of what was read, each by the column that the field stands in."""
        for gap in gaps:
            whole = gap.field in ("given_name", "family_name") and gap.field not in columns and "full_name" in columns
            self.faults.append(replace(gap, field=self.cell(columns, "full_name" if whole else gap.field)[0]))

    def when(self, columns: Columns, name: str) -> tuple[datetime, str] | None:
        """An instant and how closely it is known, by the mapping's forms of date and its time zone."""
        heading, value = self.cell(columns, name)
        if not _text(value):
            self.faults.append(Refusal("engagement.no_time", "Say when it happened.", field=heading))
            return None
        try:
            read = read_on_import(wall(value, self.mapping.dates), zone=self.mapping.zone, field=heading)
        except NotADate as fault:
            self.faults.append(Refusal("engagement.date", str(fault), field=heading))
            return None
        if isinstance(read, Refusal):
            self.faults.append(read)
            return None
        if isinstance(read, ReadDate):
            return local_day_bounds(read.on).from_at, "date"
        self.cautions += read.cautions
        return read.at, "minute"

    def day(self, columns: Columns, name: str) -> date | None:
        """A date of birth; a time of day beside it is let go."""
        heading, value = self.cell(columns, name)
        if not _text(value):
            return None
        try:
            read = wall(value, self.mapping.dates)
        except NotADate as fault:
            self.faults.append(Refusal("engagement.date", str(fault), field=heading))
            return None
        return read.date() if isinstance(read, datetime) else read


def read_row(*, values: Mapping[str, Value], mapping: SourceMapping, now: datetime) -> Allowed[EngagementDraft] | Refusals:
    """A row is an engagement where its number, time, codes and people can be read; else every fault is given, by its column."""
    row = _Row({plain(heading): (heading, value) for heading, value in values.items()}, mapping)
    happened = row.when(mapping.columns, "happened_at")
    at, precision = happened or (now, "minute")
    nature = row.text(mapping.columns, "nature") or ""
    grading = _grading(row, mapping.columns)
    draft = EngagementDraft(
        kind=mapping.kind,
        source=mapping.code,
        source_title=mapping.title,
        mapping_version=mapping.version,
        external_id=_number(row),
        happened_at=at,
        people=tuple(one for told in mapping.people for one in _checked(row, told, _people(row, told, nature, grading), at)),
        things=tuple(one for told in mapping.things for one in _things(row, told, nature, grading)),
        precision=precision,
        district=row.text(mapping.columns, "district"),
        grading=grading,
        reason=row.text(mapping.columns, "reason"),
        circumstances=_circumstances(row),
        ended=bool(row.text(mapping.columns, "ended")),
    )
    first = row.mapping.people[0].columns if row.mapping.people else {}
    row.refuse(itself_gaps(draft, now=now), {**first, **row.mapping.columns})
    faults = tuple(dict.fromkeys(row.faults))
    return faults or Allowed(replace(draft, cautions=tuple(row.cautions)))


def _number(row: _Row) -> str:
    parts = [row.text(row.mapping.columns, name) for name in ("number", "number_with")]
    return "-".join(part for part in parts if part)


def _circumstances(row: _Row) -> str:
    """Every column of circumstances that says something; with more than one, each under its own heading."""
    names = row.mapping.headings("circumstances")
    said = [row.cells[plain(name)] for name in names if plain(name) in row.cells]
    parts = [(heading, _text(value)) for heading, value in said if _text(value)]
    return "\n".join(f"{heading}: {text}" if len(names) > 1 else text for heading, text in parts)


def _grading(row: _Row, columns: Columns, otherwise: str | None = None) -> str:
    heading, value = row.cell(columns, "grading")
    given, scheme = _text(value), row.mapping.grading
    if not given:
        return scheme.otherwise if otherwise is None else otherwise
    grade = row.coded("grading", given, heading)
    if grade and scheme.means and grade not in scheme.means:
        sentence = f"“{given[:20]}” is no grade of {scheme.scheme}. Use one of: {listed(scheme.means)}."
        row.faults.append(Refusal("engagement.unknown_grade", sentence, field=heading))
        return ""
    return grade


def _checked(row: _Row, told: PersonColumns, people: Iterable[PersonSaid], at: datetime) -> Iterator[PersonSaid]:
    for said in people:
        row.refuse(person_gaps(said, at=at), told.columns)
        yield said


def _people(row: _Row, told: PersonColumns, nature: str, grading: str) -> Iterator[PersonSaid]:
    stated = [name for name in told.columns if name in WHO and _text(row.cell(told.columns, name)[1])]
    if not stated:
        return
    role = told.role or row.text(told.columns, "role")
    if not role:
        heading = row.cell(told.columns, "role")[0]
        row.faults.append(Refusal("engagement.no_role", "Say in which role this person is.", field=heading))
    said = PersonSaid(
        role=role,
        subject=_subject(row, told.columns),
        said=row.text(told.columns, "said"),
        nature=row.text(told.columns, "nature") or nature or told.nature,
        grading=_grading(row, told.columns, grading),
    )
    if not told.split:
        yield said
        return
    for name in _parts(row.text(told.columns, "full_name"), told.split):
        given, family = _names(name)
        yield replace(said, subject=replace(said.subject, given_name=given, family_name=family))


def _subject(row: _Row, columns: Columns) -> Subject:
    given, family = row.text(columns, "given_name"), row.text(columns, "family_name")
    if not (given or family):
        given, family = _names(row.text(columns, "full_name"))
    keys = {scheme: row.text(columns, scheme) for scheme in (*NATIONAL_KEYS, *LOCAL_KEYS)}
    return Subject(
        given_name=given,
        family_name=family,
        birth_date=row.day(columns, "birth_date"),
        sex=row.text(columns, "sex"),
        ethnicity=row.text(columns, "ethnicity"),
        address=row.text(columns, "address"),
        postcode=row.text(columns, "postcode"),
        phone=row.text(columns, "phone"),
        looked_after=YES.get(row.text(columns, "looked_after")),
        responsible_authority=row.text(columns, "responsible_authority"),
        keys={scheme: value for scheme, value in keys.items() if value},
    )


def _names(full: str) -> tuple[str, str]:
    """A whole name as given and family name: "MARLOWE, Ada" and "Ada Marlowe" are one; one word alone is a given name."""
    if "," in full:
        family, given = (part.strip() for part in full.split(",", 1))
        return given, family
    given, _, family = full.strip().rpartition(" ")
    return (given, family) if given else (family, "")


def _things(row: _Row, told: ThingColumns, nature: str, grading: str) -> Iterator[ThingSaid]:
    said = row.text(told.columns, "said") or told.said
    for value in _parts(row.text(told.columns, "value"), told.split):
        thing = ThingSaid(
            kind=told.kind,
            value=value,
            said=said,
            nature=row.text(told.columns, "nature") or nature or told.nature,
            grading=_grading(row, told.columns, grading),
        )
        row.refuse(thing_gaps(thing), told.columns)
        yield thing


def _words(codes: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(code.replace("_", " ") for code in codes)


def _parts(text: str, split: str) -> Sequence[str]:
    return [part.strip() for part in (text.split(split) if split else [text]) if part.strip()]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else str(value)
