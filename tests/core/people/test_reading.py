"""How names, postcodes, telephone numbers and identifiers are compared, and what each check refuses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.people.identifiers import SCHEMES, Key, nhs_number, pnc_id, read_key, upn
from lodestar.core.people.reading import KEY_LENGTH, fold, name_key, near_birth_dates, phone, postcode
from lodestar.core.words import Caution


@pytest.mark.parametrize(
    ("given_text", "folded"),
    [
        ("O’Neill", "oneill"),
        ("O'NEILL", "oneill"),
        ("Anne-Marie", "anne marie"),
        ("  Siân   Łuczak ", "sian luczak"),
        ("Åse Øster", "ase oster"),
        ("", ""),
        ("—", ""),
    ],
)
def test_names_are_compared_without_case_accents_apostrophes_or_joins(given_text: str, folded: str) -> None:
    assert fold(given_text) == folded


def test_a_name_key_begins_with_the_family_name_and_is_empty_where_no_name_is_known() -> None:
    assert name_key(given_name="Ada", family_name="O'Dowda") == "odowda|ada"
    assert name_key(given_name="", family_name="Marlowe") == "marlowe|"
    assert name_key(given_name=" ", family_name="-") == ""
    assert len(name_key(given_name="a" * 300, family_name="b" * 300)) == KEY_LENGTH


@pytest.mark.parametrize(
    ("text", "read"),
    [("cb12ab", "CB1 2AB"), ("CB1  2AB", "CB1 2AB"), ("ec1a-1bb", "EC1A 1BB"), ("CB1", ""), ("CB1 2", ""), ("none", ""), ("", "")],
)
def test_a_postcode_is_whole_or_nothing(text: str, read: str) -> None:
    assert postcode(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("07700 900123", "07700900123"),
        ("+44 7700 900123", "07700900123"),
        ("+44 (0)7700 900123", "07700900123"),
        ("0044 7700 900123", "07700900123"),
        ("01632 960001 ext 12", "01632960001"),
        ("900123", ""),
        ("+33 1 23 45 67 89", "+33123456789"),
        ("ask the mother", ""),
    ],
)
def test_a_telephone_number_has_one_form_and_is_whole_or_nothing(text: str, read: str) -> None:
    assert phone(text) == read


def test_near_birth_dates_are_one_slip_away_and_never_the_date_itself() -> None:
    born = date(2011, 5, 6)
    near = near_birth_dates(born)
    assert {date(2011, 6, 5), date(2011, 5, 16), date(2010, 5, 6), date(2011, 5, 7)} <= set(near)
    assert born not in near
    assert date(2012, 6, 6) not in near, "two slips are too many"


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_nearness_of_birth_dates_goes_both_ways(born: date) -> None:
    for other in near_birth_dates(born):
        assert born in near_birth_dates(other)


def test_an_nhs_number_is_ten_digits_with_a_check() -> None:
    assert nhs_number("943 476 5919") == "9434765919"
    assert nhs_number("943-476-5919") == "9434765919"
    assert nhs_number("943 476 5918") == ""
    assert nhs_number("943476591") == ""
    assert nhs_number("٩٤٣٤٧٦٥٩١٩") == "", "figures of other scripts are not what the number is written in"


@given(st.integers(min_value=0, max_value=999_999_999))
def test_of_ten_check_digits_at_most_one_is_right(stem: int) -> None:
    right = [digit for digit in range(10) if nhs_number(f"{stem:09}{digit}")]
    assert len(right) <= 1


@given(st.integers(min_value=0, max_value=9_999_999_999), st.integers(min_value=0, max_value=8), st.integers(min_value=1, max_value=9))
def test_one_wrong_digit_always_breaks_an_nhs_number(number: int, place: int, by: int) -> None:
    text = f"{number:010}"
    if nhs_number(text):
        wrong = text[:place] + str((int(text[place]) + by) % 10) + text[place + 1 :]
        assert nhs_number(wrong) == ""


def test_a_unique_pupil_number_has_its_check_letter_first() -> None:
    assert upn("H801200001001") == "H801200001001"
    assert upn("h8012 0000 1001") == "H801200001001"
    assert upn("A801200001001") == ""
    assert upn("H80120000100I") == "", "the letters I, O and S are not used"
    assert upn("H80120000100") == ""


def test_a_temporary_pupil_number_ends_in_a_letter() -> None:
    stems = [f"{letter}80120000100A" for letter in "ABCDEFGHJKLMNPQRTUVWXYZ"]
    assert sum(bool(upn(text)) for text in stems) == 1


def test_a_pnc_id_is_the_same_with_two_or_four_figures_of_the_year() -> None:
    assert pnc_id("2003/0062845E") == "03/0062845E"
    assert pnc_id("03/62845e") == "03/0062845E"
    assert pnc_id("2003/0062845D") == ""
    assert pnc_id("2003-0062845E") == ""


def test_an_identifier_that_fails_its_check_is_a_caution_and_no_key() -> None:
    read = read_key(scheme="nhs_number", text="943 476 5918")
    assert isinstance(read, Caution)
    assert read.code == "people.nhs_number_unreadable"
    assert "not used to link" in read.sentence


def test_a_local_authority_number_counts_only_with_its_authority() -> None:
    without = read_key(scheme="la_child_id", text="4711")
    assert isinstance(without, Caution)
    assert without.field == "responsible_authority"
    key = read_key(scheme="la_child_id", text=" 47 11 ", issuer="acc")
    assert key == Key("la_child_id", "4711", "ACC")
    assert isinstance(key, Key) and key.text == "ACC/4711"


def test_a_national_identifier_never_carries_an_issuer() -> None:
    assert read_key(scheme="nhs_number", text="9434765919", issuer="ACC") == Key("nhs_number", "9434765919")


def test_the_forces_own_number_does_not_change_with_the_authority_that_looks_after_the_child() -> None:
    assert read_key(scheme="force_person_id", text="p 1", issuer="ACC") == read_key(scheme="force_person_id", text="P1")


def test_a_blank_identifier_is_nothing() -> None:
    assert all(read_key(scheme=code, text="  ", issuer="ACC") is None for code in SCHEMES)


@given(st.text(max_size=40), st.sampled_from(sorted(SCHEMES)))
def test_any_text_reads_as_a_key_a_caution_or_nothing_and_reading_again_changes_nothing(text: str, scheme: str) -> None:
    read = read_key(scheme=scheme, text=text, issuer="ACC")
    if isinstance(read, Key):
        assert read_key(scheme=scheme, text=read.value, issuer="ACC") == read


@given(st.text(max_size=60))
def test_reading_twice_is_reading_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert postcode(postcode(text)) == postcode(text)
    assert phone(phone(text)) == phone(text)


@given(st.text(alphabet="aAbBzZıłéK'- _1", max_size=6))
def test_a_name_of_plain_letters_folds_as_it_would_among_others(text: str) -> None:
    assert fold(text) == fold(f"’{text}")
