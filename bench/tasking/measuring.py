"""What is measured of the tasking formula: each thing in a process of its own, so that its time and memory are its own."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from fractions import Fraction
from multiprocessing import get_context
from typing import Any

from bench.tasking.instances import SIZES, instance, level, plain, urgent
from lodestar.core.tasking.answer import answer
from lodestar.core.tasking.bounds.bound import bound
from lodestar.core.tasking.bounds.offline import prove
from lodestar.core.tasking.document import read_problem
from lodestar.core.tasking.plan import objective
from lodestar.core.tasking.problem import Line, Params, Problem, Stop, after_iterations
from lodestar.core.tasking.ready import make_ready
from lodestar.core.tasking.solve import search
from lodestar.core.tasking.verify import broken

KINDS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"whole": dict, "plain": plain, "level": level}
OF_TIERS = 0.1  # share of a proof's seconds for the bound of each tier
FIRST_PLAN = 20  # the most seconds of processor to search for a plan whose days a proof begins with; beside the proof's own
SHARED = 2.5  # how many times as long a proof may take by the clock as it may of a processor, since others share the machine
ROUNDING = Fraction(1, 10**6)  # below what a plan reached, since a value was rounded on its way here
DRAWN = 1  # the seed that the problems are drawn from; the seeds of the search are others
Points = dict[int, float]


@dataclass(frozen=True)
class Found:
    """One plan: whose, of what, in how long, and what our verifier and objective say of it."""

    who: str
    size: str
    asked: float
    seed: int
    wall: float
    cpu: float
    by_tier: Points
    placed: int
    memory: int  # MiB, the most at any instant
    faults: tuple[str, ...] = ()
    proven: float = 0.0  # what CP-SAT itself has proven
    load: float = 0.0

    @property
    def total(self) -> float:
        """Over all tiers."""
        return sum(self.by_tier.values())


@dataclass(frozen=True)
class Proven:
    """The bound of one problem."""

    size: str
    seconds: float
    cpu: float
    by_tier: Points
    total: float
    method: str


@dataclass
class Again:
    """Planning again after something urgent: the search alone, and the whole answer with its reasons and bound, in milliseconds."""

    size: str
    search: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # of the whole answer
    moved: list[float] = field(default_factory=list)  # share of the lines issued
    placed: int = 0  # how often the urgent work got somebody


def problem_of(size: str, kind: str) -> Problem:
    """One of the problems that are measured, read."""
    return read_problem(KINDS[kind](instance(size=SIZES[size], seed=DRAWN)))


def apart(work: Callable[..., Any], *given: Any) -> Any:
    """Do something in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return one.submit(work, *given).result()


def points(values: dict[int, Fraction], problem: Problem) -> Points:
    """Whole points as values."""
    return {tier: float(value / problem.worth) for tier, value in values.items()}


def ours(size: str, kind: str, seconds: float, seed: int) -> Found:
    """Our own plan. Its kernels are compiled before the clock starts; building its tables is within its time."""
    make_ready()
    problem = problem_of(size, kind)
    return _timed("Lodestar", problem, (size, seconds, seed), lambda: _search(problem, seconds, seed))


def row(size: str, rows: list[tuple[float, int]]) -> list[Found]:
    """Our own plans of one whole problem, for so many seconds and each seed; the memory is the most of all of them."""
    return [ours(size, "whole", seconds, seed) for seconds, seed in rows]


def _search(problem: Problem, seconds: float, seed: int) -> tuple[Line, ...]:
    until = time.monotonic() + seconds
    return search(problem=problem, params=Params(), seed=seed, stop=lambda _: time.monotonic() >= until).lines


def peer(who: str, size: str, seconds: float, seed: int) -> Found:
    """A peer's plan of the plain problem; its model is built before the clock starts."""
    from bench.tasking.peers import Routing, Vroom  # noqa: PLC0415 - peers are loaded only where they are measured

    problem = problem_of(size, "plain")
    made = {one.name: one for one in (Vroom, Routing)}[who](problem)
    return _timed(who, problem, (size, seconds, seed), lambda: made.plan(seconds))


