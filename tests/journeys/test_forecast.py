"""A superintendent asks what more posts would do, reads the answer, and runs it again: with the keyboard where it matters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NARROW, Person
from tests.journeys.test_keyboard import tabs_to
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]


def test_more_posts_are_asked_for_and_the_answer_is_the_same_when_it_is_run_again(somebody: Somebody, world: World) -> None:
    world.do("waiting_line")
    spruce = somebody("spruce")
    spruce.opens("/forecast/")
    spruce.reads("cases wait for a post", "What is coming", "What it cannot know")
    spruce.page.get_by_label("From which day?").fill("1/2/2020")
    spruce.presses("Work it out")
    expect(spruce.page.locator(".govuk-error-summary")).to_be_focused()
    spruce.reads("what has been cannot be staffed again")
    spruce.opens("/forecast/")
    spruce.page.get_by_label("How many more posts?").select_option("2")
    spruce.page.get_by_label("Training first?").select_option("none")
    tabs_to(spruce, "Work it out")
    spruce.page.keyboard.press("Enter")
    expect(spruce.page.get_by_role("heading", name="What 2 more posts would do", level=1)).to_be_visible(timeout=30_000)
    spruce.reads("With no more posts", "With 2 more from", "By class, after 12 months", "What it cannot know")
    spruce.page.get_by_text("How it was made, and how to check it").click()
    spruce.presses("Run it again from what was kept")
    expect(spruce.page.get_by_text("the same answer, to the byte")).to_be_visible(timeout=30_000)
    spruce.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert spruce.page.evaluate("() => document.documentElement.scrollWidth") <= 320
