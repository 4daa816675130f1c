"""What the deeds of a detention say, as the certificate and the funnel read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lodestar.core.matters.custody.deeds import DEEDS
from lodestar.core.matters.custody.funnel import Asked
from lodestar.core.matters.custody.paper import Produced, paper_from
from lodestar.core.matters.custody.reading import AGES, LIMBS, OFFERS, Named, certificate, charged
from lodestar.core.matters.desk import Done, Story
from lodestar.core.words import Allowed

AT = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
NAMED = Named("Mina Marsh", date(2011, 5, 4), "FEN/2026/0311", "North", "Sgt Ivo Birch")


def done(number: int, hours: float, code: str, **said: str) -> Done:
    at = AT + timedelta(hours=hours)
    return Done(number, code, at, at, 7, said)


OPENED = done(1, -6, "detention_authorised", age_basis="confirmed")
CHARGED = done(
    2, 0, "child_charged", charges="Robbery, Theft Act 1968 s.8\n\nAffray, Public Order Act 1986 s.3", specified="yes", court="Fenmouth"
)
KEPT = done(3, 0.5, "bail_refused")
ASKED = done(4, 1, "place_requested", authority="Shire Council", type="secure")
NO = done(5, 1.5, "answer_noted", about="4", answer="refused", why="None in the region.")
HARM = done(6, 3, "certified_serious_harm", serious_harm="He will stab him.", not_adequate="He left two homes.", test="As in the robbery.")
JOURNEY = done(
    7, 3, "certified_impracticable", reason="journey", circumstances="Four hours by road, court in five.",
    arrives_at="2026-03-06T19:00:00+00:00", court_at="2026-03-06T20:00:00+00:00",
)  # fmt: skip
COURT = done(8, 18, "brought_to_court", court="Saltby", who="PC Rowan", certificate_produced="yes", produced_to="Ana Pine", straight="no")


def story(*deeds: Done) -> Story:
    return Story("custody", "kept", AT, AT, done=tuple(sorted(deeds, key=lambda one: (one.at, one.id))))


def test_every_code_and_answer_that_is_read_is_one_that_the_desk_asks() -> None:
    read = {
        "detention_authorised": {"age_basis", "station"},
        "child_charged": {"charges", "specified", "murder", "court"},
        "place_requested": {"authority", "type"},
        "place_answered": {"about", "answer", "why"},
        "answer_noted": {"about", "answer", "why"},
        "certified_impracticable": {"reason", "circumstances", "arrives_at", "court_at", "inspector"},
        "certified_serious_harm": {"serious_harm", "not_adequate", "test"},
        "brought_to_court": {"court", "who", "certificate_produced", "produced_to", "straight"},
        **{code: set() for code in ("bail_refused", "child_released", "child_moved", "failure_to_provide")},
    }
    assert {code: names - {asked.name for asked in DEEDS[code].asks} for code, names in read.items()} == {code: set() for code in read}
    ages = next(asked for asked in DEEDS["detention_authorised"].asks if asked.name == "age_basis")
    assert set(ages.choices) == AGES.keys()
    assert set(LIMBS) == {code for code in DEEDS if code.startswith("certified_")}
    answers = {
        choice
        for code in ("place_answered", "answer_noted")
        for asked in DEEDS[code].asks
        if asked.name == "answer"
        for choice in asked.choices
    }
    assert answers - OFFERS.keys() == {"asks", "no_reply"}


def test_a_certificate_of_serious_harm_says_the_harm_the_charges_and_the_answer() -> None:
    found = certificate(story=story(OPENED, CHARGED, KEPT, ASKED, NO, HARM), deed=HARM, named=NAMED)
    assert found is not None
    assert paper_from(found) == Allowed(found)
    assert (found.limb, found.harm, found.test, found.specified_offence) == (
        "b",
        "He will stab him.\nHe left two homes.",
        "As in the robbery.",
        True,
    )
    assert found.charges == ("Robbery, Theft Act 1968 s.8", "Affray, Public Order Act 1986 s.3")
    assert (found.court, found.charged_at, found.made_at, found.made_by) == ("Fenmouth", CHARGED.at, HARM.at, "Sgt Ivo Birch")
    assert [(one.kind, one.answer, one.reason, one.answered_at) for one in found.requests] == [
        ("secure", "refused", "None in the region.", NO.at)
    ]
    assert (found.produced, found.failed_to_provide) == (None, False)


def test_a_certificate_of_a_journey_says_both_hours() -> None:
    found = certificate(story=story(OPENED, CHARGED, KEPT, JOURNEY), deed=JOURNEY, named=NAMED)
    assert found is not None
    assert found.beside[1:] == (("The child would arrive", "6 March 2026 at 7pm"), ("The court sits", "6 March 2026 at 8pm"))
    assert paper_from(found) == Allowed(found)


def test_what_came_after_the_certificate_is_not_in_it_but_whether_it_was_produced_is() -> None:
    later = (done(9, 4, "place_requested", type="non_secure"), done(10, 5, "failure_to_provide", about="9"))
    again = done(11, 5, "place_answered", about="4", answer="offered")
    found = certificate(story=story(OPENED, CHARGED, KEPT, ASKED, NO, HARM, *later, again, COURT), deed=HARM, named=NAMED)
    assert found is not None
    assert [(one.kind, one.answer) for one in found.requests] == [("secure", "refused")]
    assert not found.failed_to_provide
    assert found.produced == Produced(COURT.at, "Saltby", "PC Rowan", "Ana Pine")


def test_only_the_first_court_after_the_certificate_proves_that_it_was_produced() -> None:
    first = replace(COURT, said={**COURT.said, "certificate_produced": "no"})
    second = replace(COURT, id=12, at=COURT.at + timedelta(days=1))
    found = certificate(story=story(CHARGED, KEPT, ASKED, NO, HARM, first, second), deed=HARM, named=NAMED)
    assert found is not None and found.produced is None


def test_no_other_deed_is_a_certificate_and_a_blank_story_gives_one_that_is_refused() -> None:
    assert certificate(story=story(CHARGED), deed=CHARGED, named=NAMED) is None
    bare = certificate(story=story(HARM), deed=HARM, named=NAMED)
    assert bare is not None
    refusals = paper_from(bare)
    assert not isinstance(refusals, Allowed)
    assert {one.code for one in refusals} == {"certificate.charges", "certificate.court", "certificate.not_asked"}


@pytest.mark.parametrize(
    ("answer", "read"), [("offered", "offered"), ("partly", "offered"), ("refused", "refused"), ("no_reply", ""), ("asks", "")]
)
def test_the_funnel_takes_an_offer_in_part_for_an_offer_and_a_question_back_for_no_answer(answer: str, read: str) -> None:
    found = charged(story=story(CHARGED, KEPT, ASKED, replace(NO, said={"about": "4", "answer": answer})), row="M-1")
    assert found is not None
    assert found.asked == (Asked("secure", read),)


def test_the_funnel_reads_one_child_from_charge_to_court() -> None:
    failed, straight = done(13, 4, "failure_to_provide"), replace(COURT, said={"straight": "yes"})
    found = charged(story=story(CHARGED, KEPT, HARM, JOURNEY, failed, straight, done(14, 20, "child_released")), row="M-1")
    assert found is not None
    assert (found.id, found.charged_at, found.bail, found.moved) == ("M-1", CHARGED.at, "refused", False)
    assert (found.certificates, found.failed_to_provide, found.straight_to_court) == ({"a", "b"}, True, True)


def test_a_child_with_no_charge_is_not_in_the_funnel_and_one_released_was_not_refused_bail() -> None:
    assert charged(story=story(OPENED), row="M-1") is None
    released = charged(story=story(CHARGED, done(9, 1, "child_released")), row="M-1")
    undecided = charged(story=story(CHARGED), row="M-1")
    moved = charged(story=story(CHARGED, KEPT, done(9, 4, "child_moved", about="4")), row="M-1")
    assert (released and released.bail, undecided and undecided.bail, moved and moved.moved) == ("released", "", True)
