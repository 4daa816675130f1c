"""What should be on record and is not: found by the minute, mended or set aside at a desk, and without a mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.test_keyboard import tabs_to, types
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]
MISSING = "no photograph is ready to use"


def test_what_is_mended_ends_by_itself_at_the_next_look(somebody: Somebody, world: World) -> None:
    found = world.do("absent", given="Mae")
    alder = somebody("alder")
    alder.opens("/duty/")
    alder.follows("Detectors: what should be on record and is not")
    alder.reads("Mae Absent", MISSING, "Sgt Maud Alder", "1 hour late")
    alder.follows("Mae Absent")
    alder.follows("Photograph ready to use: record it")
    alder.fills({"Where is it held?": "The home's own file, page 2", "When was it taken": "In January; a good likeness"})
    alder.presses("Save")
    alder.reads("Photograph ready to use: recorded.", MISSING)
    world.do("minutely")
    alder.opens(f"/matters/{found['absent']}/")
    alder.reads("Nothing now.", "1 earlier")
    alder.page.get_by_text("1 earlier").click()
    alder.reads("Put right")


def test_one_is_set_aside_with_a_reason_by_keyboard_alone(somebody: Somebody, world: World) -> None:
    found = world.do("absent", given="Kit")
    alder = somebody("alder")
    alder.opens("/detectors/?mine=on&rule=DET-HIGH-RISK-PHOTOGRAPH")
    expect(alder.page.get_by_label("Only mine")).to_be_checked()
    tabs_to(alder, "Kit Absent")
    alder.page.keyboard.press("Tab")
    alder.page.keyboard.press("Enter")
    expect(alder.page.get_by_role("heading", name="Say why this is no concern", level=1)).to_be_visible()
    tabs_to(alder, "Set aside")
    alder.page.keyboard.press("Enter")
    expect(alder.page.locator(".govuk-error-summary")).to_be_focused()
    types(alder, "Why is this no concern here?", "Nobody holds a photograph of him; a drawing is being made")
    tabs_to(alder, "Set aside")
    alder.page.keyboard.press("Enter")
    alder.reads("Set aside. Your reason stands on record", "Nothing now.")
    alder.opens(f"/people/{found['absent_child']}/")
    alder.does_not_read(MISSING)
    world.do("minutely")
    alder.opens("/detectors/?mine=on")
    alder.does_not_read("Kit Absent")
