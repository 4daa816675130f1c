"""Work: asked for, proposed, decided line by line, a second person where the tier asks for one, and finished with evidence."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.desk import at
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]


def asks_for_a_search(alder: Person, matter: str) -> str:
    """The sergeant asks for a search; returns the matter's reference."""
    alder.opens(matter)
    alder.follows("Ask for a task")
    alder.chooses("What kind of work?", "Search premises (60 minutes)")
    alder.fills({"What exactly?": "The loft and the sheds of the farm"})
    alder.presses("Ask")
    alder.reads("Asked for.")
    return alder.page.title().split(" – ")[0]


def sends(hazel: Person, reference: str, *people: str) -> None:
    """The tasker names a crew, and says why where it is another than proposed."""
    hazel.opens("/tasking/")
    hazel.presses("Propose who does what")
    hazel.reads("Placed", "Proposed")
    for number, name in enumerate(people, start=1):
        choice = hazel.page.get_by_label(f"Search premises, {reference}: person {number} of 2")
        choice.select_option(label=next(one for one in choice.locator("option").all_inner_texts() if name in one))
    hazel.takes_a_picture("proposal", whole=True)
    hazel.fills({"If you change or refuse anything: why?": "They are already at the farm"})
    hazel.presses("Give out this work in my name")
    hazel.reads("Recorded")


def works_it(rowan: Person, reference: str) -> None:
    rowan.opens("/tasks/")
    rowan.reads("With you")
    rowan.page.locator("tr", has_text=reference).get_by_role("link", name="Search premises").click()
    rowan.presses("I have it")
    rowan.presses("I have started")
    rowan.takes_a_picture("task")
    rowan.follows("Searched", exact=True)
    rowan.presses("Finish")
    rowan.reads("There is a problem")
    rowan.fills(
        {
            "What was searched, room by room?": "Loft, both sheds, the cellar",
            "Who searched?": "PC Rowan and PC Holly",
            "How?": "By eye, with lamps",
            "What was found?": "A blanket and a torch in the loft",
        }
    )
    rowan.presses("Finish")
    rowan.reads("Search premises: searched.")


def test_work_from_the_asking_to_the_evidence(somebody: Somebody, world: World) -> None:
    matter = f"/matters/{world.do('report', given='Petra', family='Moss', level='medium')}/"
    alder = somebody("alder")
    reference = asks_for_a_search(alder, matter)
    hazel = somebody("hazel")
    sends(hazel, reference, "Rowan", "Holly")
    hazel.follows("The day as a picture and as journeys")
    hazel.reads("People by time", "Journeys", "given out otherwise", "PC Sam Rowan and PC Ada Holly")
    hazel.takes_a_picture("briefing", whole=True)
    holly = somebody("holly")
    holly.opens("/tasks/")
    holly.page.locator("tr", has_text=reference).get_by_role("link", name="Search premises").click()
    holly.presses("I have it")
    holly.reads("who has it")
    works_it(somebody("rowan"), reference)
    alder.opens(matter)
    alder.follows("Search premises")
    alder.reads("A blanket and a torch in the loft")


def test_work_of_the_first_tier_goes_out_when_a_second_person_agrees(somebody: Somebody, world: World) -> None:
    matter = f"/matters/{world.do('report', given='Iris', family='Fell', level='high')}/"
    reference = asks_for_a_search(somebody("alder"), matter)
    hazel = somebody("hazel")
    sends(hazel, reference, "Rowan", "Holly")
    hazel.reads("awaiting second", "waits for a second person")
    address = hazel.page.url.removeprefix(world.url)
    hazel.presses("I agree: send it out")
    hazel.reads("You decided this. A second person must read it and agree.")
    rowan = somebody("rowan")
    rowan.opens("/tasks/")
    rowan.does_not_read(f"{reference}, tier")
    elm = somebody("elm")
    elm.opens(address)
    elm.reads("Work of the first tier waits for a second person.", "Rowan")
    elm.presses("I agree: send it out")
    elm.reads("Recorded in your name.", "Agreed to by")
    works_it(rowan, reference)


def reads_a_notice(person: Person, *words: str) -> None:
    """One of the newest notices says all this."""
    person.opens("/notices/")
    found = person.page.locator("main li")
    for word in words:
        found = found.filter(has_text=word)
    expect(found.first).to_be_visible()


