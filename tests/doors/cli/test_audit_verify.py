"""The audit's chain: whatever is changed, moved or taken out by hand is named, and an untouched chain is whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from lodestar.actions.audit import seal_rows
from lodestar.core.access.scope import system_actor
from lodestar.core.audit.seal import Entry, row_hash, seal_digest
from lodestar.doors.cli.audit import audit
from lodestar.store import anchors
from lodestar.store.migrations._append_only import unprotect
from lodestar.store.models import AuditRow, AuditSeal, SealedRow
from lodestar.store.queries.audit import entry
from tests.actions import conftest as small
from tests.actions.conftest import NOW, Force

force = small.force
SYSTEM = system_actor("test")
TAMPERED = {
    "at": NOW - timedelta(microseconds=1),
    "actor_id": 999,
    "actor_name": "Somebody Else",
    "roles": "duty_inspector",
    "door": "api",
    "request_id": "another",
    "verb": "matter.closed",
    "outcome": "seen",
    "subject_kind": "person",
    "subject_id": "999",
    "detail": json.dumps({"matter": 999}),
}


@pytest.fixture
def anchored(settings: Any, tmp_path: Path) -> Path:
    """An anchor file of this test's own."""
    settings.AUDIT_ANCHORS = tmp_path / "anchors.txt"
    return tmp_path / "anchors.txt"


def seal() -> None:
    made = seal_rows(actor=SYSTEM, now=NOW)
    assert made is not None
    anchors.write(made.number, made.digest)


@pytest.fixture
def chain(force: Force, anchored: Path) -> list[list[int]]:
    """Three seals over real deeds: for each, the ids of its rows in order."""
    for number in range(3):
        for letter in "AB":
            force.report(external_id=f"R-{number}{letter}", since_from=None, since_to=None)
        seal()
    rows = [
        list(SealedRow.objects.filter(seal__number=number).order_by("position").values_list("row_id", flat=True)) for number in (1, 2, 3)
    ]
    assert all(len(ids) >= 3 for ids in rows)
    return rows


