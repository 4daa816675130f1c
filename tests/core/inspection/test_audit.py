"""The force's own audit: a draw anybody can draw again, grades by rule, blind, and how far two graders agree."""

from __future__ import annotations

import random
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from lodestar.core.inspection.agreement import kappa
from lodestar.core.inspection.rubric import GRADES, Criterion, Given, Rubric, counts, differ, grade, grade_gaps, may_see, settled
from lodestar.core.inspection.sampling import BY_RISK, RANDOM, Case, draw, draw_gaps, number

WEIGHTS = {"low": 1.0, "high": 4.0, "unknown": 4.0}
CASES = [Case(pk, "north" if pk % 2 else "south", ("low", "high", "odd")[pk % 3]) for pk in range(1, 201)]
GRADE_WORDS = list(GRADES)


@pytest.mark.parametrize("method", [RANDOM, BY_RISK])
def test_the_same_list_and_seed_draw_the_same_cases_in_whatever_order_the_list_stands(method: str) -> None:
    mixed = CASES[:]
    random.Random(1).shuffle(mixed)
    first = draw(cases=CASES, size=24, seed="said at the board", method=method, weights=WEIGHTS)
    assert first == draw(cases=mixed, size=24, seed="said at the board", method=method, weights=WEIGHTS)
    assert [one.place for one in first] == list(range(1, 25))
    assert len({one.case.id for one in first}) == 24
    assert first != draw(cases=CASES, size=24, seed="another", method=method, weights=WEIGHTS)


def test_a_larger_draw_begins_with_the_smaller_one() -> None:
    small, large = (draw(cases=CASES, size=size, seed="s", method=RANDOM, weights=WEIGHTS) for size in (5, 50))
    assert large[:5] == small


def test_the_numbers_are_those_of_sha_256_so_that_anybody_can_check_a_draw() -> None:
    # The first thirteen figures of what sha256sum prints of "board:7", plus one, over 2 to the 52nd.
    found = number(seed="board", case_id=7)
    assert 0 < found <= 1
    assert found == (int(sha256(b"board:7").hexdigest()[:13], 16) + 1) / 2**52


def test_at_random_every_case_is_as_likely_as_another_and_by_risk_the_riskier_come_first() -> None:
    runs = 400
    share = {"random": 0, "by_risk": 0}
    for method in share:
        for seed in range(runs):
            share[method] += sum(
                one.case.level == "high" for one in draw(cases=CASES, size=20, seed=str(seed), method=method, weights=WEIGHTS)
            )
    third = runs * 20 * 67 / 200
    assert abs(share["random"] - third) < 4 * (runs * 20 * 0.33 * 0.67) ** 0.5
    assert share["by_risk"] > share["random"] * 1.2


def test_unknown_is_not_low() -> None:
    drawn = draw(cases=CASES, size=200, seed="x", method=BY_RISK, weights=WEIGHTS)
    places = {level: [one.place for one in drawn if one.case.level == level] for level in ("low", "odd")}
    assert sum(places["odd"]) / len(places["odd"]) < sum(places["low"]) / len(places["low"])


def test_a_draw_needs_a_seed_a_way_and_a_size_that_can_be() -> None:
    codes = [gap.code for gap in draw_gaps(size=0, seed=" ", method="hand", there=3) if gap]
    assert codes == ["sample.seed", "sample.method", "sample.size"]
    assert [gap for gap in draw_gaps(size=3, seed="s", method=RANDOM, there=3) if gap] == []


