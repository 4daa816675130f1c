"""A tier is reached by named rules with reasons and authority; never a score, never a sum.

Professional practice discourages numerical scoring, one factor alone can justify an urgent response, and unknown is not
low (College of Policing APP, missing persons). Each rule below looks at facts and says yes or no; the playbook says
which tier a rule leads to. The lowest-numbered tier that any rule reaches is the tier; every reason is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

TIER_NAMES = {
    1: "Life and immediate safety",
    2: "A duty in law at risk",
    3: "A child at known risk",
    4: "Routine",
}
LAST = 4


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """What the rules look at. Adding risk can only raise the tier, never lower it (tested)."""

    state: str
    level: str
    is_child: bool
    age: int | None
    missing_since: datetime
    located: bool
    wellbeing_confirmed: bool
    returned: bool
    medical_alert: bool = False
    threat_alert: bool = False
    exploitation: bool = False
    repeat_reached: bool = False
    news_waiting: bool = False
    interview_owed: bool = False
    statutory_late: bool = False
    anything_late: bool = False
    next_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a tier was reached: the rule's code, its sentence and its authority."""

    code: str
    tier: int
    sentence: str
    authority: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The tier with every reason, most pressing first."""

    tier: int
    reasons: tuple[Reason, ...]


Rule = Callable[[MatterFacts, datetime], bool]


def _missing(facts: MatterFacts) -> bool:
    return not (facts.located and facts.wellbeing_confirmed)


def _missing_for(facts: MatterFacts, at: datetime, span: timedelta) -> bool:
    return _missing(facts) and at - facts.missing_since > span


RULES: Mapping[str, Rule] = {
    "graded_high": lambda facts, _: facts.level == "high" and _missing(facts),
    "not_graded": lambda facts, _: not facts.level,
    "cannot_be_assessed": lambda facts, _: facts.level == "cannot_be_assessed" and _missing(facts),
    "threat_alert": lambda facts, _: facts.threat_alert and _missing(facts),
    "medical_alert": lambda facts, _: facts.medical_alert and _missing(facts),
    "under_13": lambda facts, _: facts.age is not None and facts.age < 13 and _missing(facts),
    "missing_72_hours": lambda facts, at: _missing_for(facts, at, timedelta(hours=72)),
    "statutory_late": lambda facts, _: facts.statutory_late,
    "missing_24_hours": lambda facts, at: _missing_for(facts, at, timedelta(hours=24)),
    "exploitation": lambda facts, _: facts.exploitation and _missing(facts),
    "news_waiting": lambda facts, _: facts.news_waiting,
    "wellbeing_not_confirmed": lambda facts, _: facts.located and not facts.wellbeing_confirmed,
    "something_late": lambda facts, _: facts.anything_late,
    "repeat_reached": lambda facts, _: facts.repeat_reached,
    "graded_medium": lambda facts, _: facts.level == "medium" and _missing(facts),
    "still_missing": lambda facts, _: _missing(facts),
    "interview_owed": lambda facts, _: facts.returned and facts.interview_owed,
}


def assess(*, facts: MatterFacts, rules: Mapping[str, Mapping[str, object]], at: datetime) -> Assessment:
    """Every rule of the playbook that holds is a reason; the most pressing decides; with none the tier is the last.

    ``rules`` maps a rule's code to its tier, sentence and authority. An unknown rule code stops the run.
    """
    found = [
        Reason(code, int(str(rule["tier"])), str(rule["sentence"]), str(rule["authority"]))
        for code, rule in rules.items()
        if RULES[code](facts, at)
    ]
    found.sort(key=lambda reason: reason.tier)
    if not found:
        return Assessment(LAST, (Reason("routine", LAST, "Nothing pressing is on record.", "Local practice"),))
    return Assessment(found[0].tier, tuple(found))


def next_change(*, facts: MatterFacts, at: datetime) -> datetime | None:
    """When time alone may next raise the tier: 24 hours or 72 hours missing, or the next thing falling due."""
    if not _missing(facts):
        return facts.next_due_at
    marks = [facts.missing_since + timedelta(hours=hours) for hours in (24, 72)]
    coming = [mark for mark in (*marks, facts.next_due_at) if mark is not None and mark > at]
    return min(coming, default=None)


