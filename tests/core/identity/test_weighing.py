"""A statement against whole people: one good fit is not enough where another of their statements would not stand beside it."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from functools import partial
from itertools import pairwise, product

from lodestar.core.identity.bands import Thresholds
from lodestar.core.identity.commonness import counted, counted_from
from lodestar.core.identity.model import read_model
from lodestar.core.identity.scoring import commonness_of, score
from lodestar.core.identity.weighing import TOO_MANY, WOULD_NOT_STAND, Weigher, fits, kept_apart, near
from lodestar.core.people.deciding import Weighed
from tests.core.identity.people import DOCUMENT, MODEL, record

HERE = {"postcode": "ZZ1 2AB"}
WEIGHER = Weigher(MODEL, {}, MODEL.prior, Thresholds(review_from=-4.0, cluster_most=3))


def test_the_strict_rule_joins_a_person_all_of_whose_statements_stand() -> None:
    (found,) = fits(record("new", **HERE), {1: [record("r1", **HERE), record("r2")]}, weigher=WEIGHER)
    assert (found.person, found.best.band, found.best.rule) == (1, "link", "strict rule")


def test_one_statement_that_would_not_stand_sends_it_to_a_person_with_the_reason() -> None:
    twin = record("r2", given_name="Ivy", **HERE)
    (found,) = fits(record("new", **HERE), {1: [record("r1", **HERE), twin]}, weigher=WEIGHER)
    assert found.best.band == "review"
    assert [veto.code for veto in found.best.vetoes] == [WOULD_NOT_STAND]
    assert "The given names differ" in found.best.vetoes[0].sentence


def test_a_person_of_very_many_statements_is_looked_at_first() -> None:
    (found,) = fits(record("new", **HERE), {1: [record(f"r{number}", **HERE) for number in range(3)]}, weigher=WEIGHER)
    assert found.best.vetoes == (TOO_MANY,)


def test_what_would_put_a_flag_on_a_child_is_stopped_for_that_child_alone_and_stops_every_rule() -> None:
    people = {1: [record("r1", **HERE)], 2: [record("r2", **HERE)]}
    found = {
        one.person: one.weighed(model="m") for one in fits(record("new", **HERE), people, weigher=WEIGHER, flags={1: ("exploitation",)})
    }
    assert (found[1].band, [veto.code for veto in found[1].stops]) == ("review", ["identity.would_carry_a_flag"])
    assert (found[2].joins_by, found[2].stops) == ("LINK-STRICT", ())
    assert found[1].explain()["vetoes"] == [{"code": one.code, "sentence": one.sentence} for one in found[1].stops]


def test_people_come_best_first_and_those_who_state_nothing_are_left_out() -> None:
    people = {1: [record("r1", family_name="Bright", birth_date=date(2009, 2, 3))], 2: [record("r2", **HERE)], 3: []}
    assert [one.person for one in fits(record("new", **HERE), people, weigher=WEIGHER)] == [2, 1]


def test_where_how_common_a_value_is_counts_for_two_spellings_each_is_weighed_by_itself() -> None:
    document = deepcopy(DOCUMENT)
    for level in document["comparisons"][0]["comparison_levels"][2:-1]:
        level |= {"tf_adjustment_column": "forename", "tf_adjustment_weight": 1.0}
    said, held = record("new"), [record(name, given_name=name) for name in ("Ada", "Adaa", "Adah", "Ada", "Ivy")]
    common = commonness_of([*held, *(record(str(number), given_name="Adah") for number in range(9))], MODEL.terms)
    weights = {}
    for model in (MODEL, read_model(document)):
        weigher = Weigher(model, common, model.prior, Thresholds(review_from=-4.0))
        weigh = weigher.against(said)
        weights[model.told_by_levels] = [weigh(other.values) for other in held]
        assert weights[model.told_by_levels] == [weigher.weigh(said, other).weight for other in held]
    assert weights[True][1] == weights[True][2]
    assert weights[False][1] != weights[False][2]


def test_those_who_are_only_weighed_weigh_to_the_bit_what_they_would_and_the_same_people_are_left() -> None:
    slips = {
        "given_name": ("Ada", "Adda", "Ivy", ""),
        "family_name": ("Stone", "Stown", "Bright"),
        "birth_date": (date(2010, 3, 4), date(2010, 4, 3), None),
        "postcode": ("ZZ1 2AB", "ZZ1 2XY", ""),
        "phone": ("07700 900123", ""),
    }
    held = {number: [record(f"r{number}", **dict(zip(slips, said, strict=True)))] for number, said in enumerate(product(*slips.values()))}
    said = record("new", given_name="Ada", family_name="Stone", birth_date=date(2010, 3, 4), postcode="ZZ1 2AB", phone="07700 900123")
    common = commonness_of([one for rows in held.values() for one in rows], MODEL.terms)
    held[len(held)] = []  # somebody of whom nothing stands any more is nobody's match
    for link_from in (None, 2.0, -20.0):
        weigher = Weigher(MODEL, common, MODEL.prior, Thresholds(review_from=-4.0, link_from=link_from))
        whole = fits(said, held, weigher=weigher)
        assert [weigher.against(said)(held[one.person][0].values) for one in whole] == [one.best.weight for one in whole]
        left = tuple(one for one in whole if one.best.band != "apart")
        assert near(said, held, weigher=weigher) == [(one.person, one.best.weight) for one in left]
        assert 0 < len(left) < len(held)
        for one in whole:
            if one not in left:
                there, short = one.weighed(model="m"), kept_apart(one.person, partial(one.weighed, model="m"))
                assert (short.band, short.rule, short.stops, short.explain()) == (there.band, there.rule, there.stops, there.explain())


def test_somebody_kept_apart_is_told_of_only_where_they_are_shown_and_stopped_by_a_flag_all_the_same() -> None:
    def never() -> Weighed:
        raise AssertionError

    short = kept_apart(4, never, flags=("exploitation",))
    assert (short.person, short.joins_by, [veto.code for veto in short.stops]) == (4, "", ["identity.would_carry_a_flag"])


def test_kept_counts_weigh_as_fresh_ones_do_and_a_value_never_met_is_as_rare_as_one_of_all() -> None:
    records = [record(f"r{number}", given_name=name, **HERE) for number, name in enumerate(["Ada", "Ada", "Ada", "Ivy"])]
    fresh = commonness_of(records, ("forename", "surname", "postcode"))
    kept = counted_from(counted(records).as_document())
    assert kept.size == 4
    for left, right in pairwise(records):
        for common in (fresh, kept.commonness()):
            assert score(left, right, model=MODEL, commonness=common) == score(left, right, model=MODEL, commonness=fresh)
    assert kept.commonness()["forename"].get("zelda") == 1 / 4
    assert kept.commonness()["forename"].get("") is None
