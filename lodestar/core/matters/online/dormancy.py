"""A case on which nothing investigative happens raises a named alarm, and goes on raising it until something does.

Notes, reviews, hand-overs, shares and regrades are not investigation. What ends the silence is a deed that counts as
investigative progress; nothing else, so that a record that is edited every week can still be seen to stand still.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.clocks.rules import ClockRule
from lodestar.core.matters.desk import Story
from lodestar.core.matters.online.deeds import PROGRESS
from lodestar.core.matters.online.lifecycle import BEFORE_CHARGE
from lodestar.core.matters.online.moves import walk


@dataclass(frozen=True, slots=True)
class Held:
    """Who answered for a case, from when until when."""

    person: int
    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm: the day it was due, for how long nothing had happened, at which level, and who held the case then."""

    due_at: datetime
    silent_since: datetime
    number: int  # the first, second and so on in one silence
    level: str  # the one whose days had passed; empty where the case had none
    held_by: int | None  # None: nobody did

    @property
    def silent_for(self) -> timedelta:
        """How long nothing investigative had happened."""
        return self.due_at - self.silent_since


def alarms(*, story: Story, rule: ClockRule, holders: Sequence[Held], now: datetime) -> tuple[Alarm, ...]:
    """Every alarm that has fallen due by now. It comes again each time the band's days pass, until there is progress.

    The first of a silence is when the clock of the desk is due; a level reached during it brings its own, sooner day.
    """
    return tuple(alarm for since, until in _silences(story, now) for alarm in _alarms(story, rule, holders, (since, until)))


def dormant(*, story: Story, rule: ClockRule, now: datetime) -> bool:
    """True where the present silence has raised an alarm that nothing has ended."""
    silences = tuple(_silences(story, now))
    if not silences or silences[-1][1] <= now:
        return False
    return any(True for _ in _alarms(story, rule, (), silences[-1]))


def _alarms(story: Story, rule: ClockRule, holders: Sequence[Held], silence: tuple[datetime, datetime]) -> Iterator[Alarm]:
    since, until = silence
    (due, level), number = _first_due(story, rule, since), 1
    while due < until:
        yield Alarm(due, since, number, level, _holder(holders, due))
        level = _level(story, due)
        due, number = due + _span(rule, level), number + 1


def _first_due(story: Story, rule: ClockRule, since: datetime) -> tuple[datetime, str]:
    """As the clock has it: from the silence at the level then, or from a new level reached in it, whichever is sooner."""
    was = _level(story, since)
    dues = [(since + _span(rule, was), was)]
    for done in story.all("graded"):
        if done.at > since and done.said.get("level", "") != was:
            was = done.said.get("level", "")
            dues.append((done.at + _span(rule, was), was))
    return min(dues)


def _silences(story: Story, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Each stretch without progress while the case was being investigated; the last runs to just after now."""
    progress = sorted({done.at for done in story.done if done.code in PROGRESS})
    for begins, ends in _investigated(story, now + timedelta(microseconds=1)):
        since = begins
        for at in (at for at in progress if begins < at < ends):
            yield since, at
            since = at
        yield since, ends


def _investigated(story: Story, just_after: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From receipt, or from being opened again, until a charge or an end; moving between stages interrupts nothing."""
    since: datetime | None = None
    for state, at in walk(story=story):
        if state in BEFORE_CHARGE:
            since = at if since is None else since
        elif since is not None:
            yield since, min(at, just_after)
            since = None
    if since is not None and since < just_after:
        yield since, just_after


def _level(story: Story, at: datetime) -> str:
    graded = [done for done in story.all("graded") if done.at <= at]
    return graded[-1].said.get("level", "") if graded else ""


def _span(rule: ClockRule, level: str) -> timedelta:
    span = rule.span(level)
    if span is None or span.amount <= timedelta(0):
        raise ValueError(f"{rule.code} sets no days for {level or 'a case without a level'}")
    return span.amount


def _holder(holders: Sequence[Held], at: datetime) -> int | None:
    found = [held for held in holders if held.from_at <= at and (held.until_at is None or at < held.until_at)]
    return found[-1].person if found else None
