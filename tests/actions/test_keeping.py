"""How an action ends: what is last goes in one journey with its audit and the word that keeps it, and each answers for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from lodestar.actions.perform import Act, AuditUnavailable, perform
from lodestar.core.access.scope import system_actor
from lodestar.store.models import AuditRow, Change, Notice
from lodestar.store.queries import journeys
from lodestar.store.queries.journeys import on_postgresql
from lodestar.store.queries.wire import carried

NOW = datetime(2026, 6, 4, 9, 32, tzinfo=UTC)
NOBODY, SYSTEM = 10**9, system_actor("test")
pytestmark = pytest.mark.django_db(transaction=True)


def noted(*, outcome: str = "done", then: Callable[[Act], object] = lambda _: None) -> None:
    with perform("test.step", actor=SYSTEM, now=NOW, permission=None) as act:
        act.changed(None)
        then(act)
        act.record(outcome=outcome)


def to_nobody(act: Act) -> None:
    """A row whose other end is not there, which both databases say only when it is to be kept."""
    words = {"kind": "late", "subject_kind": "matter", "text": "Late.", "key": f"k{NOBODY}"}
    act.note(Notice(user_id=NOBODY, subject_id=1, created_at=NOW, next_try_at=NOW, **words))


def without_a_word(act: Act) -> None:
    """A row that the database refuses at once."""
    nothing: Any = None
    act.note(Change(matter_id=None, what=nothing, at=NOW))


def kept() -> tuple[int, int]:
    return Change.objects.count(), AuditRow.objects.count()


@pytest.fixture(autouse=True)
def emptied(transactional_db: None) -> Iterator[None]:
    """What was kept goes again, whatever keeps it from being deleted: PostgreSQL's own way of emptying a table asks no trigger."""
    del transactional_db
    yield
    if on_postgresql():
        return
    with connection.cursor() as cursor:
        for table in ("store_auditrow", "store_change"):
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            guards = cursor.fetchall()
            for words in (*(f"DROP TRIGGER {name}" for name, _ in guards), f"DELETE FROM {table}", *(words for _, words in guards)):
                cursor.execute(words)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """How many statements went in each journey, and whether it was the action's last."""
    found: list[tuple[int, bool]] = []

    def counting(line: Any, asked: Any, *, ends: bool = False, **more: Any) -> Any:
        found.append((len(asked), ends))
        return carried(line, asked, ends=ends, **more)

    monkeypatch.setattr(journeys, "carried", counting)
    return found


def test_an_action_is_kept_with_its_audit_in_one_journey_and_then_what_was_to_come_afterwards_is_done(sent: list[tuple[int, bool]]) -> None:
    noted()
    sent.clear()
    seen: list[tuple[int, int]] = []
    noted(then=lambda act: act.afterwards(lambda: seen.append(kept())))
    assert seen == [(2, 2)]
    assert not connection.in_atomic_block
    assert sent[:1] == ([(2, True)] if on_postgresql() else [])


def noted_and_failing() -> None:
    noted()
    assert kept() == (1, 1)
    raise ZeroDivisionError


def test_what_stands_in_another_transaction_is_kept_with_that(sent: list[tuple[int, bool]]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        noted_and_failing()
    assert kept() == (0, 0)
    assert not any(ends for _, ends in sent)


def asking() -> int:
    return Change.objects.count()


def failing() -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("deed", [lambda: None, asking, failing], ids=["it asks nothing", "it asks the database", "it fails"])
def test_what_is_done_while_an_action_is_kept_touches_neither_the_action_nor_the_line(deed: Callable[[], object]) -> None:
    noted()
    done: list[object] = []

    def meanwhile() -> None:
        done.append("begun")
        done.append(deed())

    noted(then=lambda act: act.meanwhile(meanwhile))
    assert done == ([] if not on_postgresql() else ["begun", None] if deed not in (asking, failing) else ["begun"])
    assert kept() == (2, 2)
    assert not connection.in_atomic_block
    noted()
    assert kept() == (3, 3), "the line answers as before"


def test_nothing_is_done_while_what_is_in_another_transaction_waits_for_its_end() -> None:
    noted()
    done: list[object] = []
    with transaction.atomic():
        noted(then=lambda act: act.meanwhile(lambda: done.append(1)))
    assert (done, kept()) == ([], (2, 2))


def test_what_the_database_will_not_keep_is_told_as_that_and_is_not_the_audit_s() -> None:
    noted()
    with pytest.raises(IntegrityError):
        noted(then=to_nobody)
    assert kept() == (1, 1)
    noted()
    assert kept() == (2, 2)


def test_what_is_refused_beside_the_audit_is_not_the_audit_s() -> None:
    with pytest.raises(IntegrityError):
        noted(then=without_a_word)
    assert kept() == (0, 0)


def test_an_audit_that_is_refused_keeps_nothing_of_the_action(broken_audit: Callable[[], Any]) -> None:
    with broken_audit(), pytest.raises(AuditUnavailable):
        noted()
    assert kept() == (0, 0)


def test_what_is_refused_is_told_the_same_where_somebody_listens_to_what_is_asked(broken_audit: Callable[[], Any]) -> None:
    def listening(execute: Any, *asked: Any) -> Any:
        return execute(*asked)

    with connection.execute_wrapper(listening):
        with pytest.raises(IntegrityError):
            noted(then=without_a_word)
        with pytest.raises(IntegrityError):
            noted(then=to_nobody)
        with broken_audit(), pytest.raises(AuditUnavailable):
            noted()
        noted()
    assert kept() == (1, 1)
