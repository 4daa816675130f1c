"""What is asked of the engine: who waits, what is coming, how long the work takes, and which posts from when."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lodestar.core.forecast.laws import Law
from lodestar.core.forecast.queue import Discipline

MONTH_DAYS = 365.25 / 12


class BadScenario(ValueError):  # noqa: N818 - the domain's own word
    """A scenario that cannot be run, with every fault as ``path: reason``."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class CaseClass:
    """One class of case, in the order of priority, and by when its work is to begin."""

    code: str
    title: str
    deadline_days: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What was received: counts by class over so many days, how uneven the months were, and what growth is supposed."""

    days: float
    counts: tuple[float, ...]
    dispersion: float = 1.0  # variance of a month's count over its mean; 1 is chance alone
    growth: tuple[float, float] = (1.0, 1.0)  # a year's multiplier lies between these
    exact: bool = False  # the rates are taken as known: for anchors, never for a page

    @property
    def a_day(self) -> float:
        """Cases a day."""
        return sum(self.counts) / self.days


@dataclass(frozen=True, slots=True)
class Stage:
    """What follows a post's work and needs no post of this line: it is waited for, and nobody here can hurry it."""

    code: str
    title: str
    share: float  # of the cases that come to it
    law: Law
    waiting: tuple[float, ...] = ()  # days that each case there now has been there


@dataclass(frozen=True, slots=True)
class Posting:
    """So many posts alike: taken up on a day, in training first, and until when."""

    count: int
    from_day: float = 0.0
    until_day: float | None = None
    ramp: tuple[tuple[float, float], ...] = ()  # (months after taking up, share of a trained post's work)


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to staff the line, beside the posts that there are."""

    title: str
    postings: tuple[Posting, ...] = ()

    @property
    def at_once(self) -> Plan:
        """The same plan if everybody came trained: what it is compared with to see what training costs."""
        return replace(self, postings=tuple(replace(one, ramp=()) for one in self.postings))

    @property
    def trains(self) -> bool:
        """Whether anybody in it is in training first."""
        return any(one.ramp for one in self.postings)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One question. Days are counted from the day it is asked."""

    classes: tuple[CaseClass, ...]
    demand: Demand
    work: tuple[Law, ...]  # one for all classes, or one each: days of a post for a case
    posts: tuple[Posting, ...]
    plans: tuple[Plan, ...]
    waiting: tuple[tuple[float, ...], ...]  # by class, the days each has waited
    begun: tuple[float, ...] = ()  # days of a post that each case in hand has had
    availability: tuple[float, float] = (1.0, 1.0)  # share of a post's time that is the line's
    stages: tuple[Stage, ...] = ()
    discipline: Discipline = "priority"
    months: int = 12
    title: str = ""
    as_of: str = ""
    note: str = field(default="", compare=False)

    @property
    def horizon_days(self) -> float:
        """How far it looks ahead."""
        return self.months * MONTH_DAYS

    def law(self, number: int) -> Law:
        """The work of one class."""
        return self.work[number] if len(self.work) > 1 else self.work[0]

    def under(self, discipline: Discipline) -> Scenario:
        """The same question under another discipline."""
        return replace(self, discipline=discipline)
