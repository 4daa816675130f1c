"""The search for the best plan: ``solve`` is the tasking formula's one question, and a plan is its answer."""

from __future__ import annotations

import numpy as np

from lodestar.core.tasking.problem import Line, Params, Problem, Stop
from lodestar.core.tasking.search import anneal, arrays
from lodestar.core.tasking.search import world as at
from lodestar.core.tasking.search.world import World

CHUNK = 100  # steps between two questions whether to stop
NOTHING = np.zeros(0, dtype=np.int64)
WORK = 2_000_000  # or so many places looked at, whichever is sooner: some hundredths of a second


def warm_up(w: World, done: int, mean: np.ndarray) -> None:
    """Set how hot each tier is: cooling within a cycle, each cycle twice as long as the last."""
    length, since = 4000, done
    while since >= length:
        since -= length
        length *= 2
    w.pace[at.HEAT :] = mean * 0.1 * (1e-3 ** (since / length))


def search(*, problem: Problem, params: Params, seed: int, stop: Stop) -> tuple[tuple[Line, ...], int]:
    """The lines of the best plan found, and the steps made."""
    w = arrays.build(problem, params, seed)
    done = 0
    if not w.may.size:
        return (), 0
    stop(0)
    anneal.search(w, arrays.first_order(w), 0, 0)
    tier, tiers = w.tasks[:, at.TIER], len(problem.tiers)
    mean = np.bincount(tier, weights=w.tasks[:, at.VALUE], minlength=tiers) / np.maximum(1, np.bincount(tier, minlength=tiers))
    while not stop(done):
        warm_up(w, done, mean)
        done += anneal.search(w, NOTHING, CHUNK, WORK)
    return arrays.lines(w), done