def by_hand(*statements: tuple[str, Sequence[Any]]) -> None:
    """Somebody with the whole database in their hands: they take the triggers off first."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        unprotect(editor, ("auditrow", "auditseal", "sealedrow"))
        for sql, values in statements:
            cursor.execute(sql, list(values))


def verified(*words: str) -> Result:
    return CliRunner().invoke(audit, ["verify", *words])


def said() -> str:
    """What is said of a broken chain, which ends with 1."""
    result = verified()
    assert result.exit_code == 1, result.output
    return result.stderr.strip()


def change(table: str, column: str, value: Any, where: str, which: int) -> tuple[str, Sequence[Any]]:
    return f"UPDATE store_{table} SET {column} = %s WHERE {where} = %s", (value, which)


def remove(table: str, where: str, *which: int) -> tuple[str, Sequence[Any]]:
    return f"DELETE FROM store_{table} WHERE {where} IN ({', '.join(['%s'] * len(which))})", which


def test_a_chain_that_nobody_touched_is_whole(chain: list[list[int]]) -> None:
    rows = sum(map(len, chain))
    result = verified()
    assert (result.exit_code, result.stdout) == (0, f"The chain is whole: 3 seals over {rows} rows.\n")
    assert json.loads(verified("--json").stdout) == {"seals": 3, "rows": rows, "whole": True, "broken": None}


@pytest.mark.django_db
@pytest.mark.usefixtures("anchored")
def test_a_service_that_has_done_nothing_yet_has_a_whole_chain() -> None:
    result = verified()
    assert (result.exit_code, result.stdout) == (0, "The chain is whole: 0 seals over 0 rows.\n")


def test_every_field_of_a_row_is_among_those_that_are_tampered_with_below() -> None:
    assert set(TAMPERED) == set(Entry.__dataclass_fields__) - {"id"}
    assert set(TAMPERED) == {field.name for field in AuditRow._meta.concrete_fields} - {"id"}


@pytest.mark.parametrize("column", TAMPERED)
def test_a_row_whose_text_was_changed_is_named(chain: list[list[int]], column: str) -> None:
    row = chain[1][1]
    by_hand(change("auditrow", column, TAMPERED[column], "id", row))
    assert said() == f"The chain is broken after 1 whole seals. Audit row {row} was changed after it was sealed."


def test_of_several_broken_rows_the_first_is_named(chain: list[list[int]]) -> None:
    first, second, third = chain[0][2], chain[1][0], chain[2][0]
    by_hand(change("auditrow", "verb", "x", "id", third), change("auditrow", "verb", "x", "id", first), remove("auditrow", "id", second))
    assert said() == f"The chain is broken after 0 whole seals. Audit row {first} was changed after it was sealed."


def test_two_rows_that_changed_places_are_found(chain: list[list[int]]) -> None:
    one, other = chain[1][:2]
    places = ((one, 900), (other, 0), (one, 1))
    by_hand(*(change("sealedrow", "position", place, "row_id", row) for row, place in places))
    assert said() == "The chain is broken after 1 whole seals. Seal 2 does not follow from the seal before it."


def test_two_rows_that_changed_numbers_are_named(chain: list[list[int]]) -> None:
    one, other = chain[1][:2]
    by_hand(*(change("auditrow", "id", new, "id", old) for old, new in ((one, 99_999), (other, one), (99_999, other))))
    assert said() == f"The chain is broken after 1 whole seals. Audit row {one} was changed after it was sealed."


@pytest.mark.parametrize(("column", "value"), [("digest", "0" * 64), ("previous", "0" * 64), ("number", 7)])
def test_a_seal_that_was_changed_is_named(chain: list[list[int]], column: str, value: object) -> None:
    assert len(chain) == 3
    by_hand(change("auditseal", column, value, "number", 2))
    broken = {"number": "3"}.get(column, "2")
    assert said() == f"The chain is broken after 1 whole seals. Seal {broken} does not follow from the seal before it."


def test_a_seal_that_counts_other_rows_than_it_has_is_named(chain: list[list[int]]) -> None:
    by_hand(change("auditseal", "rows", 1, "number", 2))
    assert said() == f"The chain is broken after 1 whole seals. Seal 2 lists 1 rows and {len(chain[1])} are there."


def test_a_hash_that_was_put_right_for_a_changed_row_breaks_its_seal(chain: list[list[int]]) -> None:
    row = chain[1][1]
    by_hand(change("auditrow", "verb", "x", "id", row))
    by_hand(change("sealedrow", "row_hash", row_hash(entry(AuditRow.objects.get(pk=row))), "row_id", row))
    assert said() == "The chain is broken after 1 whole seals. Seal 2 does not follow from the seal before it."


TAKEN_OUT: dict[str, Callable[[int, int], tuple[tuple[str, Sequence[Any]], ...]]] = {
    "Audit row {row} was sealed and is now missing.": lambda row, _: (remove("auditrow", "id", row),),
    "Seal 2 lists {rows} rows and {left} are there.": lambda row, _: (remove("auditrow", "id", row), remove("sealedrow", "row_id", row)),
    "Seal 2 does not follow from the seal before it.": lambda row, left: (
        remove("auditrow", "id", row),
        remove("sealedrow", "row_id", row),
        change("auditseal", "rows", left, "number", 2),
    ),
}


@pytest.mark.parametrize("sentence", TAKEN_OUT)
def test_a_row_taken_out_of_the_middle_is_found_however_well_it_was_hidden(chain: list[list[int]], sentence: str) -> None:
    row, rows = chain[1][1], len(chain[1])
    by_hand(*TAKEN_OUT[sentence](row, rows - 1))
    told = sentence.format(row=row, rows=rows, left=rows - 1)
    assert said() == f"The chain is broken after 1 whole seals. {told}"


def take_out_seal(number: int, rows: Sequence[int]) -> None:
    by_hand(remove("sealedrow", "row_id", *rows), remove("auditrow", "id", *rows), remove("auditseal", "number", number))


def test_a_whole_minute_taken_out_of_the_middle_is_found(chain: list[list[int]]) -> None:
    take_out_seal(2, chain[1])
    assert said() == "The chain is broken after 1 whole seals. Seal 3 does not follow from the seal before it."


def test_the_last_row_taken_out_is_named(chain: list[list[int]]) -> None:
    row = chain[2][-1]
    by_hand(remove("auditrow", "id", row))
    assert said() == f"The chain is broken after 2 whole seals. Audit row {row} was sealed and is now missing."


def test_a_whole_minute_taken_off_the_end_is_missed_only_by_the_anchors(chain: list[list[int]], anchored: Path) -> None:
    take_out_seal(3, chain[2])
    assert said() == "The chain is broken after 2 whole seals. Seal 3 is anchored outside the database and is now missing."
    anchored.unlink()
    assert verified().exit_code == 0, "without its anchors nobody could tell: they are why"


def test_a_minute_taken_off_the_end_stays_broken_when_the_next_is_sealed_in_its_place(chain: list[list[int]], force: Force) -> None:
    take_out_seal(3, chain[2])
    force.report(external_id="R-9", since_from=None, since_to=None)
    seal()
    assert AuditSeal.objects.count() == 3
    assert said() == "The chain is broken after 2 whole seals. Seal 3 differs from its anchor outside the database."


def rewrite_from(number: int) -> None:
    """Work every hash and digest out afresh, as somebody would who knows how it is done."""
    previous = AuditSeal.objects.get(number=number - 1).digest
    for stored in AuditSeal.objects.filter(number__gte=number).order_by("number"):
        ids = SealedRow.objects.filter(seal=stored).order_by("position").values_list("row_id", flat=True)
        hashes = {pk: row_hash(entry(AuditRow.objects.get(pk=pk))) for pk in ids}
        digest = seal_digest(number=stored.number, previous=previous, row_hashes=hashes.values())
        by_hand(*(change("sealedrow", "row_hash", value, "row_id", pk) for pk, value in hashes.items()))
        by_hand(
            change("auditseal", "previous", previous, "number", stored.number),
            change("auditseal", "digest", digest, "number", stored.number),
        )
        previous = digest


def test_a_chain_rewritten_whole_differs_from_its_anchors(chain: list[list[int]], anchored: Path) -> None:
    by_hand(change("auditrow", "actor_name", "Somebody Else", "id", chain[1][1]))
    rewrite_from(2)
    assert said() == "The chain is broken after 1 whole seals. Seal 2 differs from its anchor outside the database."
    anchored.unlink()
    assert verified().exit_code == 0, "without its anchors nobody could tell: they are why"


def test_a_broken_chain_says_so_to_machines_too(chain: list[list[int]]) -> None:
    row = chain[2][0]
    by_hand(change("auditrow", "outcome", "x", "id", row))
    result = verified("--json")
    sealed = len(chain[0]) + len(chain[1])
    told = {"seals": 2, "rows": sealed, "whole": False, "broken": f"Audit row {row} was changed after it was sealed."}
    assert (result.exit_code, json.loads(result.stdout)) == (1, told)


def test_that_somebody_verified_is_on_record_with_what_they_found(chain: list[list[int]]) -> None:
    verified()
    by_hand(change("auditrow", "outcome", "x", "id", chain[0][0]))
    verified()
    found = AuditRow.objects.filter(verb="audit.verified", door="cli").order_by("pk")
    assert [(row.detail["seals"], row.detail["whole"]) for row in found] == [(3, True), (0, False)]
