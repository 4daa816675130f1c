"""``python -m bench.identity.aims``: the goals of domain/linkage.md section 6, L1 to L14, each with what was measured last.

Each benchmark writes the rows of its own goals on its page; here they stand together, with the page that each is from.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.markdown import in_markdown

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PAGE = REFERENCE / "benchmarks-identity-goals.md"
FROM = ("benchmarks-identity.md", "benchmarks-identity-live.md", "benchmarks-identity-networks.md")
GOALS = 14
ROW = re.compile(r"^\| L\d+ .* \|$")
DAY = re.compile(r"^Measured by `[^`]+` on ([^:]+):")
HEAD = ("Goal", "Wanted", "Best before", "Here", "Met")
# The best that the domain file itself had measured, of resolvers in memory and of prototypes, when it set the goals.
BEST_BEFORE = {
    "L1": "90 to 350 times at p50, 30 to 47 at p95",
    "L2": "17.6 ms at p50, 41 at p99; Splink's own call 207 ms",
    "L3": "2.4 times at p50, 5.7 at p99, in memory",
    "L4": "7e-15",
    "L5": "2.1 to 2.3 times; 93 to 100%",
    "L6": "about 1/5",
    "L7": "0.92; 0.95",
    "L8": "0.91",
    "L9": "0.755, of connected components",
    "L10": "30 µs beside 140 to 1,000 ms, in memory",
    "L11": "116 to 122 s, 3.7 GB, of bare Splink",
    "L12": "1.3 to 9.5 points lost",
    "L13": "95.5 to 97.6%",
    "L14": "0.027 ms beside 1.0, in memory",
}


def row(goal: str, wanted: str, here: str, met: bool) -> list[str]:
    """One goal in the table; its name begins with its number."""
    return [goal, wanted, BEST_BEFORE[goal.split(maxsplit=1)[0]], here, "yes" if met else "**no**"]


def rows(folder: Path = REFERENCE) -> list[list[str]]:
    """Every goal that a page has a row of, in order, with the page it is from and the day on which it was measured."""
    found = [one for page in FROM if (folder / page).exists() for one in _of(folder / page)]
    return sorted(found, key=_number)


def _number(row: list[str]) -> int:
    return int(row[0].split(maxsplit=1)[0].removeprefix("L"))


def _of(page: Path) -> Iterator[list[str]]:
    day = ""
    for line in page.read_text(encoding="utf-8").splitlines():
        if told := DAY.match(line):
            day = told[1]
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if ROW.match(line) and cells[-1] != "-":
            yield [*cells, f"[{day}]({page.name})"]


def text(found: list[list[str]]) -> str:
    """The page: how many are met, and each of them."""
    short = sorted({_number(row) for row in found if row[4] != "yes"})
    lacking = sorted(set(range(1, GOALS + 1)) - set(map(_number, found)))
    said = f"{sum(row[4] == 'yes' for row in found)} of {len(found)} are met" + (
        f"; short in part: {', '.join(f'L{one}' for one in short)}" if short else ""
    )
    if lacking:
        said += f"; not measured: {', '.join(f'L{one}' for one in lacking)}"
    return "\n\n".join(
        (
            "# Goals of linkage, L1 to L14",
            "What domain/linkage.md, section 6, asks of identity, all in one table: what was wanted, the best that had been measured"
            " before, and what was measured here last, by `make bench-identity`. Each row stands on the page that its day leads to, with"
            f" the machine, the peers beside it and how it was measured. {said}.",
            in_markdown((*HEAD, "Measured on"), found) + "\n",
        )
    )


def gather() -> None:
    """Write the page anew: whoever writes a page with goals on it does so."""
    PAGE.write_text(text(rows()), encoding="utf-8")


def main() -> int:
    """Print the goals as they stand on their pages."""
    print(text(rows()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
