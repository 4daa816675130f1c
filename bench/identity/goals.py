"""The goals of domain/linkage.md section 6 that need no database, each with what this run measured."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from bench.identity.aims import row
from bench.identity.measuring import WANTED, Population, furthest_from_splink, share, weighed
from lodestar.core.identity.bands import Banded
from lodestar.core.identity.judging import Judged, by_group, quality, threshold_for
from lodestar.core.identity.learning import Answer
from lodestar.core.identity.template import block_keys

Pairs = Sequence[tuple[Banded, Judged]]
# The blocks with which the domain file had measured its best: nine of ours, by their place, and identifiers. The others came since.
TODAY = frozenset({*map(str, range(9)), "k"})


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


def parity(document: dict[str, Any], there: Population) -> list[str]:
    """L4: the weights of every pair that Splink finds, Splink's own beside those of the scorer that runs live."""
    furthest, pairs = furthest_from_splink(document, list(there.records.values()))
    here = f"{furthest:.0e} on {pairs:,} pairs"
    return row("L4 largest difference from Splink's weight", "1e-9, 40,000 pairs", here, furthest <= 1e-9 and pairs >= 40_000)


def found_by_blocks(theirs: Pairs, there: Population) -> list[str]:
    """L8: how many true pairs share a block, and how many are looked at for it beside the blocks of the best before."""
    found, before = sum(one.same for _, one in theirs) / there.true, _sharing(TODAY, theirs, there)
    more = len(theirs) / len(before)
    here = f"{share(found)}; {more:.2f} times, {len(theirs):,} beside {len(before):,} that gave {share(sum(before) / there.true)}"
    return row("L8 true pairs that share a block; pairs looked at", "0.93; 1.3 times at most", here, found >= 0.93 and more <= 1.3)


def _sharing(blocks: Collection[str], pairs: Pairs, there: Population) -> list[bool]:
    """Of the pairs that share one of some blocks, or an identifier, each whether it is true."""
    keys = {one.id: {key for key in block_keys(one) if key.split("|", 1)[0] in blocks} for one in there.records.values()}
    return [judged.same for one, judged in pairs if not keys[one.scored.left].isdisjoint(keys[one.scored.right])]


def fairness(judged: Sequence[Judged], *, at: float) -> list[str]:
    """L7: the worst group of names against the largest."""
    recall, precision = ratios(judged, at=at)
    here = f"{share(recall)} and {share(precision)}"
    return row("L7 worst group of names ÷ largest, recall and precision", "0.95 and 0.99", here, recall >= 0.95 and precision >= 0.99)
