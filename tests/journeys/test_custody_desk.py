"""A child charged and refused bail: the authority answers on its own page, and no bad reason makes a certificate for the court."""

from __future__ import annotations

import io
import zipfile

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.desk import Somebody, answers, at, is_refused, looks_right, records, turns_to
from tests.journeys.test_keyboard import tabs_to, types

pytestmark = pytest.mark.journey

KEPT = {
    "On which grounds?": ("Will not answer bail",),
    "What are the facts for each?": "Failed to appear twice in October, warrants on record",
    "Which conditions were considered, and why are they not enough?": "Tag and curfew: nowhere to live with a curfew",
    "What did the youth justice service offer?": "Daily contact, from tomorrow only",
    "What did the child, the adult and the solicitor say?": "I will go to my nan's",
    "Was the record made in the child's presence?": "Yes",
    "When was the child told the grounds?": at(),
    "Was an appropriate adult there?": "Yes",
}
ASKED = {
    "Which local authority?": "Shire Council",
    "Who was asked? Name and team": "Duty worker, emergency team",
    "How?": "Telephone",
    "Under which power or duty?": "PACE 1984 s.38(6)",
}
REVIEWED = {
    "Was it postponed beyond its time?": "No",
    "Was the child asleep?": "No",
    "What did the child, the adult or the solicitor say?": "Nothing; his nan was asked",
    "Bail, decided afresh?": "Still refused",
    "Has the local authority been contacted again?": "Yes",
    "The move, decided afresh?": "Asked again",
}


def given_a_child_is_in_custody(fir: Person) -> str:
    fir.opens("/desks/")
    looks_right(fir)
    fir.follows("A child is in custody")
    looks_right(fir)
    answers(
        fir,
        {
            "Custody record number": "CR-2026-881",
            "Custody officer": "Sgt Fir",
            "District": "North",
            "What happened?": "Arrested in the town centre.",
            "Given name": "Jamie",
            "Family name": "Thorpe",
            "Date of birth": "4/6/2011",
            "Which authority?": "Shire Council",
            "When was detention first authorised?": at(-5),
            "When did the 24 hours begin (the relevant time)?": at(-5),
            "How is the age known?": "Confirmed",
            "What were they arrested for?": "Robbery",
            "Are there signs that the child is exploited or trafficked?": "Not known",
        },
    )
    fir.presses("Open it")
    fir.reads("It is open, and somebody answers for it.", "Jamie Thorpe", "child in police custody", "Next review")
    looks_right(fir)
    return fir.page.url.removeprefix(fir.world.url)


def when_two_people_record_the_charge_the_second_is_told(fir: Person, elm: Person, matter: str) -> None:
    charged = {
        "With what?": "Robbery, Theft Act 1968 s.8",
        "Is any of them imprisonable?": "Yes",
        "Is any a violent, sexual or terrorism offence of Schedule 18?": "Yes",
        "Is any of them murder?": "No",
        "Does section 25 of the 1994 Act apply?": "No",
        "Which court?": "Shire Youth Court",
    }
    turns_to(elm, matter, "Charged")
    records(fir, matter, "Charged", charged)
    answers(elm, charged)
    elm.presses("Save")
    is_refused(elm, "This can be recorded while the matter is: detained or early warning.")
    expect(elm.page.get_by_label("Which court?")).to_have_value("Shire Youth Court")


def when_bail_is_refused_by_keyboard_with_its_ground(fir: Person, matter: str) -> None:
    turns_to(fir, matter, "Bail refused")
    looks_right(fir)
    tabs_to(fir, "Save")
    fir.page.keyboard.press("Enter")
    is_refused(fir, "“On which grounds?” needs an answer.")
    tabs_to(fir, "Will not answer bail")
    fir.page.keyboard.press("Space")
    for question in ("What are the facts for each?", "Which conditions were considered", "What did the youth justice service offer?"):
        types(fir, question, next(str(said) for asked, said in KEPT.items() if asked.startswith(question)))
    types(fir, "What did the child, the adult and the solicitor say?", "I will go to my nan's")
    tabs_to(fir, "Yes")
    fir.page.keyboard.press("Space")
    types(fir, "When was the child told the grounds?", at())
    tabs_to(fir, "Yes")
    fir.page.keyboard.press("Space")
    tabs_to(fir, "Save")
    fir.page.keyboard.press("Enter")
    fir.reads("Bail refused: recorded.", "The duty to move", "open since")


