"""The audit's chain shows the first thing that was changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.audit.seal import GENESIS, Entry, Seal, SealedEntry, check_seal, row_hash, seal_digest

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def entry(number: int) -> Entry:
    return Entry(number, AT, 4, "Sgt Alder", "hub_sergeant", "web", "r1", "matter.seen", "seen", "matter", "9", {"n": number})


def sealed(count: int) -> tuple[Seal, list[SealedEntry], dict[int, Entry]]:
    entries = {number: entry(number) for number in range(1, count + 1)}
    places = [SealedEntry(number, at, row_hash(entries[number])) for at, number in enumerate(entries)]
    digest = seal_digest(number=1, previous=GENESIS, row_hashes=[place.row_hash for place in places])
    return Seal(1, GENESIS, digest, count), places, entries


@given(st.integers(1, 30))
def test_an_untouched_seal_holds(count: int) -> None:
    seal, places, entries = sealed(count)
    assert check_seal(seal=seal, previous=GENESIS, sealed=places, entries=entries) is None


@given(count=st.integers(1, 20), data=st.data())
def test_a_changed_row_is_named(count: int, data: st.DataObject) -> None:
    seal, places, entries = sealed(count)
    number = data.draw(st.integers(1, count))
    field, value = data.draw(st.sampled_from([("actor_name", "Nobody"), ("verb", "x"), ("detail", {}), ("subject_id", "8")]))
    entries[number] = replace(entries[number], **{field: value})  # type: ignore[arg-type]
    broken = check_seal(seal=seal, previous=GENESIS, sealed=places, entries=entries)
    assert broken is not None
    assert broken.entry_id == number


def test_a_deleted_row_is_named() -> None:
    seal, places, entries = sealed(5)
    del entries[3]
    broken = check_seal(seal=seal, previous=GENESIS, sealed=places, entries=entries)
    assert broken is not None
    assert "3 was sealed and is now missing" in broken.sentence


def test_a_row_taken_out_of_its_seal_is_noticed() -> None:
    seal, places, entries = sealed(5)
    assert check_seal(seal=seal, previous=GENESIS, sealed=places[:-1], entries=entries) is not None


def test_a_seal_that_does_not_follow_the_one_before_is_noticed() -> None:
    seal, places, entries = sealed(5)
    assert check_seal(seal=seal, previous="f" * 64, sealed=places, entries=entries) is not None
