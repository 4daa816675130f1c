"""The queue itself: cases of several classes, posts that take one at a time and never stop half way, many runs at once.

Exact, not stepped through time: the loop is over *starts*. At each, in every run, the post that is free first meets the
first case that waits or comes next, at the later of the two instants; of the cases that have come by then the one whose
turn it is is taken. Each step is a few operations on arrays with a place for every run, so a thousand runs cost little more
than one, with no compiler. Starts never go back in time: the free post and the coming case are both the earliest there are.

Instants are whole ticks (a microsecond) from the day of the question, so that ties are ties and the same seed gives the same
bytes. A post that is free carries its own number in the low bits of its instant: one minimum finds both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Discipline = Literal["priority", "deadline"]

TICKS = 86_400_000_000  # of a day
NEVER = 1 << 53  # 285 years: in a free post's key it still leaves room for the post's number
BITS, LOW = 8, 255
MOST_POSTS, MOST_CLASSES = LOW, 64
COMES_LAST = (NEVER + NEVER << BITS) | LOW
COMPILED_FROM = 100_000  # places in the line, from which machine code is worth its reading
SPARE = 32  # how often runs that are over are put away
ROW_END = SPARE + 1  # cases that never come at the end of a row: what a run that is over may still pass


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Every case of every run in one line: class by class, run by run, by arrival, each row ended by cases that never come."""

    arrivals: Ints  # ticks; below nought for what waited already; NEVER at the end of a row
    work: Ints  # ticks of a fully trained post
    first: Ints  # [class, run]: where its row begins
    size: Ints  # [class, run]: how many cases it has

    @property
    def runs(self) -> int:
        """How many runs."""
        return self.first.shape[1]


@dataclass(frozen=True, slots=True)
class Post:
    """One post: when it takes its first case, when its last, and how much of a trained post's work it does from when."""

    from_tick: int = 0
    until_tick: int = NEVER  # takes no case at or after this instant; what it has, it finishes
    ramp: tuple[tuple[int, float], ...] = ()  # (from, share): before the first it does nothing; after the last it stays so


@dataclass(frozen=True, slots=True, eq=False)
class Served:
    """When each case was started and ended, in the line of ``Cases``; NEVER where not by the end of the look ahead."""

    starts: Ints
    ends: Ints


def serve(
    *, cases: Cases, posts: Sequence[Post], deadlines: Sequence[int], discipline: Discipline, until: int, compiled: bool | None = None
) -> Served:
    """Start every case that can be started up to ``until`` (ticks), in every run.

    ``deadlines`` are ticks after arrival, one a class, in the order of priority. ``priority`` takes the first class that
    waits, ``deadline`` the case that falls due first; inside a class both take the one that came first. Of posts that are
    free the one that has waited longest takes the case. Machine code does it where there is much to do and numba is there,
    arrays otherwise (``compiled`` says which, for the tests and the bench): the same bytes either way. Refuses no posts,
    more than 255, and more than 64 classes.
    """
    if not 0 < len(posts) <= MOST_POSTS:
        raise ValueError(f"the queue needs 1 to {MOST_POSTS} posts")
    if cases.first.shape[0] != len(deadlines) or len(deadlines) > MOST_CLASSES:
        raise ValueError(f"each of at most {MOST_CLASSES} classes needs a deadline")
    machine = cases.arrivals.size >= COMPILED_FROM and _can_compile() if compiled is None else compiled
    return (_as_machine_code if machine else _in_arrays)(cases, posts, deadlines, discipline, until)


def _in_arrays(cases: Cases, posts: Sequence[Post], deadlines: Sequence[int], discipline: Discipline, until: int) -> Served:
    line = _Line(cases, posts, _Turns.of(deadlines, discipline))
    line.run(until)
    gone = (line.starts > until) | (cases.arrivals == NEVER)
    ends = line.ends if line.ramps is not None else line.starts + cases.work
    line.starts[gone] = NEVER
    ends[gone] = NEVER
    return Served(line.starts, ends)


@cache
def _can_compile() -> bool:
    return find_spec("numba") is not None


def _as_machine_code(cases: Cases, posts: Sequence[Post], deadlines: Sequence[int], discipline: Discipline, until: int) -> Served:
    """The same by ``queue_compiled``, which is imported only where it is wanted: to read numba takes as long as a small answer."""
    found = import_module("lodestar.core.forecast.queue_compiled")
    ramps = _Ramps.of(posts)
    served = Served(*(np.full(cases.arrivals.size, NEVER, dtype=np.int64) for _ in range(2)))
    edges, shares, over = (ramps.edges, ramps.shares, ramps.over) if ramps is not None else (np.zeros((1, 2)), np.ones((1, 1)), -NEVER)
    opens, closes = (np.array([getattr(post, name) for post in posts], dtype=np.int64) for name in ("from_tick", "until_tick"))
    due = np.asarray(deadlines, dtype=np.int64)
    line = found.Line(cases.arrivals, cases.work, cases.first, due, served.starts, served.ends)
    found.serve_runs(line, found.Staff(opens, closes, edges, shares, over), discipline == "deadline", until)
    return served


