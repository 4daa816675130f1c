"""The pages of the governed formula: what is in force, drafting as text, the steps, and the public record."""

from __future__ import annotations

from collections.abc import Callable

import tomli_w
from django.test import Client
from django.utils import timezone

from lodestar.store.models import Formula
from lodestar.store.queries import formulas as queries

PageOf = Callable[[str], Client]


def text() -> str:
    return tomli_w.dumps(queries.plain(queries.in_force(at=timezone.now()).document))


def test_the_text_on_the_page_is_the_formula_in_force_and_says_so_when_nothing_changed(page_of: PageOf) -> None:
    page = page_of("hazel").get("/tasking/formula/draft/")
    assert b"travel_minute = 0.1" in page.content
    answer = page_of("hazel").post(
        "/tasking/formula/draft/", {"text": text().replace("travel_minute = 0.1", "travel_minute = 0.2"), "reason": "Far"}
    )
    assert answer.status_code == 302
    page = page_of("hazel").get(answer["Location"])
    assert b"values.travel_minute" in page.content
    assert b"Not run yet" in page.content


def test_text_that_cannot_be_read_or_followed_keeps_what_was_typed(page_of: PageOf) -> None:
    for typed, said in (
        ("tiers = [", b"cannot be read"),
        (text().replace("speed_kmh = 40", "speed_kmh = 0"), b"speed_kmh must be above 0"),
        (text().replace("speed_kmh = 40", ""), b"it lacks limits.speed_kmh"),
    ):
        answer = page_of("hazel").post("/tasking/formula/draft/", {"text": typed, "reason": "Try"})
        assert answer.status_code == 422
        assert said in answer.content
        assert typed.encode()[:9] in answer.content
    assert not Formula.objects.exists()


def test_the_steps_are_offered_to_those_who_may_take_them(page_of: PageOf) -> None:
    changed = text().replace("travel_minute = 0.1", "travel_minute = 0.3")
    page_of("hazel").post("/tasking/formula/draft/", {"text": changed, "reason": "Far"})
    row = Formula.objects.get()
    asked = page_of("hazel").post(f"/tasking/formula/{row.number}/", {"verb": "ask_shadow", "seen_version": row.version})
    assert asked.status_code == 302
    assert b"Asked for" in page_of("maple").get(f"/tasking/formula/{row.number}/").content
    late = page_of("hazel").post(f"/tasking/formula/{row.number}/", {"verb": "drop", "seen_version": 1, "reason": "No"})
    assert late.status_code == 422
    assert page_of("rowan").get("/tasking/formula/").status_code in (403, 404)
    assert page_of("hazel").get("/tasking/formula/999/").status_code == 404
    assert page_of("oak").get(f"/tasking/formula/{row.number}/").status_code == 200


def test_the_public_record_says_the_tiers_and_marks_what_only_the_force_can_say(page_of: PageOf) -> None:
    page = page_of("oak").get("/tasking/formula/record/").content.decode()
    for said in (
        "Life and immediate safety",
        "Not yet said by the force.",
        "Superintendent or above",
        "Section 5",
        "Human Rights Act 1998",
        "Who may be given work",
        "conflict of interest",
        "Change to issued work",
    ):
        assert said in page
