"""Two open matters of one kind for one child: each page names the other and says what to do, and the board says it on both lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lodestar.core.reports.draft import Subject
from lodestar.store.models import LinkQuestion, Matter
from tests.actions.conftest import HOUR, Force

PageOf = Callable[[str], Client]


@pytest.fixture
def twice(force: Force) -> tuple[Matter, Matter]:
    """Two reports whose child was only later said to be the same."""
    at = timezone.now() - 3 * HOUR
    first = force.report(at=at, since_from=at, since_to=at)
    second = force.report(
        at=at + HOUR, external_id="R-9", subject=Subject(given_name="Mina", family_name="Marsh"), since_from=at + HOUR, since_to=at + HOUR
    )
    question = LinkQuestion.objects.get()
    force.answer(question, "same", first.person_id, by="hazel", at=timezone.now() - timedelta(minutes=5))
    for row in (first, second):
        row.refresh_from_db()
    assert first.is_open and second.is_open and first.person_id == second.person_id
    return first, second


def body(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_each_page_names_the_other_and_says_which_to_keep(page_of: PageOf, twice: tuple[Matter, Matter]) -> None:
    first, second = twice
    hazel = page_of("hazel")
    kept, other = body(hazel, f"/matters/{first.pk}/"), body(hazel, f"/matters/{second.pk}/")
    assert f'href="/matters/{second.pk}/">{second.reference}</a> is open for the same child too' in kept
    assert "This one began first." in kept and f'href="/matters/{first.pk}/news/">Add news here' in kept
    assert f'href="/matters/{first.pk}/">{first.reference}</a> is open for the same child too' in other
    assert f"{first.reference} began first." in other


def test_the_board_says_it_on_both_lines_and_on_no_other(page_of: PageOf, force: Force, twice: tuple[Matter, Matter]) -> None:
    at = timezone.now() - HOUR
    force.report(at=at, external_id="R-3", subject=Subject(given_name="Kit", family_name="Fenn"), since_from=at, since_to=at)
    shown = body(page_of("hazel"), "/board/")
    assert shown.count("Open twice for this child") == 2


def test_once_one_is_taken_back_nothing_more_is_said(page_of: PageOf, force: Force, twice: tuple[Matter, Matter]) -> None:
    first, second = twice
    answer = page_of("elm").post(f"/matters/{second.pk}/void/", {"reason": "The same search", "seen_version": second.version})
    assert answer.status_code == 302
    hazel = page_of("hazel")
    assert "is open for the same child too" not in body(hazel, f"/matters/{first.pk}/")
    assert "Open twice" not in body(hazel, "/board/")
