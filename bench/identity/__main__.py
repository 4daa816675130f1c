"""``python -m bench.identity [--people N] [--write]``: how well and how fast linkage does, beside Splink on the same records.

Trained on one population and judged on another; 3,000 answers are drawn by strata of weight, as a force would ask for them.
Every figure is measured on the spot. What needs PostgreSQL or a million people is not measured here, and the page says so.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.identity import aims, batch, febrl, goals, starting, undoing
from bench.identity.aims import row
from bench.identity.measuring import (
    ANSWERS,
    ASKED,
    HOME_MOST,
    WANTED,
    Population,
    accuracy,
    answers,
    at_work,
    closed,
    components,
    live,
    population,
    share,
    weighed,
)
from bench.markdown import in_markdown, measured_on, sections_of
from lodestar.core.identity.bands import Banded
from lodestar.core.identity.judging import Judged, by_group, quality
from lodestar.core.identity.learning import Learnt, Setting, learn
from lodestar.core.identity.model import read_model
from lodestar.core.identity.scoring import commonness_of
from lodestar.doors.feeds.linking.training import trained

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "benchmarks-identity.md"
NOT_HERE = "Without HTTP, database or audit; with them on [the page of live linkage](benchmarks-identity-live.md)."

GOALS_ELSEWHERE = (
    "From domain/linkage.md section 6; [all of them together](benchmarks-identity-goals.md). L4, the parity with Splink, is a test at"
    " every run besides (tests/doors/feeds/test_linking.py). The pairs looked at are set beside those of the nine blocks with which the"
    " best before was measured."
)
SAME_FIELDS = (
    "Without the social security number. Ours reads no street or town, and looks only at pairs that share two things:"
    " recordlinkage's blocks of one thing would be thousands of pairs for each new record at a million people."
)


@dataclass(frozen=True, slots=True)
class Run:
    """One run: who was judged, what was learnt, and when it began."""

    judge: Population
    document: dict[str, Any]  # as Splink trained it
    learnt: Learnt
    fitted: list[tuple[Banded, Judged]]
    rows: list[list[str]]
    boosted: float | None
    began: float
    load: float

    def say(self, what: str) -> None:
        """Where the run is."""
        print(f"  {time.monotonic() - self.began:5.0f} s  {what}", file=sys.stderr, flush=True)

    @property
    def at(self) -> float:
        """The weight from which the model joins."""
        return self.learnt.link_from if self.learnt.link_from is not None else float("inf")


def measured(people: int, moved: float = 0.0) -> Run:
    """Train, teach and judge."""
    began, load = time.monotonic(), os.getloadavg()[0]
    there, judge = (population(people=people, seed=seed, moved=moved) for seed in (1, 2))
    document = trained(list(there.records.values()))
    mine, theirs = weighed(document, there), weighed(document, judge)
    rows = [
        accuracy("Splink's training, no labels", theirs, judge, stopped=False, held=False),
        accuracy("the same with vetoes", theirs, judge, stopped=True, held=False),
        accuracy("and what a home shares capped", theirs, judge, stopped=True, held=True),
    ]
    common = commonness_of(list(there.records.values()), read_model(document).terms)
    told = answers(mine, 5)
    learnt = learn(document, told, Setting(there.records, common, HOME_MOST, WANTED, len(there.records)))
    fitted = weighed(learnt.document, judge)
    rows.append(accuracy(f"and weights fitted to {ANSWERS:,} answers", fitted, judge, stopped=True, held=True))
    boosted = goals.boosted(told, mine, theirs, true=judge.true)
    return Run(judge, document, learnt, fitted, rows, boosted, began, load)


def clusters(run: Run) -> list[list[str]]:
    """Clusters from the pairs that join by themselves, ours and connected components."""
    ready = at_work(run.learnt.document, run.judge, run.learnt.link_from)
    pairs = ready.pairs()
    linked = [one for one in pairs if one.band == "link"]
    ours, plain = closed(ready.groups(pairs).groups, run.judge), closed(components(linked), run.judge)
    return [["ours", *map(share, ours)], ["connected components", *map(share, plain)]]


def groups(run: Run) -> list[list[str]]:
    """Precision and recall by origin of names."""
    judged = [one for _, one in run.fitted]
    names = {one.group for one in judged}
    true = {name: sum(one.same for one in judged if one.group == name) for name in names}
    rows = by_group(judged, from_weight=run.at, true=true)
    return [[row.group, f"{row.quality.true:,}", share(row.quality.precision), share(row.quality.recall)] for row in rows]


def heading(run: Run) -> str:
    """What was measured, on what, and when."""
    judged = [one for _, one in run.fitted]
    return (
        measured_on("make bench-identity", run.load)
        + f" Trained on one set of invented people and judged on another: {len(run.judge.records):,} records,"
        f" {run.judge.true:,} true pairs,"
        f" {sum(one.same for one in judged) / run.judge.true:.3f} of them found by a block, {len(judged):,} pairs weighed."
        f" The run took {(time.monotonic() - run.began) / 60:.0f} minutes."
    )


def threshold(run: Run) -> str:
    """What the threshold that the answers gave does on people it never saw, and whether "99% sure" is."""
    whole = quality([one for _, one in run.fitted], from_weight=run.at, true=run.judge.true)
    sure = [one for banded, one in run.fitted if banded.scored.chance >= 0.99 and not one.stopped]
    right = sum(one.same for one in sure) / len(sure) if sure else None
    return (
        f"The threshold that {ANSWERS:,} answers gave for 99.9%: {run.at:.2f} bits. On the other people it joins {whole.joined:,} pairs,"
        f" precision {share(whole.precision)}, recall {share(whole.recall)}; twins joined: {whole.twins_wrong}."
        f" Of the pairs that the model calls 99% sure or more, {share(right)} are right."
    )


def recalls(run: Run, where: str = "") -> list[list[str]]:
    """L5: recall at 99.9% with answers, beside Splink's training without any and beside gradient boosting on the same answers."""
    first, best = (float(run.rows[place][4]) for place in (0, -1))
    most = f" (gradient boosting {run.boosted / first:.2f})" if run.boosted is not None else ""
    met = run.boosted is not None and best >= 0.97 * run.boosted
    return [
        row(
            f"L5 recall at 99.9%, beside Splink without labels{where}", "2.5 times", f"{best / first:.2f} times{most}", best >= 2.5 * first
        ),
        row(f"L5 beside gradient boosting{where}", "97% of it", f"{share(best)} of {share(run.boosted)}", met),
    ]


