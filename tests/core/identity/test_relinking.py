"""Everybody weighed again: proposals only, and none that a person's word forbids, whatever the model has learnt since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from lodestar.core.identity.bands import Thresholds
from lodestar.core.identity.clusters import Said
from lodestar.core.identity.index import index_of
from lodestar.core.identity.relinking import Held, Relinked, relinked
from lodestar.core.identity.weighing import Weigher
from tests.core.identity.people import MODEL, record

BANDS = Thresholds(review_from=-4.0)
HERE = {"postcode": "ZZ1 2AB", "phone": "07700 900123"}
RECORDS = (
    record("a", **HERE),
    record("b", **HERE),
    record("c", given_name="Aida", **HERE),
    record("d", given_name="Ivy", **HERE),
    record("e", birth_date=date(2011, 6, 5), postcode="ZZ1 2AB"),
    record("f", given_name="Rory", family_name="Vane", birth_date=date(2004, 1, 9)),
)
NAMES = [one.id for one in RECORDS]


def again(person: dict[str, int], *said: Said, shift: float = 0.0, link_from: float | None = None) -> Relinked:
    """Weighed by a model that learnt so many bits more or less before it looks at anything."""
    prior = MODEL.prior * 2.0**shift
    weigher = Weigher(replace(MODEL, prior=prior), {}, prior, replace(BANDS, link_from=link_from))
    held = Held(person, {one.id: one for one in RECORDS}, said)
    across = [weigher.weigh(*pair) for pair in index_of(RECORDS).pairs() if person[pair[0].id] != person[pair[1].id]]
    return relinked([one for one in across if one.band != "apart"], held, everybody=[held], weigher=weigher, weighed=len(across))


APART = dict(zip(NAMES, range(6), strict=True))


def test_two_people_whom_the_strict_rule_would_join_are_proposed_as_one_and_nothing_is_done() -> None:
    found = again(APART)
    assert [one.people for one in found.proposals if one.kind == "join"] == [(0, 1)]
    assert dict(zip(NAMES, range(6), strict=True)) == APART


def test_a_model_that_joins_by_itself_proposes_more_and_does_no_more() -> None:
    assert [one.people for one in again(APART, link_from=8.0).proposals if one.kind == "join"] == [(0, 1, 4)]


def test_somebody_whose_reports_could_not_stand_together_is_proposed_as_two_unless_a_person_said_the_same() -> None:
    held = {**APART, "d": 0}
    assert [one.people for one in again(held).proposals if one.kind == "part"] == [(0,)]
    assert not [one for one in again(held, Said("a", "d", same=True)).proposals if one.kind == "part"]


@given(
    st.lists(st.integers(0, 3), min_size=6, max_size=6),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.booleans()).filter(lambda one: one[0] != one[1]), max_size=4),
    st.floats(-6, 12),
)
@example([0, 1, 0, 0, 2, 0], [("a", "c", False), ("b", "c", False)], 0.0)
def test_what_people_said_survives_every_retraining(people, words, shift) -> None:  # type: ignore[no-untyped-def]
    person = dict(zip(NAMES, people, strict=True))
    said = [Said(*word) for word in words]
    last = {one.pair: one.same for one in said}
    found = again(person, *said, shift=shift, link_from=8.0)
    for (left, right), same in last.items():
        pair = {person[left], person[right]}
        for one in found.proposals:
            if same:
                assert not (one.kind == "part" and {one.shown_by.scored.left, one.shown_by.scored.right} & {left, right})
            elif len(pair) == 2:
                assert not pair <= set(one.people), f"{one.kind} of two of whom somebody said that they are not the same"
