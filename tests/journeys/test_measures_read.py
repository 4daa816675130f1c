"""A superintendent reads the measures in a minute, without a mouse, and opens what is flagged down to a row she may read."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NARROW, WIDE, Person
from tests.journeys.test_every_page import Look, faults_of
from tests.journeys.test_keyboard import tabs_to
from tests.journeys.world import World

pytestmark = pytest.mark.journey

PAGES = (
    "/measures/?days=91",
    "/measures/M2/",
    "/measures/M1/?line=child+clock&district=north",
    "/measures/M1/rows/?days=91",
    "/measures/published/",
)

Somebody = Callable[..., Person]


@pytest.fixture(scope="module")
def year(world: World) -> None:
    """A year of missing children whose last whole month went wrong."""
    world.do("year_of_missing")


def goes_to(person: Person, words: str) -> None:
    """Tab to a link and follow it."""
    tabs_to(person, words, most=120)
    person.page.keyboard.press("Enter")


def test_a_superintendent_finds_what_is_flagged_and_opens_it_to_a_child_s_matter(somebody: Somebody, world: World, year: None) -> None:
    spruce = somebody("spruce")
    goes_to(spruce, "Measures")
    expect(spruce.page.get_by_role("heading", name="Measures", level=1)).to_be_visible()
    tabs_to(spruce, "Period")
    spruce.page.keyboard.type("Last q")
    goes_to(spruce, "Show")
    spruce.reads("What changed beyond chance", "Concern: lower than chance gives", "would still flag", "What to ask", "What is owed")
    spruce.reads("outside the", "What happened that month?")
    spruce.takes_a_picture("measures-flagged", whole=True)

    goes_to(spruce, "Found within 24 hours")
    expect(spruce.page.get_by_role("heading", name="Share of under-18s found within 24 hours", level=1)).to_be_visible()
    spruce.reads("What the figure means", "Population", "Clock", "Authority", "Not yet verified", "outside limits (for the worse)")
    chart = spruce.page.get_by_role("img", name=re.compile("Found within 24 hours, month by month"))
    expect(chart).to_be_visible()
    expect(chart).to_contain_text("outside limits")
    spruce.takes_a_picture("measure-opened", whole=True)

    goes_to(spruce, "Open the rows behind this figure")
    spruce.reads("That you looked, and at which, is on record.")
    spruce.takes_a_picture("measure-rows")
    rows = spruce.page.url
    goes_to(spruce, "M-")
    expect(spruce.page.get_by_role("heading", level=1)).to_contain_text("Yearling")

    oak = somebody("oak")
    oak.opens("/measures/M1/?days=91")
    oak.reads("outside limits (for the worse)")
    oak.does_not_read("Open the rows")
    answer = oak.page.goto(rows)
    assert answer is not None
    assert answer.status == 404


def test_the_charts_can_be_used_by_everybody_on_a_telephone_and_on_paper(somebody: Somebody, year: None) -> None:
    spruce = somebody("spruce")
    spruce.opens("/measures/M1/?days=91")
    assert faults_of(spruce, Look("measure", "/measures/M1/?days=91")) == []
    for path in PAGES:
        spruce.opens(path)
        assert faults_of(spruce, Look("measures", path)) == []
    spruce.opens("/measures/M1/?days=91")
    wide, narrow = spruce.page.locator(".lodestar-wide").first, spruce.page.locator(".lodestar-narrow").first
    spruce.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    expect(narrow).to_be_visible()
    expect(wide).to_be_hidden()
    smallest = min(narrow.locator("text").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)"))
    assert smallest >= 11, "letters on a telephone"
    spruce.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    spruce.page.emulate_media(media="print")
    expect(wide).to_be_visible()
    expect(narrow).to_be_hidden()
    expect(spruce.page.locator(".lodestar-numbers").first).to_be_visible()
    for part in (".govuk-service-navigation", ".lodestar-filters", ".lodestar-header"):
        expect(spruce.page.locator(part).first).to_be_hidden()
    assert spruce.page.pdf(format="A4").startswith(b"%PDF")
