"""The search for the best plan: ``solve`` is the tasking formula's one question, and a plan is its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lodestar.core.tasking.problem import Line, Params, Problem, Stop
from lodestar.core.tasking.search import anneal, arrays
from lodestar.core.tasking.search import world as at
from lodestar.core.tasking.search.held import Issued, unplaced_first
from lodestar.core.tasking.search.world import World

CHUNK = 100  # steps between two questions whether to stop
NOTHING = np.zeros(0, dtype=np.int64)
WORK = 2_000_000  # or so many places looked at, whichever is sooner: some hundredths of a second


def warm_up(w: World, done: int, mean: np.ndarray) -> None:
    """Set how hot each tier is: cooling within a cycle, each cycle twice as long as the last; the higher the tier the cooler.

    The figures are from measurement: a loss in a higher tier frees every lower one, so what is gained by it seldom comes back.
    """
    length, since = 4000, done
    while since >= length:
        since -= length
        length *= 2
    higher = np.arange(len(mean))[::-1]
    w.pace[at.HEAT :] = mean * 0.3 * 0.2**higher * (1e-3 ** (since / length))


@dataclass(frozen=True, slots=True)
class Found:
    """What the search found: its lines in the order of tasks, the steps it took, and why issued work is not where it was."""

    lines: tuple[Line, ...]
    steps: int
    moved: dict[int, str]


def search(*, problem: Problem, params: Params, seed: int, stop: Stop, warm: Sequence[Line] = ()) -> Found:
    """The best plan found before ``stop`` says so; it is asked first when the search begins, and then every few hundredths of a second.

    ``warm`` is work already issued: a line of it stays as it is, unless that is no longer possible or a task of a strictly higher
    tier gains by its moving, and each that moves says why.
    """
    w = arrays.build(problem, params, seed)
    issued = Issued(problem=problem, w=w, lines=warm)
    stop(0)
    issued.hold()
    if not w.may.size:
        return Found((), 0, issued.moved(()))
    anneal.search(w, (NOTHING, unplaced_first(w)), 0, 0)
    if warm:
        issued.make_way(stop=stop)
    tier, tiers = w.tasks[:, at.TIER], len(problem.tiers)
    mean = np.bincount(tier, weights=w.tasks[:, at.VALUE], minlength=tiers) / np.maximum(1, np.bincount(tier, minlength=tiers))
    done = 0
    while not stop(done):
        warm_up(w, done, mean)
        done += anneal.search(w, (NOTHING, NOTHING), CHUNK, WORK)
    found = arrays.lines(w)
    return Found(found, done, issued.moved(found))
