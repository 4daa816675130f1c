"""``python -m bench.measures.kaplan_meier METHOD EPISODES``: one method at one size, in this process; its times as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from lodestar.core.measures.curves import kaplan_meier_groups
from lodestar.core.measures.survival import band

GROUPS, SEED = 40, 20261128
DAY, WEEK, LAST = 1440, 7 * 1440, 90 * 1440
Columns = tuple[np.ndarray, np.ndarray, np.ndarray]


def columns(size: int) -> Columns:
    """Minutes, marks and groups of an invented force: lognormal(1.97, 1.70) hours, a tenth censored."""
    rng = np.random.default_rng(SEED)
    minutes = np.minimum(np.exp(rng.normal(1.97, 1.70, size)) * 60, LAST).astype(np.int32)
    return minutes, rng.random(size) < 0.9, rng.integers(0, GROUPS, size).astype(np.uint8)


def scan(drawn: Columns) -> Callable[[], list[float]]:
    """Read each column once."""

    def run() -> list[float]:
        for column in drawn:
            column.max()
        return []

    return run


def ours(drawn: Columns, *, until: int | None) -> Callable[[], list[float]]:
    """All groups in one pass, with the bands."""
    minutes, marks, groups = drawn

    def run() -> list[float]:
        found = kaplan_meier_groups(times=minutes, events=marks, groups=groups, count=GROUPS, until=until)
        band(found)
        return [float(curve.survival[curve.row(DAY)]) for curve in found]

    return run


def lifelines(drawn: Columns) -> Callable[[], list[float]]:
    """One fit a group, whose band is made with it."""
    fitter = import_module("lifelines").KaplanMeierFitter
    parts = _apart(drawn)
    return lambda: [float(fitter().fit(minutes, marks).predict(DAY)) for minutes, marks in parts]


def statsmodels(drawn: Columns) -> Callable[[], list[float]]:
    """One fit a group, with its standard errors."""
    fit = import_module("statsmodels.duration.survfunc").SurvfuncRight
    parts = _apart(drawn)

    def run() -> list[float]:
        found = [fit(minutes, marks) for minutes, marks in parts]
        return [float(one.surv_prob[np.searchsorted(one.surv_times, DAY, side="right") - 1]) for one in found]

    return run


def _apart(drawn: Columns) -> list[tuple[np.ndarray, np.ndarray]]:
    minutes, marks, groups = drawn
    return [(minutes[groups == one], marks[groups == one].astype(np.int64)) for one in range(GROUPS)]


METHODS: dict[str, Callable[[Columns], Callable[[], list[float]]]] = {
    "scan": scan,
    "ours": lambda drawn: ours(drawn, until=WEEK),
    "ours-whole": lambda drawn: ours(drawn, until=None),
    "lifelines": lifelines,
    "statsmodels": statsmodels,
}


def main() -> None:
    """Warm up once, then time for about a second, three runs at the least and two hundred at the most."""
    name, size = sys.argv[1], int(sys.argv[2])
    run = METHODS[name](columns(size))
    found = run()
    told: dict[str, Any] = {"runs": [], "processor": [], "at_24_hours": found}
    while len(told["runs"]) < 3 or (sum(told["runs"]) < 1 and len(told["runs"]) < 200):
        began, busy = time.perf_counter(), time.process_time()
        run()
        told["runs"].append(time.perf_counter() - began)
        told["processor"].append(time.process_time() - busy)
    told["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told))


if __name__ == "__main__":
    main()
