"""``python -m bench.identity.undoing [--people 20000,100000] [--write]``: a join undone, commit included, beside weighing everybody again.

Goal L10 of domain/linkage.md section 6: undone in at most a hundredth of a full re-cluster's time at p99. That nothing is left of
an undone join, and that no retraining loses what a person said, are tests and no measurement.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from bench.identity import aims
from bench.markdown import cuts, in_markdown, measured_on, write_section
from bench.place import answer, place

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "benchmarks-identity.md"
SECTION = "A join undone"
TIMES, MOST = 200, 0.01
INSIDE = "bench.identity.parted"
KINDS = {"stop_search": "nothing", "missing": "an open search"}  # a kind of report, and what hangs on its join
HEAD = (
    *("People", "Statements", "On the join", "Undone", "p50, ms", "p95", "p99", "Processor p50, ms", "p99"),
    *("Everybody weighed again, ms", "Memory, MB", "Pairs", "p99 beside it", "Met"),
)
ABOUT = (
    f"Goal L10: at most {MOST:.0%} at p99. On PostgreSQL, with two reports a person, in one run: joins are undone one after another,"
    " each committed, with notices, audit and boards: joins on which nothing hangs, and joins of reports of missing children, taken in"
    " as any is, on each of which hangs an open search with a grade awaited, duties and their owners, who are told; then everybody on"
    " record is read, weighed against everybody and grouped, in a process whose most memory stands beside it. Processor is of the"
    " process that undoes, without the database's. The rest is of the wall: on a busy machine each question to the database waits its"
    " turn. That"
    " what is left is what would have been had the join never been made is a test (tests/core/identity/test_clusters.py,"
    " tests/actions/test_undoing.py), and so is that what people said survives every retraining (tests/core/identity/test_relinking.py)."
)


def measured(database: str, people: int) -> list[list[str]]:
    """Two rows: undoing joins of either kind, and weighing again, on a database of that many people."""
    with place(database, workers=1) as made:

        def inside(what: str, **given: Any) -> Any:
            return answer(made.begin(INSIDE, what, given))

        filled = inside("fill", people=people)
        hanging = inside("receive", times=TIMES)
        if hanging["open"] != TIMES:
            raise SystemExit(f"{hanging['open']} of {TIMES} reports opened a search of their own.")
        undone = {what: inside("undo", times=TIMES, kind=kind) for kind, what in KINDS.items()}
        whole = inside("recluster")
    return [_row(people, filled["statements"], what, found, whole) for what, found in undone.items()]


def goal(row: list[str]) -> list[str]:
    """L10, of one row."""
    people, on, share = row[0], row[2], row[-2]
    name = f"L10 a join undone at p99 beside weighing everybody again, {people} people, {on} hangs on it"
    return aims.row(name, f"{MOST:.0%} at most", share, row[-1] == "yes")


def _row(people: int, statements: int, what: str, undone: dict[str, list[float]], whole: dict[str, float]) -> list[str]:
    middle, most, last = cuts(undone["ms"])
    used, _, used_last = cuts(undone["processor"])
    share = float(last) / whole["whole"]
    again = (f"{whole['whole']:,.0f}", f"{whole['most']:,.0f}", f"{whole['pairs']:,}", f"{share:.2%}", "yes" if share <= MOST else "**no**")
    return [f"{people:,}", f"{statements:,}", what, str(TIMES), middle, most, last, used, used_last, *again]


def main() -> int:
    """Measure each size on a database of its own; print or write the section."""
    words = argparse.ArgumentParser(prog="python -m bench.identity.undoing", description="Measure undoing on this machine.")
    words.add_argument("--people", default="20000")
    words.add_argument("--database", choices=("SQLite", "PostgreSQL"), default="PostgreSQL")
    words.add_argument("--write", action="store_true", help=f"write the section of {PAGE.name}")
    asked, load = words.parse_args(), os.getloadavg()[0]
    rows = [row for people in asked.people.split(",") for row in measured(asked.database, int(people))]
    command = f"python -m bench.identity.undoing --people {asked.people}"
    text = "\n\n".join((measured_on(command, load), in_markdown(HEAD, rows), ABOUT, in_markdown(aims.HEAD, map(goal, rows))))
    print(text)
    if asked.write:
        write_section(PAGE, SECTION, text)
        aims.gather()
    return 0


if __name__ == "__main__":
    sys.exit(main())