def then_scrutiny_is_listed_in_advance(fir: Person) -> None:
    for summary in fir.page.locator("summary", has_text="more, later").all():
        summary.click()
    fir.reads(
        "Looked at by the daily meeting",
        "Looked at by the partnership's tactical meeting",
        "Reported to the youth justice management board",
    )


def when_a_secure_place_is_asked_for_the_test_must_be_written(fir: Person, elm: Person, matter: str) -> None:
    turns_to(fir, matter, "Place asked for")
    answers(
        fir,
        {
            **ASKED,
            "Secure, or not?": "A secure place: only with the test below",
            "Serious harm feared, to whom, until court only": "Stabbing of the boy he named, tonight",
            "Why is a place that is not secure not enough?": "He has left three of them",
        },
    )
    fir.presses("Save")
    is_refused(fir, "the test is death or serious personal injury", "An inspector must approve asking for a secure place first")
    records(
        elm,
        matter,
        "Asking for a secure place approved",
        {"What serious harm, by this child, before court?": "Threats to kill a named boy", "Why is nothing less enough?": "Three absconds"},
    )
    expect(fir.page.get_by_label("Why is a place that is not secure not enough?")).to_have_value("He has left three of them")
    answers(fir, {"How is the test of the Act met, for a specified offence?": "He named the boy and went home for a knife"})
    fir.presses("Save")
    fir.reads("Place asked for: recorded.")


def when_the_authority_refuses_the_secure_place(lime: Person) -> None:
    lime.opens("/requests/")
    lime.reads("Requests to your agency", "Jamie Thorpe", "A secure place")
    looks_right(lime)
    lime.follows("Answer")
    looks_right(lime)
    answers(lime, {"What is the answer?": "Refused", "Who answers? Name and post": "Una Lime, duty manager"})
    lime.presses("Save")
    is_refused(lime, "Why, or what is asked?: this is needed.")
    answers(lime, {"Why, or what is asked?": "No secure bed in the region tonight"})
    lime.presses("Save")
    lime.reads("Authority's answer: recorded.")


def then_the_second_question_is_forced(fir: Person, matter: str) -> None:
    turns_to(fir, matter, "Certificate (a): the move is impracticable")
    answers(
        fir,
        {
            "What makes it impracticable?": "Another circumstance, with an inspector's words",
            "The circumstances, as the court will read them": "There is no bed that would hold him",
            "Which inspector says so, in which words?": "Inspector Elm: nothing can be done tonight",
        },
    )
    fir.presses("Save")
    is_refused(fir, "Say whether one that is not secure would protect the public; if it would, ask for it.")
    records(
        fir,
        matter,
        "Would a place that is not secure protect the public?",
        {"Would it?": "Yes", "Why? What support was considered?": "With two staff, until court at ten"},
    )
    records(fir, matter, "Place asked for", {**ASKED, "Secure, or not?": "A place that is not secure"})


def when_the_authority_refuses_that_too(lime: Person, fir: Person, matter: str) -> None:
    lime.opens("/requests/")
    lime.reads("A place that is not secure", "Refused,")
    lime.follows("Answer")
    answers(
        lime,
        {
            "What is the answer?": "Refused",
            "Why, or what is asked?": "No carer on the list will take him",
            "Who answers? Name and post": "Una Lime, duty manager",
        },
    )
    lime.presses("Save")
    lime.reads("Authority's answer: recorded.")
    turns_to(fir, matter, "The authority failed to provide")
    options = fir.page.get_by_label("Which request?").locator("option").all_inner_texts()
    assert any("A secure place" in words for words in options), options
    chosen = next(words for words in options if "A place that is not secure" in words)
    answers(
        fir,
        {
            "Which request?": chosen,
            "Who was it taken up to, and when?": "Team manager, director on call, assistant chief constable",
            "What did they say?": "We will look at nine",
        },
    )
    fir.presses("Save")
    fir.reads("The authority failed to provide: recorded.", "failed to provide a place that is not secure")