def goal_rows(run: Run, larger: Population, grouped: list[list[str]]) -> list[list[str]]:
    """The goals of the domain file that need no database."""
    judged = [one for _, one in run.fitted]
    home, home_first = (run.rows[place][5] for place in (-1, 0))
    sure = [one for banded, one in run.fitted if banded.scored.chance >= 0.99 and not one.stopped]
    right = sum(one.same for one in sure) / max(len(sure), 1)
    here = quality(judged, from_weight=run.at, true=run.judge.true)
    there = goals.transferred(run.learnt.document, larger, at=run.at)
    moved = abs((there or 0) - (here.precision or 0))
    precision, recall, plain = float(grouped[0][1]), float(grouped[0][2]), float(grouped[1][2])
    return [
        goals.parity(run.document, run.judge),
        *recalls(run),
        row("L6 errors of one home, share of all", "1/7 of Splink's", f"{home} of {home_first}", float(home) <= float(home_first) / 7),
        row("L6 twins joined by the model", "0", str(here.twins_wrong), here.twins_wrong == 0),
        goals.fairness(judged, at=run.at),
        goals.found_by_blocks(run.fitted, run.judge),
        row("L9 every pair in a cluster right; recall beside components", "0.99; 85%", f"{share(precision)}; {recall / plain:.0%}",
            precision >= 0.99 and recall >= 0.85 * plain),
        row("L12 precision on ten times the people, same threshold", "within 0.5 points", f"{moved * 100:.2f} points", moved <= 0.005),
        row("L13 right, of those called 99% sure", "98.5%", f"{right:.1%}", right >= 0.985),
    ]  # fmt: skip


