"""A tier is reached by named rules with reasons and authority; never a score, never a sum.

Professional practice discourages numerical scoring, one factor alone can justify an urgent response, and unknown is not
low (College of Policing APP, missing persons). Each rule below looks at facts and says yes or no; the playbook says
which tier a rule leads to. The lowest-numbered tier that any rule reaches is the tier; every reason is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from lodestar.core.words import values_of

TIER_NAMES = {
    1: "Life and immediate safety",
    2: "A duty in law at risk",
    3: "A child at known risk",
    4: "Routine",
}
LAST = 4


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """What the rules look at. Adding risk can only raise the tier, never lower it (tested).

    What is late or soon due is said here as known at one instant; only the time missing is reckoned by the rules.
    """

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
    review_missed: bool = False
    statutory_late: bool = False
    statutory_due_soon: bool = False
    anything_late: bool = False
    anything_due_soon: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a tier was reached: the rule's code, its sentence and its authority."""

    code: str
    tier: int
    sentence: str
    authority: str

    def as_document(self) -> dict[str, str | int]:
        """Plain values to be kept."""
        return values_of(self)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The tier with every reason, most pressing first."""

    tier: int
    reasons: tuple[Reason, ...]


Rule = Callable[[MatterFacts, datetime], bool]
Facts = TypeVar("Facts")


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
    "missing_7_days": lambda facts, at: _missing_for(facts, at, timedelta(days=7)),
    "missing_72_hours": lambda facts, at: _missing_for(facts, at, timedelta(hours=72)),
    "statutory_late": lambda facts, _: facts.statutory_late,
    "statutory_due_soon": lambda facts, _: facts.statutory_due_soon,
    "missing_24_hours": lambda facts, at: _missing_for(facts, at, timedelta(hours=24)),
    "age_not_known": lambda facts, _: facts.is_child and facts.age is None and _missing(facts),
    "exploitation": lambda facts, _: facts.exploitation and _missing(facts),
    "news_waiting": lambda facts, _: facts.news_waiting,
    "wellbeing_not_confirmed": lambda facts, _: facts.located and not facts.wellbeing_confirmed,
    "review_missed": lambda facts, _: facts.review_missed,
    "something_late": lambda facts, _: facts.anything_late,
    "repeat_reached": lambda facts, _: facts.repeat_reached,
    "graded_medium": lambda facts, _: facts.level == "medium" and _missing(facts),
    "still_missing": lambda facts, _: _missing(facts),
    "something_due_soon": lambda facts, _: facts.anything_due_soon,
    "interview_owed": lambda facts, _: facts.returned and facts.interview_owed,
}


def assess(
    *,
    facts: Facts,
    rules: Mapping[str, Mapping[str, object]],
    at: datetime,
    tests: Mapping[str, Callable[[Facts, datetime], bool]],
) -> Assessment:
    """Every rule of the playbook that holds is a reason; the most pressing decides; with none the tier is the last.

    ``rules`` maps a rule's code to its tier, sentence and authority; ``tests`` says what each looks at. An unknown rule
    code stops the run.
    """
    found = [
        Reason(code, int(str(rule["tier"])), str(rule["sentence"]), str(rule["authority"]))
        for code, rule in rules.items()
        if tests[code](facts, at)
    ]
    found.sort(key=lambda reason: reason.tier)
    if not found:
        return Assessment(LAST, (Reason("routine", LAST, "Nothing pressing is on record.", "Local practice"),))
    return Assessment(found[0].tier, tuple(found))


def faults(rules: Mapping[str, Mapping[str, object]], tests: Mapping[str, object] = RULES) -> tuple[str, ...]:
    """What a tiers playbook says that cannot be followed: a rule nobody wrote, one left out, a tier that is none."""
    found = [f"there is no rule {code}" for code in rules.keys() - tests.keys()]
    found += [f"the rule {code} is left out: give it a tier" for code in tests.keys() - rules.keys()]
    found += [f"the rule {code} leads to no tier there is" for code, rule in rules.items() if rule["tier"] not in TIER_NAMES]
    return tuple(sorted(found))
