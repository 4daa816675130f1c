"""Who somebody is, asked of two: the first cannot tell, the second answers blind, and a sergeant decides between them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.desk import looks_right
from tests.journeys.test_keyboard import tabs_to, types
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]
PHOTO = "A photograph from her school"
KEPT = "Kept. It is with the next person now"


def the_first_cannot_tell_and_needs_no_mouse(holly: Person, question: str) -> None:
    holly.opens(question)
    holly.reads("What the report says", "On record", "Agrees", "Not known", "If it is Sunniva Thackeray", "Why it stands where it does")
    holly.takes_a_picture("question", whole=True)
    looks_right(holly)
    tabs_to(holly, "The same child as Sunniva Thackeray")
    for _ in range(2):
        holly.page.keyboard.press("ArrowDown")
    expect(holly.page.get_by_role("radio", name="I cannot tell")).to_be_checked()
    types(holly, "Why do you say so?", "Nobody gave a birth date")
    types(holly, "If you cannot tell: what would tell?", PHOTO)
    tabs_to(holly, "Keep my answer")
    holly.page.keyboard.press("Enter")
    expect(holly.page.locator("body")).to_contain_text(KEPT)
    holly.opens(question)
    holly.reads("You have answered this.")


def the_second_answers_blind(pine: Person, question: str) -> None:
    pine.opens(question)
    pine.does_not_read(PHOTO, "Nobody gave a birth date", "PC Ada Holly, ", "What the others answered")
    pine.ticks("The same child as Sunniva Thackeray")
    pine.presses("Keep my answer")
    expect(pine.page.locator(".govuk-error-summary")).to_contain_text("needs an answer")
    looks_right(pine)
    pine.fills({"Why do you say so?": "The same aunt"})
    pine.presses("Keep my answer")
    expect(pine.page.locator("body")).to_contain_text(KEPT)


def the_sergeant_reads_both_and_decides(hazel: Person, question: str, matter: str) -> None:
    hazel.opens("/who-is-this/")
    line = hazel.page.get_by_role("row").filter(has=hazel.page.locator(f'a[href="{question}"]'))
    expect(line).to_contain_text("A supervisor decides this one.")
    hazel.takes_a_picture("questions", whole=True)
    looks_right(hazel)
    hazel.opens(question)
    hazel.reads("What the others answered", PHOTO, "The same aunt")
    hazel.does_not_read("Ana Pine")
    looks_right(hazel)
    hazel.ticks("The same child as Sunniva Thackeray")
    hazel.fills({"Why do you say so?": "The school has no other girl of that name"})
    hazel.presses("Keep my answer")
    expect(hazel.page.locator("body")).to_contain_text("Settled.")
    hazel.opens(question)
    hazel.reads("This was settled", "Ana Pine", "PC Ada Holly")
    hazel.opens(matter)
    hazel.follows("Everything about")
    hazel.reads("joined by Sgt Tom Hazel: The school has no other girl of that name")


def test_two_who_do_not_agree_leave_it_to_a_sergeant(somebody: Somebody, world: World) -> None:
    made = world.do("asked_of_two", given="Sunniva", family="Thackeray")
    question, matter = f"/who-is-this/{made['question']}/", f"/matters/{made['matter']}/"
    the_first_cannot_tell_and_needs_no_mouse(somebody("holly"), question)
    the_second_answers_blind(somebody("pine"), question)
    the_sergeant_reads_both_and_decides(somebody("hazel"), question, matter)


def test_how_far_they_agree_is_a_page_without_a_name(somebody: Somebody) -> None:
    oak = somebody("oak")
    oak.opens("/who-is-this/agreement/")
    oak.reads("Questions that two answered", "What has been learnt", "2,000")
    oak.takes_a_picture("agreement", whole=True)
    looks_right(oak)
