"""Other words are suggested beside what is written about a child. What is saved is what was typed, whatever the suggestion."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from lodestar.core.language.prompts import VERBATIM
from lodestar.core.matters.kinds import every_deed
from lodestar.doors.web.forms.deeds import DeedForm
from lodestar.doors.web.forms.fields import typed
from lodestar.doors.web.language import MOST, is_examined
from lodestar.store.models import AuditRow, Deed, Matter, News
from tests.actions.conftest import Force

WRITTEN = "She is promiscuous and streetwise, and it was a lifestyle choice."
PageOf = Callable[[str], Client]


@pytest.fixture
def matter(force: Force) -> Matter:
    at = timezone.now() - timedelta(hours=1)
    return force.report(at=at, since_from=at, since_to=at)


def post_review(client: Client, matter: Matter, text: str) -> Any:
    said = {"found": text, "plan": "PC Hazel calls the aunt.", "at": typed(timezone.now()), "seen_version": matter.version}
    return client.post(f"/matters/{matter.pk}/done/review_recorded/", said, follow=True)


def body(answer: Any) -> str:
    return answer.content.decode()


def test_a_deed_is_saved_as_typed_at_once_and_the_page_says_what_else_could_be_said(page_of: PageOf, matter: Matter) -> None:
    answer = post_review(page_of("alder"), matter, WRITTEN)
    assert Deed.objects.get(code="review_recorded").detail["found"] == WRITTEN
    assert answer.redirect_chain == [(f"/matters/{matter.pk}/", 302)]
    assert "It is saved as you wrote it" in body(answer)
    assert "you wrote “promiscuous”" in body(answer)
    assert "Instead: the child has been sexually abused or exploited" in body(answer)
    assert "you wrote “promiscuous”" not in body(page_of("alder").get(f"/matters/{matter.pk}/")), "said once, not for ever"


def test_plain_words_bring_no_suggestion(page_of: PageOf, matter: Matter) -> None:
    assert "It is saved as you wrote it" not in body(post_review(page_of("alder"), matter, "He was at his aunt's flat."))


def test_what_stands_in_quotation_marks_is_left_alone(page_of: PageOf, matter: Matter) -> None:
    assert "It is saved as you wrote it" not in body(post_review(page_of("alder"), matter, "The hotel called her “promiscuous”."))


def test_what_a_caller_said_is_kept_word_for_word_and_not_examined(page_of: PageOf, matter: Matter) -> None:
    said = {"from_whom": "Neighbour", "text": WRITTEN, "seen_version": matter.version}
    answer = page_of("alder").post(f"/matters/{matter.pk}/news/", said, follow=True)
    assert News.objects.get().text == WRITTEN
    assert "It is saved as you wrote it" not in body(answer)


def test_a_refused_form_shows_the_suggestion_beside_the_question(page_of: PageOf, matter: Matter) -> None:
    said = {"found": WRITTEN, "plan": "", "at": typed(timezone.now()), "seen_version": matter.version}
    answer = page_of("alder").post(f"/matters/{matter.pk}/done/review_recorded/", said)
    assert answer.status_code == 422
    assert "Instead: the child has been sexually abused" in body(answer)
    assert not Deed.objects.filter(code="review_recorded").exists()


def test_while_it_is_typed_the_text_is_answered_and_nothing_is_written(page_of: PageOf, matter: Matter, caplog: Any) -> None:
    client, rows = page_of("alder"), AuditRow.objects.count()
    answer = client.post("/words/", {"text": f"{WRITTEN} Streetwise."})
    assert answer.status_code == 200
    assert body(answer).count("streetwise") == 1, "each term once"
    assert body(client.post("/words/", {"text": "“streetwise”"})).strip() == ""
    assert client.get("/words/", {"text": WRITTEN}).status_code == 405, "never in an address"
    assert AuditRow.objects.count() == rows
    assert "promiscuous" not in caplog.text


def test_markup_that_is_typed_comes_back_as_text(page_of: PageOf, matter: Matter) -> None:
    shown = body(page_of("alder").post("/words/", {"text": "<b>streetwise</b><script>alert(1)</script>"}))
    assert "<script>" not in shown and "<b>" not in shown


def test_nothing_typed_is_logged_or_kept_outside_the_record(page_of: PageOf, matter: Matter, caplog: Any) -> None:
    answer = page_of("alder").post(
        f"/matters/{matter.pk}/done/review_recorded/",
        {"found": f"Zebrafish. {WRITTEN}", "plan": "x", "at": typed(timezone.now()), "seen_version": matter.version},
    )
    carried = " ".join(map(str, get_messages(answer.wsgi_request)))  # what the browser is given to carry
    assert "streetwise" in carried
    assert "Zebrafish" not in carried + caplog.text
    assert not AuditRow.objects.filter(detail__icontains="streetwise").exists()


def test_a_long_list_is_cut_so_that_somebody_reads_it(page_of: PageOf, matter: Matter) -> None:
    many = "promiscuous, streetwise, lifestyle choice, absconder, absconded, hard to reach, risky behaviour"
    assert body(post_review(page_of("alder"), matter, many)).count("you wrote “") == MOST


def test_only_what_a_person_writes_freely_is_examined_and_never_what_somebody_said() -> None:
    for kind in every_deed().values():
        form = DeedForm(kind=kind, choices={})
        for asked in kind.asks:
            free = asked.asked_as == "text" and not asked.verbatim and asked.name not in VERBATIM
            assert is_examined(form[asked.name]) is free, (kind.code, asked.name)


def test_every_question_for_somebodys_own_words_is_kept_word_for_word() -> None:
    spoken = re.compile(r"\btheir (own )?words\b|^What did (the child|they) say\?|exactly as the source writes")
    asked = [(kind.code, one) for kind in every_deed().values() for one in kind.asks if one.asked_as == "text"]
    found = [(code, one.name, one.verbatim) for code, one in asked if spoken.search(one.question) or one.name in VERBATIM]
    assert len(found) > 8
    assert [row for row in found if not row[2]] == []


def test_the_mark_of_the_page_is_the_one_the_script_looks_for(page_of: PageOf, matter: Matter) -> None:
    shown = body(page_of("alder").get(f"/matters/{matter.pk}/done/review_recorded/"))
    assert shown.count('data-words="/words/"') == 2
    assert shown.count('class="lodestar-words"') == 2
    assert "data-words" not in body(page_of("alder").get(f"/matters/{matter.pk}/news/"))
