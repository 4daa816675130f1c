"""``python -m bench.measures [--quick] [--only curves] [--write]``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime

from bench.markdown import machine
from bench.measures.curves import curves
from bench.measures.pack import packs
from bench.measures.queue import queue
from bench.measures.section import Part
from bench.place import ROOT

PAGE = ROOT / "docs" / "reference" / "benchmarks-measures.md"

# One line for each part of the page, in its order: the queue of the forecast and the quarterly pack have theirs here too.
PARTS: dict[str, Part] = {
    "curves": curves,
    "packs": packs,
    "queue": queue,
}


HEAD = "# Benchmarks of the measures\n\nMeasured by `make bench-measures`, each part beside its peers on one machine in one run."


def main() -> int:
    """Measure each part in turn and print it; exit 1 where an aim was missed."""
    asked = _asked()
    begun = time.monotonic()

    def say(sentence: str) -> None:
        print(f"  {time.monotonic() - begun:5.0f} s  {sentence}", file=sys.stderr, flush=True)

    parts, missed = {}, False
    for name in asked.only:
        started, load = time.monotonic(), os.getloadavg()[0]
        section = PARTS[name](asked.quick, say)
        parts[section.title] = f"{section}\n\n{_where(load, time.monotonic() - started, asked.quick)}"
        missed |= any(not aim.met for aim in section.aims)
    print(page(parts))
    if asked.write:
        before = parts_of(PAGE.read_text(encoding="utf-8")) if PAGE.is_file() else {}
        PAGE.write_text(page({**before, **parts}), encoding="utf-8")
        say(f"Written to {PAGE.relative_to(ROOT)}")
    return 1 if missed else 0


def page(parts: dict[str, str]) -> str:
    """The whole page, a part under each heading."""
    return "\n\n".join([HEAD, *parts.values()]) + "\n"


def parts_of(text: str) -> dict[str, str]:
    """The parts of a page by their headings, so that one may be measured again without the others."""
    found = [f"## {part.rstrip()}" for part in text.split("\n## ")[1:]]
    return {part.split("\n", 1)[0].removeprefix("## "): part for part in found}


def _where(load: float, seconds: float, quick: bool) -> str:
    now = datetime.now(UTC)  # noqa: TID251 - the day of the measurement
    return (
        f"Measured on {now.day} {now:%B %Y}: {machine()}. Load by other work when this part began: {load:.1f}. "
        f"It took {seconds / 60:.0f} minutes{', shortened by `--quick`' if quick else ''}."
    )


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m bench.measures", description="Measure the measures on this machine.")
    words.add_argument("--only", default=",".join(PARTS), help=f"parts, with commas (default {','.join(PARTS)})")
    words.add_argument("--quick", action="store_true", help="small sizes and short runs")
    words.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)} too; parts not measured stay as they are")
    asked = words.parse_args()
    asked.only = asked.only.split(",")
    if unknown := [name for name in asked.only if name not in PARTS]:
        words.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
