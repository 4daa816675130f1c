"""The goals of domain/linkage.md section 6 that need no database, each with what this run measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bench.identity.measuring import WANTED, Population, share, weighed
from lodestar.core.identity.bands import Banded
from lodestar.core.identity.judging import Judged, by_group, quality, threshold_for
from lodestar.core.identity.learning import Answer

Pairs = Sequence[tuple[Banded, Judged]]
HEAD = ("Goal", "Wanted", "Best before", "Here", "Met")
# The best that the domain file itself had measured, of resolvers in memory and of prototypes, when it set the goals.
BEST_BEFORE = {
    "L1": "90 to 350 times at p50, 30 to 47 at p95",
    "L2": "17.6 ms at p50, 41 at p99; Splink's own call 207 ms",
    "L3": "2.4 times at p50, 5.7 at p99, in memory",
    "L5": "2.1 to 2.3 times; 93 to 100%",
    "L6": "about 1/5",
    "L7": "0.92; 0.95",
    "L8": "0.91",
    "L9": "0.755, of connected components",
    "L12": "1.3 to 9.5 points lost",
    "L13": "95.5 to 97.6%",
    "L14": "0.027 ms beside 1.0, in memory",
}


def boosted(answers: Sequence[Answer], mine: Pairs, theirs: Pairs, *, true: int) -> float | None:
    """Recall at 99.9% of gradient boosting on the same answers and the same levels: the best that nobody could explain."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - a peer, only where it is measured

    by_pair = {(one.scored.left, one.scored.right): one for one, _ in mine}
    told = [(by_pair[said.left, said.right], said) for said in answers]
    model = HistGradientBoostingClassifier(random_state=1)
    model.fit([_features(one) for one, _ in told], [said.same for _, said in told], sample_weight=[said.stands_for for _, said in told])
    chances = model.predict_proba([_features(one) for one, _ in theirs])[:, 1]
    judged = [replace(one, weight=float(chance)) for (_, one), chance in zip(theirs, chances, strict=True)]
    at = threshold_for(judged, precision=WANTED)
    return quality(judged, from_weight=at, true=true).recall if at is not None else None


def _features(one: Banded) -> list[float]:
    return [value for line in one.scored.lines for value in (float(line.place), line.term_weight)]


def transferred(document: dict[str, Any], larger: Population, *, at: float) -> float | None:
    """Precision from the same weight up on an index ten times as large; the prior follows the size by itself."""
    return quality([one for _, one in weighed(document, larger)], from_weight=at, true=larger.true).precision


def ratios(judged: Sequence[Judged], *, at: float) -> tuple[float, float]:
    """The worst group of names against the largest: recall and precision."""
    true: dict[str, int] = {}
    for one in judged:
        true[one.group] = true.get(one.group, 0) + one.same
    rows = [row.quality for row in by_group(judged, from_weight=at, true=true)]
    recalls, precisions = [row.recall or 0.0 for row in rows], [row.precision or 0.0 for row in rows]
    return min(recalls) / recalls[0], min(precisions) / precisions[0]


def row(goal: str, wanted: str, here: str, met: bool) -> list[str]:
    """One goal in the table; its name begins with its number."""
    return [goal, wanted, BEST_BEFORE[goal.split(maxsplit=1)[0]], here, "yes" if met else "**no**"]


def found_by_blocks(theirs: Pairs, there: Population) -> list[str]:
    """L8: how many true pairs share a block."""
    found = sum(one.same for _, one in theirs) / there.true
    return row("L8 true pairs that share a block", "0.93 or more", f"{share(found)}, {len(theirs):,} pairs weighed", found >= 0.93)


def fairness(judged: Sequence[Judged], *, at: float) -> list[str]:
    """L7: the worst group of names against the largest."""
    recall, precision = ratios(judged, at=at)
    here = f"{share(recall)} and {share(precision)}"
    return row("L7 worst group of names ÷ largest, recall and precision", "0.95 and 0.99", here, recall >= 0.95 and precision >= 0.99)
