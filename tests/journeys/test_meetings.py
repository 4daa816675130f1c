"""The daily meeting: prepared, a kept child discussed with a decision and an owner, the pack frozen, read by letter by a partner."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.journeys.conftest import Person
from tests.journeys.desk import Somebody, answers, looks_right
from tests.journeys.test_keyboard import tabs_to, types

pytestmark = pytest.mark.journey


def given_a_child_was_kept_and_todays_meeting_is_planned(hazel: Person) -> dict[str, int]:
    made = hazel.world.do("kept_child_and_meeting", given="Idris", family="Fenwick")
    assert isinstance(made, dict)
    hazel.opens("/packs/")
    hazel.reads("To come, and not finished", "Daily management meeting", "Planned")
    looks_right(hazel)
    return made


def when_the_agenda_is_prepared_it_names_the_child_and_what_was_asked(hazel: Person, meeting: int) -> None:
    hazel.opens(f"/packs/meetings/{meeting}/")
    hazel.reads("Its agenda has not been prepared")
    looks_right(hazel)
    hazel.presses("Prepare the agenda")
    hazel.reads("Children kept in custody", "Idris Fenwick", "Theft from a shop", "Nothing is on record")
    looks_right(hazel)


def and_the_chair_begins_by_saying_who_is_here(hazel: Person) -> None:
    hazel.presses("Begin, in my name")
    expect(hazel.page.locator(".govuk-error-summary")).to_contain_text("Say who is here")
    looks_right(hazel)
    hazel.fills({"Who is here? Names and agencies": "Sgt Hazel, Insp Elm, Una Lime of Shire Council"})
    hazel.presses("Begin, in my name")
    hazel.reads("Being held since", "still to be discussed here")


def then_the_item_is_discussed_by_keyboard_alone(hazel: Person) -> None:
    hazel.page.get_by_role("link", name=re.compile(r"Discuss\s*: item \d+, Idris Fenwick.*Kept in custody")).first.click()
    hazel.reads("Why was this child kept", "Idris Fenwick")
    looks_right(hazel)
    types(hazel, "What was asked, and what was decided?", "Why was nobody asked before ten?")
    types(hazel, "Why?", "The desk was short that night")
    types(hazel, "What may be said of it to readers", "Idris was asked for late")
    tabs_to(hazel, "Save")
    hazel.page.keyboard.press("Enter")
    expect(hazel.page.locator(".govuk-error-summary")).to_contain_text("name the child")
    looks_right(hazel)
    due = timezone.localtime() + timedelta(days=3)
    answers(
        hazel,
        {
            "What may be said of it to readers": "A bed was asked for late",
            "What is to be done?": "Put the order of calls at the desk",
            "Who does it?": "Insp Ruth Elm, Inspector",
            "By when?": f"{due:%d/%m/%Y %H:%M}",
        },
    )
    hazel.page.get_by_role("button", name="Save, and").first.click()
    hazel.reads("Recorded: Idris Fenwick")


def and_the_owner_finds_it_among_what_is_asked_of_them(elm: Person) -> None:
    elm.opens("/packs/")
    elm.reads("Asked of you", "Put the order of calls at the desk")
    elm.follows("Put the order of calls at the desk")
    looks_right(elm)
    elm.fills({"What was done, and what came of it?": "Put up at both desks"})
    elm.presses("It is done")
    elm.reads("Done", "Put up at both desks")


def then_the_pack_is_frozen_and_published(hazel: Person, meeting: int) -> str:
    hazel.opens(f"/packs/meetings/{meeting}/")
    hazel.reads("To be done: Put the order of calls at the desk")
    hazel.takes_a_picture("meeting")
    _says_why_others_are_left(hazel)
    hazel.presses("End the meeting and freeze its pack")
    hazel.reads("Frozen. Publish it when it may be read.")
    hazel.presses("Publish the newest version")
    hazel.follows("Pack, version 1")
    hazel.reads("Idris Fenwick", "The desk was short that night", "Definition:")
    looks_right(hazel)
    hazel.takes_a_picture("pack")
    return hazel.page.url.removeprefix(hazel.world.url)


def _says_why_others_are_left(hazel: Person) -> None:
    """Other journeys may keep children in custody on the same day; the meeting does not end without a word about them."""
    why = hazel.page.get_by_label("Why is what was due here left undiscussed?")
    expect(hazel.page.get_by_role("button", name="End the meeting and freeze its pack")).to_be_visible()
    if why.count():
        why.fill("Discussed at the meeting of their own desk")


def and_a_reader_who_may_not_know_the_child_reads_a_letter(oak: Person, pack: str) -> None:
    oak.opens("/packs/")
    oak.reads("Daily management meeting", "Version 1")
    looks_right(oak)
    oak.opens(pack)
    oak.reads("Child ", "A bed was asked for late")
    oak.does_not_read("Idris", "Fenwick", "The desk was short that night")
    looks_right(oak)


def and_takes_the_pdf_which_names_nobody(oak: Person) -> None:
    with oak.page.expect_download() as waiting:
        oak.page.get_by_role("button", name="PDF").or_(oak.page.get_by_role("link", name="PDF")).first.click()
    content = waiting.value.path().read_bytes()
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "A bed was asked for late" in text
    assert "Idris" not in text and "Fenwick" not in text


def and_a_partner_sees_the_child_their_authority_answers_for(lime: Person, pack: str) -> None:
    lime.opens(pack)
    lime.reads("Idris Fenwick")
    looks_right(lime)


def test_a_daily_meeting_from_its_agenda_to_its_pack(somebody: Somebody) -> None:
    hazel = somebody("hazel")
    made = given_a_child_was_kept_and_todays_meeting_is_planned(hazel)
    when_the_agenda_is_prepared_it_names_the_child_and_what_was_asked(hazel, made["meeting"])
    and_the_chair_begins_by_saying_who_is_here(hazel)
    then_the_item_is_discussed_by_keyboard_alone(hazel)
    and_the_owner_finds_it_among_what_is_asked_of_them(somebody("elm"))
    pack = then_the_pack_is_frozen_and_published(hazel, made["meeting"])
    oak = somebody("oak")
    and_a_reader_who_may_not_know_the_child_reads_a_letter(oak, pack)
    and_takes_the_pdf_which_names_nobody(oak)
    and_a_partner_sees_the_child_their_authority_answers_for(somebody("lime"), pack)


def test_the_tables_for_analysts_are_taken_in_one_file(somebody: Somebody) -> None:
    pine = somebody("pine")
    pine.opens("/tables/")
    pine.reads("fact_detentions", "No name")
    looks_right(pine)
    with pine.page.expect_download() as waiting:
        pine.presses("Take the tables")
    assert waiting.value.suggested_filename.startswith("lodestar-star-")
