"""The answer is the published one within its error, is the same to the byte, and its intervals hold the truth."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from bench.forecast.calibration import covered
from lodestar.core.forecast.answer import answer, spread
from lodestar.core.forecast.saying import LIMITS, sentences
from lodestar.core.forecast.scenario import Plan, Posting
from tests.core.forecast.making import polit

RAMP = ((0.0, 0.0), (3.0, 0.5), (6.0, 1.0))
PLANS = tuple(Plan(f"+{n} from day 180", (Posting(n, 180),)) for n in (1, 2, 3))


def test_three_more_posts_do_what_the_published_table_says() -> None:
    """measures.md 4.1: waiting after 12 and 24 months, the middle and four in five, of 2,000 runs."""
    said = answer(scenario=polit(plans=(*PLANS, Plan("+3", (Posting(3),)))), seed=1, runs=600)
    published = ((151, 117, 185, 189), (125, 90, 161, 113), (101, 65, 137, 39), (73, 38, 110, 0), (4, 0, 42, 0))
    fluid = (159, 134, 109, 85, 13)
    for plan, (middle, low, high, later), flows in zip(said["plans"], published, fluid, strict=True):
        year = plan["months"][12]["waiting"]
        assert year["median"] == pytest.approx(middle, abs=7)
        assert (year["low_80"], year["high_80"]) == (pytest.approx(low, abs=10), pytest.approx(high, abs=10))
        assert plan["months"][24]["waiting"]["median"] == pytest.approx(later, abs=9)
        assert plan["fluid"][12] == pytest.approx(flows, abs=4)
    low_class = said["plans"][0]["months"][12]["classes"][3]["waiting"]["median"]
    assert low_class > 0.9 * said["plans"][0]["months"][12]["waiting"]["median"]  # almost all who wait are low


def test_the_same_seed_gives_the_same_bytes_and_a_part_more_leaves_the_first_as_it_was() -> None:
    scenario = polit(months=6, plans=PLANS[:1], exact=False)
    one, two = (json.dumps(answer(scenario=scenario, seed=9, runs=40), allow_nan=False) for _ in range(2))
    assert one == two
    assert json.dumps(answer(scenario=scenario, seed=10, runs=40)) != one


def test_training_costs_what_the_same_posts_trained_would_have_done() -> None:
    said = answer(scenario=polit(months=12, plans=(Plan("+3", (Posting(3, 0, None, RAMP),)),)), seed=2, runs=300)
    plan = said["plans"][1]
    costs = [row["waiting"]["median"] for row in plan["training_costs"]]
    assert costs[0] == 0
    assert 40 < costs[6] < 75  # three posts, half of six months' work at 7.5 days a case: 54 cases
    assert plan["full_from_month"] == 6
    assert said["plans"][0]["training_costs"] is None
    assert plan["changes"][12]["waiting"]["median"] < 0


def test_a_post_that_ends_is_missed_and_work_in_hand_is_done_first() -> None:
    leaving = replace(polit(months=6), posts=(Posting(4), Posting(2, 0, 60)))
    short, whole = (
        answer(scenario=one, seed=2, runs=100)["plans"][0]["months"][6]["waiting"]["median"] for one in (leaving, polit(months=6))
    )
    assert short > whole + 15
    begun = answer(scenario=replace(polit(months=6), begun=(1.0,) * 12), seed=2, runs=100)
    assert begun["now"]["in_hand"] == 12
    assert begun["plans"][0]["months"][0]["in_hand"]["median"] == 12


def test_earliest_deadline_first_trades_the_first_class_for_the_last() -> None:
    found = {}
    for discipline in ("priority", "deadline"):
        plan = answer(scenario=polit(months=12, posts=7).under(discipline), seed=3, runs=200)["plans"][0]  # type: ignore[arg-type]
        found[discipline] = [plan["months"][12]["classes"][3]["waiting"]["median"], plan["waits"][0]["in_time"]["median"]]
    assert found["deadline"][0] < found["priority"][0]
    assert found["deadline"][1] < found["priority"][1]


def test_progress_is_told_to_the_end() -> None:
    heard: list[tuple[int, int]] = []
    answer(scenario=polit(months=2, plans=PLANS[:1]), seed=1, runs=30, told=lambda done, steps: heard.append((done, steps)))
    assert heard == [(1, 2), (2, 2)]


def test_a_line_with_nothing_in_it_says_so() -> None:
    calm = replace(polit(months=3, posts=40), waiting=((),) * 4)
    said = answer(scenario=calm, seed=1, runs=50)
    assert said["now"]["waiting"] == 0
    lines = sentences(said)
    assert lines[0] == "0 cases wait today, none of them past a deadline."
    assert "Nobody is late today in most futures." in lines[3]


def test_the_sentences_say_what_waits_what_changes_when_and_what_training_costs() -> None:
    said = answer(scenario=polit(months=12, plans=(Plan("Three more", (Posting(3, 0, None, RAMP),)),)), seed=1, runs=100)
    text = " ".join(sentences(said))
    for part in (
        "122 cases wait today",
        "needs 6.7 posts to stand still and has 6",
        "Three more: after 12 months",
        "Training costs",
        "as now",
    ):
        assert part in text
    assert len(LIMITS) == 3


def test_what_lies_beyond_the_look_ahead_is_not_given_a_number() -> None:
    found = spread(np.array([1.0, 2.0, np.inf, np.inf]))
    assert (found["low_80"], found["median"], found["high_80"]) == (1, 2, None)


def test_four_in_five_truths_lie_inside_the_interval_only_where_the_parameters_are_drawn() -> None:
    """Small enough for every run of the tests; the whole one, of 300 trials, is in the bench."""
    found = covered(trials=50, runs=100, seed=1)
    assert 0.68 <= found["drawn"] <= 0.92
    assert found["plug_in"] < found["drawn"]
