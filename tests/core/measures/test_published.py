"""Figures that R and SAS print for data that ship with the oracles or are printed in full in textbooks."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.datasets import load_leukemia, load_lung, load_waltons
from lifelines.utils import median_survival_times
from statsmodels.duration import tests as statsmodels_tests
from statsmodels.duration.survfunc import SurvfuncRight

from lodestar.core.measures.competing import aalen_johansen
from lodestar.core.measures.curves import kaplan_meier_groups
from lodestar.core.measures.survival import at, band, kaplan_meier, quantile

RESULTS = Path(statsmodels_tests.__file__).parent / "results"

# Klein and Moeschberger's bone-marrow data, AML of high risk: days to relapse, to death in remission, and still well.
RELAPSED = (422, 84, 100, 47, 242, 456, 268, 32, 467, 47, 390, 115, 93, 120, 64, 157, 625, 48, 273, 76, 113)
DIED = (162, 2, 318, 183, 105, 164, 80, 677, 168, 74, 16, 63, 363)
WELL = (2640, 2430, 2252, 2140, 2133, 1238, 1631, 2024, 1345, 1136, 845)
MARROW = [(day, cause) for cause, days in ((1, RELAPSED), (2, DIED), (0, WELL)) for day in days]


def table(name: str) -> list[dict[str, str]]:
    with (RESULTS / name).open() as file:
        return list(csv.DictReader(file))


def test_curve_and_error_are_those_of_r() -> None:
    # survfit(Surv(ti2, st2) ~ 1), printed in statsmodels' tests
    curve = kaplan_meier(times=[1, 1, 2, 3, 7, 1, 5, 3, 9], events=[0, 1, 0, 0, 1, 0, 1, 0, 1])
    rows = [curve.row(time) for time in (1, 5, 7)]
    assert curve.survival[rows] == pytest.approx([0.8888889, 0.5925926, 0.2962963], abs=5e-8)
    assert curve.se[rows] == pytest.approx([0.1047566, 0.2518034, 0.2444320], abs=5e-8)


def test_late_entries_are_those_of_r() -> None:
    # survfit(Surv(entry, times, status) ~ 1), printed in statsmodels' tests
    times, marks = [1, 3, 3, 5, 5, 7, 7, 8, 8, 9, 10, 10], [1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1]
    curve = kaplan_meier(times=times, events=marks, entries=[0, 1, 1, 2, 2, 2, 3, 4, 4, 4, 4, 0])
    assert curve.at_risk.tolist() == [2, 6, 9, 7, 5, 3, 2]
    assert curve.survival == pytest.approx([0.5000, 0.4167, 0.3241, 0.2778, 0.2222, 0.1481, 0.0741], abs=5e-5)
    assert curve.se == pytest.approx([0.3536, 0.3043, 0.2436, 0.2132, 0.1776, 0.1330, 0.0846], abs=5e-5)
    late = kaplan_meier(times=[1, 2, 5, 6, 6, 6, 6, 6, 9], events=[0, 0, 1, 1, 1, 0, 1, 1, 0], entries=[0, 1, 1, 2, 2, 2, 3, 4, 4])
    ends = [late.row(5), late.row(6)]
    assert late.survival[ends] == pytest.approx([0.857143, 0.285714], abs=5e-7)
    assert late.se[ends] == pytest.approx([0.13226, 0.170747], abs=5e-6)


def test_the_bone_marrow_curve_is_the_one_that_sas_prints() -> None:
    given = [row for row in table("bmt.csv") if row["Group"] == "ALL"]
    curve = kaplan_meier(times=[int(row["T"]) for row in given], events=[row["Status"] == "1" for row in given])
    for row in table("bmt_results.csv"):
        found = at(curve, float(row["t"]))
        assert (found.survival, found.se) == pytest.approx((float(row["s"]), float(row["se"])), abs=6e-6)
    quarter = quantile(curve, share=0.25)  # type: ignore[arg-type]
    assert (quarter.lower, quarter.upper) == (86, 230)  # SAS, conftype=loglog


@pytest.mark.parametrize("load", [load_waltons, load_leukemia, load_lung])
def test_statsmodels_agrees_to_1e_9_on_the_data_that_ship_with_lifelines(load: object) -> None:
    given = load()  # type: ignore[operator]
    names = {"waltons": ("T", "E"), "leukemia": ("t", "status"), "lung": ("time", "status")}
    time, mark = names[load.__name__.removeprefix("load_")]  # type: ignore[attr-defined]
    times, marks = given[time].to_numpy(), given[mark].to_numpy().astype(int)
    curve, oracle = kaplan_meier(times=times, events=marks), SurvfuncRight(times, marks)
    rows = np.searchsorted(curve.times, oracle.surv_times)
    still = curve.survival[rows] > 0
    assert curve.survival[rows] == pytest.approx(oracle.surv_prob, abs=1e-9)
    assert curve.se[rows][still] == pytest.approx(oracle.surv_prob_se[still], abs=1e-9)


def test_the_lung_data_have_the_median_and_interval_that_lifelines_finds() -> None:
    given = load_lung()
    times, marks = given["time"].to_numpy(), given["status"].to_numpy()
    curve, oracle = kaplan_meier(times=times, events=marks), KaplanMeierFitter().fit(times, marks)
    found = quantile(curve)
    assert (curve.n, curve.ended, found.value) == (228, 165, 310)  # as R prints them
    limits = median_survival_times(oracle.confidence_interval_).to_numpy()[0]
    assert (found.lower, found.upper) == tuple(limits)


@pytest.mark.parametrize(("day", "relapsed", "naive"), [(365, 35.6, 41.4), (730, 46.7, 58.6)])
def test_taking_death_for_censoring_says_too_much_of_relapse(day: int, relapsed: float, naive: float) -> None:
    times, causes = np.array(MARROW).T
    found = aalen_johansen(times=times, causes=causes)
    assert round(100 * float(found.share[0, found.row(day)]), 1) == relapsed
    assert round(100 * (1 - at(kaplan_meier(times=times, events=causes == 1), day).survival), 1) == naive


def test_the_groups_of_the_mice_are_drawn_in_one_pass() -> None:
    given = load_waltons()
    names, codes = np.unique(given["group"].to_numpy(), return_inverse=True)
    found = kaplan_meier_groups(times=given["T"].to_numpy(), events=given["E"].to_numpy(), groups=codes)
    for name, curve in zip(names, found, strict=True):
        mine = given[given["group"] == name]
        assert quantile(curve).value == KaplanMeierFitter().fit(mine["T"], mine["E"]).median_survival_time_
    lower, upper = band(found)
    assert np.nanmin(lower) >= 0
    assert np.nanmax(upper) <= 1
