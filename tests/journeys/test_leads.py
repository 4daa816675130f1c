"""A lead from the list to a task on the board; and a child looked up while the caller speaks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.actions.networking import child
from tests.journeys.conftest import Person
from tests.journeys.desk import answers, at, looks_right
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]
FAMILY = "Larkfield"
BORN = child("Nell", FAMILY).birth_date
SAID = f"nell {FAMILY.lower()} {BORN:%d/%m/%Y}"  # what a caller says of her


@pytest.fixture(scope="module")
def made(world: World) -> dict[str, int]:
    """What the records hold: three children who went missing, a man, a hotel and a phone."""
    found = world.do("lead", family=FAMILY)
    assert isinstance(found, dict)
    return found


def when_the_lead_is_opened_and_read(hazel: Person, made: dict[str, int]) -> None:
    hazel.opens("/leads/")
    looks_right(hazel)
    hazel.follows(f"Denis Crake{FAMILY}")
    expect(hazel.page).to_have_url(re.compile(rf"/leads/{made['lead']}/$"))
    hazel.reads("An adult linked to 3 missing children", "What it rests on", "How often each is met at all", "Now, and the year before")
    picture = hazel.page.get_by_role("group", name=f"What lead {made['lead']} rests on")
    for given in ("Nell", "Ida", "Wren"):
        expect(picture.get_by_role("link", name=f"{given} {FAMILY}")).to_be_visible()
        expect(hazel.page.locator("table").get_by_role("link", name=f"{given} {FAMILY}").first).to_be_visible()
    looks_right(hazel)
    hazel.takes_a_picture("lead", whole=True)


def when_the_picture_is_used_by_keyboard(hazel: Person, made: dict[str, int]) -> None:
    link = hazel.page.get_by_role("group", name=f"What lead {made['lead']} rests on").get_by_role("link", name=f"Denis Crake{FAMILY}")
    link.focus()
    hazel.page.keyboard.press("Enter")
    expect(hazel.page.get_by_role("heading", name=f"Denis Crake{FAMILY}", level=1)).to_be_visible()
    hazel.follows("Whom and what they are linked to")
    hazel.reads("Linked within two steps", "The records, newest first")
    hazel.page.get_by_label("How are they linked to").select_option(label=f"Wren {FAMILY}")
    hazel.presses("Show the shortest chain")
    hazel.reads("Shortest chain")
    expect(hazel.page.locator("#chain + ol li").first).to_contain_text("both in M-")
    looks_right(hazel)
    hazel.takes_a_picture("network", whole=True)


def when_it_is_accepted_with_a_reason(hazel: Person, made: dict[str, int]) -> None:
    hazel.opens(f"/leads/{made['lead']}/")
    hazel.page.get_by_role("button", name="Accept").click()
    hazel.presses("Accept")
    expect(hazel.page.locator(".govuk-error-summary")).to_contain_text("Why do you take it on?")
    looks_right(hazel)
    answers(
        hazel,
        {
            "What does it become?": f"Work on M-{made['led_to']}, the open record of Nell {FAMILY}",
            "What kind of work?": "Visit an adult or a place",
            "What exactly is to be done?": "Visit him with the licensing officer",
            "It must have started by": at(20),
            "Why do you take it on?": "Her school and housing both name him",
        },
    )
    hazel.presses("Accept")
    hazel.reads("Accepted. It is work now", "Visit an adult or a place", f"Lead {made['lead']}: Visit him with the licensing officer")
    looks_right(hazel)


def then_the_record_has_an_owner_and_the_lead_its_reason(hazel: Person, made: dict[str, int]) -> None:
    hazel.opens(f"/matters/{made['led_to']}/")
    hazel.reads("Visit an adult or a place")
    hazel.opens("/board/?kind=exploitation")
    row = hazel.page.locator("tr", has=hazel.page.locator(f'a[href="/matters/{made["led_to"]}/"]'))
    expect(row.first).to_contain_text(re.compile("Sgt|PC|Insp"))
    hazel.opens(f"/leads/{made['lead']}/")
    hazel.reads("Accepted by Sgt Tom Hazel", "Her school and housing both name him", f"work on M-{made['led_to']}")


def test_a_lead_is_read_accepted_with_a_reason_and_is_work_on_the_board(somebody: Somebody, made: dict[str, int]) -> None:
    hazel = somebody("hazel")
    when_the_lead_is_opened_and_read(hazel, made)
    when_the_picture_is_used_by_keyboard(hazel, made)
    when_it_is_accepted_with_a_reason(hazel, made)
    then_the_record_has_an_owner_and_the_lead_its_reason(hazel, made)


def when_what_was_missed_is_read_and_opened_by_keyboard(hazel: Person, made: dict[str, int]) -> None:
    hazel.opens("/leads/")
    listed = hazel.page.locator(f'a[href="/leads/{made["lead_missed"]}/"]')
    listed.focus()
    hazel.page.keyboard.press("Enter")
    expect(hazel.page.get_by_role("heading", name="Children's services told, owed by North", level=1)).to_be_visible()
    hazel.reads("It says nothing of any child", "What was missed, the earliest first", "Now, and the year before")
    for given in ("Nell", "Ida", "Wren"):
        row = hazel.page.locator("table", has_text="What was missed").locator("tr", has_text=f"{given} {FAMILY}")
        expect(row.first).to_contain_text("nothing")
        expect(row.first).to_contain_text("missed 1")
    looks_right(hazel)
    hazel.takes_a_picture("lead-missed", whole=True)


def when_it_is_taken_up_where_it_was_owed(hazel: Person, made: dict[str, int]) -> None:
    hazel.page.get_by_role("button", name="Accept").click()
    owed = hazel.page.locator("label", has_text=f"the open missing report of Nell {FAMILY}")
    answers(
        hazel,
        {
            "What does it become?": owed.inner_text(),
            "What kind of work?": "Speak to the family or carer",
            "What exactly is to be done?": "Ask who was told, and tell them now",
            "It must have started by": at(20),
            "Why do you take it on?": "Nobody told children's services of three of them",
        },
    )
    hazel.presses("Accept")
    hazel.reads("Accepted. It is work now")


def test_a_duty_missed_for_several_children_is_read_and_taken_up_where_it_was_owed(somebody: Somebody, made: dict[str, int]) -> None:
    hazel = somebody("hazel")
    when_what_was_missed_is_read_and_opened_by_keyboard(hazel, made)
    when_it_is_taken_up_where_it_was_owed(hazel, made)
    hazel.opens(f"/leads/{made['lead_missed']}/")
    hazel.reads("Accepted by Sgt Tom Hazel", "Nobody told children's services of three of them")
    looks_right(hazel)


def test_a_child_is_found_while_the_caller_speaks_and_nothing_typed_is_in_an_address(somebody: Somebody, made: dict[str, int]) -> None:
    ivy = somebody("ivy")
    addresses: list[str] = []
    ivy.page.on("request", lambda request: addresses.append(request.url))
    ivy.opens("/")
    ivy.follows("Find a child")
    box = ivy.page.get_by_label("Anything the caller says, in any order")
    box.press_sequentially(SAID, delay=20)
    card = ivy.page.locator(".lodestar-card", has_text=f"Nell {FAMILY}")
    expect(card).to_contain_text("Missing now")
    expect(box).to_be_focused()
    looks_right(ivy)
    ivy.takes_a_picture("look-up", whole=True)
    assert [url for url in addresses if FAMILY.lower() in url.lower()] == []
    card.get_by_role("link", name="Report Nell missing").click()
    expect(ivy.page.get_by_label("Given name")).to_have_value("Nell")
    expect(ivy.page).to_have_url(re.compile(rf"/people/{made['led_child']}/report/$"))


def test_without_scripts_pressing_enter_asks_the_same(somebody: Somebody, made: dict[str, int]) -> None:
    ivy = somebody("ivy", java_script_enabled=False)
    ivy.opens("/look-up/")
    box = ivy.page.get_by_label("Anything the caller says, in any order")
    box.fill(f"nell {FAMILY}")
    box.press("Enter")
    expect(ivy.page.locator(".lodestar-card", has_text=f"Nell {FAMILY}")).to_contain_text("Missing now")
    assert made["led_child"]


def test_an_officer_out_of_reach_is_told_only_that_somebody_is_known(somebody: Somebody, made: dict[str, int]) -> None:
    rowan = somebody("rowan")
    rowan.opens("/look-up/")
    rowan.page.get_by_label("Anything the caller says, in any order").fill(SAID)
    expect(rowan.page.locator("#answer")).to_contain_text("Known; ask the hub.")
    expect(rowan.page.locator(".lodestar-card")).to_have_count(0)
    looks_right(rowan)
    assert made["led_child"]
