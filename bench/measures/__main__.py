"""``python -m bench.measures [--quick] [--only curves] [--write]``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime

from bench.measures.curves import curves
from bench.measures.section import Part, Section
from bench.place import ROOT
from bench.table import machine

PAGE = ROOT / "docs" / "reference" / "benchmarks-measures.md"

# One line for each part of the page, in its order: the queue of the forecast and the quarterly pack have theirs here too.
PARTS: dict[str, Part] = {
    "curves": curves,
}


def main() -> int:
    """Measure each part in turn, and print the page; exit 1 where an aim was missed."""
    asked = _asked()
    begun, load = time.monotonic(), os.getloadavg()[0]

    def say(sentence: str) -> None:
        print(f"  {time.monotonic() - begun:5.0f} s  {sentence}", file=sys.stderr, flush=True)

    found = [PARTS[name](asked.quick, say) for name in asked.only]
    text = page(found, now=datetime.now(UTC), seconds=time.monotonic() - begun, quick=asked.quick, load=load)  # noqa: TID251
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")
        say(f"Written to {PAGE.relative_to(ROOT)}")
    return 1 if any(not aim.met for section in found for aim in section.aims) else 0


def page(found: list[Section], *, now: datetime, seconds: float, quick: bool, load: float) -> str:
    """The whole page."""
    head = (
        f"Measured by `make bench-measures` on {now.day} {now:%B %Y}: {machine()}. "
        f"Other work on the machine when the run began: a load of {load:.1f}. "
        f"The run took {seconds / 60:.0f} minutes{', shortened by `--quick`' if quick else ''}."
    )
    return "\n\n".join(["# Benchmarks of the measures", head, *(str(section) for section in found)]) + "\n"


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m bench.measures", description="Measure the measures on this machine.")
    words.add_argument("--only", default=",".join(PARTS), help=f"parts, with commas (default {','.join(PARTS)})")
    words.add_argument("--quick", action="store_true", help="small sizes and short runs")
    words.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)} too")
    asked = words.parse_args()
    asked.only = asked.only.split(",")
    if unknown := [name for name in asked.only if name not in PARTS]:
        words.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
