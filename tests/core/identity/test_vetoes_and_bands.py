"""What no model may join by itself, and in which band two records fall."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.identity.bands import Thresholds, banded, held_weight, strictly_same
from lodestar.core.identity.scoring import Line, Scored, score
from lodestar.core.identity.vetoes import vetoes
from tests.core.identity.people import MODEL, record

HOME = {"postcode": "ZZ1 2AB", "phone": "07700 900123"}


def codes(left: dict[str, Any], right: dict[str, Any], **more: Any) -> set[str]:
    return {veto.code.removeprefix("identity.") for veto in vetoes(record("L", **left), record("R", **right), **more)}


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ({}, {}, set()),
        ({"given_name": "Alfie"}, {"given_name": "Alfred"}, set()),
        ({}, {"given_name": "Marlowe", "family_name": "Ada"}, set()),
        ({**HOME}, {**HOME, "given_name": "Ivo"}, {"given_names_differ"}),
        ({**HOME, "given_name": "Finley"}, {**HOME, "given_name": "Finlie"}, {"twins"}),
        ({**HOME, "given_name": "Finley", "number": "P1"}, {**HOME, "given_name": "Finlie", "number": "P1", "birth_date": None}, set()),
        ({"given_name": "Finley", "number": "P1"}, {"given_name": "Finlie", "number": "P1"}, set()),
        ({"given_name": "Finley"}, {"given_name": "Finlie", "birth_date": date(2011, 5, 7)}, set()),
        ({**HOME, "given_name": "Finley"}, {**HOME, "given_name": "Finlie", "birth_date": date(2011, 5, 7)}, {"may_be_brother_or_sister"}),
        ({**HOME, "given_name": "Finley"}, {**HOME, "given_name": "Finlie", "birth_date": None}, {"may_be_brother_or_sister"}),
        ({"given_name": "Finley", "family_name": "Asiola"}, {"given_name": "Finlie", "family_name": "Asioa"}, {"twins"}),
        ({**HOME}, {**HOME, "birth_date": None}, set()),
        ({}, {"given_name": ""}, {"given_name_not_known"}),
        ({"number": "P1"}, {"number": "P2"}, {"identifiers_differ"}),
        ({}, {"sex": "male", "birth_date": date(2009, 11, 30)}, {"sex_and_birth_date_differ"}),
        ({}, {"sex": "male", "birth_date": date(2011, 6, 5)}, set()),
    ],
)
def test_vetoes(left: dict[str, Any], right: dict[str, Any], expected: set[str]) -> None:
    assert codes(left, right) == codes(right, left) == expected


def test_what_would_put_a_flag_on_a_child_is_a_persons_to_decide() -> None:
    assert codes({}, {}, flags=("custody",)) == {"would_carry_a_flag"}


def at(left: dict[str, Any], right: dict[str, Any], link_from: float | None = None) -> tuple[str, str]:
    one, other = record("L", **left), record("R", **right)
    found = banded(one, other, score(one, other, model=MODEL, commonness={}), thresholds=Thresholds(-4.0, link_from))
    return found.band, found.rule


def test_without_labels_only_the_strict_rule_joins() -> None:
    assert at(HOME, HOME) == ("link", "strict rule")
    assert at({}, {}) == ("review", "a person decides")
    assert at(HOME, {**HOME, "birth_date": date(2011, 5, 7)}) == ("review", "a person decides")
    assert at({**HOME, "number": "P1"}, {**HOME, "number": "P2"}) == ("review", "a person decides")


def test_with_a_threshold_the_model_joins_and_a_veto_still_outranks_it() -> None:
    assert at({}, {}, link_from=5.0) == ("link", "model")
    assert at(HOME, {**HOME, "given_name": "Ivo"}, link_from=-100.0)[0] == "review"
    assert at(HOME, {**HOME, "given_name": "Finlie"}, link_from=-100.0)[0] == "review"


@given(st.lists(st.floats(-20, 20), min_size=4, max_size=4), st.floats(0, 15))
def test_what_a_whole_home_shares_counts_for_no_more_than_its_cap(bits: list[float], most: float) -> None:
    fields = ("surname", "postcode", "phone", "forename")
    scored = Scored("L", "R", -10.0, tuple(Line(field, "", 1, weight, 0.0, True) for field, weight in zip(fields, bits, strict=True)))
    home = sum(weight for weight in bits[:3] if weight > 0)
    assert held_weight(scored, most=most) == pytest.approx(scored.weight - max(0.0, home - most))
    assert held_weight(scored, most=most) <= scored.weight


def test_the_strict_rule_needs_the_whole_name_the_birth_date_and_one_thing_more() -> None:
    assert strictly_same(record("L", number="P1"), record("R", number="P1"))
    assert not strictly_same(record("L"), record("R"))
    assert not strictly_same(record("L", **HOME, birth_date=None), record("R", **HOME, birth_date=None))
