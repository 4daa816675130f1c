"""The reply to an inspection report, as a paper: the three parts the law asks for, in the form of a letter.

Part 1 is the local policing body's comments, part 2 the chief officer's on each finding, part 3 the body's response to those
(Police Act 1996 s.55(5)). Each statement stands with its mark and why it has it; each figure with its own population and
clock; and at the end the hashes by which anybody can check that nothing was changed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from lodestar.core.inspection.commitments import MARKS, SORTS
from lodestar.core.inspection.findings import FINDING_KINDS, OURS, THEIRS
from lodestar.core.inspection.section55 import ACT, last_day
from lodestar.core.measures.chart import say_value
from lodestar.core.paper import Grid, Paper, Part, paragraphs
from lodestar.core.times import say, say_date
from lodestar.core.words import listed

MARKING = "OFFICIAL. For publication under section 55 of the Police Act 1996 once approved."
CLOCKS = {
    "police": "from the report to the police until the child was found",
    "child": "from when the child was last known safe until found",
    "child_earliest": "from the earliest the child can have been missing until found",
}
MEANING = {
    "evidenced": "the measure and all of its interval are beyond the target",
    "claimed": "nothing here shows it: it has no measure, or the measure does not settle it",
    "contradicted": "the measure and all of its interval are short of the target",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One promise or statement of fact, as the reply gives it."""

    reference: str
    words: str
    sort: str
    owner: str
    due_on: date | None
    aim: str  # the measure and the target in words, or nothing
    baseline: str
    state: str
    mark: str
    why: str
    evidence: str = ""  # the hash of what was frozen for it


@dataclass(frozen=True, slots=True)
class Area:
    """One finding with the force's answer and the statements in it."""

    reference: str
    kind: str
    words: str
    response: str
    status: str
    their_status: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure behind a statement, with what is needed to judge it."""

    statement: str
    title: str
    says: str
    numbers: str
    population: str
    clock: str
    definition: str
    period: str
    caveats: tuple[str, ...]
    content_hash: str
    groups: str = ""  # each group's own figure, where the statement is about every one of them


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """Everything a reply says. ``names`` gives the bodies of the day by role."""

    reference: str
    title: str
    published_on: date
    publisher: str
    overall: str
    names: Mapping[str, str]
    areas: tuple[Area, ...]
    figures: tuple[Figure, ...]
    made_at: datetime

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement, in order."""
        return tuple(one for area in self.areas for one in area.statements)


def said(value: float | None, unit: str) -> str:
    """A value in its measure's unit, as charts and tables say it."""
    return say_value(value, "number" if unit == "per_child" else unit)  # type: ignore[arg-type]


def words_of(facts: ReplyFacts) -> Paper:
    """The reply as a paper. A finding with no answer says so in plain sight: the law wants the action, or why none."""
    names = facts.names
    return Paper(
        title=f"Reply to the report “{facts.title}”",
        under=f"To the {names['secretary_of_state']}, under section 55(5) of the {ACT.removesuffix(' s.55')}.",
        author=names["local_policing_body"],
        marking=MARKING,
        reference=f"{facts.reference}, reply made {say(facts.made_at)}",
        at=facts.made_at,
        parts=(
            _letter(facts),
            _comments(facts),
            Part(
                "Part 2: the chief officer's comments",
                (
                    f"The {names['chief_officer']} answers each finding below. Each statement in an answer is numbered, with who owns "
                    "it, by when, its measure and target where it has them, and its mark.",
                    *(f"{name.capitalize()}: {meaning}." for name, meaning in MEANING.items()),
                ),
            ),
            *(part for number, area in enumerate(facts.areas, start=1) for part in _area(number, area)),
            _response(facts),
            *(_figure(one) for one in facts.figures),
            _appendix(facts),
        ),
    )


def _letter(facts: ReplyFacts) -> Part:
    body, last = facts.names["local_policing_body"], say_date(last_day(published=facts.published_on))
    return Part(
        f"Letter to the {facts.names['secretary_of_state']}",
        (
            f"Dear {facts.names['secretary_of_state']}",
            f"Under section 55(5) of the Police Act 1996, as {body} I give my formal response to the report by {facts.publisher} "
            f"entitled “{facts.title}”, published on {say_date(facts.published_on)}. The last day for publishing it is {last}.",
            f"The {facts.names['chief_officer']}'s comments on each finding are in part 2, and my response to them in part 3. "
            f"Copies go to {facts.publisher}.",
            "Yours sincerely",
            body,
        ),
    )


def _comments(facts: ReplyFacts) -> Part:
    many = len(facts.areas)
    return Part(
        "Part 1: the local policing body's comments",
        (
            f"The {facts.names['chief_officer']} and I welcome the publication of this report.",
            *paragraphs(facts.overall),
            f"This reply answers {many} finding{'' if many == 1 else 's'}: {listed(area.reference for area in facts.areas)}.",
        ),
    )


