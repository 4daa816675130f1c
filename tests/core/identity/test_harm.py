"""Which question comes first: the worst harm that holds, by how likely it is, and never a number for a child."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lodestar.core.identity.harm import Facts, harm_rules, order, placed
from lodestar.core.playbook import Playbook, read
from lodestar.store.playbooks import playbook

RULES = harm_rules(playbook("IDENTITY-HARM"), on=date(2026, 6, 4))


def facts(*conditions: str, bits: float | None = None) -> Facts:
    return Facts(frozenset(conditions), bits)


def test_the_worst_harm_that_holds_places_it() -> None:
    assert placed(facts("open", "missing", "missing_high"), rules=RULES).harm.code == "HARM-MISSING-HIGH"
    assert placed(facts("open"), rules=RULES).harm.code == "HARM-OPEN"
    assert placed(facts(), rules=RULES).harm.code == "HARM-HELD"


@pytest.mark.parametrize(("bits", "code"), [(3.0, "CHANCE-LIKELY"), (2.9, "CHANCE-OPEN"), (-1.0, "CHANCE-OPEN"), (-1.1, "CHANCE-UNLIKELY")])
def test_the_chance_is_a_step_and_not_the_weight(bits: float, code: str) -> None:
    assert placed(facts(bits=bits), rules=RULES).chance.code == code


def test_a_far_greater_weight_never_outranks_a_far_worse_harm() -> None:
    worse, weightier = placed(facts("missing_high", bits=0.0), rules=RULES), placed(facts(bits=40.0), rules=RULES)
    assert order(worse, 2, 2) < order(weightier, 1, 1)


def test_what_nothing_weighed_is_neither_likely_nor_unlikely() -> None:
    assert placed(facts(), rules=RULES).chance.code == "CHANCE-OPEN"


def test_of_one_place_what_falls_due_first_comes_first_and_then_the_older_question() -> None:
    same = placed(facts("open"), rules=RULES)
    assert sorted([order(same, 5, 1), order(same, 4, 3), order(same, 4, 2)]) == [order(same, 4, 2), order(same, 4, 3), order(same, 5, 1)]


def test_the_page_says_why_in_a_sentence_without_a_number() -> None:
    said = placed(facts("missing_high", bits=9.0), rules=RULES).sentence
    assert said.startswith("A child is missing now at high risk")
    assert said.endswith("it is likely that a record shown is this person.")
    assert not any(mark.isdigit() for mark in said)


def changed(**changes: object) -> Playbook:
    values = {name: [dict(row) for row in rows] for name, rows in playbook("IDENTITY-HARM").blocks[-1].values.items()}
    block = {"from": date(2026, 1, 1), "authority": "A", "verified": True, **values, **changes}
    return read({"code": "X", "title": "X", "noun": "identity_harm", "in_force": [block]})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"harms": [{"code": "A", "when": "rich", "step": 1, "sentence": "s"}]}, "nothing reads: rich"),
        ({"harms": [{"code": "A", "when": "open", "step": 1, "sentence": "s"}]}, "always holds"),
        ({"harms": [{"code": "A", "when": "always", "step": 0, "sentence": "s"}]}, "no step is under one"),
    ],
)
def test_an_order_with_a_hole_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        harm_rules(changed(**change), on=date(2026, 6, 4))


def test_a_place_hangs_on_the_question_alone() -> None:
    assert placed(facts("open"), rules=RULES) == placed(facts("open"), rules=replace(RULES, version="other"))