@dataclass(frozen=True, slots=True, eq=False)
class _Turns:
    """Whose turn it is among the cases that have come."""

    classes: NDArray[np.int8]  # [class, 1]
    due: Ints | None  # [class, 1], with the class's number in the low bits; None: the first class that waits

    @classmethod
    def of(cls, deadlines: Sequence[int], discipline: Discipline) -> _Turns:
        number = np.arange(len(deadlines), dtype=np.int64)[:, None]
        due = np.asarray(deadlines, dtype=np.int64)[:, None]
        return cls(number.astype(np.int8), (due << BITS) | number if discipline == "deadline" else None)

    def chosen(self, heads: Ints, late: NDArray[np.bool_]) -> Ints:
        """The class that is served; ``late`` marks the heads that have not come yet. No branch, so nothing is mispredicted."""
        if self.due is not None:
            return np.minimum.reduce(np.where(late, COMES_LAST, (heads << BITS) + self.due), axis=0) & LOW
        rank = np.minimum.reduce((late.view(np.int8) << 6) | self.classes, axis=0)
        chosen: Ints = (rank & (MOST_CLASSES - 1)).astype(np.int64)
        return chosen


@dataclass(frozen=True, slots=True, eq=False)
class _Ramps:
    """How fast each post works from when: edges [post, step + 1] and shares [post, step]."""

    edges: Floats
    shares: Floats
    over: int  # after this instant every post works at its last share, which is the whole

    @classmethod
    def of(cls, posts: Sequence[Post]) -> _Ramps | None:
        if not any(post.ramp for post in posts):
            return None
        most = max(len(post.ramp) for post in posts) + 1
        edges = np.full((len(posts), most + 1), float(NEVER))
        shares = np.ones((len(posts), most))
        for number, post in enumerate(posts):
            steps = ((-NEVER, 1.0), *post.ramp) if not post.ramp else ((-NEVER, 0.0), *post.ramp)
            for place, (at, share) in enumerate(steps):
                edges[number, place], shares[number, place] = at, share
            shares[number, len(steps) :] = steps[-1][1]
        whole = all(not post.ramp or post.ramp[-1][1] == 1.0 for post in posts)
        last = max(post.ramp[-1][0] for post in posts if post.ramp)
        return cls(edges, shares, last if whole else NEVER)

    def ends(self, who: Ints, at: Ints, work: Ints) -> Ints:
        """When a post that begins at an instant has done so much work."""
        left, ends = work.astype(np.float64), np.full(who.size, float(NEVER))
        doing = np.ones(who.size, dtype=bool)
        for step in range(self.shares.shape[1]):
            begin = np.maximum(at, self.edges[who, step])
            share = self.shares[who, step]
            room = np.maximum(0.0, self.edges[who, step + 1] - begin) * share
            here = doing & (left <= room) & (share > 0)
            ends[here] = begin[here] + left[here] / share[here]
            doing &= ~here
            left = left - room
        return np.minimum(np.rint(ends), NEVER).astype(np.int64)


class _Line:
    """The state of every run, and the loop over starts."""

    def __init__(self, cases: Cases, posts: Sequence[Post], turns: _Turns) -> None:
        self.cases, self.turns, self.ramps = cases, turns, _Ramps.of(posts)
        self.starts = np.full(cases.arrivals.size, NEVER, dtype=np.int64)
        self.ends = self.starts.copy() if self.ramps is not None else self.starts
        closes = np.array([post.until_tick for post in posts], dtype=np.int64)
        self.closes = closes if (closes < NEVER).any() else None
        opens = np.array([post.from_tick for post in posts], dtype=np.int64)
        free = (np.where(opens >= closes, NEVER, opens) << BITS) | np.arange(len(posts), dtype=np.int64)
        self.take_up(np.repeat(free[:, None], cases.runs, axis=1), cases.first.copy())

    def take_up(self, free: Ints, at: Ints) -> None:
        """The runs that go on: each post's instant with its number [post, run], and each class's next case [class, run]."""
        self.free, self.at, self.heads = free, at, self.cases.arrivals[at]
        self.runs = np.arange(at.shape[1])
        # One line of each, so that a place in it is class or post x runs + run.
        self.free_line, self.at_line, self.heads_line = self.free.reshape(-1), self.at.reshape(-1), self.heads.reshape(-1)

    def run(self, until: int) -> None:
        """Step until every run is past ``until`` or has nobody left to serve; put away those that are, now and then."""
        while self.runs.size:
            for _ in range(SPARE):
                now = self._step()
            live = now <= until
            if not live.all():
                self.take_up(np.ascontiguousarray(self.free[:, live]), np.ascontiguousarray(self.at[:, live]))

    def _step(self) -> Ints:
        """One start in every run; returns when."""
        first, now = self._meet()
        row = self.turns.chosen(self.heads, self.heads > now) * self.runs.size + self.runs
        case = self.at_line[row]
        self._take(first & LOW, now, case)
        self.starts[case] = now
        case += 1
        self.at_line[row] = case
        self.heads_line[row] = self.cases.arrivals[case]
        return now

    def _meet(self) -> tuple[Ints, Ints]:
        """The post that is free first in every run, and when it meets the first case; a post past its last day is sent home."""
        coming = np.minimum.reduce(self.heads, axis=0)
        while True:
            first = np.minimum.reduce(self.free, axis=0)
            now: Ints = np.maximum(first >> BITS, coming)
            if self.closes is None:
                return first, now
            home = (now >= self.closes[first & LOW]) & (first >> BITS < NEVER)
            if not home.any():
                return first, now
            who = first[home] & LOW
            self.free_line[who * self.runs.size + self.runs[home]] = (NEVER << BITS) | who

    def _take(self, who: Ints, now: Ints, case: Ints) -> None:
        """The post is taken until the case's work is done."""
        work = self.cases.work[case]
        ends = now + work
        if self.ramps is not None:
            if now.min() < self.ramps.over:
                ends = self.ramps.ends(who, now, work)
            self.ends[case] = ends
        # A run that is over serves cases that never come: each adds one tick to NEVER, which the key has room for.
        self.free_line[who * self.runs.size + self.runs] = (ends << BITS) | who
