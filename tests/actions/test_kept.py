"""Questions whose words are kept: the answer is always the database's own, at the instant that is asked about, for whoever asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, ProgrammingError, connection, transaction
from django.db.models import Q
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from lodestar.store.guard import writing
from lodestar.store.models import Matter, RoleGrant
from lodestar.store.queries import kept, priority
from lodestar.store.queries.plain_sql import ask_planned
from tests.actions.conftest import HOUR, NOW, Force


def late(at: datetime) -> Any:
    return Matter.objects.filter(is_open=True, next_due_at__lt=at).order_by("pk").values_list("pk", "reported_at", "is_child")


def nobody(_: datetime) -> Any:
    return Matter.objects.filter(Q(pk__in=())).values_list("pk")


def test_the_same_question_at_another_instant_is_answered_for_that_instant(force: Force) -> None:
    first = force.report()
    force.grade(first, "medium")
    first.refresh_from_db()
    assert first.next_due_at is not None
    for minutes in (-90, -1, 0, 1, 90):
        at = first.next_due_at + timedelta(minutes=minutes)
        assert kept.ask(late, by=(), at=at) == list(late(at))
    assert kept.ask(late, by=(), at=first.next_due_at + HOUR) == [(first.pk, first.reported_at, True)]


def test_what_has_changed_since_is_in_the_next_answer(force: Force) -> None:
    at = NOW + timedelta(days=3)
    assert kept.ask(late, by=(), at=at) == []
    first = force.report()
    assert [row[0] for row in kept.ask(late, by=(), at=at)] == [first.pk]
    second = force.report(external_id="R-2")
    assert [row[0] for row in kept.ask(late, by=(), at=at)] == [first.pk, second.pk]


@pytest.mark.django_db
def test_a_question_that_nothing_can_answer_is_answered_without_asking() -> None:
    assert kept.ask(nobody, by=(), at=NOW) == []


def test_two_people_who_ask_the_same_words_get_each_their_own_board(force: Force) -> None:
    north = force.report()
    south = force.report(external_id="R-2", district="south")
    boards = {
        who: [row.id for row in priority.board(actor=force.actor(who), wanted=priority.BoardFilter(), page=1, at=NOW).rows]
        for who in ("alder", "birch", "hazel", "oak", "alder")
    }
    assert boards == {"alder": [north.pk], "birch": [south.pk], "hazel": sorted([north.pk, south.pk]), "oak": []}


def test_a_role_that_ends_ends_the_board_though_the_words_are_kept(force: Force) -> None:
    matter = force.report()
    wanted = priority.BoardFilter()
    assert priority.board(actor=force.actor("alder"), wanted=wanted, page=1, at=NOW).total == 1
    later = NOW + timedelta(days=500)
    with writing():
        RoleGrant.objects.filter(user=force.users["alder"]).update(until_at=later)
    assert priority.board(actor=force.actor("alder", later - HOUR), wanted=wanted, page=1, at=NOW).total == 1
    assert priority.board(actor=force.actor("alder", later + HOUR), wanted=wanted, page=1, at=NOW).total == 0
    assert matter.is_open


def reported(source: str, after: datetime, person: int) -> Any:
    return Matter.objects.filter(matter_reports__report__source=source, reported_at__gt=after, person_id=person).values_list("pk")


def at_home(district: str) -> Any:
    return Matter.objects.filter(kind="missing").filter(Q(district=district) | Q(authority=district)).order_by("pk").values_list("pk")


def whoever(_: int) -> Any:
    return Matter.objects.values_list("pk")


class Word(str):
    """A text of a kind of its own, as a form or an enumeration gives it."""

    __slots__ = ()


def test_a_question_by_several_values_is_answered_for_these_values_and_sees_what_has_changed_since(force: Force) -> None:
    first, before = force.report(), NOW - 9 * HOUR
    source = first.matter_reports.get().report.source
    for asked in [
        (source, before, first.person_id),
        ("nobody", before, first.person_id),
        (source, NOW + 9 * HOUR, first.person_id),
        (source, before, 0),
        ("it's", before, 1),
    ]:
        assert kept.found(reported, *asked) == list(reported(*asked))
    assert kept.found(at_home, Word("north")) == [(first.pk,)]
    second = force.report(external_id="R-2", district="south")
    assert [kept.found(at_home, district) for district in ("north", "south", "north", "100%")] == [
        [(first.pk,)],
        [(second.pk,)],
        [(first.pk,)],
        [],
    ]


@pytest.mark.django_db
def test_a_question_that_asks_by_less_than_it_is_told_is_a_fault() -> None:
    with pytest.raises(TypeError, match="whoever"):
        kept.found(whoever, 1)


@pytest.mark.django_db
def test_whoever_listens_to_the_database_hears_of_questions_that_are_planned_once() -> None:
    heard: list[str] = []

    def listen(ask: Any, words: str, *rest: Any) -> Any:
        heard.append(words)
        return ask(words, *rest)

    for _ in range(2):
        with connection.execute_wrapper(listen), CaptureQueriesContext(connection) as logged:
            kept.found(at_home, "north")
        assert len(logged) == 1
    assert len(heard) == 2


@pytest.mark.django_db
def test_a_planned_question_that_the_database_refuses_is_django_s_error_and_the_transaction_is_not_gone_on_with() -> None:
    with transaction.atomic():
        with pytest.raises(DataError if connection.vendor == "postgresql" else ProgrammingError), transaction.atomic():
            ask_planned("refused", "SELECT CAST(%s AS integer)" if connection.vendor == "postgresql" else "SELECT %s, %s", ["many"])
        assert ask_planned("asked_after", "SELECT 1 + %s", [2]) == [(3,)]
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            ask_planned("asked_after", "SELECT 1 + %s", [2])


@pytest.mark.django_db(transaction=True)
def test_a_planned_question_after_the_connection_was_closed_is_asked_of_a_new_one() -> None:
    assert kept.found(at_home, "north") == []
    connection.close()
    assert kept.found(at_home, "north") == []
