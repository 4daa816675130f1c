"""Safeguarding actions that were owed to several children in one place, and missed: a lead about who owes them, never about a child.

Each line is one duty to one child with when it fell due and what is on record, so that anybody can count it again. A child is
one child however often a duty to them was missed, and how many children it was owed to at all stands beside every count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.networks.facts import Rules, Span

Subject = tuple[str, str, str]  # the duty, whose it is (authority, district), and which one


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty to one child, and what became of it."""

    number: int  # the row that it is
    duty: str  # the clock's code
    title: str
    whose: str  # authority, district
    which: str
    named: str  # which one, in words
    child: int
    matter: int
    due_at: datetime
    done_at: datetime | None = None

    @property
    def subject(self) -> Subject:
        """The same duty of the same body."""
        return self.duty, self.whose, self.which

    def is_missed(self, at: datetime, grace: timedelta) -> bool:
        """True once the grace after its time is over and nothing was on record by then."""
        return self.due_at + grace <= at and (self.done_at is None or self.done_at > self.due_at + grace)


@dataclass(frozen=True, slots=True)
class Missed:
    """One duty of one body over one span: to whom it was owed, and to whom it was missed."""

    subject: Subject
    title: str
    named: str
    owed: tuple[Owed, ...]  # what fell due in the span, with its grace over
    missed: tuple[Owed, ...]

    @property
    def children(self) -> tuple[int, ...]:
        """The distinct children to whom it was missed."""
        return tuple(sorted({one.child for one in self.missed}))

    @property
    def owed_to(self) -> int:
        """How many distinct children it was owed to at all."""
        return len({one.child for one in self.owed})

    @property
    def late(self) -> int:
        """How many of what was missed were done later."""
        return sum(one.done_at is not None for one in self.missed)

    def line(self) -> str:
        """The counts in words."""
        if not self.owed:
            return "it was owed to no child"
        if not self.missed:
            return f"missed for none of the {_children(self.owed_to)} it was owed to"
        return (
            f"missed for {len(self.children)} of the {_children(self.owed_to)} it was owed to, "
            f"{_times(len(self.missed))} of {len(self.owed)}; done later {_times(self.late)}"
        )


def missed(*, owed: Iterable[Owed], rules: Rules, since: datetime, until: datetime) -> Iterator[Missed]:
    """Each duty of each body over a span, by what fell due in it; what still has its grace is not looked at yet."""
    grace = timedelta(hours=rules.missed["grace_hours"])
    found: dict[Subject, list[Owed]] = defaultdict(list)
    for one in owed:
        if since <= one.due_at and one.due_at + grace <= until:
            found[one.subject].append(one)
    for subject, ones in sorted(found.items()):
        ranked = tuple(sorted(ones, key=lambda one: (one.due_at, one.number)))
        gone = tuple(one for one in ranked if one.is_missed(until, grace))
        yield Missed(subject, ranked[0].title, ranked[0].named, ranked, gone)


def enough(*, owed: Iterable[Owed], rules: Rules, at: datetime) -> Iterator[Missed]:
    """The duties that were missed for so many distinct children in so many days that somebody should ask why."""
    since = at - timedelta(days=rules.missed["days"])
    for one in missed(owed=owed, rules=rules, since=since, until=at):
        if len(one.children) >= rules.missed["children"]:
            yield one


def windows(*, owed: Iterable[Owed], subject: Subject, rules: Rules, at: datetime) -> Mapping[int, tuple[Missed, Missed]]:
    """The counts of each window in days, each beside the same window a year before, of one duty of one body."""
    mine = [one for one in owed if one.subject == subject]
    spans = rules.spans(at).items()
    return {days: (_over(mine, subject, rules, now), _over(mine, subject, rules, before)) for days, (now, before) in spans}


def _over(owed: Iterable[Owed], subject: Subject, rules: Rules, span: Span) -> Missed:
    return next(missed(owed=owed, rules=rules, since=span[0], until=span[1]), Missed(subject, "", "", (), ()))


def _children(number: int) -> str:
    return "1 child" if number == 1 else f"{number} children"


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
