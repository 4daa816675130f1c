"""Which clocks an event starts. The same event starts the same clocks with the same keys however often it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lodestar.core.clocks.rules import ClockRule
from lodestar.core.times import to_utc

ANY = "any"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, by its code: reported, graded, returned, task_issued and so on."""

    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """What the rules ask of the matter; ``kind`` is empty for things that belong to no matter."""

    kind: str = ""
    is_child: bool = True
    level: str = ""  # the level in force after the event
    previous_level: str = ""  # the level before it; differs only on a grading


@dataclass(frozen=True, slots=True)
class Start:
    """A clock to start: the rule, the instant, and a key that tells this start from every other of the rule."""

    rule: ClockRule
    key: str
    started_at: datetime
    level: str  # the level its span depends on, or empty


def starts(*, event: Event, matter_facts: MatterFacts, rules: Iterable[ClockRule]) -> tuple[Start, ...]:
    """An event starts every clock whose rule names it for this kind of matter and level.

    Repeating clocks are left out: ``expected_reviews`` makes their periods. A level that brings its own, sooner clock
    starts it when the matter reaches that level, not each time it is confirmed there.
    """
    found = (_start(rule, event, matter_facts) for rule in rules if _concerns(rule, matter_facts))
    return tuple(start for start in found if start is not None)


def key_for(*, event: str, at: datetime) -> str:
    """The key of a start: the event and its instant, so that telling it twice starts nothing twice."""
    return f"{event}@{to_utc(at):%Y%m%dT%H%M%SZ}"


def _concerns(rule: ClockRule, facts: MatterFacts) -> bool:
    return not rule.repeats and rule.matter in (ANY, facts.kind) and (facts.is_child or not rule.child_only)


def _start(rule: ClockRule, event: Event, facts: MatterFacts) -> Start | None:
    at_level = rule.by_level.get(facts.level)
    level = facts.level if at_level is not None else ""
    if event.code == rule.event:
        owed = rule.span(facts.level) is not None
    else:
        owed = at_level is not None and at_level.event == event.code and facts.previous_level != facts.level
    return Start(rule, key_for(event=event.code, at=event.at), to_utc(event.at), level) if owed else None