def _area(number: int, area: Area) -> Iterator[Part]:
    answer = paragraphs(area.response) or ("No answer has been given yet. The law asks for the action, or why there is none.",)
    yield Part(
        f"{number}. {area.words}",
        facts=(
            ("Finding", f"{area.reference}, {FINDING_KINDS[area.kind].lower()}"),
            ("Where it stands as the force sees it", OURS[area.status]),
            ("Where it stands by the inspectors' own word", THEIRS[area.their_status]),
        ),
    )
    yield Part(f"The force's response to {area.reference}", answer)
    if area.statements:
        rows = tuple(
            (one.reference, f"{SORTS[one.sort]}: {one.words}", _owned(one), one.aim or "None", _marked(one)) for one in area.statements
        )
        yield Part(
            f"What is promised and stated on {area.reference}",
            grid=Grid(("No.", "Statement", "Who, by when", "Measure and target", "Mark, and why"), rows, (11, 31, 18, 17, 23)),
        )


def _owned(one: Statement) -> str:
    when = f"by {say_date(one.due_on)}" if one.due_on else "no day given"
    ended = f"; {one.state}" if one.state != "open" else ""
    return f"{one.owner}, {when}{ended}"


def _marked(one: Statement) -> str:
    """The mark and its reason; a reason that begins with the mark says it once."""
    return one.why if one.why.lower().startswith(one.mark) else f"{one.mark.capitalize()}. {one.why}"


def _broken(digest: str) -> str:
    """A hash in groups of eight, so that a line can end between them and an eye can compare them."""
    return " ".join(digest[place : place + 8] for place in range(0, len(digest), 8))


def _response(facts: ReplyFacts) -> Part:
    found = {mark: [one.reference for one in facts.statements if one.mark == mark] for mark in MARKS}
    said = [f"{len(refs)} {mark}" for mark, refs in found.items()]
    words = [f"The {facts.names['chief_officer']}'s comments make {len(facts.statements)} statements: {listed(said)}."]
    if found["contradicted"]:
        words.append(
            f"The force's own data contradicts {listed(found['contradicted'])}. These are to be put right with the inspectors, or shown."
        )
    undated = sum(one.sort == "promise" and one.due_on is None for one in facts.statements)
    if undated:
        words.append(f"{undated} of the promises bear no day. Until they do, nobody can say that they are late.")
    if found["claimed"]:
        words.append("What is only claimed is not relied on here. A measure with a target makes a claim one that can be shown.")
    return Part("Part 3: the local policing body's response to the chief officer's comments", tuple(words))


def _figure(one: Figure) -> Part:
    return Part(
        f"Figure behind {one.statement}: {one.title}",
        facts=(
            ("The figure", one.says),
            *((("In each group", one.groups),) if one.groups else ()),
            ("Counted", one.numbers),
            ("Of whom", one.population),
            ("By which clock", CLOCKS.get(one.clock, one.clock)),
            ("Definition", one.definition),
            ("Period", one.period),
        ),
        points=one.caveats,
    )


def _appendix(facts: ReplyFacts) -> Part:
    rows = [(one.reference, one.mark, one.evidence) for one in facts.statements if one.evidence]
    rows += [(one.statement, f"figure: {one.title}", one.content_hash) for one in facts.figures]
    if not rows:
        return Part("Appendix: hashes of the evidence", ("Nothing was frozen for this reply: no statement in it has a measure.",))
    return Part(
        "Appendix: hashes of the evidence",
        ("SHA-256 of what was frozen for each statement, and of each figure. A kept figure can be worked out again and compared.",),
        grid=Grid(("Statement", "What", "SHA-256"), tuple((who, what, _broken(text)) for who, what, text in rows), (14, 36, 50)),
    )


def kept(paper: Paper) -> dict[str, Any]:
    """A paper as words that JSON can hold, so that it can be set again to the same bytes."""
    return {**asdict(paper), "at": paper.at.isoformat()}


def paper_from(body: Mapping[str, Any]) -> Paper:
    """A kept paper, as it was."""
    return Paper(
        title=body["title"],
        under=body["under"],
        author=body["author"],
        marking=body["marking"],
        reference=body["reference"],
        at=datetime.fromisoformat(body["at"]),
        parts=tuple(_part_from(part) for part in body["parts"]),
    )


def _part_from(part: Mapping[str, Any]) -> Part:
    grid = part["grid"]
    return Part(
        heading=part["heading"],
        paragraphs=tuple(part["paragraphs"]),
        facts=tuple((name, value) for name, value in part["facts"]),
        points=tuple(part["points"]),
        grid=Grid(tuple(grid["heading"]), _rows_from(grid["rows"]), tuple(grid.get("widths", ()))) if grid else None,
    )


def _rows_from(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in rows)
