"""``python -m bench [--sizes 1000,100000,1000000] [--databases SQLite,PostgreSQL] [--quick] [--write]``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime

from bench import table
from bench.measuring import FULL, QUICK, measure
from bench.place import ROOT, place

SIZES, QUICK_SIZES = "1000,100000,1000000", "1000,20000"
PAGE = ROOT / "docs" / "reference" / "benchmarks.md"


def main() -> int:
    """Measure each database at each size, and print the table."""
    asked = _asked()
    begun, load = time.monotonic(), os.getloadavg()[0]
    sizes = sorted(int(size) for size in (asked.sizes or (QUICK_SIZES if asked.quick else SIZES)).split(","))

    def say(sentence: str) -> None:
        print(f"  {time.monotonic() - begun:5.0f} s  {sentence}", file=sys.stderr, flush=True)

    found = []
    for name in asked.databases.split(","):
        with ExitStack() as kept:
            say(f"{name}: making the force")
            made = kept.enter_context(place(name, workers=asked.workers))
            found.append(measure(made, sizes=sizes, length=QUICK if asked.quick else FULL, say=say))
    now = datetime.now(UTC)  # noqa: TID251 - the day of the measurement
    text = table.page(found, now=now, workers=asked.workers, seconds=time.monotonic() - begun, quick=asked.quick, load=load)
    print(text)
    if asked.write:
        table.write(text, PAGE)
        say(f"Written to {PAGE.relative_to(ROOT)}")
    return 1 if any(one.failed for one in found) else 0


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m bench", description="Measure Lodestar on this machine.")
    words.add_argument("--sizes", default="", help=f"matters in history, with commas (default {SIZES})")
    words.add_argument("--databases", default="SQLite,PostgreSQL", help="SQLite, PostgreSQL or both, with a comma")
    words.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="server processes, as in lodestar run (default one a core)")
    words.add_argument("--quick", action="store_true", help="small histories and short runs: under three minutes")
    words.add_argument("--write", action="store_true", help="write docs/reference/benchmarks.md too")
    return words.parse_args()


if __name__ == "__main__":
    sys.exit(main())
