"""The certificate under PACE s.38: it says what the Act asks for, or it is not made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters.custody.paper import CertificatePaper, Produced, RequestMade, paper_from, words_of
from lodestar.core.words import Allowed

MADE = datetime(2026, 3, 6, 18, 15, tzinfo=UTC)
ASKED = MADE - timedelta(hours=1)
REFUSED = RequestMade(ASKED, "Shire Council", "secure", "refused", MADE - timedelta(minutes=40), "No secure place in the region.")
NOT_SECURE = RequestMade(ASKED, "Shire Council", "non_secure")

BY_WEATHER = CertificatePaper(
    child="Mina Marsh",
    born=date(2011, 5, 4),
    custody_reference="FEN/2026/0311",
    station="Fenmouth",
    charges=("Burglary, Theft Act 1968 s.9", "Going equipped, Theft Act 1968 s.25"),
    charged_at=MADE - timedelta(hours=3),
    limb="a",
    beside=(("The court sits", "7 March 2026 at 10am"),),
    circumstances="Every road out of Fenmouth is under water.\n\nThe duty inspector of the control room closed the A1123 at 5pm.",
    made_at=MADE,
    made_by="Sgt Ivo Birch",
    court="Fenmouth Magistrates' Court",
)
BY_HARM = replace(
    BY_WEATHER,
    charges=("Robbery, Theft Act 1968 s.8",),
    limb="b",
    circumstances="",
    harm="She named the person she means to stab, and left a home twice this week to look for him.",
    test="She would stab him, as in the robbery charged.",
    specified_offence=True,
    requests=(REFUSED,),
)


def codes(paper: CertificatePaper) -> set[str]:
    found = paper_from(paper)
    return set() if isinstance(found, Allowed) else {refusal.code for refusal in found}


def said(paper: CertificatePaper) -> str:
    return "\n".join(words_of(paper).lines())


@pytest.mark.parametrize("paper", [BY_WEATHER, BY_HARM])
def test_a_whole_certificate_is_allowed_as_it_stands(paper: CertificatePaper) -> None:
    assert paper_from(paper) == Allowed(paper)


@pytest.mark.parametrize("name", ["child", "custody_reference", "circumstances", "made_by", "court"])
@pytest.mark.parametrize("blank", ["", " \n"])
def test_what_the_act_needs_may_not_be_blank(name: str, blank: str) -> None:
    changed: dict[str, Any] = {name: blank}
    assert codes(replace(BY_WEATHER, **changed)) == {f"certificate.{name}"}


def test_the_station_may_be_left_out_where_the_district_is_known_and_not_both() -> None:
    assert codes(replace(BY_WEATHER, station="")) == {"certificate.where"}
    assert codes(replace(BY_WEATHER, station="", district="North")) == set()
    assert "Police station" not in said(replace(BY_WEATHER, station="", district="North"))


def test_without_a_charge_an_age_or_a_limb_there_is_no_certificate() -> None:
    assert codes(replace(BY_WEATHER, charges=())) == {"certificate.charges"}
    assert codes(replace(BY_WEATHER, charges=("", " "))) == {"certificate.charges"}
    assert codes(replace(BY_WEATHER, born=None)) == {"certificate.age"}
    assert codes(replace(BY_WEATHER, born=None, age_given="Appears under 18.")) == set()
    assert codes(replace(BY_WEATHER, limb="c")) == {"certificate.limb"}


def test_every_blank_is_named_at_once_each_with_what_to_do() -> None:
    empty = CertificatePaper(child="", custody_reference="", station="", charges=(), limb="", made_at=MADE, made_by="", court="")
    found = paper_from(empty)
    assert not isinstance(found, Allowed)
    assert len(found) == 8
    assert all(refusal.sentence.endswith(".") and refusal.authority for refusal in found)


def test_limb_b_needs_the_harm_written_out_and_for_a_specified_offence_the_test() -> None:
    assert codes(replace(BY_HARM, harm="  ")) == {"certificate.harm"}
    assert codes(replace(BY_HARM, test="  ")) == {"certificate.test"}
    assert codes(replace(BY_HARM, test="", specified_offence=False)) == set()


def test_limb_b_is_refused_for_a_child_of_eleven_and_allowed_on_the_twelfth_birthday() -> None:
    assert codes(replace(BY_HARM, born=date(2014, 3, 7))) == {"certificate.under_12"}
    assert codes(replace(BY_HARM, born=date(2014, 3, 6))) == set()


def test_limb_b_needs_a_secure_request_and_an_answer_to_it() -> None:
    assert codes(replace(BY_HARM, requests=())) == {"certificate.not_asked"}
    assert codes(replace(BY_HARM, requests=(NOT_SECURE,))) == {"certificate.not_asked"}
    assert codes(replace(BY_HARM, requests=(replace(REFUSED, answer=""),))) == {"certificate.not_answered"}
    assert codes(replace(BY_HARM, requests=(replace(REFUSED, answer="offered"),))) == {"certificate.not_answered"}
    assert codes(replace(BY_HARM, requests=(replace(REFUSED, answer="no_reply"),))) == set()


def test_limb_a_needs_no_request_and_then_says_that_there_was_none() -> None:
    assert codes(BY_WEATHER) == set()
    assert "No request was made to a local authority before this certificate." in said(BY_WEATHER)


def test_times_that_cannot_be_true_are_refused() -> None:
    assert codes(replace(BY_WEATHER, charged_at=MADE + timedelta(minutes=1))) == {"certificate.before_charge"}
    assert codes(replace(BY_WEATHER, produced=Produced(MADE - timedelta(minutes=1), "Fenmouth", "PC Sam Rowan"))) == {
        "certificate.produced"
    }
    assert codes(replace(BY_WEATHER, born=date(2026, 3, 7))) == {"certificate.born"}


def test_the_paper_for_limb_a_says_who_what_why_and_under_which_section() -> None:
    text = said(BY_WEATHER)
    for words in (
        "section 38(6)(a)",
        "section 38(7)",
        "Name: Mina Marsh",
        "Date of birth: 4 May 2011, aged 14 when this was made",
        "Custody record: FEN/2026/0311",
        "Police station: Fenmouth",
        "Going equipped, Theft Act 1968 s.25",
        "Charged: 6 March 2026 at 3:15pm",
        "Every road out of Fenmouth is under water.\nThe duty inspector of the control room closed the A1123 at 5pm.",
        "The court sits: 7 March 2026 at 10am",
        "Custody officer: Sgt Ivo Birch",
        "Certified: 6 March 2026 at 6:15pm",
        "Court: Fenmouth Magistrates' Court",
        "Produced: Not yet recorded when this copy was taken",
    ):
        assert words in text
    assert "serious harm" not in text
    assert "failed to provide" not in text


def test_the_paper_for_limb_b_says_each_of_the_three_and_the_meaning_of_serious_harm_only_for_a_specified_offence() -> None:
    text = said(BY_HARM)
    for words in (
        "section 38(6)(b)",
        "The child has reached the age of 12.",
        "No secure accommodation is available.",
        "would not be adequate to protect the public from serious harm from the child.",
        "serious harm means death or serious personal injury, physical or psychological",
        "She named the person she means to stab",
        "Refused, 6 March 2026 at 5:35pm",
        "No secure place in the region.",
    ):
        assert words in text
    assert "impracticable" not in text
    assert "serious harm means" not in said(replace(BY_HARM, specified_offence=False, test=""))


def test_an_authority_that_failed_to_provide_is_named_as_an_outcome_of_its_own() -> None:
    text = said(replace(BY_WEATHER, requests=(NOT_SECURE, REFUSED), failed_to_provide=True))
    assert "Shire Council was asked for accommodation that is not secure and provided none." in text
    assert "Children Act 1989, section 21(2)(b)" in text
    assert "No answer" in text


def test_once_it_is_produced_the_paper_proves_it() -> None:
    text = said(replace(BY_WEATHER, produced=Produced(MADE + timedelta(hours=16), "Saltby Youth Court", "PC Sam Rowan", "Ana Pine, usher")))
    assert "Court: Saltby Youth Court\nProduced: 7 March 2026 at 10:15am\nProduced by: PC Sam Rowan\nProduced to: Ana Pine, usher" in text


@given(circumstances=st.text(min_size=1), harm=st.text(min_size=1), test=st.text(min_size=1), reason=st.text())
def test_every_word_that_was_written_is_on_the_paper(circumstances: str, harm: str, test: str, reason: str) -> None:
    paper = replace(BY_HARM, harm=harm, test=test, requests=(replace(REFUSED, reason=reason),))
    journey = replace(BY_WEATHER, circumstances=circumstances)
    words = " ".join(f"{said(paper)} {said(journey)}".split())
    assert all(word in words for text in (circumstances, harm, test, reason) for word in text.split())
