"""``python -m bench.tasking.proof [SIZE] [--write]``: one plan, and ten minutes of processor to prove how near it is to the best.

The same question as in ``python -m bench.tasking``, asked by itself. Its section of the page is put in the place of the one before.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from bench.markdown import in_markdown
from bench.place import ROOT
from bench.tasking.instances import SIZES
from bench.tasking.measuring import problem_of
from lodestar.core.tasking.bounds.offline import Proof, prove
from lodestar.core.tasking.plan import objective
from lodestar.core.tasking.problem import Params, Stop
from lodestar.core.tasking.ready import make_ready
from lodestar.core.tasking.solve import search
from lodestar.core.tasking.verify import broken

PAGE = ROOT / "docs" / "reference" / "benchmarks-tasking.md"
TITLE = "## The plan and its proof, measured by themselves"
BEFORE = "## First use"
AIM = 0.95


@dataclass(frozen=True)
class Proven:
    """A plan's value, and the most that any plan is worth that has no less in any tier but the lowest."""

    size: str
    searched: float
    value: float
    most: float
    rounds: int
    seconds: float
    cpu: float
    loads: tuple[float, float]

    @property
    def share(self) -> float:
        """Of the bound."""
        return self.value / self.most


def proven(size: str, searching: float, proving: float, clock: float) -> Proven:
    """Search, then prove, for so many seconds of processor; the proof ends after so many by the clock too."""
    make_ready()
    problem = problem_of(size, "whole")
    load = os.getloadavg()[0]
    lines = search(problem=problem, params=Params(), seed=1, stop=until(searching, 10 * searching)).lines
    if faults := broken(problem=problem, lines=lines):
        raise SystemExit("\n".join(faults))
    reached = objective(problem=problem, lines=lines)
    cpu, begun = time.process_time(), time.monotonic()
    found: Proof = prove(problem=problem, stop=until(proving, clock), reached=reached, lines=lines)
    spent = time.monotonic() - begun, time.process_time() - cpu
    value, most = (float(points / problem.worth) for points in (sum(reached.values(), Fraction(0)), found.total))
    return Proven(size, searching, value, most, found.rounds, *spent, (load, os.getloadavg()[0]))


def until(seconds: float, clock: float) -> Stop:
    """So many seconds of processor from now on, or by the clock, whichever is sooner."""
    end, late = time.process_time() + seconds, time.monotonic() + clock
    return lambda _: time.process_time() >= end or time.monotonic() >= late


def section(found: Sequence[Proven], now: datetime) -> str:
    """The section of the page."""
    head = (
        "Problem",
        "Searched",
        "Value",
        "At most, higher tiers kept",
        "Share",
        "Rounds",
        "Proving, seconds",
        "Processor",
        "Load",
        "",
    )
    rows = [
        (
            *(one.size, f"{one.searched:g} s", f"{one.value:,.1f}", f"{one.most:,.1f}", f"{one.share:.2%}", one.rounds),
            *(f"{one.seconds:.0f}", f"{one.cpu:.0f}", f"{one.loads[0]:.1f} to {one.loads[1]:.1f}"),
            f"at least {AIM:.0%}: {'met' if one.share >= AIM else '**falls short**'}",
        )
        for one in found
    ]
    said = (
        f"By `python -m bench.tasking.proof` on {now.day} {now:%B %Y}: one plan, then at most ten minutes of one processor to prove the "
        "most that any plan can be worth in all that has no less in any tier but the lowest. Other programs shared the machine, so the "
        "seconds of processor stand beside those by the clock."
    )
    return f"{TITLE}\n\n{said}\n\n{in_markdown(head, rows)}\n\n"


def put(page: str, new: str) -> str:
    """The page with this section in the place of the one before it, or before the last."""
    rest = re.sub(rf"{re.escape(TITLE)}\n.*?(?=^## )", "", page, flags=re.DOTALL | re.MULTILINE)
    return rest.replace(BEFORE, new + BEFORE, 1)


def main() -> int:
    """Measure, print, and put it into the page where asked."""
    words = argparse.ArgumentParser(prog="python -m bench.tasking.proof", description="Prove how near a plan is to the best.")
    words.add_argument("sizes", nargs="*", choices=[*SIZES, []], help="which problems; both smaller ones where nothing is said")
    words.add_argument("--searching", type=float, default=60, metavar="SECONDS", help="of processor")
    words.add_argument("--proving", type=float, default=600, metavar="SECONDS", help="of processor")
    words.add_argument("--clock", type=float, default=1800, metavar="SECONDS", help="after which a proof ends by the clock")
    words.add_argument("--write", action="store_true", help="put the section into docs/reference/benchmarks-tasking.md")
    asked = words.parse_args()
    found = [proven(size, asked.searching, asked.proving, asked.clock) for size in asked.sizes or ("50x250", "300x1500")]
    new = section(found, datetime.now(UTC))  # noqa: TID251 - the day of the measurement
    print(new)
    if asked.write:
        PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), new), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
