"""``python -m bench.tasking [--quick | --short] [--write]``: measures the tasking formula on this machine and prints the page."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context

from bench.place import ROOT
from bench.tasking import measuring
from bench.tasking.instances import SIZES
from bench.tasking.measuring import apart
from bench.tasking.table import Measured, page

PAGE = ROOT / "docs" / "reference" / "benchmarks-tasking.md"
PEERS = ("VROOM", "OR-Tools routing")
# What is measured at each length of run: seconds and seed of each row. The longest rows have one seed, so that the whole takes
# some forty minutes; ``--short`` takes a third of that, and ``--quick`` a few minutes.
Rows = dict[str, list[tuple[float, int]]]
SHORT: list[tuple[float, int]] = [(1, 1), (1, 2), (1, 3), (10, 1), (10, 2), (10, 3)]
LONG: list[tuple[float, int]] = [(60, 1)]
PLANS: dict[str, Rows] = {
    "full": {size: SHORT + LONG for size in SIZES},
    "short": {"50x250": SHORT, "300x1500": SHORT + LONG, "1000x10000": [(10, 1), *LONG]},
    "quick": {"50x250": SHORT[:4]},
}
SIDE: dict[str, Rows] = {
    "full": {"300x1500": SHORT + LONG},
    "short": {"300x1500": [(1, 1), (10, 1), (60, 1)]},
    "quick": {"50x250": [(1, 1), (5, 1)]},
}
LEVEL: dict[str, Rows] = {  # the larger by ours alone: CP-SAT's model of it would not fit
    "full": {"50x250": [(10, 1), (60, 1)], "300x1500": [(10, 1)]},
    "short": {"50x250": [(10, 1)], "300x1500": [(10, 1)]},
    "quick": {"50x250": [(5, 1)]},
}
PROOFS = {
    "full": {"50x250": 60, "1000x10000": 240, "300x1500": 300},
    "short": {"50x250": 60, "300x1500": 300, "1000x10000": 30},
    "quick": {"50x250": 30},
}
KEPT = {"full": {"300x1500": 600, "50x250": 60}, "short": {"50x250": 60, "300x1500": 300}, "quick": {"50x250": 30}}
ARRIVALS = {"full": {"50x250": 40, "300x1500": 40}, "short": {"50x250": 20, "300x1500": 20}, "quick": {"50x250": 10}}


def main() -> int:
    """Measure, print, and write the page where asked."""
    words = argparse.ArgumentParser(prog="python -m bench.tasking", description="Measure the tasking formula on this machine.")
    words.add_argument("--quick", action="store_true", help="the small problem and short runs: about three minutes")
    words.add_argument("--short", action="store_true", help="every size, fewer rows: about a quarter of an hour")
    words.add_argument("--compiled", type=float, nargs=2, metavar=("WALL", "CPU"), help="how long compiling took, measured before")
    words.add_argument("--write", action="store_true", help="write docs/reference/benchmarks-tasking.md too")
    asked = words.parse_args()
    length = "quick" if asked.quick else "short" if asked.short else "full"
    begun, load = time.monotonic(), os.getloadavg()[0]
    found = Measured(compiled=tuple(asked.compiled or ()))
    with ExitStack() as kept:
        hands = (kept.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn"))) for _ in range(3 + len(PEERS)))
        keeper, prover, ours, *peers = hands
        say = partial(_say, begun)
        _plans(found, length, say)
        _beside_peers(found, length, (ours, dict(zip(PEERS, peers, strict=True))), say)
        # Proven last, a core each and nothing else beside them: a proof is worth what it gets of a processor.
        kept_proofs = {size: keeper.submit(measuring.kept, size, most, _longest(found, size)) for size, most in KEPT[length].items()}
        proofs = {size: prover.submit(measuring.proof, size, "whole", most) for size, most in PROOFS[length].items()}
        found.proofs = {size: one.result() for size, one in proofs.items()}
        # What no plan exceeds, none that keeps the higher tiers does.
        found.kept = {size: measuring.tighter(one.result(), found.proofs[size]) for size, one in kept_proofs.items()}
        say("proven")
    now = datetime.now(UTC)  # noqa: TID251 - the day of the measurement
    text = page(found, now=now, seconds=time.monotonic() - begun, loads=(load, os.getloadavg()[0]), length=length)
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")
    return 1 if any(one.faults for one in (*found.plans, *found.side, *found.level)) else 0


def _say(begun: float, sentence: str) -> None:
    print(f"  {time.monotonic() - begun:5.0f} s  {sentence}", file=sys.stderr, flush=True)


def _longest(found: Measured, size: str) -> measuring.Points:
    """What the plan that was searched for longest has in each tier."""
    return max((one for one in found.plans if one.size == size), key=lambda one: one.asked).by_tier


def _plans(found: Measured, length: str, say: Callable[[str], None]) -> None:
    if not found.compiled:
        found.compiled = measuring.first_use()
    say(f"compiled in {found.compiled[0]:.0f} s")
    for size, rows in PLANS[length].items():
        found.plans += apart(measuring.row, size, rows)
        say(f"whole, {size}")


def _beside_peers(found: Measured, length: str, hands: tuple[Executor, dict[str, Executor]], say: Callable[[str], None]) -> None:
    ours, peers = hands
    for size, rows in LEVEL[length].items():
        for seconds, seed in rows:
            found.level.append(ours.submit(measuring.ours, size, "level", seconds, seed).result())
            if size == "50x250":
                found.level.append(apart(measuring.constraints, size, seconds, seed))
        say(f"everything in one tier, {size}")
    for size, rows in SIDE[length].items():
        for seconds, seed in rows:  # in turn, so that what else the machine does falls on all of them
            found.side.append(ours.submit(measuring.ours, size, "plain", seconds, seed).result())
            found.side += [hand.submit(measuring.peer, who, size, seconds, seed).result() for who, hand in peers.items()]
            say(f"one person a task, {size}, {seconds} s")
    found.again += [apart(measuring.again, size, 60_000, arrivals) for size, arrivals in ARRIVALS[length].items()]
    say("planned again")


if __name__ == "__main__":
    sys.exit(main())
