"""What is frozen of a meeting: everything that its forms say, as one JSON text with one digest.

Names are frozen too, beside the letter that stands for each: what a reader sees of them is decided when they read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from lodestar.core.packs.agenda import Agenda, kept, matters_of
from lodestar.core.packs.template import Template
from lodestar.core.times import to_utc

FORMAT = 1
Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """What one reader may know of a pack: whose cases by name, and whether figures stand as counted or as they may be published."""

    named: frozenset[int]
    exact: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One matter of a pack, as it was when it was frozen."""

    matter: int
    reference: str
    kind: str
    child: int | None
    name: str  # of the child, with the age
    district: str
    authority: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What the meeting decided about one item."""

    key: str
    decision: str
    reason: str
    narrative: str
    by: str
    at: datetime
    action: str = ""
    owner: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The meeting itself: set for when, held when, by whom, who was there, and what was left with which reason."""

    number: int
    due_at: datetime
    held_at: datetime
    chair: str
    attended: str
    left: str = ""


@dataclass(frozen=True, slots=True)
class Freezing:
    """The version that is being made: known at, by whom, and what it replaces with which reason."""

    version: int
    at: datetime
    by: str
    code: str  # the version of Lodestar
    replaces: str = ""  # the digest of the version before
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """What stands in a pack: the agenda, the cases, the decisions, and the figures and charts of each part by its code."""

    agenda: Agenda
    cases: Sequence[Case]
    decided: Sequence[Decided]
    letters: Mapping[int, str]
    figures: Mapping[str, Sequence[Mapping[str, Any]]]
    charts: Mapping[str, Sequence[Mapping[str, Any]]]
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


def content(*, template: Template, held: Held, freezing: Freezing, parts: Parts) -> dict[str, Any]:
    """The whole of what is frozen."""
    agenda = {row["code"]: row for row in kept(parts.agenda)}
    sections = [
        {
            "code": one.code,
            "title": one.title,
            "kind": one.kind,
            "question": one.question,
            "items": agenda.get(one.code, {}).get("items", []),
            "more": agenda.get(one.code, {}).get("more", 0),
            "figures": list(parts.figures.get(one.code, ())),
            "charts": list(parts.charts.get(one.code, ())),
            "tables": list(parts.tables.get(one.code, ())),
        }
        for one in template.sections
    ]
    wanted = matters_of(parts.agenda)
    return {
        "format": FORMAT,
        "template": {
            "code": template.code,
            "title": template.title,
            "version": template.version,
            "hash": template.content_hash,
            "authority": template.authority,
            "verified": template.verified,
            "few": template.few,
        },
        "meeting": {
            "number": held.number,
            "due_at": _at(held.due_at),
            "held_at": _at(held.held_at),
            "chair": held.chair,
            "attended": held.attended,
            "left": held.left,
        },
        "frozen": {
            "version": freezing.version,
            "at": _at(freezing.at),
            "by": freezing.by,
            "code": freezing.code,
            "replaces": freezing.replaces,
            "reason": freezing.reason,
        },
        "letters": {str(child): mark for child, mark in sorted(parts.letters.items())},
        "cases": {str(one.matter): _case(one) for one in parts.cases if one.matter in wanted},
        "decisions": [_decided(one) for one in parts.decided],
        "sections": sections,
    }


def text_of(table: Content) -> str:
    """The one way the content is written: keys in order, no spaces, numbers as they are."""
    return json.dumps(table, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of(text: str) -> str:
    """The digest that a pack goes by."""
    return sha256(text.encode()).hexdigest()


def letters_in(table: Content) -> dict[int, str]:
    """The letters that a version gave, for the version after it."""
    return {int(child): str(mark) for child, mark in table["letters"].items()}


def figures_kept(table: Content) -> list[int]:
    """The number of every figure that a pack stands on, those of its tables too. A pack frozen before there were any has none."""
    own = [one["kept"] for part in table["sections"] for one in part["figures"]]
    return own + [number for part in table["sections"] for one in part.get("tables", ()) for number in one["kept"]]


def instant(text: str) -> datetime:
    """An instant of the content."""
    return datetime.fromisoformat(text)


def _at(when: datetime) -> str:
    return to_utc(when).isoformat()


def _case(one: Case) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "kind": one.kind,
        "child": one.child,
        "name": one.name,
        "district": one.district,
        "authority": one.authority,
    }


def _decided(one: Decided) -> dict[str, Any]:
    return {
        "key": one.key,
        "decision": one.decision,
        "reason": one.reason,
        "narrative": one.narrative,
        "by": one.by,
        "at": _at(one.at),
        "action": one.action,
        "owner": one.owner,
        "due_at": _at(one.due_at) if one.due_at else None,
    }