def then_no_bad_reason_makes_a_certificate(fir: Person, matter: str) -> None:
    turns_to(fir, matter, "Certificate (a): the move is impracticable")
    looks_right(fir)
    answers(fir, {"The circumstances, as the court will read them": "Snow on every road out, and no plough before six"})
    for reason, sentence in (
        ("The child's behaviour", "Behaviour does not make a move impracticable."),
        ("No secure place", "Having no secure place does not make a move impracticable."),
    ):
        answers(fir, {"What makes it impracticable?": reason})
        fir.presses("Save")
        is_refused(fir, sentence, "PACE Code C note 16D")
    answers(fir, {"What makes it impracticable?": "Extreme weather"})
    fir.presses("Save")
    fir.reads("Certificate (a): the move is impracticable: recorded.", "For the court")


def then_the_certificate_is_a_paper_for_the_court(fir: Person) -> None:
    files = {}
    for words in ("PDF of the certificate", "Word copy of the certificate"):
        with fir.page.expect_download() as started:
            fir.page.get_by_role("link", name=words).click()
        files[words[:3]] = started.value.path().read_bytes()
    assert files["PDF"].startswith(b"%PDF") and b"/StructTreeRoot" in files["PDF"]
    with zipfile.ZipFile(io.BytesIO(files["Wor"])) as word:
        text = word.read("word/document.xml").decode()
    assert "Snow on every road out" in text and "Jamie" in text


def when_the_review_decides_bail_and_the_move_afresh(fir: Person, matter: str) -> None:
    turns_to(fir, matter, "Review after charge: bail and the move decided afresh")
    looks_right(fir)
    answers(fir, {**REVIEWED, "Why is bail decided so?": "Still no address", "The move, decided afresh?": "No change"})
    fir.presses("Save")
    is_refused(fir, "Say why nothing about the move has changed.", "PACE 1984 s.40(10)")
    answers(fir, {"Why, where nothing has changed or nobody was contacted?": "The snow has not stopped"})
    fir.presses("Save")
    fir.reads("Review after charge: bail and the move decided afresh: recorded.", "Kept")


def then_the_court_is_given_every_certificate(fir: Person, matter: str) -> None:
    turns_to(fir, matter, "Brought to court")
    brought = {"Which court?": "Shire Youth Court", "Who brought the child?": "Escort van 4", "Straight to a court": "No"}
    answers(fir, {**brought, "Was every certificate produced to the court?": "None made"})
    fir.presses("Save")
    is_refused(fir, "A certificate was made, so it is produced to the court", "PACE 1984 s.38(7)")
    answers(fir, {"Was every certificate produced to the court?": "Yes", "To whom?": "Clerk to the justices, Mr Bell"})
    fir.presses("Save")
    fir.reads("Brought to court: recorded.", "At court", "Clerk to the justices, Mr Bell")
    looks_right(fir)
    fir.takes_a_picture("custody-matter", whole=True)


def then_the_desk_shows_where_each_child_stands(fir: Person) -> None:
    fir.opens("/desks/custody/")
    fir.reads("From charge to a bed", "the last twelve months")
    looks_right(fir)
    fir.takes_a_picture("custody-desk")


def test_a_child_kept_after_charge_is_asked_for_answered_for_and_brought_to_court(somebody: Somebody) -> None:
    fir, elm, lime = somebody("fir"), somebody("elm"), somebody("lime")
    matter = given_a_child_is_in_custody(fir)
    when_two_people_record_the_charge_the_second_is_told(fir, elm, matter)
    when_bail_is_refused_by_keyboard_with_its_ground(fir, matter)
    then_scrutiny_is_listed_in_advance(fir)
    when_a_secure_place_is_asked_for_the_test_must_be_written(fir, elm, matter)
    when_the_authority_refuses_the_secure_place(lime)
    then_the_second_question_is_forced(fir, matter)
    when_the_authority_refuses_that_too(lime, fir, matter)
    then_no_bad_reason_makes_a_certificate(fir, matter)
    then_the_certificate_is_a_paper_for_the_court(fir)
    when_the_review_decides_bail_and_the_move_afresh(fir, matter)
    then_the_court_is_given_every_certificate(fir, matter)
    then_the_desk_shows_where_each_child_stands(fir)
