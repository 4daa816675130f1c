"""One box, any order: what each word that a caller says may be, and how somebody on record is like it."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.people.likeness import Known, likeness, ranked
from lodestar.core.people.lookup import LONGEST, Asked, forms_of, read, words_of

ON = date(2026, 6, 4)
VARIANTS = (frozenset({"oliver", "ollie"}),)


def asked(text: str) -> Asked:
    return read(text=text, on=ON)


@pytest.mark.parametrize(
    ("text", "part", "found"),
    [
        ("Ada Marlowe", "names", ("ada", "marlowe")),
        ("a girl called Zoë O’Neill-Łuczak", "names", ("zoe", "oneill", "luczak")),
        ("ollie 14", "years", (2011, 2012)),
        ("about 14ish", "years", (2011, 2012)),
        ("aged 13 to 15", "years", (2010, 2011, 2012, 2013)),
        ("13-15", "years", (2010, 2011, 2012, 2013)),
        ("born 2011", "years", (2011,)),
        ("6/5/2011", "born", (date(2011, 5, 6),)),
        ("6.5.11", "born", (date(2011, 5, 6),)),
        ("2011-05-06", "born", (date(2011, 5, 6),)),
        ("6th of May 2011", "born", (date(2011, 5, 6),)),
        ("cb12ab", "postcodes", ("CB1 2AB",)),
        ("ada cb1", "districts", ("CB1",)),
        ("+44 7700 900 123", "phones", ("07700900123",)),
        ("07700 900123 ada", "phones", ("07700900123",)),
        ("943 476 5919", "keys", (("nhs_number", "9434765919"),)),
        ("H801200001001", "keys", (("upn", "H801200001001"),)),
        ("2003/0062845E", "keys", (("pnc_id", "03/0062845E"),)),
        ("P104477", "keys", (("force_person_id", "P104477"), ("la_child_id", "P104477"))),
        ("M-42", "matters", (42,)),
    ],
)
def test_each_word_is_read_as_what_it_may_be(text: str, part: str, found: tuple[object, ...]) -> None:
    assert getattr(asked(text), part) == found
    assert asked(text).said


def test_may_is_a_name_and_a_month() -> None:
    assert asked("May Marsh 6 May 2011").names == ("may", "marsh")
    assert asked("May Marsh 6 May 2011").born == (date(2011, 5, 6),)


def test_an_age_that_is_no_child_s_and_a_date_that_never_was_are_not_read_as_such() -> None:
    assert asked("ada 61").years == ()
    assert asked("31/2/2011").born == ()


def test_a_number_that_fails_its_check_is_not_taken_for_an_nhs_number() -> None:
    assert ("nhs_number", "9434765918") not in asked("943 476 5918").keys


@pytest.mark.parametrize("words", list(permutations(("ada marlowe", "14", "CB1 2AB", "07700 900123"))))
def test_the_order_of_the_words_does_not_matter(words: tuple[str, ...]) -> None:
    found = asked(" ".join(words))
    assert (found.names, found.years, found.postcodes, found.phones) == (("ada", "marlowe"), (2011, 2012), ("CB1 2AB",), ("07700900123",))


def test_only_the_last_name_may_be_half_typed() -> None:
    assert asked("ada mar").begun == "mar"
    assert asked("ada mar ").begun == ""
    assert asked("mar 14").begun == ""
    assert asked("ad").begun == ""


def test_too_little_is_not_looked_for() -> None:
    assert not asked("ad").is_enough
    assert not asked("14").is_enough, "every child of an age is nobody's question"
    assert not asked("").is_enough
    assert asked("ada").is_enough
    assert asked("cb1 2ab").is_enough


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read(text: str) -> None:
    found = asked(text)
    assert all(len(name) <= LONGEST for name in found.names)
    assert found.begun in ("", *found.names)


def test_a_report_is_found_by_its_names_how_they_sound_its_dates_places_and_numbers() -> None:
    subject = {"given_name": "Ada", "family_name": "Marlowe", "birth_date": "2011-05-06", "postcode": "cb12ab", "phone": "+44 7700 900123"}
    assert set(words_of(subject)) == {
        "n:ada", "s:AT", "n:marlowe", "s:MRL", "b:2011-05-06", "y:2011", "p:CB1 2AB", "o:CB1", "t:07700900123",
    }  # fmt: skip
    assert words_of({}) == ()


ADA = Known(7, frozenset({"ada", "marlowe"}), date(2011, 5, 6), frozenset({"CB1 2AB"}), frozenset({"07700900123"}))


def test_what_agrees_is_near_and_differs_is_said_in_words() -> None:
    like = likeness(asked=asked("Ada Marlow 6/5/2012 CB1 2AB 07700 900124"), known=ADA, variants=VARIANTS)
    assert like.agrees == ("name Ada", "postcode")
    assert like.near == ("a name that sounds like Marlow", "birth date, one slip of the pen apart")
    assert like.differs == ("telephone",)
    assert like.words.startswith("Agrees: name Ada, postcode. Near: ")


def test_another_form_of_a_name_is_near_and_what_is_not_known_differs_from_nothing() -> None:
    like = likeness(asked=asked("ollie 14 cb1"), known=Known(1, frozenset({"oliver"}), None), variants=VARIANTS)
    assert (like.agrees, like.near, like.differs) == ((), ("Ollie, another form of the name",), ())
    assert forms_of("ollie", VARIANTS) == ("ollie", "oliver")


def test_who_may_not_see_is_told_only_when_two_names_and_something_else_or_an_identifier_agree() -> None:
    held = Known(7, ADA.names, ADA.born, keys=frozenset({("nhs_number", "9434765919")}))
    told = {
        text: likeness(asked=asked(text), known=held, variants=()).is_told
        for text in ("ada", "ada marlowe", "ada 15", "ada marlowe 15", "9434765919", "ada marlowe 6/5/2011")
    }
    assert told == {
        "ada": False, "ada marlowe": False, "ada 15": False, "ada marlowe 15": True, "9434765919": True, "ada marlowe 6/5/2011": True,
    }  # fmt: skip


def test_who_agrees_in_most_is_first_and_who_agrees_in_nothing_is_not_shown() -> None:
    others = [ADA, Known(8, frozenset({"ada", "marsh"}), date(2011, 5, 6)), Known(9, frozenset({"ivo"}), None)]
    found = ranked(likeness(asked=asked("ada marlowe 15"), known=one, variants=()) for one in others)
    assert [one.person for one in found] == [7, 8]
