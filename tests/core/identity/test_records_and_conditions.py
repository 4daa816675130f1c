"""What two statements are compared by, and the conditions of a model read from Splink's own words."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.identity.conditions import UnreadableConditionError, compiled, read
from lodestar.core.identity.record import Record, Statement, Value, prepare, roots_of
from lodestar.core.identity.template import settings as template
from lodestar.core.people.reading import phone
from tests.core.identity.people import record

CONDITIONS = sorted(
    {
        level["sql_condition"]
        for comparison in template()["comparisons"]
        for level in comparison["comparison_levels"]
        if level["sql_condition"] != "ELSE"
    }
)


def test_a_statement_is_folded_and_what_is_not_known_is_nothing() -> None:
    made = prepare(Statement("1", given_name="Mr. ALFIE", family_name="O’Neill-Ray", phone="+44 (0)7700 900123"), roots={"alfie": "alfred"})
    assert made.columns["forename"] == "alfie"
    assert made.columns["forename_root"] == "alfred"
    assert made.columns["surname"] == "oneill ray"
    assert made.columns["names"] == "alfie|oneill ray"
    assert made.columns["phone"] == "07700900123"
    assert {name for name, value in made.columns.items() if value is None} >= {"dob", "year", "postcode", "keys", "sex"}


def test_a_first_of_january_is_marked_as_a_guess_and_an_age_gives_a_year() -> None:
    assert record(birth_date=date(2011, 1, 1)).columns["dob_weak"] == "2011-01-01"
    assert record(birth_date=date(2011, 1, 2)).columns["dob_weak"] is None
    assert record(birth_date=None, birth_year=2011).columns["year"] == 2011


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("07700 900123", "07700900123"),
        ("0044 7700 900123", "07700900123"),
        ("+44 (0) 7700 900123", "07700900123"),
        ("12345", None),
        ("none", None),
        ("+48 501 234 567", "+48501234567"),
    ],
)
def test_a_telephone_number_has_one_form(said: str, kept: str | None) -> None:
    assert (phone(said) or None) == kept


def test_the_first_list_that_holds_a_spelling_says_its_root() -> None:
    assert roots_of([["Alfred", "Alfie"], ["Albert", "Alfie"]]) == {"alfred": "alfred", "alfie": "alfred", "albert": "albert"}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_of_the_template_is_in_the_language(condition: str) -> None:
    same = record(postcode="ZZ1 2AB", phone="07700 900123", number="P1")
    assert holds(condition, same, same) in (True, False)


@pytest.mark.parametrize(
    "condition",
    [
        'soundex("sex_l") = soundex("sex_r")',
        '"sex_l" LIKE "f"',
        '"sex_l" =',
        'NOT "sex_l" = "sex_r"',
        '"sex" = "sex"',
        '"sex_l" = "sex_r" "dob_l"',
        '"a b_l" = "a b_r"',
        '"shoe_size_l" = "shoe_size_r"',
        "",
    ],
)
def test_a_condition_outside_the_language_is_refused_by_name(condition: str) -> None:
    with pytest.raises(UnreadableConditionError):
        read(condition)


def holds(condition: str, left: Record, right: Record) -> bool:
    return compiled([("field", [read(condition), read("ELSE")])])(left.values)(right.values) == (0,)


def test_a_field_no_level_of_which_holds_is_named() -> None:
    with pytest.raises(ValueError, match="forename: no level holds"):
        compiled([("forename", [read('"forename_l" = "forename_r"')])])(record().values)(record(given_name="").values)


NAMES = st.one_of(st.none(), st.text(alphabet="abcde", min_size=1, max_size=6))
LISTS = st.one_of(st.none(), st.lists(st.sampled_from("pqrs"), max_size=3, unique=True).map(tuple))
DAYS = st.one_of(st.none(), st.dates(date(2008, 1, 1), date(2012, 12, 31)).map(date.isoformat))
TEXTS = ("forename", "forename_root", "forename_sound", "surname", "surname_sound", "sex", "sector", "area", "phone", "postcode")
COLUMNS = st.fixed_dictionaries(
    {
        **dict.fromkeys(TEXTS, NAMES),
        **dict.fromkeys(("dob", "dob_swapped", "dob_weak"), DAYS),
        **dict.fromkeys(("keys", "schemes", "postcodes"), LISTS),
        "year": st.one_of(st.none(), st.integers(2008, 2012)),
    }
)
DATABASE = duckdb.connect()


@settings(max_examples=40, deadline=None)
@given(COLUMNS, COLUMNS)
def test_a_condition_means_to_us_what_it_means_to_the_database(left: dict[str, Value], right: dict[str, Value]) -> None:
    values = {f"{name}_l": value for name, value in left.items()} | {f"{name}_r": value for name, value in right.items()}
    columns = ", ".join(f"${place}::{kind(name)} AS {name}" for place, name in enumerate(values, start=1))
    asked = ", ".join(f"coalesce(({condition}), false)" for condition in CONDITIONS)
    given = [list(value) if isinstance(value, tuple) else value for value in values.values()]
    found = DATABASE.execute(f"SELECT {asked} FROM (SELECT {columns})", given).fetchone()
    assert found == tuple(holds(condition, Record.of("A", left), Record.of("B", right)) for condition in CONDITIONS)


def kind(name: str) -> str:
    if name.startswith("year"):
        return "BIGINT"
    return "VARCHAR[]" if name.startswith(("keys", "schemes", "postcodes")) else "VARCHAR"
