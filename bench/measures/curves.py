"""Kaplan-Meier with log-log bands for 40 groups, beside lifelines, statsmodels and one scan of the columns in memory.

Each method at each size runs in a process of its own, in turns, several rounds over; within it the data are drawn from one
seed, the first run is not counted, and the rest are timed. Every method must find the same S(24 hours) of every group.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.measures.section import Aim, Say, Section
from bench.place import ROOT

METHODS = {
    "scan": "one scan of the three columns",
    "ours": "Lodestar, as far as 7 days",
    "ours-whole": "Lodestar, the whole curves",
    "statsmodels": "statsmodels (errors, no band)",
    "lifelines": "lifelines",
}
SIZES, QUICK_SIZES = (5_000, 100_000, 1_000_000, 10_000_000), (5_000, 100_000)
AGREE = 1e-10


@dataclass
class Timed:
    """What one method took at one size over all rounds, in seconds, and the most memory its process held."""

    runs: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    megabytes: float = 0.0

    @property
    def busy(self) -> float:
        """The least processor time: what a run takes where nothing else wants the machine, since none has a second thread."""
        return min(self.processor)

    @property
    def best(self) -> float:
        """The shortest by the clock."""
        return min(self.runs)

    @property
    def median(self) -> float:
        """The middle one by the clock."""
        return statistics.median(self.runs)


def curves(quick: bool, say: Say) -> Section:
    """Measure every method at every size."""
    sizes = QUICK_SIZES if quick else SIZES
    found: dict[tuple[str, int], Timed] = {}
    for size in sizes:
        _rounds(size, 1 if quick else 3, found)
        told = ", ".join(f"{name} {found[name, size].busy * 1000:.3g} ms" for name in METHODS)
        say(f"{size:,} episodes: {told}")
    return Section(
        title="Kaplan-Meier with log-log bands, 40 groups",
        heads=(
            "Method",
            "Episodes",
            "Processor, best, ms",
            "Wall, best, ms",
            "Wall, median, ms",
            "Times the scan",
            "Times ours",
            "Peak memory, MB",
        ),
        rows=[_row(name, size, found) for size in sizes for name in METHODS],
        notes=_notes(sizes[-1]),
        aims=_aims(found, sizes),
    )


def _rounds(size: int, rounds: int, found: dict[tuple[str, int], Timed]) -> None:
    expected: list[float] | None = None
    for _ in range(rounds):
        for name in METHODS:
            told = _in_a_process(name, size)
            timed = found.setdefault((name, size), Timed())
            timed.runs += told["runs"]
            timed.processor += told["processor"]
            timed.megabytes = max(timed.megabytes, told["megabytes"])
            if told["at_24_hours"]:
                expected = expected or told["at_24_hours"]
                _agree(name, expected, told["at_24_hours"])


def _in_a_process(name: str, size: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.measures.kaplan_meier", name, str(size)]
    alone = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed at {size:,} episodes: {done.stderr[-2000:]}")
    return dict(json.loads(done.stdout))


def _agree(name: str, expected: list[float], found: list[float]) -> None:
    apart = max(abs(one - other) for one, other in zip(expected, found, strict=True))
    if apart > AGREE:
        raise SystemExit(f"{name} finds another S(24 hours): {apart:.3g} apart.")


def _row(name: str, size: int, found: dict[tuple[str, int], Timed]) -> tuple[str, ...]:
    timed, scan, ours = (found[one, size] for one in (name, "scan", "ours"))
    return (
        METHODS[name],
        f"{size:,}",
        f"{timed.busy * 1000:.3f}",
        f"{timed.best * 1000:.3f}",
        f"{timed.median * 1000:.3f}",
        f"{timed.busy / scan.busy:,.0f}",
        f"{timed.busy / ours.busy:,.2f}",
        f"{timed.megabytes:,.0f}",
    )


def _aims(found: dict[tuple[str, int], Timed], sizes: tuple[int, ...]) -> list[Aim]:
    small, large = sizes[0], sizes[-1]
    ratio: Callable[[int], float] = lambda size: found["lifelines", size].busy / found["ours", size].busy  # noqa: E731
    aims = [Aim(f"Faster than lifelines at {small:,}", 30, ratio(small))]
    if large == SIZES[-1]:
        aims.append(Aim(f"Faster than lifelines at {large:,}", 10, ratio(large)))
        aims.append(Aim(f"Beside the scan at {large:,}", 60, found["ours", large].busy / found["scan", large].busy, at_most=True))
    return aims


def _notes(largest: int) -> str:
    return (
        f"Durations in whole minutes (lognormal with a median of 7.2 hours, cut at 90 days; a tenth censored), 4 bytes, an event "
        f"mark and a group of 1 byte each: {largest * 6 / 1e6:,.0f} MB at the largest. The scan reads each column once with numpy's "
        "largest-value, the floor of anything that looks at every episode. Lodestar is given the three columns as they are and "
        "sorts them into groups itself; lifelines and statsmodels are given the columns of each group already apart, outside the "
        "time. As far as 7 days means that the curve ends there: exact up to then, with those who last longer still counted at "
        "risk; the whole curves go to 90 days. The ratios and the aims are of processor time, since other work shares this machine and "
        "none of these has a second thread: on an idle machine it is the wall time. "
        f"Every method's S(24 hours) of every group agrees to {AGREE:g}."
    )
