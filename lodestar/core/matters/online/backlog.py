"""Where every case stands, at any instant: not assessed, not allocated, not started, in progress, or waiting on others.

What a case was at an instant is read from what had been recorded by then, so a past count never changes. What was there,
and what came in, less what went out, is what is there: exactly, for any two instants.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lodestar.core.matters.desk import Done, Story
from lodestar.core.matters.online import cps, sharing
from lodestar.core.matters.online.contact import standing_risks
from lodestar.core.matters.online.deeds import PROGRESS
from lodestar.core.matters.online.follow import receipt
from lodestar.core.matters.online.moves import walk

QUEUES = ("unassessed", "unallocated", "not_started", "in_progress", "waiting")
TITLES = {
    "unassessed": "Not assessed",
    "unallocated": "Not allocated",
    "not_started": "Not started",
    "in_progress": "In progress",
    "waiting": "Waiting on others",
}
_ENDED = frozenset({"closed", "transferred", "opened_in_error"})
_PRESSING = ("very_high", "high", "cannot_be_assessed", "medium", "low")


@dataclass(frozen=True, slots=True)
class Flow:
    """Between two instants: what was there, what came in and went out, what is there, and what moved between queues."""

    opening: Mapping[str, int]
    came_in: Mapping[str, int]
    went_out: Mapping[str, int]
    moved: Mapping[tuple[str, str], int]
    closing: Mapping[str, int]

    @property
    def balances(self) -> bool:
        """Opening and what came in, less what went out, is closing: of the whole, and of each queue."""
        return all(self._expected(queue) == self.closing.get(queue, 0) for queue in QUEUES)

    def _expected(self, queue: str) -> int:
        into = sum(count for (_, target), count in self.moved.items() if target == queue)
        out = sum(count for (source, _), count in self.moved.items() if source == queue)
        return self.opening.get(queue, 0) + self.came_in.get(queue, 0) - self.went_out.get(queue, 0) + into - out


@dataclass(frozen=True, slots=True)
class Line:
    """One open case as the backlog's page shows it."""

    queue: str
    since_receipt: timedelta
    level: str
    child_linked: bool
    child_undecided: bool
    immediate_risk: bool
    waits_for: str


def as_known(*, story: Story, at: datetime) -> Story:
    """The case as it was recorded at an instant."""
    done = tuple(one for one in story.done if one.recorded_at <= at)
    graded = [one for one in _recorded(done) if one.code == "graded"]
    cut = replace(story, done=done, involved=tuple(row for row in story.involved if row.from_at <= at))
    level = graded[-1].said.get("level", "") if graded else ""
    return replace(cut, level=level, state=walk(story=cut)[-1][0])


def queue_of(*, story: Story, at: datetime) -> str:
    """Which queue a case was in at an instant; empty before it came in and after it ended. Not assessed comes before all."""
    if at < story.opened_at or _ended(story, at):
        return ""
    known = as_known(story=story, at=at)
    if not known.level:
        return "unassessed"
    allocated = known.all("case_allocated")
    if not allocated:
        return "unallocated"
    if waits_for(story=known):
        return "waiting"
    first = min(done.recorded_at for done in allocated)
    begun = any(done.code in PROGRESS and done.recorded_at >= first for done in known.done)
    return "in_progress" if begun else "not_started"


def waits_for(*, story: Story) -> str:
    """Whom a case waits for: what somebody said it waits for, or the CPS that holds its file; empty where nobody."""
    ended = {done.said.get("wait") for done in story.all("waiting_ended")}
    waits = [done for done in story.all("waiting_began") if str(done.id) not in ended]
    if waits:
        return waits[-1].said.get("waiting_for", "")
    return "cps" if cps.with_whom(story=story) == "cps" else ""


def stock(*, stories: Iterable[Story], at: datetime) -> Counter[str]:
    """How many cases were in each queue at an instant."""
    return Counter(queue for story in stories if (queue := queue_of(story=story, at=at)))


def flow(*, stories: Sequence[Story], since: datetime, until: datetime) -> Flow:
    """What came in, went out and moved after one instant up to and including another, told event by event."""
    came_in: Counter[str] = Counter()
    went_out: Counter[str] = Counter()
    moved: Counter[tuple[str, str]] = Counter()
    for story in stories:
        was = queue_of(story=story, at=since)
        for instant in _instants(story, since, until):
            now = queue_of(story=story, at=instant)
            if was != now:
                came_in[now] += not was
                went_out[was] += not now
                moved[was, now] += bool(was and now)
            was = now
    return Flow(stock(stories=stories, at=since), +came_in, +went_out, +moved, stock(stories=stories, at=until))


def lines(*, stories: Iterable[Story], at: datetime) -> tuple[Line, ...]:
    """Every open case, the highest risk to a child first: an alarm, an undecided child, the level, then the age."""
    found = [_line(story, at) for story in stories if queue_of(story=story, at=at)]
    return tuple(sorted(found, key=order))


def _line(story: Story, at: datetime) -> Line:
    known = as_known(story=story, at=at)
    return Line(
        queue=queue_of(story=story, at=at),
        since_receipt=at - receipt(story=known),
        level=known.level,
        child_linked=bool(sharing.children(story=known)),
        child_undecided=bool(sharing.undecided(story=known)),
        immediate_risk=bool(standing_risks(story=known)),
        waits_for=waits_for(story=known),
    )


def order(line: Line) -> tuple[bool, bool, int, timedelta]:
    """How pressing a line is: an alarm, then an undecided child, the level, the age."""
    # A case without a level is read with the most pressing: unknown is not low.
    rank = _PRESSING.index(line.level) if line.level in _PRESSING else 0
    return (not line.immediate_risk, not line.child_undecided, rank, -line.since_receipt)


def _ended(story: Story, at: datetime) -> bool:
    done = tuple(one for one in story.done if one.recorded_at <= at)
    if walk(story=replace(story, done=done))[-1][0] in _ENDED:
        return True
    return story.closed_at is not None and story.closed_at <= at  # ended by its own action, without a deed that says so


def _instants(story: Story, since: datetime, until: datetime) -> tuple[datetime, ...]:
    """Every instant at which anything about a case can have changed, in order."""
    closed = (story.closed_at,) if story.closed_at is not None else ()
    found = {story.opened_at, *(done.recorded_at for done in story.done), *closed}
    return tuple(sorted(instant for instant in found if since < instant <= until))


def _recorded(done: Iterable[Done]) -> list[Done]:
    return sorted(done, key=lambda one: (one.recorded_at, one.id))