@given(st.lists(st.tuples(st.sampled_from(GRADE_WORDS), st.sampled_from(GRADE_WORDS)), min_size=2, max_size=60))
def test_kappa_and_its_interval_are_those_of_a_trusted_library(pairs: list[tuple[str, str]]) -> None:
    found = kappa(pairs)
    table = np.array([[pairs.count((one, two)) for two in GRADE_WORDS] for one in GRADE_WORDS], dtype=float)
    if found.kappa is None:
        assert len({one for one, _ in pairs} | {two for _, two in pairs}) == 1
        return
    with np.errstate(all="ignore"):  # it divides by nought where the variance is none
        oracle = cohens_kappa(table)
    assert found.kappa == pytest.approx(oracle.kappa, abs=1e-9)
    if oracle.var_kappa > 0:
        assert found.lower == pytest.approx(max(-1, oracle.kappa_low), abs=1e-6)
        assert found.upper == pytest.approx(min(1, oracle.kappa_upp), abs=1e-6)
    assert -1 <= (found.lower or 0) <= found.kappa <= (found.upper or 0) <= 1


def test_kappa_of_nothing_or_of_one_word_is_not_defined() -> None:
    assert kappa([]).kappa is None
    assert kappa([("good", "good")] * 5).kappa is None
    assert kappa([("good", "good"), ("inadequate", "inadequate")]).kappa == 1


RUBRIC = Rubric(
    "R", "h", "missing", "t",
    (Criterion("a", "A?", "g", "b", True), Criterion("b", "B?", "g", "b", False), Criterion("c", "C?", "g", "b", False)),
    WEIGHTS,
)  # fmt: skip


@given(st.fixed_dictionaries({code: st.sampled_from(GRADE_WORDS) for code in "abc"}), st.sampled_from("abc"))
def test_a_worse_answer_never_makes_a_better_grade(answers: dict[str, str], code: str) -> None:
    worse = answers | {code: "inadequate"}
    assert GRADE_WORDS.index(grade(answers=worse, rubric=RUBRIC)) >= GRADE_WORDS.index(grade(answers=answers, rubric=RUBRIC))


def test_the_worked_example_24_cases_6_good_5_requiring_improvement_13_inadequate() -> None:
    rows = [("missing", "good")] * 2 + [("online", "good")] * 4 + [("missing", "requires_improvement")] * 5
    rows += [("online", "inadequate")] * 8 + [("custody", "inadequate")] * 5
    found = counts(rows)
    assert found["all"] == {"good": 6, "requires_improvement": 5, "inadequate": 13, "": 0}
    assert sum(found["all"].values()) == 24
    assert found["custody"]["inadequate"] == 5
    assert found["online"] == {"good": 4, "requires_improvement": 0, "inadequate": 8, "": 0}


def test_nobody_sees_another_s_grade_before_two_are_given_and_the_third_is_blind_too() -> None:
    one, two, third = Given(1, "good"), Given(2, "inadequate"), Given(3, "inadequate", settles=True)
    assert not may_see(given=[one], by=2)
    assert not may_see(given=[one], by=1)
    assert may_see(given=[one, two], by=1)
    assert not may_see(given=[one, two], by=3)
    assert may_see(given=[one, two, third], by=9)


def test_a_third_settles_only_where_two_differ_and_nobody_grades_twice() -> None:
    good = dict.fromkeys("abc", "good")
    differing, agreeing = [Given(1, "good"), Given(2, "inadequate")], [Given(1, "good"), Given(2, "good")]
    assert differ(differing)
    assert settled(differing) is None
    assert settled(agreeing) == "good"
    assert settled([*differing, Given(3, "requires_improvement", settles=True)]) == "requires_improvement"
    gaps = [gap.code for gap in grade_gaps(answers=good, reasons="Seen.", rubric=RUBRIC, given=agreeing, by=3)]
    assert gaps == ["case_grade.settled"]
    assert [gap.code for gap in grade_gaps(answers=good, reasons="Seen.", rubric=RUBRIC, given=differing, by=1)] == ["case_grade.again"]
    assert grade_gaps(answers=good, reasons="Seen.", rubric=RUBRIC, given=differing, by=3) == []
    assert [gap.code for gap in grade_gaps(answers={}, reasons="", rubric=RUBRIC, given=[], by=3)][-1] == "case_grade.reasons"