def constraints(size: str, seconds: float, seed: int) -> Found:
    """CP-SAT's plan of the whole problem in one tier."""
    from bench.tasking.constraints import Constraints  # noqa: PLC0415

    problem = problem_of(size, "level")
    made, proven = Constraints(problem), []

    def plan() -> tuple[Line, ...]:
        lines, most = made.plan(seconds, seed)
        proven.append(most / problem.worth)
        return lines

    found = _timed(made.name, problem, (size, seconds, seed), plan)
    return Found(**{**vars(found), "proven": proven[0]})


def _timed(who: str, problem: Problem, asked: tuple[str, float, int], plan: Callable[[], tuple[Line, ...]]) -> Found:
    load, cpu, wall = os.getloadavg()[0], time.process_time(), time.monotonic()
    lines = plan()
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    worth = points(objective(problem=problem, lines=lines), problem)
    return Found(who, *asked, wall, cpu, worth, len(lines), memory, broken(problem=problem, lines=lines), load=load)


def proof(size: str, kind: str, seconds: float) -> Proven:
    """The best bound on every plan in so many seconds of processor: of each tier in a tenth of them, of all together in the rest."""
    problem = problem_of(size, kind)
    cpu, begun = time.process_time(), time.monotonic()
    most = bound(problem=problem, stop=within(OF_TIERS * seconds))
    found = prove(problem=problem, stop=within((1 - OF_TIERS) * seconds))
    total, method = min((most.total, most.method), (found.total, found.method))
    spent = time.monotonic() - begun, time.process_time() - cpu
    return Proven(size, *spent, points(dict(most.by_tier), problem), float(total / problem.worth), method)


def kept(size: str, seconds: float, least: Points) -> Proven:
    """The best bound in so many seconds of processor on the plans that have no less than this in any tier but the lowest."""
    problem = problem_of(size, "whole")
    reached = {tier: (Fraction(value) - ROUNDING) * problem.worth for tier, value in least.items()}
    lines = search(problem=problem, params=Params(), seed=1, stop=within(min(FIRST_PLAN, seconds))).lines
    cpu, begun = time.process_time(), time.monotonic()
    found = prove(problem=problem, stop=within(seconds), reached=reached, lines=lines)
    spent = time.monotonic() - begun, time.process_time() - cpu
    return Proven(size, *spent, least, float(found.total / problem.worth), found.method)


def tighter(one: Proven, other: Proven) -> Proven:
    """The first proof, or the total of the other and how it was come by where that is lower."""
    if one.total <= other.total:
        return one
    return replace(one, total=other.total, method=other.method, seconds=other.seconds, cpu=other.cpu)


def within(seconds: float) -> Stop:
    """So many seconds of processor from now on, and by the clock never more than ``SHARED`` times as many."""
    cpu, begun = time.process_time() + seconds, time.monotonic() + SHARED * seconds
    return lambda _: time.process_time() >= cpu or time.monotonic() >= begun


def again(size: str, steps: int, arrivals: int) -> Again:
    """Plan, issue it all, and plan again for each of many urgent arrivals."""
    make_ready()
    whole = instance(size=SIZES[size], seed=DRAWN)
    issued = search(problem=read_problem(whole), params=Params(), seed=1, stop=after_iterations(steps)).lines
    found = Again(size)
    for number in range(-1, arrivals):
        problem = read_problem(urgent(whole, number))
        asked: dict[str, Any] = {"problem": problem, "params": Params(), "seed": 1, "stop": after_iterations(100), "warm": issued}
        begun = time.monotonic()
        lines = search(**asked)
        searched, cpu = time.monotonic(), time.process_time()
        answer(**asked)
        if number < 0:
            continue  # whatever is only done once is done by now
        found.answer.append(1000 * (time.monotonic() - searched))
        found.cpu.append(1000 * (time.process_time() - cpu))
        found.search.append(1000 * (searched - begun))
        found.moved.append(len(lines.moved) / len(issued))
        found.placed += any(line.task == len(problem.tasks) - 1 for line in lines.lines)
    return found


def first_use() -> tuple[float, float]:
    """Seconds by the clock, and of processor, to compile the engine where nothing is compiled yet."""
    with tempfile.TemporaryDirectory() as empty:
        words = [sys.executable, "-c", "from lodestar.core.tasking.ready import make_ready; make_ready()"]
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        env = {key: value for key, value in os.environ.items() if key != "NUMBA_CACHE_DIR"} | {"LODESTAR_VAR": empty}
        subprocess.run(words, check=True, env=env)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
