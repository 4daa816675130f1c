"""M6: how much waits, and for how long. What was there, and what came in and went out, is what is there: exactly.

A past count is read from what had been recorded by then, so it never changes. Ages of open work are those of the work that
is slow; they are not how long a new case will wait. Source: measures.md 2.6.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

import numpy as np

from lodestar.core.matters.desk import Done, Story
from lodestar.core.matters.online import cps
from lodestar.core.matters.online.deeds import PROGRESS
from lodestar.core.matters.online.follow import receipt
from lodestar.core.matters.online.lifecycle import ONLINE
from lodestar.core.matters.online.moves import verb_of
from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import MICROSECOND
from lodestar.core.measures.facts import Case, Facts
from lodestar.core.measures.measure import Caveat
from lodestar.core.measures.quality import quality
from lodestar.core.measures.sheet import DAY, Marked, Sheet
from lodestar.core.times import at_wall, local_date

QUEUES = ("unassessed", "unallocated", "not_started", "in_progress", "waiting")
_ENDED = frozenset({"closed", "transferred", "opened_in_error"})
STEADY = 0.1  # within so much of each other two counts are alike
Flow = Literal["arrival", "completion", "reopened", "in error"]
FLOWS: tuple[Flow, ...] = ("arrival", "completion", "reopened", "in error")


@dataclass(frozen=True, slots=True)
class Stand:
    """How one case stood from an instant on: its queue (empty where it was over), its level, and how it ended if it had."""

    at: datetime
    queue: str
    level: str
    in_error: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """One case through all its queues, oldest first."""

    id: str
    child: str
    received_at: datetime
    stands: tuple[Stand, ...]

    def at(self, instant: datetime) -> Stand | None:
        """How it stood at an instant, as recorded by then; None before it came in."""
        place = bisect_right(self.stands, instant, key=lambda stand: stand.at)
        return self.stands[place - 1] if place else None

    def flows(self, since: datetime, until: datetime) -> Iterator[Flow]:
        """What it did after one instant, up to and including another."""
        was, before = "", False
        for stand in self.stands:
            if since < stand.at <= until and bool(stand.queue) != bool(was):
                yield ("reopened" if before else "arrival") if stand.queue else "in error" if stand.in_error else "completion"
            was, before = stand.queue, True


def track(case: Case) -> Track:
    """A case's queues, each from when what puts it there was recorded."""
    return Track(case.id, case.child, receipt(story=case.story), tuple(_stands(case.story)))


def draw(facts: Facts, ask: Ask) -> tuple[Drawn, ...]:
    """How many are open at the snapshot, by class and queue, how old, how many past their class's time, and the flow since the first."""
    tracks = _TRACKS.of(facts.cases)
    since, until = snapshots(ask)
    stands = [(row, stand) for row in tracks if (stand := row.at(until)) is not None]
    here = [(row, stand) for row, stand in stands if stand.queue]
    sheet = Sheet(ask, "online abuse cases received and not ended at the snapshot, as recorded by then", quality(ask))
    if ask.wants("open"):
        sheet.count("open", [Marked(row.id, row.child, True) for row, _ in here], notes=_cross_checked(tracks, since, until, ask))
    for level in (*ask.definition.own["class_hours"], ""):
        sheet.count(f"open {level or 'not graded'}", [Marked(row.id, row.child, stand.level == level) for row, stand in here])
    for queue in QUEUES:
        sheet.count(f"queue {queue}", [Marked(row.id, row.child, stand.queue == queue) for row, stand in here])
    _ages(sheet, here, until)
    _flow(sheet, tracks, since, until)
    return sheet.lines


class _Tracks:
    """The queues of the cases looked at last: a series asks for the same ones month after month."""

    def __init__(self) -> None:
        self._last: tuple[tuple[Case, ...], list[Track]] = ((), [])

    def of(self, cases: tuple[Case, ...]) -> list[Track]:
        last, tracks = self._last
        if last is not cases:
            tracks = [track(case) for case in cases]
            self._last = (cases, tracks)
        return tracks


_TRACKS = _Tracks()


def snapshots(ask: Ask) -> tuple[datetime, datetime]:
    """The hour of the snapshot on the period's first day, and on the day after its last; never after the cut."""
    hour = time(int(ask.definition.own["snapshot_hour"]))
    since = at_wall(on=local_date(ask.period.from_at), clock=hour)
    until = at_wall(on=local_date(ask.period.until_at), clock=hour) if ask.period.until_at is not None else ask.as_of
    return min(since, ask.as_of), min(until, ask.as_of)


def _cross_checked(tracks: Sequence[Track], since: datetime, until: datetime, ask: Ask) -> tuple[Caveat, ...]:
    """Little's law beside the count, where as much was open at the end as at the start: figures that part say that one is wrong."""
    before, after = (sum(bool(stand.queue) for row in tracks if (stand := row.at(at)) is not None) for at in (since, until))
    if min(before, after) < max(ask.definition.small.children, 1) or abs(after - before) > STEADY * before or until <= since:
        return ()
    mean, expected = littles_law(tracks, since=since, until=until)
    apart = "" if abs(mean - expected) <= STEADY * mean else " They part, so long waits are still open, or a time on record is wrong."
    sentence = (
        f"Over the period {mean:.1f} were open on average; arrivals a day times the days of those that left say {expected:.1f}.{apart}"
    )
    return (Caveat("littles_law", sentence),)


