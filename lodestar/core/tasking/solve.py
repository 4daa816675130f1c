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
CYCLE, LONGER = 2300, 3  # steps of the first cycle of cooling, and how many times as long as the last each next one is
NOTHING = np.zeros(0, dtype=np.int64)
WORK = 2_000_000  # or so many places looked at, whichever is sooner: some hundredths of a second


def warm_up(w: World, done: int, mean: np.ndarray) -> None:
    """Set how hot each tier is: cooling within a cycle, each cycle three times as long as the last; the higher the tier the cooler.

    The tiers draw apart as they cool: warm, a plan may give a little of one for much of the next; cold, for nothing. The figures are
    from measurement: without the drawing apart each seed ends with others of the lower tiers left out, and is worth less.
    """
    length, since = CYCLE, done
    while since >= length:
        since -= length
        length *= LONGER
    part = since / length
    higher = np.arange(len(mean))[::-1]
    w.pace[at.HEAT :] = mean * 0.3 * (0.1 * 0.05**part) ** higher * 1e-3**part


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
