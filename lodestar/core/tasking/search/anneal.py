"""The steps of the search: take out, fit in, settle, keep or put back. The best is judged tier by tier."""

from __future__ import annotations

from typing import Any

import numpy as np

from lodestar.core.tasking.search.compiled import compiled, entry, share
from lodestar.core.tasking.search.insert import ALL
from lodestar.core.tasking.search.journal import undo, undo_loads
from lodestar.core.tasking.search.recreate import call, call_up, fit_all, order
from lodestar.core.tasking.search.routes import settle, stands
from lodestar.core.tasking.search.ruin import ruin, start_earlier, take
from lodestar.core.tasking.search.score import account
from lodestar.core.tasking.search.world import (
    ASSET,
    BASE,
    BEFORE,
    BEGIN,
    BLINK,
    FAIR_COST,
    FAIR_NOW,
    HEAT,
    L_OUT,
    L_QUEUE,
    L_TOUCHED,
    L_UNPLACED,
    N_LIST,
    N_LOG,
    N_OUT,
    N_STEP,
    N_TIERS,
    N_TOUCHED,
    N_UNPLACED,
    N_WORK,
    PRICE,
    SEEN,
    SPOT,
    TRIAL,
    UNIT,
    UNSAVED,
    USED,
)

NOW, WAS, WOULD, BEST = range(4)  # rows of ``score``
ALONE = 2  # how many of the highest tiers are judged each by itself, so that nothing of a lower one weighs against them


@compiled
def begin_step(w: Any) -> None:
    """Forget the marks of the step before."""
    w.counts[N_STEP] += 1
    w.counts[N_TOUCHED] = 0
    w.counts[N_LOG] = 0
    w.counts[N_OUT] = 0
    w.counts[N_LIST] = 0
    for i in range(w.score.shape[1]):
        w.score[WAS, i] = 0
        w.score[WOULD, i] = 0


