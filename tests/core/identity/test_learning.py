"""A model that learns from answers: weights that still add up, levels in their order, a threshold that was not promised by itself."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest

from bench.identity.engagements import engagements, variants
from lodestar.core.identity.index import index_of
from lodestar.core.identity.judging import Demands, Judged, best_f1, by_group, calibration, gate, quality, threshold_for
from lodestar.core.identity.learning import Answer, Setting, learn
from lodestar.core.identity.model import UnusableModelError, digest, prior_at, read_model
from lodestar.core.identity.record import prepare, roots_of
from lodestar.core.identity.scoring import commonness_of, score
from lodestar.core.identity.vetoes import vetoes
from tests.core.identity.people import DOCUMENT, MODEL, record


@pytest.fixture(scope="module")
def learnt():  # type: ignore[no-untyped-def]
    made = engagements(people=900, seed=11)
    roots = roots_of(variants())
    records = {one.statement.id: prepare(one.statement, roots=roots) for one in made}
    person = {one.statement.id: one.person for one in made}
    setting = Setting(records, commonness_of(list(records.values()), MODEL.terms), 12.0, 0.99, len(records))
    pairs = [(left.id, right.id) for left, right in index_of(records.values()).pairs()]
    answers = [Answer(left, right, person[left] == person[right]) for left, right in pairs]
    unstopped = [one for one in answers if not vetoes(records[one.left], records[one.right])]
    return learn(DOCUMENT, answers, setting), setting, unstopped


def test_the_document_learnt_is_still_a_model_that_splink_can_hold(learnt) -> None:  # type: ignore[no-untyped-def]
    model = read_model(learnt[0].document)
    for comparison, before in zip(model.comparisons, MODEL.comparisons, strict=True):
        assert [level.condition for level in comparison.levels] == [level.condition for level in before.levels]
        for level in comparison.levels:
            assert level.is_null or (0 < float(level.m or 0) <= 1 and 0 < float(level.u or 0) <= 1)


def test_a_level_that_agrees_more_never_weighs_less_than_one_that_agrees_less(learnt) -> None:  # type: ignore[no-untyped-def]
    model = read_model(learnt[0].document)
    for comparison, before in zip(model.comparisons, MODEL.comparisons, strict=True):
        free = sorted(
            (place for place, level in enumerate(before.levels) if not level.fixed and not level.term),
            key=lambda place: -before.levels[place].weight,
        )
        for more, less in pairwise(free):
            assert comparison.levels[more].weight >= comparison.levels[less].weight - 1e-3


def test_what_was_learnt_orders_the_answers_better_than_what_was_there(learnt) -> None:  # type: ignore[no-untyped-def]
    found, setting, answers = learnt

    def surprise(document) -> float:  # type: ignore[no-untyped-def]
        model = read_model(document)
        prior = prior_at(prior=model.prior, trained_on=document["trained_on"], size=len(setting.records))
        weights = [
            score(setting.records[one.left], setting.records[one.right], model=model, commonness=setting.commonness, prior=prior).weight
            for one in answers
        ]
        return sum(math.log2(1 + 2 ** -(weight if one.same else -weight)) for weight, one in zip(weights, answers, strict=True))

    assert surprise(found.document) < surprise(DOCUMENT)
    assert found.link_from is not None


def test_too_few_answers_and_unknown_records_are_refused(learnt) -> None:  # type: ignore[no-untyped-def]
    _, setting, answers = learnt
    with pytest.raises(ValueError, match="At least 50 answers"):
        learn(DOCUMENT, answers[:20], setting)
    with pytest.raises(ValueError, match="No record has the number nobody"):
        learn(DOCUMENT, [Answer("nobody", answers[0].left, True)], setting)


def test_ten_times_more_people_cost_log2_of_ten_bits() -> None:
    here, there = record("L"), record("R")
    small = score(here, there, model=MODEL, commonness={}, prior=prior_at(prior=1e-4, trained_on=1000, size=1000))
    large = score(here, there, model=MODEL, commonness={}, prior=prior_at(prior=1e-4, trained_on=1000, size=10_000))
    assert small.weight - large.weight == pytest.approx(math.log2(10), abs=1e-3)


def test_a_model_that_cannot_be_run_says_every_reason() -> None:
    broken = json.loads(json.dumps(DOCUMENT))
    broken["comparisons"][0]["comparison_levels"][1].pop("m_probability")
    broken["comparisons"][1]["comparison_levels"][1]["sql_condition"] = 'soundex("surname_l") = soundex("surname_r")'
    broken["probability_two_random_records_match"] = 0
    with pytest.raises(UnusableModelError) as told:
        read_model(broken)
    assert all(part in str(told.value) for part in ("is not trained", "soundex", "its prior"))


def test_the_digest_is_of_the_model_and_not_of_its_file() -> None:
    assert digest(DOCUMENT) == digest(json.loads(json.dumps(DOCUMENT, sort_keys=True))) == digest({**DOCUMENT, "linker_uid": "x"})


def judged(*rows: tuple[float, bool]) -> list[Judged]:
    return [Judged(weight, same) for weight, same in rows]


def test_a_threshold_is_the_lowest_weight_from_which_joining_is_right_often_enough() -> None:
    pairs = judged((9, True), (8, True), (7, True), (6, False), (5, True), (4, False))
    assert threshold_for(pairs, precision=1.0) == 7
    assert threshold_for(pairs, precision=0.8) == 5
    assert threshold_for(judged((9, False)), precision=0.9) is None
    assert threshold_for(judged((9, True), (9, False)), precision=1.0) is None
    assert best_f1(pairs, true=5).from_weight == 5


def test_a_pair_counts_for_those_it_stands_for_and_says_no_more_surely_for_that() -> None:
    pairs = [
        *judged(*[(9, True)] * 95),
        Judged(8.0, True, counts=400),
        Judged(7.0, False, household=True, counts=5),
        Judged(1.0, True, counts=500),
    ]
    whole = quality(pairs, from_weight=5, true=995)
    assert (whole.joined, whole.right, whole.precision, whole.recall) == (500, 495, 0.99, pytest.approx(495 / 995))
    assert whole.worth == pytest.approx(500**2 / (95 + 400**2 + 5**2))  # less than two pairs drawn alike
    assert threshold_for(pairs, precision=0.99) == 1  # of a thousand five are wrong
    assert threshold_for(pairs, precision=0.999) == 8
    assert best_f1(pairs, true=995).from_weight == 1
    demands = Demands(precision=0.9, recall=0.4, household_share=1, group_recall=0.95, group_precision=0.99)
    assert dict(name_met[:2] for name_met in gate(whole, (), demands=demands).demands)["precision"] is False
    chances = {row.from_chance: (row.pairs, row.right) for row in calibration(pairs)}
    assert chances == {0.5: (500, 500), 0.9: (0, 0), 0.99: (500, 495), 0.999: (0, 0)}


def test_groups_are_shown_by_how_many_were_looked_at_not_by_how_many_they_stand_for() -> None:
    pairs = [Judged(9.0, True, group="few", counts=100) for _ in range(3)]
    assert by_group(pairs, from_weight=0, true={"few": 300}, seen={"few": 3}) == ()
    light = [Judged(9.0, True, group="many", counts=0.1) for _ in range(40)]
    (row,) = by_group(light, from_weight=0, true={"many": 4.0}, seen={"many": 40})
    assert row.quality.recall == pytest.approx(1)


def test_the_gate_counts_the_home_the_twins_and_the_names() -> None:
    right = [Judged(9.0, True, group=group) for group in ("one", "other") for _ in range(60)]
    wrong = [Judged(9.0, False, household=True, group="other", twin=True)]
    demands = Demands(precision=0.9, recall=0.5, household_share=0.2, group_recall=0.95, group_precision=0.99)
    whole = quality([*right, *wrong], from_weight=0, true=120)
    found = gate(whole, by_group([*right, *wrong], from_weight=0, true={"one": 60, "other": 60}), demands=demands)
    assert {name: met for name, met, _ in found.demands} == {
        "precision": True,
        "recall": True,
        "errors of one home": False,
        "twins joined": False,
        "recall, worst group to largest": True,
        "precision, worst group to largest": False,
    }
    assert not found.passed
