"""The main journeys without a mouse, and the list that is printed for when the network is gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD, Person
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]
# At least part of what has the focus is on the screen, and is drawn as focused (WCAG 2.4.7 and 2.4.11).
FOCUSED = "() => (document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText || '').trim()"
SHOWN = """() => {
  const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect();
  const drawn = style.outlineStyle !== "none" || style.boxShadow !== "none" || style.backgroundColor === "rgb(255, 221, 0)";
  return drawn && box.width > 0 && box.top < innerHeight && box.bottom > 0;
}"""


def tabs_to(person: Person, words: str, most: int = 90) -> None:
    """Press Tab until the focus is on this, which must show."""
    for _ in range(most):
        person.page.keyboard.press("Tab")
        if str(person.page.evaluate(FOCUSED)).startswith(words):
            person.page.wait_for_function(SHOWN, timeout=2000)  # scrolling to it takes a moment
            return
    raise AssertionError(f"Tab never reaches {words}")


def types(person: Person, question: str, answer: str) -> None:
    """Tab to a question and answer it."""
    tabs_to(person, question)
    person.page.keyboard.type(answer)


def test_sign_in_report_and_grade_by_keyboard_alone(somebody: Somebody) -> None:
    alder = somebody()
    alder.opens("/sign-in/login/")
    types(alder, "Username", "hazel")
    types(alder, "Password", PASSWORD)
    alder.page.keyboard.press("Enter")
    expect(alder.page.get_by_role("heading", name="Board", level=1)).to_be_visible()
    tabs_to(alder, "Skip to main content")
    alder.page.keyboard.press("Enter")
    tabs_to(alder, "Report a missing child", most=2)  # the skip link has passed the navigation
    alder.page.keyboard.press("Enter")
    expect(alder.page.get_by_role("heading", name="Report a missing child", level=1)).to_be_visible()
    types(alder, "Who is reporting?", "Ada Keys")
    types(alder, "Given name", "Tab")
    types(alder, "Family name", "Keys")
    types(alder, "Date of birth", "4/6/2012")
    types(alder, "Which district", "North")
    types(alder, "What happened?", "Did not come home.")
    tabs_to(alder, "Send the report")
    alder.page.keyboard.press("Enter")
    alder.reads("The report is in.")
    tabs_to(alder, "Grade the risk")
    alder.page.keyboard.press("Enter")
    expect(alder.page.get_by_role("heading", name="Grade the risk", level=1)).to_be_visible()
    tabs_to(alder, "High")
    alder.page.keyboard.press("Space")
    types(alder, "Why this level?", "Twelve and alone")
    types(alder, "What did you rely on?", "Ada Keys, by phone")
    types(alder, "What happens now?", "PC Rowan to the bus station")
    tabs_to(alder, "Save the grade")
    alder.page.keyboard.press("Enter")
    alder.reads("Graded.", "High, graded")


def test_what_is_wrong_has_the_focus_and_leads_to_the_question(somebody: Somebody) -> None:
    ivy = somebody("ivy")
    ivy.opens("/reports/new/")
    ivy.presses("Send the report")
    expect(ivy.page.locator(".govuk-error-summary")).to_be_focused()
    ivy.page.keyboard.press("Tab")
    ivy.page.keyboard.press("Enter")
    expect(ivy.page.get_by_label("Who is reporting?")).to_be_focused()


def test_the_printed_duty_list_has_the_children_and_no_navigation(somebody: Somebody, world: World) -> None:
    world.do("report", given="Piet", family="Lark", level="medium")
    hazel = somebody("hazel")
    hazel.opens("/duty-list/")
    hazel.page.emulate_media(media="print")
    expect(hazel.page.locator("main")).to_contain_text("Piet Lark")
    for part in (".govuk-service-navigation", ".lodestar-header", ".lodestar-footer", "[data-print]"):
        expect(hazel.page.locator(part).first).to_be_hidden()
    assert hazel.page.pdf(format="A4").startswith(b"%PDF")
