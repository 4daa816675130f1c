"""Why a pair is where it is: figures that add up, and a sentence for each."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.identity.bands import Thresholds, banded
from lodestar.core.identity.explaining import explained, sentences
from lodestar.core.identity.scoring import score
from tests.core.identity.people import MODEL, record

BANDS = Thresholds(review_from=-4.0, household_most=12.0)
HERE = {"postcode": "ZZ1 2AB", "phone": "07700 900123"}


def weighed(left, right):  # type: ignore[no-untyped-def]
    return banded(left, right, score(left, right, model=MODEL, commonness={}), thresholds=BANDS)


def sentence_of(shown, field: str) -> str:  # type: ignore[no-untyped-def]
    return next(line["sentence"] for line in shown["lines"] if line["field"] == field)


@given(
    st.sampled_from(["Ada", "Aida", "Ivy", ""]),
    st.sampled_from(["Marlowe", "Marlow", "Bright"]),
    st.sampled_from([date(2011, 5, 6), date(2011, 6, 5), date(2009, 1, 1), None]),
    st.sampled_from([HERE, {"postcode": "ZZ1 2AC"}, {}]),
    st.sampled_from(["P1", "P2", ""]),
)
def test_start_and_lines_add_up_to_the_weight_and_each_line_has_a_sentence(given_name, family_name, born, more, number) -> None:  # type: ignore[no-untyped-def]
    other = record("B", given_name=given_name, family_name=family_name, birth_date=born, number=number, **more)
    one = weighed(record("A", number="P1", **HERE), other)
    shown = explained(one, model="m")
    assert shown["start"] + sum(line["bits"] for line in shown["lines"]) == pytest.approx(shown["weight"], abs=1e-6)
    assert (shown["band"], shown["rule"]) == (one.band, one.rule)
    assert all(line["sentence"].endswith(".") and line["sentence"][0].isupper() for line in shown["lines"])
    assert [veto["code"] for veto in shown["vetoes"]] == [veto.code for veto in one.vetoes]


def test_what_a_home_shares_is_said_to_count_little_and_how_many_share_it() -> None:
    one = weighed(record("A", **HERE), record("B", **HERE))
    shown = explained(one, model="m", others={"surname": 41, "home": 3, "forename": 1})
    assert sentence_of(shown, "home") == (
        "Family name, postcode and telephone number are what a whole home shares, so together they count little:"
        " three others on record share both family name and postcode."
    )
    assert sentence_of(shown, "surname").endswith(": 41 others on record have it too.")
    assert sentence_of(shown, "forename").endswith(": one other on record has it too.")


def test_what_is_not_known_is_said_to_count_neither_way() -> None:
    shown = explained(weighed(record("A", phone="07700 900123"), record("B")), model="m")
    assert sentence_of(shown, "phone") == "The telephone number is known for one of them at most: it counts neither for nor against."


def test_the_shortest_account_begins_with_what_stops_it() -> None:
    shown = explained(weighed(record("A", **HERE), record("B", given_name="Ivy", **HERE)), model="m")
    assert sentences(shown)[0].startswith("The given names differ")
    assert len(sentences(shown)) <= 1 + 3
