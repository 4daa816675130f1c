"""A missing child from the call to the measure, by the people who do it, in their own browsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.conftest import Person

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]


def _ago(minutes: int = 0) -> str:
    return f"{timezone.localtime() - timedelta(minutes=minutes):%d/%m/%Y %H:%M}"


def given_a_call_handler_reports(ivy: Person) -> str:
    ivy.follows("Report a missing child")
    ivy.fills(
        {
            "Who is reporting?": "Joan Larch",
            "What are they to the child?": "mother",
            "How can they be called back?": "01632 960123",
            "Given name": "Tess",
            "Family name": "Larch",
            "Date of birth": "4/5/2012",
            "When were they last known to be safe?": _ago(60),
            "What happened?": "Left after breakfast and did not reach school.",
        }
    )
    ivy.chooses("Which district are they missing from?", "North")
    ivy.takes_a_picture("report-whole", whole=True)
    ivy.presses("Send the report")
    ivy.reads("The report is in.", "Tess Larch", "Not graded yet", "Unknown is not low")
    return ivy.page.url.removeprefix(ivy.world.url)


def when_the_sergeant_grades_after_reading_what_is_held(alder: Person, matter: str) -> None:
    alder.opens(matter)
    alder.follows("Grade the risk")
    alder.reads("What the force already holds")
    alder.presses("Save the grade")
    alder.reads("There is a problem", "“Why this level?” needs an answer.")
    alder.ticks("Medium")
    alder.fills(
        {
            "Why this level?": "Twelve, alone, phone off, not like her",
            "What did you rely on?": "Mother, by phone\nThe school",
            "What happens now?": "PC Rowan to the bus station; the hub rings her friends",
        }
    )
    alder.presses("Save the grade")
    alder.reads("Graded.", "Medium, graded")


def when_she_is_located_seen_and_back(alder: Person, matter: str) -> None:
    seen = {"Who saw the child?": "PC 4411 Rowan", "Where?": "Bus station, Tern Street"}
    alder.follows("Record that the child is located")
    alder.fills(seen)
    alder.presses("Record that the child is located")
    alder.reads("Nobody has confirmed how the child is: still missing.")
    alder.follows("Record how the child is")
    alder.fills(seen)
    alder.presses("Record how the child is")
    alder.reads("Seen by PC 4411 Rowan")
    alder.follows("Record the return")
    alder.presses("Record the return")
    alder.reads("The return is recorded.")


def then_closing_is_refused_with_the_list_before(hazel: Person, matter: str) -> None:
    hazel.opens(matter)
    hazel.reads("Before this can close")
    assert hazel.page.get_by_role("button", name="Close").is_disabled()
    hazel.opens(f"{matter}close/")  # somebody with an old page open
    hazel.presses("Close")
    hazel.reads("There is a problem", "prevention interview")


def when_the_officer_records(holly: Person, matter: str, deed: str, answers: dict[str, str], choice: str = "") -> None:
    holly.opens(matter)
    others = holly.page.get_by_text("Record something else done")
    if others.count():
        others.click()
    holly.follows(deed, exact=True)
    if choice:
        holly.ticks(choice)
    holly.fills(answers)
    holly.page.locator("main form button").first.click()
    holly.reads(deed)


def when_everything_that_closing_needs_is_done(holly: Person, hazel: Person, matter: str) -> None:
    interview = {
        "Where did you speak to the child?": "At home",
        "What did the child say? Use their words": "I was with my brother",
        "What harm was seen or suspected?": "None",
    }
    when_the_officer_records(holly, matter, "Prevention interview", interview, "Yes")
    when_the_officer_records(holly, matter, "Referral decision", {"Why?": "Already known to her social worker"}, "Not made")
    told = {"Who did you speak to?": "Una Lime, duty worker", "Under which power or duty?": "Children Act 2004 s.11"}
    when_the_officer_records(holly, matter, "Return home interview requested", told)
    checked = {"What did you check, and how?": "Spoke to PC Holly and read the notes"}
    when_the_officer_records(hazel, matter, "Supervisor's check before closing", checked)


def then_it_closes_and_the_measure_counts_it(hazel: Person, matter: str, before: int) -> None:
    hazel.opens(matter)
    hazel.does_not_read("Before this can close")
    hazel.follows("Close", exact=True)
    hazel.presses("Close")
    hazel.reads("Closed.")
    assert counted(hazel) == before + 1


def counted(hazel: Person) -> int:
    """How many episodes the times missing are counted from."""
    hazel.opens("/measures/M2/")
    found = re.search(r"\d+ of (\d+)", hazel.page.locator("main").inner_text())
    assert found is not None
    return int(found[1])


def test_from_the_call_to_closure_and_the_measure(somebody: Somebody) -> None:
    hazel = somebody("hazel")
    before = counted(hazel)
    matter = given_a_call_handler_reports(somebody("ivy"))
    alder = somebody("alder")
    when_the_sergeant_grades_after_reading_what_is_held(alder, matter)
    when_she_is_located_seen_and_back(alder, matter)
    then_closing_is_refused_with_the_list_before(hazel, matter)
    when_everything_that_closing_needs_is_done(somebody("holly"), hazel, matter)
    then_it_closes_and_the_measure_counts_it(hazel, matter, before)


def test_a_report_one_thing_a_page(somebody: Somebody) -> None:
    ivy = somebody("ivy")
    ivy.follows("Report a missing child")
    ivy.follows("Ask me one thing at a time instead")
    ivy.presses("Continue")
    ivy.reads("There is a problem")
    ivy.fills({"Who is reporting?": "Key worker Sorrel"})
    ivy.presses("Continue")
    ivy.fills({"Given name": "Owen", "Family name": "Sedge", "Date of birth": "9/2/2011"})
    ivy.chooses("Which district are they missing from?", "South")
    ivy.presses("Continue")
    ivy.fills({"What happened?": "Did not come back to the home by ten."})
    ivy.takes_a_picture("report-one-thing", whole=True)
    ivy.presses("Continue")
    ivy.presses("Send the report")
    ivy.reads("The report is in.", "Owen Sedge")
