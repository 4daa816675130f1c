"""The pages of who somebody is: reach, refusals beside their question, stale pages, and the ledger of what is owed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone

from lodestar.core.identity.reviewing import drawn
from lodestar.core.reports.draft import Subject
from lodestar.store.models import AuditRow, LinkQuestion, Matter, Obligation, ReviewAnswer
from lodestar.store.queries import reviewing
from tests.actions.conftest import Force

PageOf = Callable[[str], Client]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def question(force: Force) -> LinkQuestion:
    """A child on record, and a report by name alone, which the lot asks of two."""
    at = timezone.now() - 10 * MINUTE
    force.report(at, external_id="R-1", subject=Subject("Mina", "Marsh"), since_from=at, since_to=at)
    rules = reviewing.rules(at=at)
    number = next(f"R-{n}" for n in count(10) if drawn(f"test|R-{n}", rules=rules))
    force.report(at + MINUTE, external_id=number, subject=Subject("Mina", "Marsh"), since_from=at, since_to=at)
    return LinkQuestion.objects.get(report__external_id=number)


def shown(question: LinkQuestion) -> int:
    return reviewing.offered(question)[0]


def said(question: LinkQuestion, answer: str, **more: str) -> dict[str, object]:
    return {"seen_version": question.version, "answer": answer, "reason": "Her aunt said so", **more}


def test_the_queue_says_why_whose_and_by_when_and_leaves_that_it_was_seen(question: LinkQuestion, page_of: PageOf) -> None:
    page = page_of("hazel").get("/who-is-this/").content.decode()
    assert "First: " in page
    assert "PC Ada Holly" in page
    assert "so days of queue cannot be told" in page
    assert AuditRow.objects.get(verb="people.queue_seen").detail["ids"] == [question.pk]


def test_the_ledger_shows_every_question_within_reach_and_none_beyond(question: LinkQuestion, page_of: PageOf) -> None:
    link = f'href="/who-is-this/{question.pk}/"'
    assert link in page_of("holly").get("/owed/?whose=mine&view=24h").content.decode()
    assert link in page_of("hazel").get("/owed/?whose=all&view=24h").content.decode()
    assert link in page_of("alder").get("/owed/?whose=all&view=24h").content.decode(), "of the report's own district"
    assert link not in page_of("birch").get("/owed/?whose=all&view=24h").content.decode()
    assert "A supervisor" not in page_of("hazel").get("/owed/?whose=all&view=24h").content.decode()


@pytest.mark.parametrize("who", ["birch", "ivy", "oak", "lime", "rowan"])
def test_a_question_beyond_reach_is_not_there(who: str, question: LinkQuestion, page_of: PageOf) -> None:
    assert page_of(who).get(f"/who-is-this/{question.pk}/").status_code == 404
    answered = page_of(who).post(f"/who-is-this/{question.pk}/", said(question, "somebody_new"))
    assert answered.status_code == 404
    assert not ReviewAnswer.objects.exists()


def test_the_second_is_never_shown_that_or_what_somebody_answered(question: LinkQuestion, page_of: PageOf) -> None:
    where = f"/who-is-this/{question.pk}/"
    first = said(question, "cannot_tell", reason="Only a first name", would_tell="A photograph of her")
    assert page_of("holly").post(where, first, follow=True).status_code == 200
    matter, person = Matter.objects.latest("pk").pk, shown(question)
    for path in (where, "/who-is-this/", "/owed/?whose=all&view=24h", f"/matters/{matter}/", f"/people/{person}/"):
        page = page_of("pine").get(path).content.decode()
        assert "Only a first name" not in page
        assert "A photograph of her" not in page
    assert "You have answered this" in page_of("holly").get(where).content.decode()


def test_what_an_answer_lacks_stands_beside_its_question_and_nothing_typed_is_lost(question: LinkQuestion, page_of: PageOf) -> None:
    answer = page_of("holly").post(f"/who-is-this/{question.pk}/", said(question, "cannot_tell", reason="Only a first name"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say what would tell, so that somebody can go and get it." in page
    assert 'href="#id_would_tell"' in page
    assert "Only a first name" in page


def test_of_two_at_once_the_second_reads_it_again(question: LinkQuestion, page_of: PageOf) -> None:
    where = f"/who-is-this/{question.pk}/"
    page_of("holly").post(where, said(question, f"same {shown(question)}"))
    answer = page_of("pine").post(where, said(question, "somebody_new", reason="Another girl"))
    assert answer.status_code == 422
    assert "Somebody else changed this while you were working" in answer.content.decode()
    assert "Another girl" in answer.content.decode()
    assert ReviewAnswer.objects.count() == 1


def test_people_who_contradict_each_other_mark_the_record_until_a_sergeant_decides(
    question: LinkQuestion, page_of: PageOf, force: Force
) -> None:
    person = shown(question)
    now = timezone.now()
    force.answer(question, "same", person, at=now - 3 * MINUTE)
    force.answer(question, "somebody_new", by="pine", at=now - 2 * MINUTE)
    for record in (person, question.provisional_id):
        assert "Needs attention" in page_of("hazel").get(f"/people/{record}/").content.decode()
    assert "A supervisor decides this one." in page_of("hazel").get("/who-is-this/").content.decode()
    assert Obligation.objects.get(rule="LINK-THIRD").owed_by.username == "hazel"
    force.answer(question, "same", person, by="hazel", at=now - MINUTE)
    assert "Needs attention" not in page_of("hazel").get(f"/people/{person}/").content.decode()


def test_whoever_sees_no_child_reads_how_far_those_who_answer_agree(question: LinkQuestion, page_of: PageOf) -> None:
    page = page_of("oak").get("/who-is-this/agreement/")
    assert page.status_code == 200
    assert b"Marsh" not in page.content
    assert page_of("ivy").get("/who-is-this/agreement/").status_code == 404


def test_the_queue_asks_as_many_questions_of_the_database_for_many_as_for_one(
    question: LinkQuestion, force: Force, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    at = timezone.now() - MINUTE
    for number in range(4):
        force.report(at, external_id=f"S-{number}", subject=Subject("Mina", "Marsh"), since_from=at, since_to=at)
    actor = force.actor("hazel", at)
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        assert len(reviewing.queue(actor=actor, at=at)) == 5