MOVED = "Where people have moved"
MOVED_HEAD = ("Weights", "Put before a person, or joined", "of these, true", "of all true pairs", "Recall at 99.9% with vetoes")
MOVED_SAID = (
    "The same people, but a record that was made where somebody lived before knows nothing of where they live now. Above it holds both"
    " addresses, as a record does that is kept up. In service a pair that is not put before a person is seen by nobody. The model that"
    " Lodestar comes with is trained so (`python -m bench.identity.starting`), on others than these."
)


def after_moving(run: Run, there: Run) -> list[list[str]]:
    """What models make of people of whom an old record knows the old address alone: ``there`` is the run over such records."""
    shipped = json.loads(starting.FILES[0].read_text(encoding="utf-8"))
    found = {
        "trained on records that are kept up": weighed(run.document, there.judge),
        "the model that Lodestar comes with": weighed(shipped, there.judge),
        "trained on records that are not": weighed(there.document, there.judge),
        f"and weights fitted to {ANSWERS:,} answers": there.fitted,
    }
    return [_shown(name, pairs, there.judge) for name, pairs in found.items()]


def _shown(name: str, pairs: goals.Pairs, judge: Population) -> list[str]:
    shown = [one.same for banded, one in pairs if banded.band != "apart"]
    recall = accuracy("", pairs, judge, stopped=True, held=True)[4]
    return [name, f"{len(shown):,}", f"{sum(shown) / len(shown):.1%}", f"{sum(shown) / judge.true:.1%}", recall]


def page(run: Run) -> str:
    """Everything measured, as it stands in the docs."""
    made = population(people=ASKED, seed=9).records.values()
    new = [record._replace(id=f"n{number}") for number, record in enumerate(made)][:ASKED]
    accuracies = ("Weights", "Best F1", "Recall at 99%", "at 99.5%", "at 99.9%", "Errors of one home at 99.9%", "Twins joined")
    grouped, size = clusters(run), len({one.person for one in run.judge.made.values()})
    there = measured(size, moved=1.0)
    parts = [
        "## How well",
        in_markdown(accuracies, run.rows),
        "Recall is of all true pairs, those that no block finds too. The vetoes send a pair to a person; they lose none.",
        threshold(run),
        "## Clusters",
        in_markdown(("Clusters from the same links", "Precision of every pair in one", "Recall"), grouped),
        "## By origin of names, at that threshold",
        in_markdown(("Names", "True pairs found", "Precision", "Recall of those"), groups(run)),
        f"## {MOVED}",
        in_markdown(MOVED_HEAD, after_moving(run, there)),
        MOVED_SAID,
        "## One new record against the index",
        in_markdown(("Who", "Asked", "Median / p95 / p99, ms"), live(run.learnt.document, run.judge, new)),
        NOT_HERE,
        "## Goals",
        in_markdown(
            aims.HEAD, [*goal_rows(run, population(people=size * 10, seed=4), grouped), *recalls(there, ", where people have moved")]
        ),
        GOALS_ELSEWHERE,
        "## On public records",
        in_markdown(febrl.HEAD, febrl.rows()),
        SAME_FIELDS,
        sections_of(PAGE, (batch.SECTION, undoing.SECTION)),  # measured by commands of their own
    ]
    return "\n\n".join(["# Benchmarks of linkage", heading(run), *parts])


def main() -> int:
    """Measure, and print the page."""
    words = argparse.ArgumentParser(prog="python -m bench.identity", description="Measure linkage on this machine.")
    words.add_argument("--people", type=int, default=20_000)
    words.add_argument("--write", action="store_true", help=f"write {PAGE.name} too")
    asked = words.parse_args()
    run = measured(asked.people)
    run.say("judged")
    text = page(run)
    print(text)
    if asked.write:
        PAGE.write_text(text + "\n", encoding="utf-8")
        aims.gather()
    return 0


if __name__ == "__main__":
    sys.exit(main())
