"""An online abuse case: taken in by machine-copied references, a child found in the household, shared, and not to be ended early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.conftest import Person

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]


def _at(hours: float = 0) -> str:
    return f"{timezone.localtime() + timedelta(hours=hours):%d/%m/%Y %H:%M}"


def given_a_referral_comes_in(ash: Person) -> str:
    ash.opens("/desks/")
    ash.follows("Record a referral")
    ash.fills(
        {
            "The reference it came with": "NCA-2026-0417",
            "Who refers it? Person or body": "National Crime Agency",
            "What is known?": "Images shared from an account; two addresses resolved.",
            "Family name": "user of account 77110",
            "What is their reference for it?": "NCA-2026-0417",
            "When did the force receive it?": _at(-1),
            "When was it disseminated nationally?": _at(-30),
            "Offence dates and times": "2026-02-11 21:14:09 UTC",
        }
    )
    ash.ticks("National agency package")
    ash.presses("Open it")
    ash.reads("There is a problem", "Reference of the attached source document")
    ash.fills({"Reference of the attached source document": "DOC-88121"})
    ash.presses("Open it")
    ash.reads("somebody answers for it", "online abuse case", "Referral compared with what is held")
    return ash.page.url.removeprefix(ash.world.url)


def when_a_typed_address_is_refused_without_its_source(ash: Person, matter: str) -> None:
    ash.opens(f"{matter}done/ip_event_recorded/")
    ash.fills(
        {
            "IP address": "81.2.69.142",
            "Port (optional)": "50122",
            "Time of the event, exactly as the source writes it": "2026-02-11 21:14:09",
            "Zone of that time, exactly as the source writes it": "UTC",
            "That time converted": "11/02/2026 21:14",
            "Reference of the attached source document": "none",
        }
    )
    ash.page.get_by_role("group", name="Did the source give the port?").get_by_role("radio", name="Yes").check()
    ash.ticks("Typed")
    ash.presses("Save")
    ash.reads("There is a problem", "A typed address is not accepted without the source document")


def when_a_child_is_found_in_the_household(ash: Person, matter: str) -> None:
    ash.opens(matter)
    ash.follows("Add a person")
    ash.fills({"Given name": "Orla", "Family name": "Fenlock", "Date of birth": "9/3/2015", "Where is this from?": "School records"})
    ash.ticks("Child in the household")
    ash.ticks("Fact")
    ash.presses("Record")
    ash.reads("Orla Fenlock", "Child in the household", "Decide whether a child's risk is shared")


def then_ending_the_case_is_refused_while_the_child_has_no_outcome(hazel: Person, matter: str) -> None:
    hazel.opens(f"{matter}done/no_further_action/")
    hazel.fills({"Why?": "Nobody identified", "Was the suspect told": "They never knew"})
    hazel.ticks("Evidence")
    hazel.presses("Save")
    hazel.reads("There is a problem", "has no outcome")


def when_sharing_is_decided(ash: Person, matter: str) -> None:
    ash.opens(f"{matter}done/share_decided/")
    ash.page.get_by_role("group", name="What is decided?").get_by_role("radio", name="Share", exact=True).check()
    ash.fills(
        {
            "Why?": "She lives with the suspect",
            "Under which power or duty?": "Children Act 2004 s.11",
            "Who will be told?": "Shire children's services",
            "When will this be looked at again?": _at(48),
        }
    )
    ash.takes_a_picture("online-share", whole=True)
    ash.presses("Save")
    ash.reads("Decided whether to share about a child: recorded.", "Shared about a child, with a receipt")


def then_the_child_has_one_page_with_what_concerns_her_and_nothing_else(ash: Person, matter: str) -> None:
    ash.opens(matter)
    ash.follows("Orla Fenlock")
    ash.reads("Open now", "Online abuse", "Child in the household", "Decided whether to share about a child", "Who has looked")
    ash.does_not_read("IP address", "Referral received")
    ash.takes_a_picture("child", whole=True)


def then_the_backlog_adds_up(hazel: Person) -> None:
    hazel.opens("/desks/online/")
    hazel.reads("The backlog, and the last seven days", "Not assessed", "Every open case")
    hazel.does_not_read("do not add up")
    hazel.takes_a_picture("online-desk")


def test_an_online_case_shares_before_it_ends(somebody: Somebody) -> None:
    ash, hazel = somebody("ash"), somebody("hazel")
    matter = given_a_referral_comes_in(ash)
    when_a_typed_address_is_refused_without_its_source(ash, matter)
    when_a_child_is_found_in_the_household(ash, matter)
    then_ending_the_case_is_refused_while_the_child_has_no_outcome(hazel, matter)
    when_sharing_is_decided(ash, matter)
    then_the_child_has_one_page_with_what_concerns_her_and_nothing_else(ash, matter)
    then_the_backlog_adds_up(hazel)


def test_somebody_whose_role_is_not_about_online_cases_finds_nothing_there(somebody: Somebody, world: object) -> None:
    case = world.do("online_case", reference="NCA-2026-9")  # type: ignore[attr-defined]
    holly = somebody("holly")
    answer = holly.page.goto(f"{holly.world.url}/matters/{case['matter']}/")
    assert answer is not None
    assert answer.status == 404
    answer = holly.page.goto(f"{holly.world.url}/desks/online/")
    assert answer is not None
    assert answer.status == 404
