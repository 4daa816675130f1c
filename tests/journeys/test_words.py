"""Other words about a child are suggested while somebody writes and once more after it is saved; saving never waits for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import NARROW, Person
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]
FOUND, PLAN = "What did you find when you reviewed it?", "What happens next, and by whom?"


@pytest.fixture(scope="module")
def path(world: World) -> str:
    return f"/matters/{world.do('report', given='Nell', family='Wordsworth', level='medium')}/done/review_recorded/"


def axe_finds(person: Person) -> list[str]:
    return [item["id"] for item in Axe().run(person.page).response["violations"]]


def test_a_suggestion_comes_while_writing_goes_when_it_is_changed_and_is_said_again_after_saving(somebody: Somebody, path: str) -> None:
    hazel = somebody("hazel")
    hazel.opens(path)
    addresses: list[str] = []
    hazel.page.on("request", lambda request: addresses.append(request.url))
    question = hazel.page.get_by_label(FOUND)
    question.fill("She is streetwise.")
    beside = hazel.page.get_by_role("status", name="Suggested words").first
    expect(beside).to_contain_text("makes danger look like skill")
    expect(question).to_be_focused()
    assert axe_finds(hazel) == []
    hazel.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert hazel.page.evaluate("() => document.documentElement.scrollWidth") <= 320
    assert axe_finds(hazel) == []
    hazel.takes_a_picture("words-beside")
    question.fill("She called herself “streetwise”.")
    expect(beside).to_be_empty()
    question.fill("She is streetwise.")
    expect(beside).not_to_be_empty()
    hazel.fills({PLAN: "PC Hazel calls her aunt."})
    hazel.presses("Save")
    hazel.reads("Supervisor's review: recorded.", "It is saved as you wrote it", "you wrote “streetwise”", "She is streetwise.")
    assert axe_finds(hazel) == []
    assert [url for url in addresses if "streetwise" in url.lower()] == []


def test_without_scripts_it_is_saved_just_the_same_and_said_after(somebody: Somebody, path: str) -> None:
    hazel = somebody("hazel", java_script_enabled=False)
    hazel.opens(path)
    hazel.fills({FOUND: "A lifestyle choice, they say.", PLAN: "PC Hazel calls her aunt."})
    hazel.presses("Save")
    hazel.reads("Supervisor's review: recorded.", "you wrote “lifestyle choice”")
