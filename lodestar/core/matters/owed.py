"""What was and is owed on a matter that is known by its deeds: every clock they started, and what became of it.

One reckoning for a past that is taken over, and for a case that is only asked about, with no database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lodestar.core.clocks.calendars import Calendars
from lodestar.core.clocks.due import Pause, due_at
from lodestar.core.clocks.rules import ClockRule
from lodestar.core.clocks.starts import Event, MatterFacts, starts
from lodestar.core.clocks.starts import Start as Begun
from lodestar.core.matters.deeds import DeedKind
from lodestar.core.matters.desk import Desk, Done, Hold
from lodestar.core.matters.replay import Lived, Start
from lodestar.core.times import local_date

RulesOn = Callable[[date], Mapping[str, ClockRule]]
CalendarsOn = Callable[[date], Calendars]
MATTER = ("matter", 0)


@dataclass(slots=True)
class Clock:
    """One clock that a deed started: what it is about, when it is due, and what became of it."""

    rule: ClockRule
    key: str
    about: tuple[str, int]  # matter, deed or involvement, and its number
    started_at: datetime
    level: str
    chosen: datetime | None
    due_at: datetime
    done: Done | None = None
    cancelled_at: datetime | None = None
    cancelled_reason: str = ""
    held: bool = False  # held at the end of what is known
    pauses: tuple[Pause, ...] = ()

    @property
    def is_open(self) -> bool:
        """Neither done nor taken back."""
        return self.done is None and self.cancelled_at is None


def clocks_of(*, desk: Desk, lived: Lived, rules_on: RulesOn, calendars_on: CalendarsOn) -> tuple[Clock, ...]:
    """Every clock of a life, each once, by the rules in force on the day it started; done, taken back or still owed."""
    found: list[tuple[Clock, Start]] = []
    story = lived.story
    for start in lived.starts:
        facts = MatterFacts(kind=story.kind, is_child=story.is_child, level=start.level, previous_level=start.was_level)
        on = local_date(start.started.at)
        for begun in starts(event=Event(start.started.event, start.started.at), matter_facts=facts, rules=rules_on(on).values()):
            clock = _clock(desk, start, begun, calendars_on(on))
            same = next((other for other, _ in found if _name(other) == _name(clock)), None)
            if same is not None:
                if start.deed is None or not _satisfies(desk, start.deed, same):
                    continue
                clock.key = f"{clock.key}+{start.deed.id}"  # answered and started afresh in the same minute
            if clock.chosen is not None:
                _replace(clock, (other for other, _ in found))
            found.append((clock, start))
    for clock, start in found:
        _close(desk, clock, start, story.done)
        _hold(clock, desk.holds(story), calendars_on)
    return tuple(clock for clock, _ in found)


def _clock(desk: Desk, start: Start, begun: Begun, calendars: Calendars) -> Clock:
    span = begun.rule.span(begun.level or None)
    chosen = start.started.chosen if span is not None and span.calendar == "chosen" else None
    due = due_at(rule=begun.rule, started_at=begun.started_at, calendars=calendars, level=begun.level or None, chosen=chosen)
    return Clock(begun.rule, begun.key, _about(desk, start), begun.started_at, begun.level, chosen, due.at)


def _hold(clock: Clock, holds: Sequence[Hold], calendars_on: CalendarsOn) -> None:
    """What deeds hold is due later by it; a clock that has ended is held no longer."""
    hold = next((one for one in holds if one.name == clock.rule.held_by), None)
    if hold is None or not hold.periods:
        return
    clock.pauses = tuple(Pause(period.from_at, period.until_at, hold.words) for period in hold.periods)
    due = due_at(
        rule=clock.rule,
        started_at=clock.started_at,
        calendars=calendars_on(local_date(clock.started_at)),
        level=clock.level or None,
        pauses=clock.pauses,
        chosen=clock.chosen,
    )
    clock.due_at, clock.held = due.at, due.running and clock.is_open


def _about(desk: Desk, start: Start) -> tuple[str, int]:
    if start.started.about == "deed" and start.deed is not None:
        return "deed", start.deed.id
    if start.started.about == "involved" and start.involved:
        return "involvement", start.involved
    if start.started.about == "involved" and start.deed is not None:
        answer = _answer(desk.deeds.get(start.deed.code), start.deed)
        return ("involvement", int(answer)) if answer else MATTER
    return MATTER


def _answer(kind: DeedKind | None, deed: Done) -> str:
    """Which earlier deed, or whom, a deed is about."""
    return deed.said.get(kind.about.name, "") if kind and kind.about else ""


def _name(clock: Clock) -> tuple[tuple[str, int], str, str]:
    return clock.about, clock.rule.code, clock.key


def _replace(newer: Clock, clocks: Iterable[Clock]) -> None:
    """A newly appointed time takes the place of the one before it."""
    for clock in clocks:
        if _name(clock)[:2] == _name(newer)[:2] and clock.is_open:
            clock.cancelled_at, clock.cancelled_reason = newer.started_at, "A new review time was set."


def _close(desk: Desk, clock: Clock, start: Start, done: Sequence[Done]) -> None:
    """The first deed after the one that started it which satisfies it, or makes it pointless."""
    since = (start.deed.at, start.deed.id) if start.deed is not None else (clock.started_at, -1)
    until = clock.cancelled_at
    for deed in done:
        if (deed.at, deed.id) <= since or deed.at < clock.started_at or (until is not None and deed.at >= until):
            continue
        if _satisfies(desk, deed, clock):
            clock.done, clock.cancelled_at, clock.cancelled_reason = deed, None, ""
            return
        if deed.code in clock.rule.ended_by and until is None:
            clock.cancelled_at, clock.cancelled_reason = deed.at, f"No longer owed: {deed.code.replace('_', ' ')}."
            return


def _satisfies(desk: Desk, deed: Done, clock: Clock) -> bool:
    kind = desk.deeds.get(deed.code)
    if clock.rule.satisfied_by not in (deed.code, *(kind.counts_as if kind else ())):
        return False
    return clock.about == MATTER or _answer(kind, deed) == str(clock.about[1])
