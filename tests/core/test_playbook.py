"""What a playbook is, when a block is in force, and what makes one unsound."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.playbook import BadPlaybook, NotInForce, content_hash, faults, read

SOUND = """
code = "CAL-SHIFTS"
title = "Shifts"
noun = "shifts"
[[in_force]]
from = 2026-01-01
authority = "Local"
verified = false
note = "A starting value."
shifts = { early = { starts = "07:00" } }
[[in_force]]
from = 2026-07-01
authority = "Local"
verified = true
shifts = { early = { starts = "06:00" } }
[[examples]]
name = "one"
given = { on = 2026-01-01 }
expect = { starts = "07:00" }
[[examples]]
name = "two"
given = { on = 2026-07-01 }
expect = { starts = "06:00" }
"""


def sound() -> dict[str, Any]:
    return tomllib.loads(SOUND)


def test_a_sound_playbook_has_no_faults_and_says_whether_it_was_verified() -> None:
    book = read(sound())
    assert faults(book) == ()
    assert [block.verified for block in book.blocks] == [False, True]
    assert book.blocks[0].values["shifts"]["early"]["starts"] == "07:00"


def test_a_block_is_in_force_until_the_day_before_the_next() -> None:
    book = read(sound())
    assert [block.until for block in book.blocks] == [date(2026, 7, 1), None]
    assert book.in_force(date(2026, 6, 30)) is book.blocks[0]
    assert book.in_force(date(2026, 7, 1)) is book.blocks[1]


def test_an_instant_asks_for_its_london_day() -> None:
    book = read(sound())
    assert book.in_force(datetime(2026, 6, 30, 22, 59, tzinfo=UTC)) is book.blocks[0]
    assert book.in_force(datetime(2026, 6, 30, 23, 0, tzinfo=UTC)) is book.blocks[1]


def test_before_the_first_block_nothing_is_in_force_and_it_says_so() -> None:
    with pytest.raises(NotInForce, match="31 December 2025"):
        read(sound()).in_force(date(2025, 12, 31))


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_on_every_day_exactly_one_block_is_in_force(on: date) -> None:
    book = read(sound())
    covering = [block for block in book.blocks if block.from_date <= on and (block.until is None or on < block.until)]
    assert covering == [book.in_force(on)]


def test_values_cannot_be_changed_after_reading() -> None:
    book = read(sound())
    with pytest.raises(TypeError):
        book.blocks[0].values["shifts"]["early"]["starts"] = "08:00"  # type: ignore[index]


def test_the_hash_does_not_depend_on_the_order_of_keys_and_changes_with_any_value() -> None:
    table = sound()
    turned = dict(reversed(table.items()))
    assert content_hash(turned) == content_hash(table) == read(table).content_hash
    changed = deepcopy(table)
    changed["in_force"][1]["shifts"]["early"]["starts"] = "06:01"
    assert content_hash(changed) != content_hash(table)


@pytest.mark.parametrize("key", ["code", "title", "noun", "in_force"])
def test_a_file_without_its_head_or_blocks_is_not_read(key: str) -> None:
    table = sound()
    del table[key]
    with pytest.raises(BadPlaybook):
        read(table)


@pytest.mark.parametrize("start", [None, "2026-01-01", datetime(2026, 1, 1, tzinfo=UTC)])
def test_a_block_without_a_date_is_not_read(start: object) -> None:
    table = sound()
    table["in_force"][0]["from"] = start
    with pytest.raises(BadPlaybook, match="from date"):
        read(table)


def broken(change: str) -> dict[str, Any]:
    table = sound()
    first = table["in_force"][0]
    match change:
        case "authority":
            first["authority"] = "  "
        case "note":
            del first["note"]
        case "order":
            table["in_force"][1]["from"] = first["from"]
        case "examples":
            table["examples"] = table["examples"][:1]
        case "example keys":
            table["examples"][0]["expected"] = {}
        case "unknown key":
            first["shfts"] = {}
        case "lacking key":
            del first["shifts"]
        case "head key":
            table["apples"] = {}
        case "noun":
            table["noun"] = "shift"
    return table


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("authority", "names no authority"),
        ("note", "not verified and has no note"),
        ("order", "does not start later"),
        ("examples", "fewer than 2 examples"),
        ("example keys", "needs name, given and expect"),
        ("unknown key", "nothing reads: shfts"),
        ("lacking key", "lacks shifts"),
        ("head key", "nothing reads: apples"),
        ("noun", "noun shift is not known"),
    ],
)
def test_each_fault_is_named(change: str, says: str) -> None:
    found = faults(read(broken(change)))
    assert len(found) == 1
    assert says in found[0] and found[0].startswith("CAL-SHIFTS: ")


def test_a_value_no_playbook_can_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="timedelta"):
        content_hash({"length": timedelta(hours=1)})
