"""What becomes of chances that training never met, or left next to nothing of: finite weights, the same here as in Splink."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.identity.model import NEVER, UNMET, completed, pairs_thought, read_model
from tests.core.identity.people import DOCUMENT, MODEL


def with_last_level(**chances: float | None) -> dict[str, Any]:
    """The document with other chances in the last level of its first comparison; None takes one away."""
    whole: dict[str, Any] = json.loads(json.dumps(DOCUMENT))
    level = whole["comparisons"][0]["comparison_levels"][-1]
    level.update(chances)
    for name in [name for name, chance in chances.items() if chance is None]:
        del level[name]
    return whole


def weight_of(document: dict[str, Any]) -> float:
    return read_model(document).comparisons[0].levels[-1].weight


@given(m=st.floats(1e-300, 1), u=st.floats(1e-300, 1))
def test_a_weight_is_the_ratio_of_its_chances_as_they_stand(m: float, u: float) -> None:
    assert weight_of(with_last_level(m_probability=m, u_probability=u)) == math.log2(m / u)


@pytest.mark.parametrize(("m", "u", "weight"), [(0.0, 0.5, math.log2(NEVER / 0.5)), (0.5, 0.0, math.log2(0.5 / NEVER)), (0.0, 0.0, 0.0)])
def test_a_chance_of_nought_makes_no_weight_without_end(m: float, u: float, weight: float) -> None:
    assert weight_of(with_last_level(m_probability=m, u_probability=u)) == weight


def last_level(document: dict[str, Any], *, pairs: float) -> dict[str, Any]:
    level: dict[str, Any] = completed(document, pairs=pairs)["comparisons"][0]["comparison_levels"][-1]
    return level


def test_what_training_never_met_is_worth_nothing_and_says_so() -> None:
    level = last_level(with_last_level(m_probability=None), pairs=1e6)
    assert (level["m_probability"], level["u_probability"]) == (UNMET, UNMET)
    assert level["label_for_charts"].endswith("(not met in training)")


@pytest.mark.parametrize(("m", "kept"), [(1e-58, 1 / 20_000), (0.0, 1 / 20_000), (1 / 19_999, 1 / 19_999)])
def test_training_shows_nothing_to_be_rarer_than_one_in_as_many_pairs_as_it_had(m: float, kept: float) -> None:
    level = last_level(with_last_level(m_probability=m, u_probability=0.5), pairs=20_000)
    assert (level["m_probability"], level["u_probability"]) == (kept, 0.5)


def test_a_child_is_not_lost_to_one_wrong_figure_of_a_telephone_number() -> None:
    phone = next(one for one in MODEL.comparisons if one.name == "phone")
    slip = next(level for level in phone.levels if level.label == "one slip of the pen apart")
    assert -5 < slip.weight < 0, "at -29 nobody was asked about a child whose name was spelt otherwise besides"


def test_a_trained_model_is_left_as_it_is() -> None:
    assert (
        completed(DOCUMENT, pairs=pairs_thought(prior=DOCUMENT["probability_two_random_records_match"], records=DOCUMENT["trained_on"]))
        == DOCUMENT
    )
