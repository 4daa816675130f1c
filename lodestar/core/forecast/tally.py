"""What each run comes to: at every quarter of a month, who waits, who is late, what is in hand and what waits on others.

Everything is counted by what had come, begun and ended up to an instant. What waits is what came less what was begun, so that
from one instant to the next the line always adds up; and since a class is served in the order it came, those that are late
are those that had fallen due less those begun.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from lodestar.core.forecast.draws import Drawn
from lodestar.core.forecast.queue import NEVER, TICKS, Ints, Post, Served, serve
from lodestar.core.forecast.scenario import MONTH_DAYS, Plan, Posting, Scenario

A_MONTH = 4  # instants looked at in a month
STEP = round(MONTH_DAYS * TICKS / A_MONTH)
LONG_LATE = 30  # days past the deadline
WAIT_BINS, BIN_DAYS = 360, 0.25  # waits are counted in quarters of a day; the last bin is "longer than 90 days"
FOLLOWED = WAIT_BINS * BIN_DAYS


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What is the same under every plan: what had come and fallen due [class, run, instant]."""

    came: Ints
    due: Ints
    long_due: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """One plan's runs. The instants are 0, 1, 2 ... quarters of a month from the day of the question."""

    waiting: Ints  # [class, run, instant]
    late: Ints  # of those that wait, past their deadline
    long_late: Ints  # of those, by more than 30 days
    in_hand: Ints  # [run, instant]
    ended: Ints  # [run, instant]: a post's work on it is done
    elsewhere: Ints  # [stage, run, instant]
    in_time: Ints  # [class, run]: of what is received from now on and falls due in the look ahead, begun in time
    owed: Ints  # [class, run]: all of that
    waits: Ints  # [class, run, bin]: of what is received from now on and can be followed for 90 days


def joined(parts: list[Tally]) -> Tally:
    """The runs of several parts as one."""
    runs_at = {name.name: 0 if name.name in ("in_hand", "ended") else 1 for name in fields(Tally)}
    return Tally(**{name: np.concatenate([getattr(part, name) for part in parts], axis=axis) for name, axis in runs_at.items()})


def shared(scenario: Scenario, drawn: Drawn) -> Shared:
    """Count what comes and falls due."""
    arrivals = drawn.cases.arrivals
    deadlines = np.repeat([0, *(one.deadline_days * TICKS for one in scenario.classes)], drawn.cases.runs)[drawn.rows]
    due = np.where(arrivals == NEVER, NEVER, arrivals + deadlines)
    long_due = np.where(arrivals == NEVER, NEVER, due + LONG_LATE * TICKS)
    return Shared(*(counted(scenario, drawn, values) for values in (arrivals, due, long_due)))


def counted(scenario: Scenario, drawn: Drawn, values: Ints) -> Ints:
    """How many of these instants had passed at each instant looked at [class, run, instant]; class 0 is the work in hand."""
    instants = scenario.months * A_MONTH + 1
    # An instant that falls on a point has passed at it.
    place = np.clip(-(-values // STEP), 0, instants)
    found = np.bincount(drawn.rows * (instants + 1) + place, minlength=drawn.cases.size.size * (instants + 1))
    return np.cumsum(found.reshape(*drawn.cases.size.shape, instants + 1), axis=2)[:, :, :instants]


def tally(scenario: Scenario, drawn: Drawn, known: Shared, plan: Plan) -> Tally:
    """Serve one plan and count what comes of it."""
    served = serve(
        cases=drawn.cases,
        posts=posts(scenario, plan),
        deadlines=[0, *(one.deadline_days * TICKS for one in scenario.classes)],
        discipline=scenario.discipline,
        until=round(scenario.horizon_days * TICKS),
    )
    begun, ended = (counted(scenario, drawn, values) for values in (served.starts, served.ends))
    waiting = known.came - begun
    done = ended.sum(axis=0)
    in_time, owed, waits = _waits(scenario, drawn, served)
    return Tally(
        waiting=waiting[1:],
        late=np.maximum(0, known.due - begun)[1:],
        long_late=np.maximum(0, known.long_due - begun)[1:],
        in_hand=begun.sum(axis=0) - done + waiting[0],
        ended=done,
        elsewhere=_elsewhere(scenario, drawn, served),
        in_time=in_time,
        owed=owed,
        waits=waits,
    )


def posts(scenario: Scenario, plan: Plan) -> list[Post]:
    """Each post of the line and of the plan, with its first and last case and its training."""
    return [_post(one) for one in (*scenario.posts, *plan.postings) for _ in range(one.count)]


def _post(one: Posting) -> Post:
    begin = round(one.from_day * TICKS)
    ramp = tuple((begin + round(months * MONTH_DAYS * TICKS), share) for months, share in one.ramp)
    # A tick into the look ahead: the day of the question is seen before anything of it is begun.
    first = max(1, next((at for at, share in ramp if share > 0), begin))
    until = NEVER if one.until_day is None else round(one.until_day * TICKS)
    return Post(first, until, ramp)


def _waits(scenario: Scenario, drawn: Drawn, served: Served) -> tuple[Ints, Ints, Ints]:
    """Of what is received from now on: begun in time, all that falls due, and how long each that can be followed waited."""
    cases, until = drawn.cases, round(scenario.horizon_days * TICKS)
    classes, runs = len(scenario.classes), cases.runs
    begin = int(cases.first[1, 0])
    arrivals, rows = cases.arrivals[begin:], drawn.rows[begin:] - runs
    limit = np.repeat([one.deadline_days * TICKS for one in scenario.classes], runs)[rows]
    wait = served.starts[begin:] - arrivals
    new = (arrivals >= 0) & (arrivals < NEVER)
    due = new & (arrivals + limit <= until)
    count = classes * runs
    in_time = np.bincount(rows[due & (wait <= limit)], minlength=count)
    followed = new & (arrivals <= until - FOLLOWED * TICKS)
    bins = np.minimum(wait[followed] // round(BIN_DAYS * TICKS), WAIT_BINS)
    found = np.bincount(rows[followed] * (WAIT_BINS + 1) + bins, minlength=count * (WAIT_BINS + 1))
    shape = (classes, runs)
    return in_time.reshape(shape), np.bincount(rows[due], minlength=count).reshape(shape), found.reshape(*shape, WAIT_BINS + 1)


def _elsewhere(scenario: Scenario, drawn: Drawn, served: Served) -> Ints:
    """How many cases are at each stage that has no posts of this line, one stage after another."""
    instants = scenario.months * A_MONTH + 1
    found = np.zeros((len(scenario.stages), drawn.cases.runs, instants), dtype=np.int64)
    points = np.arange(instants) * MONTH_DAYS / A_MONTH
    into = served.ends
    for number, delays in enumerate(drawn.delays):
        goes = (delays.after_work >= 0) & (into < NEVER)
        out = np.where(goes, into + np.rint(np.maximum(delays.after_work, 0.0) * TICKS).astype(np.int64), into)
        entered, left = (counted(scenario, drawn, np.where(goes, values, NEVER)).sum(axis=0) for values in (into, out))
        still = (delays.waiting[:, :, None] > points).sum(axis=1)
        found[number] = entered - left + still
        into = np.minimum(out, NEVER)
    return found
