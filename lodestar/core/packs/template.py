"""What a meeting's playbook says on a day: how often, who owes it, who may come and read, and what each part of its pack holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lodestar.core.measures.definition import SmallNumbers
from lodestar.core.packs.cadence import Cadence, cadence_from
from lodestar.core.playbook import BadPlaybook, Playbook

# What a part of a pack can be made of. Each is read by one function of store.queries.agendas, or by the measures.
LISTS = ("scrutiny", "owed", "risk", "missing", "actions", "findings", "backlog")
FIGURES = "figures"
KINDS = (*LISTS, FIGURES)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an agenda and of its pack."""

    code: str
    title: str
    kind: str
    question: str = ""  # what the chair asks of it
    rule: str = ""  # of scrutiny: the clock whose open obligations are looked at
    deed: str = ""  # of scrutiny: what is recorded on each matter that was discussed
    measures: tuple[str, ...] = ()  # of figures: the codes of what is shown
    tables: tuple[str, ...] = ()  # of figures: the codes of measures whose groups are set side by side
    days: int = 0  # of figures: over so many whole London days
    hours: int = 0  # of lists: since or within so many hours
    most: int = 0  # of lists: so many lines, with the count of the rest


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of meeting as it is on a day."""

    code: str
    slug: str
    title: str
    chair: str  # the kind of post that owes it
    event: str  # what the clock engine is told of a meeting made
    cadence: Cadence
    may_attend: frozenset[str]  # roles that see a meeting before it is published
    may_read: frozenset[str]  # roles that read what is published
    sections: tuple[Section, ...]
    small: SmallNumbers
    few: int  # fewer children than this in a part, and their lines say nothing to those who may not know them
    version: str
    content_hash: str
    authority: str
    verified: bool

    def attended_by(self, roles: Collection[str]) -> bool:
        """True for somebody one of whose roles comes to the meeting."""
        return bool(self.may_attend & set(roles))

    def read_by(self, roles: Collection[str]) -> bool:
        """True for somebody one of whose roles reads what it publishes; whoever comes to it reads it too."""
        return bool((self.may_attend | self.may_read) & set(roles))

    def section(self, code: str) -> Section | None:
        """The part of this code."""
        return next((one for one in self.sections if one.code == code), None)


def template(book: Playbook, *, on: date) -> Template:
    """A template is its playbook with the block in force on the day; one that cannot be followed is refused."""
    block = book.in_force(on)
    values = block.values
    sections = tuple(_section(book.code, row) for row in values["sections"])
    if len({one.code for one in sections}) != len(sections):
        raise BadPlaybook(f"{book.code}: two parts have one code")
    small = values["small_numbers"]
    try:
        cadence = cadence_from(values["cadence"])
    except ValueError as fault:
        raise BadPlaybook(f"{book.code}: {fault}") from fault
    return Template(
        code=book.code,
        slug=str(book.body["slug"]),
        title=book.title,
        chair=str(book.body["chair"]),
        event=str(book.body["event"]),
        cadence=cadence,
        may_attend=frozenset(values["may_attend"]),
        may_read=frozenset(values["may_read"]),
        sections=sections,
        small=SmallNumbers(small["count"], small["children"], small["owner"]),
        few=int(values["few"]),
        version=block.from_date.isoformat(),
        content_hash=book.content_hash,
        authority=block.authority,
        verified=block.verified,
    )


def template_faults(one: Template, *, roles: Collection[str], posts: Collection[str], clocks: Collection[str]) -> tuple[str, ...]:
    """What a template says that cannot be followed here; a sound one says nothing of the kind."""
    found = [f"nobody has the role {name}" for name in sorted((one.may_attend | one.may_read) - set(roles))]
    found += [f"nobody is called {one.chair}"] if one.chair not in posts else []
    found += [f"{part.code}: there is no clock {part.rule}" for part in one.sections if part.rule and part.rule not in clocks]
    found += [f"{part.code}: scrutiny needs a clock and a deed" for part in one.sections if part.kind == "scrutiny" and not part.deed]
    found += [f"{part.code}: figures need measures and days" for part in one.sections if part.kind == FIGURES and not part.days]
    asked = [(part.code, code) for part in one.sections for code in part.tables]
    found += [f"{part.code}: a table is of a measure of its part" for part in one.sections if set(part.tables) - set(part.measures)]
    # Of two periods, two tables of one measure would give small counts back by their difference.
    found += [
        f"{code} has tables in more than one part" for code in sorted({code for _, code in asked}) if [c for _, c in asked].count(code) > 1
    ]
    return tuple(f"{one.code}: {fault}" for fault in found)


def _section(book: str, row: Mapping[str, Any]) -> Section:
    kind = str(row["kind"])
    if kind not in KINDS:
        raise BadPlaybook(f"{book}: there is no part of a pack called {kind}")
    known = {name: row[name] for name in ("question", "rule", "deed", "days", "hours", "most") if name in row}
    return Section(
        str(row["code"]), str(row["title"]), kind, measures=tuple(row.get("measures", ())), tables=tuple(row.get("tables", ())), **known
    )
