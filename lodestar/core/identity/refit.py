"""A model trained again on what people said: the same levels, weights that still add up, so the waterfall stays true.

Splink's own training needs no labels and learns the family as well as the child. A few thousand answers from clerical review
put that right. The fit is a logistic one on the levels, kept near what Splink learnt, and within a field a level that agrees
more never weighs less. The result is written back as the same JSON, so that Splink and the live scorer go on agreeing.
Source: domain/linkage.md 3.4 (row S4) and section 5, "Model".
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from lodestar.core.identity.model import NEVER, Model, read_model
from lodestar.core.identity.scoring import Scored

LN2 = math.log(2)
PULL = 0.05  # how strongly a weight is held to what Splink learnt, in answers: a level nobody labelled keeps its weight
LEAST_LABELS = 50


@dataclass(frozen=True, slots=True)
class Label:
    """A pair that was weighed, and what a person said of it. ``stands_for`` pairs like it were not asked about."""

    scored: Scored
    same: bool
    stands_for: float = 1.0


@dataclass(frozen=True, slots=True)
class _Fit:
    """The unknowns: a start, a weight for each level, and for each field how much commonness counts."""

    places: Mapping[tuple[int, int], int]  # (comparison, level) to its place among the weights
    terms: Mapping[int, int]
    began: np.ndarray  # what Splink learnt, in bits
    order: tuple[tuple[int, int], ...]  # (at least, at most): pairs of weights that keep their order
    limits: tuple[tuple[float | None, float | None], ...]


def refitted(document: Mapping[str, Any], labels: Sequence[Label]) -> dict[str, Any]:
    """The document with weights fitted to the labels.

    Raises ``ValueError`` below 50 labels, or where all of them say one thing: nothing can be learnt from those.
    """
    if len(labels) < LEAST_LABELS or len({label.same for label in labels}) == 1:
        raise ValueError(f"At least {LEAST_LABELS} answers are needed, some the same and some not.")
    model = read_model(document)
    fit = _unknowns(model)
    design, said, counts = _design(fit, labels)
    weights = _solved(design, said, counts, fit)
    return _written(document, model, fit, weights)


def _unknowns(model: Model) -> _Fit:
    places: dict[tuple[int, int], int] = {}
    terms: dict[int, int] = {}
    began: list[float] = [0.0]
    limits: list[tuple[float | None, float | None]] = [(None, None)]
    order: list[tuple[int, int]] = []
    for number, comparison in enumerate(model.comparisons):
        known = [(place, level) for place, level in enumerate(comparison.levels) if not level.fixed]
        for place, level in known:
            places[number, place] = len(began)
            began.append(level.weight)
            # Where commonness counts, m itself stays a chance: a match can say no more than how rare the value is.
            limits.append((None, -math.log2(level.u) if level.term and level.u else None))
        ranked = sorted(known, key=lambda one: -one[1].weight)
        order.extend((places[number, more[0]], places[number, less[0]]) for more, less in pairwise(ranked))
    for number, comparison in enumerate(model.comparisons):
        if any(level.term for level in comparison.levels):
            terms[number] = len(began)
            began.append(1.0)
            limits.append((0.0, 1.0))
    return _Fit(places, terms, np.array(began), tuple(order), tuple(limits))


def _design(fit: _Fit, labels: Sequence[Label]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = np.zeros((len(labels), len(fit.began)))
    table[:, 0] = 1.0
    for row, label in enumerate(labels):
        for number, line in enumerate(label.scored.lines):
            if (number, line.place) in fit.places:
                table[row, fit.places[number, line.place]] = 1.0
            if number in fit.terms:
                table[row, fit.terms[number]] = line.term_weight
    counts = np.array([label.stands_for for label in labels])
    return table, np.array([float(label.same) for label in labels]), counts * len(labels) / counts.sum()


def _solved(design: np.ndarray, said: np.ndarray, counts: np.ndarray, fit: _Fit) -> np.ndarray:
    """The weights in bits: least surprise at the answers, plus the pull, with the order of levels kept."""
    held = np.full(len(fit.began), PULL)
    held[0] = 0.0  # the start is free: it becomes the prior

    def surprise(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = design @ weights * LN2
        miss = counts * (expit(odds) - said)
        away = weights - fit.began
        cost = float((counts * (np.logaddexp(0, odds) - said * odds)).sum() + 0.5 * (held * away**2).sum())
        return cost, design.T @ miss * LN2 + held * away

    rules = [{"type": "ineq", "fun": _gap, "jac": _gap_slope, "args": (more, less)} for more, less in fit.order]
    found = minimize(
        surprise, fit.began, jac=True, method="SLSQP", constraints=rules, bounds=fit.limits, options={"maxiter": 500, "ftol": 1e-9}
    )
    return np.asarray(found.x)


def _gap(weights: np.ndarray, more: int, less: int) -> float:
    return float(weights[more] - weights[less])


def _gap_slope(weights: np.ndarray, more: int, less: int) -> np.ndarray:
    slope = np.zeros_like(weights)
    slope[more], slope[less] = 1.0, -1.0
    return slope


def _written(document: Mapping[str, Any], model: Model, fit: _Fit, weights: np.ndarray) -> dict[str, Any]:
    """The fitted weights as m and u of the same document: only their ratio counts, so u is scaled until every m is a chance."""
    whole: dict[str, Any] = json.loads(json.dumps(document))
    for number, (comparison, written) in enumerate(zip(model.comparisons, whole["comparisons"], strict=True)):
        share = float(weights[fit.terms[number]]) if number in fit.terms else 0.0
        known = [(place, level) for place, level in enumerate(comparison.levels) if not level.fixed]
        ratios = {place: 2.0 ** float(weights[fit.places[number, place]]) for place, _ in known}
        scale = min([1.0, *(1 / (float(level.u or NEVER) * ratios[place]) for place, level in known if not level.term)])
        for place, level in known:
            row = written["comparison_levels"][place]
            row["u_probability"] = float(level.u or NEVER) * scale
            # Scaling u also moves what commonness is measured against; the share of it that counts is given back.
            row["m_probability"] = min(1.0, row["u_probability"] * ratios[place] * (scale**-share if level.term else 1.0))
            if level.term:
                row["tf_adjustment_weight"] = share
    odds = 2.0 ** float(weights[0])
    whole["probability_two_random_records_match"] = odds / (1 + odds)
    return whole
