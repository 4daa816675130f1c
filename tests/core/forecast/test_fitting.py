"""The law of the work's length: maximum likelihood as lifelines finds it, under censoring and late entry."""

from __future__ import annotations

import lifelines
import numpy as np
import pytest

from lodestar.core.forecast.fitting import Lengths, TooFew, fit, fit_by_class
from lodestar.core.forecast.laws import means

N = 300


def seen(kind: str, seed: int, n: int = N) -> Lengths:
    chance = np.random.Generator(np.random.Philox(seed))
    whole = {
        "lognormal": lambda: np.exp(1.5 + 0.8 * chance.standard_normal(n)),
        "weibull": lambda: 8 * chance.weibull(1.7, n),
        "gamma": lambda: chance.gamma(3.0, 2.5, n),
    }[kind]()
    until = 2 + 28 * chance.random(n)
    return Lengths.of(np.minimum(whole, until).tolist(), (whole <= until).tolist())


def test_lognormal_and_weibull_are_where_lifelines_finds_them() -> None:
    lengths = seen("lognormal", 1)
    ours, theirs = fit(lengths), lifelines.LogNormalFitter().fit(lengths.days, lengths.ended)
    assert ours.law.family == "lognormal"
    assert ours.law.at == pytest.approx((theirs.mu_, np.log(theirs.sigma_)), abs=2e-4)
    assert ours.aic["lognormal"] == pytest.approx(theirs.AIC_, abs=1e-3)
    assert ours.law.spread[0][0] == pytest.approx(theirs.variance_matrix_.iloc[0, 0], rel=0.02)
    lengths = seen("weibull", 2)
    found, weibull = fit(lengths), lifelines.WeibullFitter().fit(lengths.days, lengths.ended)
    assert found.law.family == "weibull"
    assert found.law.at == pytest.approx((np.log(weibull.lambda_), np.log(weibull.rho_)), abs=2e-4)
    assert found.aic["weibull"] == pytest.approx(weibull.AIC_, abs=1e-3)


def test_gamma_is_chosen_where_the_lengths_are_gamma_and_lies_near_kaplan_meier() -> None:
    found = fit(seen("gamma", 3, 2000))
    assert found.law.family == "gamma"
    assert found.law.mean == pytest.approx(7.5, rel=0.06)
    assert found.gap < 0.03
    assert set(found.plain) == {"family", "mean_days", "aic", "n", "ended", "gap"}


def test_cases_first_seen_late_do_not_lengthen_the_work() -> None:
    chance = np.random.Generator(np.random.Philox(4))
    whole, entry = np.exp(1.5 + 0.8 * chance.standard_normal(4000)), 8 * chance.random(4000)
    kept = whole > entry  # only those that last to it are ever seen
    right = fit(Lengths.of(whole[kept].tolist(), [True] * int(kept.sum()), entry[kept].tolist()))
    wrong = fit(Lengths.of(whole[kept].tolist(), [True] * int(kept.sum())))
    assert right.law.at == pytest.approx((1.5, np.log(0.8)), abs=0.06)
    assert wrong.law.mean > 1.15 * right.law.mean
    assert right.gap < 0.05


def test_the_spread_holds_the_truth_about_as_often_as_it_says() -> None:
    inside = 0
    for seed in range(60):
        law = fit(seen("lognormal", 100 + seed, 120)).law
        if law.family != "lognormal":
            continue
        inside += abs(law.at[0] - 1.5) < 1.2816 * np.sqrt(law.spread[0][0])
    assert 38 <= inside <= 57


def test_classes_are_told_apart_only_where_they_truly_differ_and_are_many() -> None:
    same, chance = fit_by_class([seen("lognormal", 5), seen("lognormal", 6)])
    assert len(same) == 1
    assert chance > 0.01
    long = Lengths(seen("lognormal", 7).days * 3, seen("lognormal", 7).ended, seen("lognormal", 7).entry)
    apart, chance = fit_by_class([seen("lognormal", 5), long])
    assert len(apart) == 2
    assert chance < 0.001
    few = Lengths(long.days[:20], long.ended[:20], long.entry[:20])
    assert len(fit_by_class([seen("lognormal", 5), few])[0]) == 1


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(TooFew, match="7 cases have ended; 8 are the fewest"):
        fit(Lengths.of([1.0] * 9, [True] * 7 + [False] * 2))
    with pytest.raises(ValueError, match="not seen first after its end"):
        Lengths.of([1.0], [True], [2.0])


def test_a_mean_too_large_for_a_number_is_still_one() -> None:
    assert np.isfinite(means("lognormal", np.array([[1.0, 6.0]]))).all()


def test_what_ended_as_it_came_into_view_was_never_at_risk() -> None:
    days, entry = [*(float(day) for day in range(2, 40)), 50.0], [*([0.0] * 38), 50.0]
    law = fit(Lengths(np.array(days), np.ones(39, dtype=bool), np.array(entry)))
    assert np.isfinite(law.gap)
