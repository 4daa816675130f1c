"""The blocks of a statement, and which of them need not be looked up: whoever is in one of those is in another."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.identity.blocks import block_numbers, look_ups
from lodestar.core.identity.record import Record
from lodestar.core.identity.template import BLOCKS, WITHIN, block_keys
from tests.core.identity.people import record

HERE = {"postcode": "ZZ1 2AB"}
# Few of each, so that two statements often share something: names that sound alike, and names of which nothing sounds.
NAMES = st.sampled_from(("Ada", "ada", "Aida", "Zoë", "Zoey", "Mina", "Meena", "张伟", "李", "", "Mr", "O'Neill-Łuk")) | st.text(max_size=3)
DAYS = st.none() | st.sampled_from((date(2011, 5, 4), date(2011, 4, 5), date(2011, 5, 14), date(2012, 1, 1)))
PLACES = st.sampled_from(("", "ZZ1 2AB", "ZZ1 2AD", "ZZ9 1XY"))
STATED = st.builds(
    lambda given_name, family_name, birth_date, postcode, number: record(
        given_name=given_name, family_name=family_name, birth_date=birth_date, postcode=postcode, number=number
    ),
    NAMES,
    NAMES,
    DAYS,
    PLACES,
    st.sampled_from(("", "1", "2")),
)


def test_block_numbers_are_the_same_at_every_start_and_fit_a_database() -> None:
    numbers = block_numbers(record("a", **HERE))
    assert numbers == block_numbers(record("b", **HERE))
    assert len(set(numbers)) == len(numbers) > 3
    assert all(-(2**63) <= number < 2**63 for number in numbers)
    assert not set(numbers) & set(block_numbers(record("c", given_name="Ivy", family_name="Bright", birth_date=date(2001, 1, 2))))


@settings(max_examples=400, deadline=None)
@given(STATED, STATED)
def test_whoever_shares_a_block_within_another_shares_the_other_wherever_it_is_known(left: Record, right: Record) -> None:
    assert set(WITHIN) | set(WITHIN.values()) < set(BLOCKS)
    for narrow, wide in WITHIN.items():
        if shared(left, right, narrow) and None not in [left.columns[column] for column in wide]:
            assert shared(left, right, wide)


@settings(max_examples=400, deadline=None)
@given(STATED, STATED)
def test_the_look_ups_of_a_statement_find_whoever_shares_a_block_with_it(left: Record, right: Record) -> None:
    every, theirs = set(block_numbers(left)), set(block_numbers(right))
    first = look_ups(left)
    assert bool(set(first.numbers) & theirs) == bool(every & theirs)
    for wide in first.numbers:
        for narrow in first.narrower([wide]):
            assert narrow not in theirs or wide in theirs


@given(STATED)
def test_what_is_not_looked_up_at_first_is_left_for_where_the_wider_block_is_too_full(one: Record) -> None:
    first = look_ups(one)
    within = first.narrower(first.numbers)
    assert sorted({*first.numbers, *within}) == sorted(block_numbers(one))
    assert not set(first.numbers) & set(within)
    assert first.narrower(()) == ()


@settings(max_examples=400, deadline=None)
@given(STATED, STATED)
def test_two_statements_share_a_number_for_each_block_that_they_share(left: Record, right: Record) -> None:
    common = set(block_keys(left)) & set(block_keys(right))
    assert len(set(block_numbers(left)) & set(block_numbers(right))) == len(common)


def test_the_blocks_of_a_statement_lie_beside_each_other_in_a_few_places() -> None:
    numbers = block_numbers(record("a", number="P1", phone="07700 900123", **HERE))
    places = [number >> 32 for number in numbers]
    assert (len(numbers), len(set(places))) == (13, 6)
    assert sorted(places.count(one) for one in set(places)) == [1, 1, 2, 2, 3, 4]


def test_a_name_of_which_nothing_sounds_is_looked_up_as_it_is_written() -> None:
    heard, unheard = record(family_name="Marlowe", **HERE), record(family_name="张伟", **HERE)
    assert (len(block_numbers(heard)), len(look_ups(heard).numbers)) == (11, 9)
    assert unheard.columns["surname_sound"] is None
    assert (len(block_numbers(unheard)), len(look_ups(unheard).numbers)) == (7, 6)


def shared(left: Record, right: Record, block: tuple[str, ...]) -> bool:
    """Whether both know every column of a block, and it is the same."""
    return all(left.columns[column] == right.columns[column] is not None for column in block)
