"""What is measured of linkage: populations with the truth, accuracy row by row, clusters, and one new record against an index."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from bench.identity.engagements import Engagement, engagements, pairs_true, variants
from bench.markdown import cuts
from lodestar.core.identity.bands import Banded, Thresholds
from lodestar.core.identity.index import Index, index_of
from lodestar.core.identity.judging import Judged, best_f1, quality, threshold_for
from lodestar.core.identity.learning import Answer
from lodestar.core.identity.model import read_model
from lodestar.core.identity.record import Record, prepare, roots_of
from lodestar.core.identity.resolving import Resolver, resolver
from lodestar.core.identity.scoring import commonness_of, score
from lodestar.doors.feeds.linking.training import arrow_of, linker_on

ANSWERS, HOME_MOST, WANTED = 3_000, 12.0, 0.999
ASKED, ASKED_OF_SPLINK = 200, 20


@dataclass(frozen=True, slots=True)
class Population:
    """Invented records with the truth beside them."""

    made: dict[str, Engagement]
    records: dict[str, Record]
    index: Index
    true: int

    def judged(self, one: Banded, *, weight: float, stopped: bool) -> Judged:
        """A pair with the truth."""
        left, right = self.made[one.scored.left], self.made[one.scored.right]
        same, home = left.person == right.person, left.household == right.household
        return Judged(weight, same, home, left.origin, stopped, home and not same and (left.twin or right.twin))


def population(*, people: int, seed: int, moved: float = 0.0) -> Population:
    """So many people's records, made ready and indexed."""
    roots = roots_of(variants())
    made = engagements(people=people, seed=seed, moved=moved)
    records = {one.statement.id: prepare(one.statement, roots=roots) for one in made}
    return Population({one.statement.id: one for one in made}, records, index_of(records.values()), pairs_true(made))


def furthest_from_splink(document: dict[str, Any], records: list[Record]) -> tuple[float, int]:
    """The largest difference between Splink's weight and that of the scorer that runs live, and of how many pairs."""
    model, known = read_model(document), {one.id: one for one in records}
    theirs = linker_on(records, document).inference.predict().as_record_list()
    common = commonness_of(records, model.terms)
    apart = (
        abs(row["match_weight"] - score(known[row["unique_id_l"]], known[row["unique_id_r"]], model=model, commonness=common).weight)
        for row in theirs
    )
    return max(apart), len(theirs)


def at_work(document: dict[str, Any], there: Population, link_from: float | None = None) -> Resolver:
    """A model set to a population."""
    bands = Thresholds(-4.0, link_from, HOME_MOST)
    return resolver(model=read_model(document), index=there.index, thresholds=bands, trained_on=document["trained_on"])


def accuracy(name: str, pairs: Sequence[tuple[Banded, Judged]], there: Population, *, stopped: bool, held: bool) -> list[str]:
    """A row: what joining by weight alone does, with or without vetoes and the household's cap."""
    judged = [
        replace(one, weight=banded.weight if held else banded.scored.weight, stopped=one.stopped and stopped) for banded, one in pairs
    ]
    row = [name, share((best_f1(judged, true=there.true)).f1)]
    for precision in (0.99, 0.995, WANTED):
        found = threshold_for(judged, precision=precision)
        row.append(share(quality(judged, from_weight=found, true=there.true).recall if found is not None else None))
    at = threshold_for(judged, precision=WANTED)
    whole = quality(judged, from_weight=at if at is not None else float("inf"), true=there.true)
    return [*row, share(whole.household_share), str(whole.twins_wrong)]


def weighed(document: dict[str, Any], there: Population) -> list[tuple[Banded, Judged]]:
    """Every pair that shares a block, weighed, with the truth."""
    found = at_work(document, there).pairs()
    return [(one, there.judged(one, weight=one.weight, stopped=bool(one.vetoes))) for one in found]


def answers(pairs: Sequence[tuple[Banded, Judged]], seed: int) -> list[Answer]:
    """Answers drawn evenly over strata of weight, each standing for the pairs of its stratum that were not asked about."""
    strata: dict[int, list[tuple[Banded, Judged]]] = {}
    for banded, one in pairs:
        if not one.stopped:
            strata.setdefault(max(-12, min(24, int(banded.weight // 3) * 3)), []).append((banded, one))
    chance, each = random.Random(seed), ANSWERS // max(len(strata), 1)
    drawn = [
        (pick, len(rows) / min(each, len(rows))) for _, rows in sorted(strata.items()) for pick in chance.sample(rows, min(each, len(rows)))
    ]
    return [Answer(banded.scored.left, banded.scored.right, one.same, stands_for) for (banded, one), stands_for in drawn]


def closed(groups: Iterable[Iterable[str]], there: Population) -> tuple[float, float]:
    """Precision and recall of every pair within a group, linked itself or not."""
    joined = right = 0
    for group in groups:
        for left, other in combinations(group, 2):
            joined += 1
            right += there.made[left].person == there.made[other].person
    return (right / joined if joined else 1.0), right / there.true


def components(pairs: Iterable[Banded]) -> list[list[str]]:
    """Connected components of the same links: what clusters are without the rules that hold them together."""
    group: dict[str, list[str]] = {}
    for one in pairs:
        left, right = group.setdefault(one.scored.left, [one.scored.left]), group.setdefault(one.scored.right, [one.scored.right])
        if left is not right:
            left.extend(right)
            for record in right:
                group[record] = left
    return list({id(records): records for records in group.values()}.values())


def spread(seconds: Sequence[float]) -> str:
    """Median, 95th and 99th in milliseconds."""
    return " / ".join(cuts([one * 1000 for one in seconds], places=2))


def timed(ask: Callable[[Record], object], records: Sequence[Record]) -> list[float]:
    """How long each question takes."""
    found = []
    for record in records:
        begun = time.perf_counter()
        ask(record)
        found.append(time.perf_counter() - begun)
    return found


def live(document: dict[str, Any], there: Population, asked: Sequence[Record]) -> list[list[str]]:
    """One new record against the index: ours, and Splink's own incremental call, one after the other."""
    ready = at_work(document, there)
    ours = timed(ready.resolve, asked)
    linker = linker_on(list(there.records.values()), document)
    for column in ready.model.terms:
        linker.table_management.compute_tf_table(column)
    table = next(iter(linker._input_tables_dict.values()))  # the table that the linker was given, as Splink's call takes it

    def theirs(record: Record) -> object:
        new = linker._db_api.register(arrow_of([record]), table_name=f"new_{record.id}")
        return linker.inference.predict_between(new, table).as_record_list()

    few = asked[:ASKED_OF_SPLINK]
    return [["ours, in memory", str(len(asked)), spread(ours)], ["Splink 5, predict_between", str(len(few)), spread(timed(theirs, few))]]


def share(value: float | None) -> str:
    """A share with three decimals."""
    return "none" if value is None else f"{value:.3f}"