def test_a_child_in_danger_asks_for_a_proposal_and_what_it_gives_out_is_told_climbs_and_is_acknowledged(
    somebody: Somebody, world: World
) -> None:
    number = world.do("report", given="Runa", family="Event", level="high", hours_ago=0)
    world.do("ask_task", matter=number, detail="The pond")
    made = world.do("replan", minutes_later=2)
    alder, hazel, elm, rowan = (somebody(name) for name in ("alder", "hazel", "elm", "rowan"))
    alder.opens(f"/matters/{number}/")
    reference = alder.page.title().split(" – ")[0]
    reads_a_notice(hazel, f"Proposal {made} waits for your decision", "rose to the first tier")
    hazel.opens("/board/")
    hazel.follows("A new proposal waits")
    hazel.reads(f"Proposal {made}", "rose to the first tier", "of which", "Takes a second person's word.")
    for slot, name in enumerate(("Rowan", "Holly"), start=1):
        choice = hazel.page.get_by_label(f"Search premises, {reference}: person {slot} of 2")
        choice.select_option(label=next(one for one in choice.locator("option").all_inner_texts() if name in one))
    hazel.fills({"If you change or refuse anything: why?": "They are at the pond"})
    hazel.presses("Give out this work in my name")
    hazel.reads("waits for a second person")
    reads_a_notice(elm, f"Proposal {made} has work of the first tier")
    elm.opens(f"/tasking/{made}/")
    elm.presses("I agree: send it out")
    elm.reads("Recorded in your name.")
    reads_a_notice(rowan, f"A task on {reference} is yours. Acknowledge it.")
    rowan.opens("/tasks/")
    row = rowan.page.locator("tr", has_text=reference)
    expect(row).to_contain_text("Given out, not looked at yet")
    world.do("sweep", minutes_later=31)
    reads_a_notice(alder, "Task acknowledged", reference)
    row.get_by_role("link", name="Search premises").click()
    rowan.reads("Given out, not looked at yet", "Why")
    rowan.presses("I have it")
    rowan.reads("Taken on, not started")
    rowan.presses("I have started")
    rowan.fills({"Who or what stops you?": "The owner has the key to the gate"})
    rowan.presses("I cannot go on")
    rowan.reads("Blocked: The owner has the key to the gate")


def test_what_nobody_can_do_climbs_is_accepted_by_rank_and_comes_back(somebody: Somebody, world: World) -> None:
    number = world.do("report", given="Una", family="Nobody", level="medium")
    task = world.do("ask_task", matter=number, kind="cctv_enquiry", detail="The bus station")  # nobody here may look at cameras
    hazel, elm = somebody("hazel"), somebody("elm")
    hazel.opens("/tasking/")
    hazel.presses("Propose who does what")
    hazel.reads("Not placed")
    hazel.opens(f"/tasks/{task}/")
    hazel.reads("Nobody has it yet", "Why nobody", "holds cctv")
    reference = hazel.page.get_by_role("link", name="M-").first.inner_text()
    hazel.opens("/tasking/")
    whole = re.compile(rf"{reference}\b")  # M-3, and not M-31
    waits = hazel.page.locator(".govuk-inset-text", has_text=whole)
    expect(waits).to_contain_text("An Inspector or above may accept that it is left.")
    expect(waits.get_by_role("link", name="Accept the risk by name")).to_have_count(0)
    world.do("sweep", minutes_later=61)
    reads_a_notice(elm, "Work that nobody can do", reference)
    elm.opens("/tasking/")
    elm.page.locator(".govuk-inset-text", has_text=whole).get_by_role("link", name="Accept the risk by name").click()
    elm.reads("Only an Inspector or above may accept that it is left")
    elm.fills({"Why may this wait?": "The bus company sends it at noon", "When must it come back?": at(1)})
    elm.presses("Accept the risk in my name")
    elm.reads("Risks accepted by name", "The bus company sends it at noon")
    expect(elm.page.locator(".govuk-inset-text", has_text=whole)).to_have_count(0)
    world.do("replan", minutes_later=62)
    reads_a_notice(elm, f"The risk accepted on {reference} has come back")
    elm.opens("/tasking/")
    expect(elm.page.locator(".govuk-inset-text", has_text=whole)).to_contain_text("Nobody since")


def test_a_version_of_the_formula_from_draft_to_approval(somebody: Somebody, world: World) -> None:
    hazel = somebody("hazel")
    hazel.opens("/tasking/formula/")
    hazel.presses("Draft a new version")
    text = hazel.page.get_by_label("The formula", exact=True)
    text.fill(text.input_value().replace("travel_minute = 0.1", "travel_minute = 0.4"))
    hazel.fills({"What does this version change, and why?": "Long journeys have left the coast without anybody"})
    hazel.presses("Keep the draft")
    hazel.reads("values.travel_minute", "0.4", "Not run yet")
    hazel.presses("Run it in the shadow of the last quarter")
    world.do("shadows")
    maple = somebody("maple")
    maple.opens(hazel.page.url.removeprefix(world.url))
    maple.reads("real days of the last quarter")
    maple.fills({"In force from": "1/1/2000", "Why is it approved?": "Read with the commissioner"})
    maple.presses("Approve this version in my name")
    maple.reads("Choose a day after today")
    maple.fills({"In force from": "1/4/2050", "Why is it approved?": "Read with the commissioner"})
    maple.takes_a_picture("formula", whole=True)
    maple.presses("Approve this version in my name")
    maple.reads("Approved in your name.", "approved, in force from 1 April 2050", "Who may be given work")
