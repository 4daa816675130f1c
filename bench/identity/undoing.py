"""``python -m bench.identity.undoing [--people 20000]``: a join undone, commit included, beside weighing everybody again.

Goal L10 of domain/linkage.md section 6: undone in at most a hundredth of a full re-cluster's time at p99.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from bench.identity.live import cuts
from bench.place import answer, place

TIMES = 200
INSIDE = "bench.identity.parted"


def main() -> int:
    """Measure on both databases and print a line each."""
    words = argparse.ArgumentParser(prog="python -m bench.identity.undoing", description="Measure undoing on this machine.")
    words.add_argument("--people", type=int, default=20_000)
    words.add_argument("--database", choices=("SQLite", "PostgreSQL"), default="PostgreSQL")
    asked = words.parse_args()
    with place(asked.database, workers=1) as made:

        def inside(what: str, **given: Any) -> Any:
            return answer(made.begin(INSIDE, what, given))

        filled = inside("fill", people=asked.people)
        print(f"{asked.database}: {filled['statements']:,} statements of {filled['people']:,} people; load {os.getloadavg()[0]:.1f}")
        undone = inside("undo", times=TIMES)
        whole = inside("recluster")
    middle, most, last = cuts(undone)
    print(f"a join undone, commit, notices and audit included: p50 {middle} ms, p95 {most} ms, p99 {last} ms ({TIMES} times)")
    parts = f"of which weighing {whole['weighing']:,.0f} ms ({whole['pairs']:,} pairs)"
    print(f"everybody weighed and grouped again: {whole['whole']:,.0f} ms, {parts}")
    print(f"p99 of undoing is {100 * float(last) / whole['whole']:.2f}% of it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
