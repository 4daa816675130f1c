"""An engagement file to a board change: a sample is tried, the file brought in, and an open board of somebody else changes by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.conftest import NARROW, WIDE, Person
from tests.journeys.test_every_page import RULES
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]
HEADING = (
    "Attendance ID,Arrival time,Attendance reason,Presenting complaint,Outcome,Patient forename,Patient surname,Patient DOB,"
    "Postcode,Phone,Accompanied by,Shoe size"
)
SOURCE = "The hospital's emergency department"


def a_file(*, number: str, given: str, family: str, phone: str, alone: str) -> dict[str, object]:
    """A hospital's rows: a child with an open matter, a child with none, and a row that cannot be read."""
    at = f"{timezone.localtime() - timedelta(hours=2):%d/%m/%Y %H:%M}"
    rows = (
        f"{number}-1,{at},Assault,Cut to the arm,Left before treatment,{given},{family},03/04/2012,CB1 3ZX,{phone},Vic Thorne,38",
        f"{number}-2,{at},Alcohol,Found asleep,Admitted,Wynn,{alone},07/08/2011,,,,",
        f"{number}-3,last night,Fell over,,,Una,Reed,,,,,",
    )
    return {"name": f"{number}.csv", "mimeType": "text/csv", "buffer": "\r\n".join((HEADING, *rows, "")).encode()}


def is_fit_for_everybody(person: Person) -> None:
    """Axe finds nothing, and nothing is cut off on a small screen."""
    found = Axe().run(person.page, options=RULES).response["violations"]
    assert not found, [(item["id"], item["nodes"][0]["html"][:160]) for item in found]
    person.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert person.page.evaluate("() => document.documentElement.scrollWidth") <= 320
    person.page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def when_a_sample_is_tried(hazel: Person, file: dict[str, object], given: str, family: str) -> None:
    hazel.opens("/engagements/")
    hazel.follows("Try a sample file first")
    hazel.chooses("Whose rows are they?", SOURCE)
    hazel.page.get_by_label("A sample file").set_input_files([file])  # type: ignore[list-item]
    hazel.presses("Try it")
    hazel.reads("3 rows: 2 would be taken in, 1 could not be read.", "kept, and read by nothing", "Nothing has been kept.")
    hazel.reads(f"Patient: {given} {family}, born 3 April 2012, fact", "“last night” is not a date")


def when_the_file_is_brought_in(hazel: Person, file: dict[str, object]) -> None:
    hazel.follows("Bring the file in")
    hazel.ticks("Engagements of an agency")
    hazel.chooses("For engagements: whose are they?", SOURCE)
    hazel.page.get_by_label("File", exact=True).set_input_files([file])  # type: ignore[list-item]
    hazel.presses("Bring it in")


def test_a_file_of_engagements_changes_an_open_board_by_itself(somebody: Somebody, world: World) -> None:
    mark, phone = uuid4().hex[:6].upper(), f"07700 {900_000 + uuid4().int % 1000}"
    letters = mark.translate(str.maketrans("0123456789", "ghijklmnop")).lower()
    given, family, alone = "Tamsin", f"Yarrow{letters}", f"Sedge{letters}"
    matter = world.do("report", level="medium", given=given, family=family, postcode="CB1 3ZX", phone=phone)
    alder, hazel = somebody("alder"), somebody("hazel")
    alder.opens(f"/matters/{matter}/")
    alder.does_not_read("News from Health")
    alder.opens("/board/")
    alder.reads(family)
    row = alder.page.locator("tr", has_text=family)
    before = row.inner_text()

    file = a_file(number=f"ED-{mark}", given=given, family=family, phone=phone, alone=alone)
    when_a_sample_is_tried(hazel, file, given, family)
    is_fit_for_everybody(hazel)
    assert row.inner_text() == before, "a sample changes nothing"
    when_the_file_is_brought_in(hazel, file)
    hazel.reads("3 rows: 2 new, 0 already in, 1 could not be read.")

    expect(row).to_contain_text("News")  # without a refresh
    assert row.inner_text() != before
    row.get_by_role("link").first.click()
    alder.reads("News from Health: hospital attendance is waiting")
    is_fit_for_everybody(alder)
    alder.follows(f"Everything about {given}")
    alder.reads("Hospital attendance: patient", "Cut to the arm", SOURCE)
    alder.page.locator("main").get_by_role("link", name=re.compile(r"^Engagement \d+$")).first.click()
    alder.reads("Left before treatment", "Vic Thorne", "Fact")

    then_somebody_looks_at_the_child_about_whom_nothing_is_open(hazel, alone)
    hazel.opens("/files/")
    when_the_same_file_comes_again_nothing_changes(hazel, file)


def then_somebody_looks_at_the_child_about_whom_nothing_is_open(hazel: Person, family: str) -> None:
    """With the keyboard alone."""
    hazel.opens("/engagements/")
    link = hazel.page.get_by_role("link", name=f"Wynn {family}")
    link.focus()
    hazel.page.keyboard.press("Enter")
    hazel.reads("nothing is open about this child", "Found asleep")
    hazel.page.get_by_label("What did you look at, and what did you find?").focus()
    hazel.page.keyboard.type("Rang the ward: her mother is with her")
    hazel.page.keyboard.press("Tab")
    hazel.page.get_by_role("radio", name="Nothing more is needed").focus()
    hazel.page.keyboard.press("Space")
    hazel.page.get_by_role("button", name="Keep the answer").focus()
    hazel.page.keyboard.press("Enter")
    hazel.reads("Engagements")
    expect(hazel.page.get_by_role("link", name=f"Wynn {family}")).to_have_count(0)


def when_the_same_file_comes_again_nothing_changes(hazel: Person, file: dict[str, object]) -> None:
    hazel.ticks("Engagements of an agency")
    hazel.chooses("For engagements: whose are they?", SOURCE)
    hazel.page.get_by_label("File", exact=True).set_input_files([file])  # type: ignore[list-item]
    hazel.presses("Bring it in")
    hazel.reads("3 rows: 0 new, 2 already in, 1 could not be read.")
