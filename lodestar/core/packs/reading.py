"""A frozen pack as one reader may see it: each item by the child's name or by a letter, and never more than the reader may know.

For a child whom the reader may not know there is a letter and what was written for such readers: no name, reference, age,
place, time or word of the meeting. Where a part concerns few such children, not even whether theirs is late.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lodestar.core.packs.content import Content, View, instant
from lodestar.core.times import say, say_date, to_local

NOT_SAID = "Nothing was written for readers who may not know the child."


@dataclass(frozen=True, slots=True)
class Line:
    """One item as a reader sees it."""

    key: str
    who: str
    words: str
    due: str
    owes: str
    facts: tuple[tuple[str, str], ...]
    decided: tuple[tuple[tuple[str, str], ...], ...]  # each decision as facts by their names
    known: bool  # the reader may know whose it is


@dataclass(frozen=True, slots=True)
class Table:
    """A table of groups as a reader sees it."""

    title: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One part of a pack as a reader sees it."""

    code: str
    title: str
    question: str
    lines: tuple[Line, ...]
    more: int
    figures: tuple[Mapping[str, Any], ...]
    charts: tuple[Mapping[str, Any], ...]
    tables: tuple[Table, ...]


def seen(content: Content, view: View) -> tuple[Seen, ...]:
    """Every part of a pack for one reader."""
    return tuple(
        Seen(
            row["code"],
            row["title"],
            row["question"],
            tuple(_lines(content, row, view)),
            row["more"],
            figures_in(row, view),
            tuple(one for one in row["charts"] if view.exact or one["published"]),
            tuple(_tables(row, view)),
        )
        for row in content["sections"]
    )


def figures_in(row: Mapping[str, Any], view: View) -> tuple[Mapping[str, Any], ...]:
    """The figures of a part as this reader may see them: exact, or those that are published in the form that hides small numbers."""
    found = (one["exact"] if view.exact else one["published"] for one in row["figures"])
    return tuple(one for one in found if one is not None)


def _tables(row: Mapping[str, Any], view: View) -> Iterator[Table]:
    """The tables of a part: exact, or with small counts and what would give them back hidden; some are not published at all."""
    for one in row.get("tables", ()):
        rows = one["exact"] if view.exact else one["published"]
        if rows is None:
            continue
        hidden = (
            (f"{one['hidden']} cells are hidden (c): small counts, and what would give them back.",)
            if not view.exact and one["hidden"]
            else ()
        )
        yield Table(one["title"], tuple(one["heading"]), tuple(tuple(cells) for cells in rows), (*one["notes"], *hidden))


def _lines(content: Content, row: Mapping[str, Any], view: View) -> Iterator[Line]:
    hidden = {one["child"] or one["matter"] for one in row["items"] if not _known(one, view)}
    few = len(hidden) < content["template"]["few"]
    for one in row["items"]:
        yield _known_line(content, one) if _known(one, view) else _hidden_line(content, one, few=few)


def _known(one: Mapping[str, Any], view: View) -> bool:
    """What is about no child is known to those who see the force's own figures."""
    return one["matter"] in view.named if one["matter"] is not None else view.exact


def _known_line(content: Content, one: Mapping[str, Any]) -> Line:
    case = content["cases"].get(str(one["matter"]))
    who = f"{case['name']} ({case['reference']})" if case and case["name"] else case["reference"] if case else "–"
    due = f"{say(instant(one['due_at']))}{', late' if one['late'] else ''}" if one["due_at"] else ""
    facts = tuple((name, value) for name, value in one["facts"])
    decided = tuple(tuple(_decision(row)) for row in _decisions(content, one))
    return Line(one["key"], who, one["words"], due, one["who"], facts, decided, known=True)


def _hidden_line(content: Content, one: Mapping[str, Any], *, few: bool) -> Line:
    mark = content["letters"].get(str(one["child"]))
    due = "" if few or not one["due_at"] else "Late" if one["late"] else "In time"
    decided = tuple(_plainly(row, few=few) for row in _decisions(content, one))
    who = f"Child {mark}" if mark else "A case" if one["matter"] is not None else "–"
    return Line(one["key"], who, one["words"], due, "", (), decided, known=False)


def _decisions(content: Content, one: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in content["decisions"] if row["key"] == one["key"]]


def _decision(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Decided", row["decision"]
    yield "Why", row["reason"]
    yield "Recorded by", f"{row['by']}, {say(instant(row['at']))}"
    if row["action"]:
        yield "To be done", row["action"]
        yield "By", f"{row['owner']}, by {say(instant(row['due_at']))}"
    if row["narrative"]:
        yield "For readers who may not know the child", row["narrative"]


def _plainly(row: Mapping[str, Any], *, few: bool) -> tuple[tuple[str, str], ...]:
    """What would have changed it, whose step it is and by when; of few children not whose, which may say where they live."""
    said = row["narrative"] or NOT_SAID
    if not row["action"]:
        return (("Discussed", said),)
    owner = (
        "One was given, with an owner and a time."
        if few
        else f"Owned by {row['owner']}, by {say_date(to_local(instant(row['due_at'])).date())}"
    )
    return (("Discussed", said), ("Action", owner))