@compiled
def unfair(w: Any) -> int:
    """What the busiest person's load above the mean costs."""
    most, total = 0, 0
    for a in range(w.assets.shape[0]):
        most = max(most, w.assets[a, USED])
        total += w.assets[a, USED]
    return w.counts[FAIR_COST] * (most - total // w.assets.shape[0])


@compiled
def tally(w: Any) -> int:
    """What the routes changed in this step were and would be worth; the cost of unfairness now."""
    tiers = w.counts[N_TIERS]
    for i in range(w.counts[N_TOUCHED]):
        account(w, w.lists[L_TOUCHED, i], WOULD)
        asset = w.routes[w.lists[L_TOUCHED, i], ASSET]
        if w.assets[asset, SEEN] == w.counts[N_STEP]:
            w.assets[asset, SEEN] = -w.counts[N_STEP]
            was = w.assets[asset, BEFORE] // w.counts[UNIT]
            is_now = w.assets[asset, USED] // w.counts[UNIT]
            w.score[WAS, tiers + 1] -= was * was
            w.score[WOULD, tiers + 1] -= is_now * is_now
    fair = w.counts[FAIR_NOW]
    if w.counts[FAIR_COST] > 0:
        fair = unfair(w)
        w.score[WAS, tiers - 1] -= w.counts[FAIR_NOW]
        w.score[WOULD, tiers - 1] -= fair
    return fair


@compiled
def kept(w: Any) -> bool:
    """Whether this step is kept: a gain in a high tier always, a loss there by chance; what the rest gain and lose is weighed together.

    Weighed by how hot each tier is, so that a trifle gained in one does not cost a lower one dear while the plan is still warm. The
    best plan is judged tier by tier (``better``).
    """
    weighed, first = 0.0, 0
    for i in range(w.score.shape[1]):
        change = w.score[WOULD, i] - w.score[WAS, i]
        if change == 0:
            continue
        if first == 0:
            first = 1 if change > 0 else -1
            if i >= w.counts[N_TIERS] or w.pace[HEAT + i] <= 0:
                return first > 0
            if i < ALONE:
                return first > 0 or share(w.dice) < np.exp(change / w.pace[HEAT + i])
        if i < w.counts[N_TIERS] and w.pace[HEAT + i] > 0:
            weighed += change / w.pace[HEAT + i]
    return weighed >= 0 or share(w.dice) < np.exp(weighed)


@compiled
def better(w: Any) -> bool:
    """Whether the plan in hand beats the best, tier by tier and then by the rules that break ties."""
    for i in range(w.score.shape[1]):
        if w.score[NOW, i] != w.score[BEST, i]:
            return w.score[NOW, i] > w.score[BEST, i]
    return False


@compiled
def note_unplaced(w: Any) -> None:
    """Keep the list of tasks not placed."""
    for i in range(w.counts[N_OUT]):
        t = w.lists[L_OUT, i]
        if w.tasks[t, BEGIN] < 0 and w.tasks[t, SPOT] < 0:
            w.lists[L_UNPLACED, w.counts[N_UNPLACED]] = t
            w.tasks[t, SPOT] = w.counts[N_UNPLACED]
            w.counts[N_UNPLACED] += 1
    for i in range(w.counts[N_LIST]):
        t = w.log[w.log.shape[0] - 1 - i, 9]
        spot = w.tasks[t, SPOT]
        if w.tasks[t, BEGIN] >= 0 and spot >= 0:
            w.counts[N_UNPLACED] -= 1
            other = w.lists[L_UNPLACED, w.counts[N_UNPLACED]]
            w.lists[L_UNPLACED, spot] = other
            w.tasks[other, SPOT] = spot
            w.tasks[t, SPOT] = -1


@compiled
def remember(w: Any) -> None:
    """Copy the plan in hand as the best."""
    for i in range(w.nodes.shape[0]):
        for field in range(5):
            w.best_nodes[i, field] = w.nodes[i, field]
    for t in range(w.tasks.shape[0]):
        w.best_tasks[t, BEGIN] = w.tasks[t, BEGIN]
    w.counts[UNSAVED] = 0


@compiled
def close_step(w: Any) -> bool:
    """Settle what was fitted in, judge it, and keep it or put it back."""
    for i in range(w.counts[N_LIST]):  # the list is needed after ``settle`` has used its place
        w.log[w.log.shape[0] - 1 - i, 9] = w.lists[L_QUEUE, i]
    settle(w)
    fair = tally(w)
    possible = stands(w)
    if not possible:  # whoever asks what a trial gained is told that it loses
        w.score[WOULD, 0] = w.score[WAS, 0] - 1
    if w.counts[TRIAL] > 0 or not possible or not kept(w):
        undo(w, w.nodes, w.tasks)
        undo_loads(w)
        return False
    for i in range(w.score.shape[1]):
        w.score[NOW, i] += w.score[WOULD, i] - w.score[WAS, i]
    w.counts[FAIR_NOW] = fair
    note_unplaced(w)
    if better(w):
        for i in range(w.score.shape[1]):
            w.score[BEST, i] = w.score[NOW, i]
        w.counts[UNSAVED] = 1
    elif w.counts[UNSAVED] > 0:  # the best was the plan before this step, and was not copied yet
        remember(w)
        undo(w, w.best_nodes, w.best_tasks)
    return True


@compiled
def by_hand(w: Any, out: Any, first: Any) -> None:
    """Make one step as it is told: take some tasks out, then fit some in, one after another."""
    for i in range(out.shape[0]):
        if w.tasks[out[i], BEGIN] >= 0:
            take(w, out[i])
    start_earlier(w)
    for i in range(first.shape[0]):
        call(w, first[i], ALL)


@entry
def search(w: Any, told: Any, most: int, work: int) -> int:
    """Make steps until so many, or so much work, is done; how many. The best plan is then copied.

    ``told`` is what to take out and what to fit in: where it lists anything, that one step is made instead. (One door for both,
    since each door of compiled code is compiled with everything behind it.)
    """
    out, first = told
    w.counts[N_WORK] = 0
    done = 0
    opening = first.shape[0] > 0
    while opening or (done < most and w.counts[N_WORK] < work):
        begin_step(w)
        w.pace[PRICE] = w.pace[BASE] * (0.3 if opening else np.exp(-3.0 * share(w.dice)))
        w.pace[BLINK] = 0.0 if opening else 0.01 if share(w.dice) < 0.9 else 0.2
        if opening:
            by_hand(w, out, first)
        else:
            done += 1
            ruin(w)
            call_up(w)
            order(w)
        fit_all(w)
        close_step(w)
        if opening:
            break
    if w.counts[UNSAVED] > 0:
        remember(w)
    return done
