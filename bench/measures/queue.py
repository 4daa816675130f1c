"""The priority queue of the forecast, five years and a thousand times over, beside simpy; and whether its intervals hold.

Four classes, seven posts, 1.25 cases a day of five days each: Cobham's table, so both engines are held against the closed
form. Each engine runs in a process of its own and draws its own arrivals and lengths inside the time.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Generator
from typing import Any

import numpy as np

from bench.forecast.calibration import covered
from bench.measures.section import Aim, Say, Section
from bench.place import ROOT
from lodestar.core.forecast.closed import cobham
from lodestar.core.forecast.draws import draw
from lodestar.core.forecast.laws import Law
from lodestar.core.forecast.queue import NEVER, TICKS, Post, serve
from lodestar.core.forecast.scenario import CaseClass, Demand, Posting, Scenario

MIX, A_DAY, DAYS, POSTS = (0.05, 0.25, 0.40, 0.30), 1.25, 5.0, 7
MONTHS, RUNS, QUICK_RUNS = 60, 1000, 20
DEADLINES = (1, 7, 14, 30)
ROUNDS = 5
TRIALS, QUICK_TRIALS = 300, 30


def queue(quick: bool, say: Say) -> Section:
    """Both engines, and the calibration of the whole."""
    runs = QUICK_RUNS if quick else RUNS
    _alone("machine", QUICK_RUNS)  # compiled once, and kept: every later process reads it
    ours = [_alone("ours", RUNS) for _ in range(ROUNDS)]
    machine = [_alone("machine", RUNS) for _ in range(ROUNDS)]
    say("the queue is measured; simpy next")
    theirs = _alone("simpy", runs)
    scaled = theirs["processor"] * RUNS / runs
    best, quickest = (min(one["processor"] for one in found) for found in (ours, machine))
    arrays, code = (min(one["serving"] for one in found) for found in (ours, machine))
    say("simpy is measured; next whether the intervals hold")
    trials = QUICK_TRIALS if quick else TRIALS
    held = covered(trials=trials, runs=400, seed=1)
    exact = cobham(posts=POSTS, rates=[share * A_DAY for share in MIX], days=DAYS)
    rows = [
        _row("Lodestar, numpy, no compiler", ours[0], RUNS, best, 1.0),
        _row("Lodestar, numba", machine[0], RUNS, quickest, quickest / best),
        _row("simpy", theirs, runs, scaled, scaled / best),
        ("closed form (Erlang, Cobham)", "", "", "", "", " / ".join(f"{wait:.2f}" for wait in exact)),
    ]
    shortened = "" if runs == RUNS else f" simpy ran {runs} times and is scaled to {RUNS}."
    notes = (
        "Processor time of the whole, the drawing of arrivals and lengths included; the best of five for Lodestar, one of simpy."
        f"{shortened} Waits are means over all cases of five years from an empty line, so they lie a little under the closed form, "
        "which is of a line that has always run.\n\n"
        f"Of that the queue alone, without drawing and without reading numba: {arrays:.3f} s in arrays, {code:.3f} s as machine code, "
        f"which is {arrays / code:.1f} times as quick and gives the same bytes. To read numba and the compiled code takes a process "
        "some tenths of a second once; so arrays serve what is small.\n\n"
        f"Whether four in five truths lie inside the interval: in {trials} trials a true line is drawn, 540 days of it are seen and "
        f"fitted, and twelve months with three more posts after six are told. With parameters drawn {held['drawn']:.0%} lay inside "
        f"(mean width {held['drawn_width']:.0f} cases), with the fitted ones taken as known {held['plug_in']:.0%} "
        f"({held['plug_in_width']:.0f})."
    )
    heads = ("Engine", "Runs", "Cases", "Seconds for 1,000 runs", "Times ours", "Mean wait by class, days")
    aims = [
        Aim("Faster than simpy, no compiler", 100, scaled / best),
        Aim("The queue alone: faster with numba", 1, arrays / code),
        Aim("Truths inside the 80% interval", 75, 100 * held["drawn"], unit="%"),
        Aim("and no more than", 85, 100 * held["drawn"], at_most=True, unit="%"),
    ]
    return Section("The priority queue, five years and 1,000 runs", heads, rows, notes, aims)


def _row(name: str, found: dict[str, Any], runs: int, seconds: float, times: float) -> tuple[str, ...]:
    waits = " / ".join(f"{wait:.2f}" for wait in found["waits"])
    return (name, f"{runs:,}", f"{found['cases']:,}", f"{seconds:.2f}", f"{times:,.0f}", waits)


def _alone(engine: str, runs: int) -> dict[str, Any]:
    """One engine in a process of its own, with one thread."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    asked = [sys.executable, "-m", "bench.measures.queue", engine, str(runs)]
    done = subprocess.run(asked, cwd=ROOT, env={**os.environ, **single}, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def scenario() -> Scenario:
    """The line as the engine reads it, its rates and lengths taken as known."""
    classes = tuple(CaseClass(str(days), str(days), days) for days in DEADLINES)
    counts = tuple(share * A_DAY * 100 for share in MIX)
    law = Law.of_mean(mean=DAYS, cv=1.0, family="gamma")
    return Scenario(classes, Demand(100, counts, exact=True), (law,), (Posting(POSTS),), (), ((),) * 4, months=MONTHS)


def run_ours(runs: int, *, compiled: bool = False) -> dict[str, Any]:
    """Every run at once; the first, in which nothing is warm, is timed like any other process's."""
    line, until = scenario(), round(MONTHS * 365.25 / 12 * TICKS)
    begun = time.process_time()
    cases = draw(line, seed=1, part=0, runs=runs).cases
    deadlines = [0, *(days * TICKS for days in DEADLINES)]
    asked: dict[str, Any] = {"posts": [Post()] * POSTS, "deadlines": deadlines, "discipline": "priority", "until": until}
    served = serve(cases=cases, compiled=compiled, **asked)
    taken = time.process_time() - begun
    warm = time.process_time()
    serve(cases=cases, compiled=compiled, **asked)
    serving = time.process_time() - warm
    waits = []
    for number in range(1, 5):
        rows = slice(int(cases.first[number, 0]), int(cases.first[number + 1, 0]) if number < 4 else cases.arrivals.size)
        begun_ones = served.starts[rows] < NEVER
        waits.append(float((served.starts[rows] - cases.arrivals[rows])[begun_ones].mean() / TICKS))
    return {"processor": taken, "serving": serving, "cases": int(cases.size.sum()), "waits": waits}


def run_machine(runs: int) -> dict[str, Any]:
    """The same as machine code."""
    return run_ours(runs, compiled=True)


def run_simpy(runs: int) -> dict[str, Any]:
    """The same line, a process for each case."""
    import simpy  # noqa: PLC0415 - a peer that is measured, and not among what the tests of this page need

    begun = time.process_time()
    waits: list[list[float]] = [[] for _ in MIX]
    for seed in range(runs):
        chance, world = random.Random(seed), simpy.Environment()
        line = simpy.PriorityResource(world, capacity=POSTS)
        for number in range(len(MIX)):
            world.process(_arrive(world, line, chance, number, waits[number]))
        world.run(until=MONTHS * 365.25 / 12)
    taken = time.process_time() - begun
    return {"processor": taken, "cases": sum(map(len, waits)), "waits": [float(np.mean(one)) for one in waits]}


def _arrive(world: Any, line: Any, chance: random.Random, number: int, waits: list[float]) -> Generator[Any, Any, None]:
    while True:
        yield world.timeout(chance.expovariate(MIX[number] * A_DAY))
        world.process(_case(world, line, chance, number, waits))


def _case(world: Any, line: Any, chance: random.Random, number: int, waits: list[float]) -> Generator[Any, Any, None]:
    came = world.now
    with line.request(priority=number) as turn:
        yield turn
        waits.append(world.now - came)
        yield world.timeout(chance.expovariate(1 / DAYS))


if __name__ == "__main__":
    print(json.dumps({"ours": run_ours, "machine": run_machine, "simpy": run_simpy}[sys.argv[1]](int(sys.argv[2]))))