def littles_law(tracks: Sequence[Track], *, since: datetime, until: datetime) -> tuple[float, float]:
    """The mean number open over a time, and arrivals a day times the mean days that those who left had been there.

    Over a time at whose end as much is open as at its start the two agree, but for chance: a cross-check, no identity.
    """
    days = (until - since) / timedelta(days=1)
    spans = [(start, end) for row in tracks for start, end in _open_spans(row)]
    inside = sum(max(0.0, (min(end or until, until) - max(start, since)) / timedelta(days=1)) for start, end in spans)
    arrived = sum(since < start <= until for start, _ in spans)
    left = [(end - start) / timedelta(days=1) for start, end in spans if end is not None and since < end <= until]
    return inside / days, (arrived / days) * (float(np.mean(left)) if left else 0.0)


def _open_spans(row: Track) -> Iterator[tuple[datetime, datetime | None]]:
    start: datetime | None = None
    for stand in row.stands:
        if stand.queue and start is None:
            start = stand.at
        elif not stand.queue and start is not None:
            yield start, stand.at
            start = None
    if start is not None:
        yield start, None


def _ages(sheet: Sheet, here: Sequence[tuple[Track, Stand]], until: datetime) -> None:
    limits = {level: timedelta(hours=hours) for level, hours in sheet.ask.definition.own["class_hours"].items()}
    shortest = min(limits.values())
    late = [Marked(row.id, row.child, until - row.received_at > limits.get(stand.level, shortest)) for row, stand in here]
    sheet.count("past class time", late)
    sheet.share("share past class time", late)
    rows = [Marked(row.id, row.child, True) for row, _ in here]
    ages = [(until - row.received_at) // MICROSECOND / DAY for row, _ in here]
    for line, share in (("age median", 50), ("age nine in ten", 90), ("age oldest", 100)):
        sheet.total(line, "days", rows, value=float(np.percentile(ages, share)) if ages else None)


def _flow(sheet: Sheet, tracks: Sequence[Track], since: datetime, until: datetime) -> None:
    """Opening, arrivals, completions, reopened, in error, closing: the numbers that must add up, each with its rows."""
    opening = [row for row in tracks if (stand := row.at(since)) is not None and stand.queue]
    sheet.count("opening", [Marked(row.id, row.child, True) for row in opening])
    went = [(row, flow) for row in tracks for flow in row.flows(since, until)]
    for flow in FLOWS:
        sheet.count(flow, [Marked(f"{row.id}:{number}", row.child, True) for number, (row, how) in enumerate(went) if how == flow])


def _stands(story: Story) -> Iterator[Stand]:
    """Told deed by deed in the order they were recorded, so that each instant is read once."""
    walk = _Walk()
    begun = False
    for at, deeds in _by_instant(story):
        for done in deeds:
            walk.take(done)
        if at < story.opened_at:
            continue
        ended = walk.state in _ENDED or (story.closed_at is not None and story.closed_at <= at)
        queue = "" if ended else walk.queue()
        if not begun and not queue:
            continue
        begun = True
        yield Stand(at, queue, walk.level, walk.state == "opened_in_error")


def _by_instant(story: Story) -> Iterator[tuple[datetime, list[Done]]]:
    instants: dict[datetime, list[Done]] = {story.opened_at: []}
    if story.closed_at is not None:
        instants[story.closed_at] = []
    for done in sorted(story.done, key=lambda one: one.id):
        instants.setdefault(done.recorded_at, []).append(done)
    return ((at, instants[at]) for at in sorted(instants))


class _Walk:
    """What a case has come to, deed by deed. Says the same as ``core.matters.online.backlog.queue_of``; a test compares them."""

    def __init__(self) -> None:
        self.state, self.level = ONLINE.initial, ""
        self._allocated_at: datetime | None = None
        self._progress_at: datetime | None = None
        self._waits: dict[str, Done] = {}
        self._ended_waits: set[str] = set()
        self._cps: Done | None = None

    def take(self, done: Done) -> None:
        """One deed more."""
        row = ONLINE.row(state=self.state, verb=verb_of(state=self.state, done=done))
        if row is not None:
            self.state = row.target
        if done.code == "graded":
            self.level = done.said.get("level", "")
        if done.code == "case_allocated" and self._allocated_at is None:
            self._allocated_at = done.recorded_at
        if done.code in PROGRESS:
            self._progress_at = done.recorded_at
        if done.code == "waiting_began":
            self._waits[str(done.id)] = done
        if done.code == "waiting_ended":
            self._ended_waits.add(done.said.get("wait", ""))
        if done.code in cps.CODES and (self._cps is None or (done.at, done.id) > (self._cps.at, self._cps.id)):
            self._cps = done

    def queue(self) -> str:
        """The queue of a case that is not over."""
        if not self.level:
            return "unassessed"
        if self._allocated_at is None:
            return "unallocated"
        if self._waiting_for():
            return "waiting"
        begun = self._progress_at is not None and self._progress_at >= self._allocated_at
        return "in_progress" if begun else "not_started"

    def _waiting_for(self) -> str:
        open_waits = [done for number, done in self._waits.items() if number not in self._ended_waits]
        if open_waits:
            return max(open_waits, key=lambda done: (done.at, done.id)).said.get("waiting_for", "")
        return "cps" if self._cps is not None and self._cps.code in cps.TO_CPS else ""


def balances(drawn: Iterable[Drawn]) -> bool:
    """Opening, arrivals and reopened, less completions and errors, is what is open: exactly."""
    found = {one.measure.line: one.measure.numerator or 0 for one in drawn}
    into = found["opening"] + found["arrival"] + found["reopened"]
    return into - found["completion"] - found["in error"] == found["open"]
