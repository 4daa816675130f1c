"""The two certificates: what each needs, what the law does not take, and the second question (guards 6 to 8)."""

from __future__ import annotations

import pytest

from tests.core.matters.custody.asking import ASKED, NEXT, asked, blocked, codes, secure_case
from tests.core.matters.custody.vectors import DAY, INADEQUATE, LIMB_B, SECURE, SNOW

JOURNEY = {"reason": "journey", "court_at": f"{NEXT}10:00:00+01:00"}


# G6 and G7: after a secure place is refused, and certificate (b)


def test_a_secure_refusal_forces_the_second_question_before_any_certificate() -> None:
    found = secure_case(adequacy=[])
    assert codes(found) == {"custody.b_adequacy"}
    assert "SECOND_QUESTION_OPEN" in found.outcomes
    assert "custody.second_question" in blocked(found)["certified_impracticable"]


@pytest.mark.parametrize("adequate", ["yes", "not_known"])
def test_where_a_place_that_is_not_secure_would_do_or_nobody_knows_it_is_asked_for(adequate: str) -> None:
    found = secure_case(adequacy=[{**INADEQUATE, "adequate": adequate}])
    assert codes(found) == {"custody.b_adequacy"} and "SECOND_QUESTION_OPEN" in found.outcomes
    then = secure_case(adequacy=[{**INADEQUATE, "adequate": adequate}], requests=[SECURE, {**ASKED, "at": f"{DAY}17:50:00+01:00"}])
    assert "SECOND_QUESTION_OPEN" not in then.outcomes


def test_the_second_question_is_answered_after_the_refusal_and_not_before_it() -> None:
    early = {**INADEQUATE, "at": f"{DAY}17:20:00+01:00"}
    assert codes(secure_case(adequacy=[early])) == {"custody.b_adequacy"}


@pytest.mark.parametrize(("change", "code"), [
    ({"serious_harm": ""}, "custody.b_harm"),
    ({"not_adequate": ""}, "custody.b_not_adequate"),
    ({"test": ""}, "custody.b_test"),
])  # fmt: skip
def test_certificate_b_has_no_blank_limb(change: dict[str, str], code: str) -> None:
    assert codes(secure_case(certificates=[{**LIMB_B, **change}])) == {code}


def test_certificate_b_needs_a_refusal_on_record_and_silence_is_none() -> None:
    silent = {**SECURE, "answer": {**SECURE["answer"], "answer": "no_reply"}}
    assert "custody.b_not_asked" in codes(secure_case(requests=[silent]))


def test_certificate_b_is_not_made_while_a_secure_place_is_offered() -> None:
    offered = {**SECURE, "at": f"{DAY}17:36:00+01:00", "answer": {"at": f"{DAY}17:39:00+01:00", "answer": "offered"}}
    found = secure_case(requests=[SECURE, offered])
    assert "custody.b_not_asked" in codes(found)
    assert "child_moved" in {step.code for step in found.allowed}


def test_after_a_review_certificate_b_needs_the_secure_place_asked_for_again() -> None:
    review = {"at": f"{DAY}23:00:00+01:00", "transfer": "asked_again", "authority_contacted": True}
    reviews = [{"at": f"{DAY}14:30:00+01:00"}, review]
    later = {**LIMB_B, "at": f"{DAY}23:30:00+01:00"}
    ask = {**ASKED, "at": f"{DAY}23:05:00+01:00", "answer": {"at": f"{DAY}23:15:00+01:00", "answer": "refused", "reason": "None"}}
    stale = secure_case(reviews=reviews, requests=[SECURE, ask], certificates=[LIMB_B, later])
    assert codes(stale) == {"custody.b_not_asked", "custody.b_adequacy"}
    again = {**SECURE, "at": f"{DAY}23:10:00+01:00", "answer": {"at": f"{DAY}23:20:00+01:00", "answer": "refused", "reason": "None"}}
    fresh = secure_case(
        reviews=reviews, requests=[SECURE, again], adequacy=[INADEQUATE, {**INADEQUATE, "at": f"{DAY}23:25:00+01:00"}],
        certificates=[LIMB_B, later],
    )  # fmt: skip
    assert not fresh.refused and fresh.state == "certified_b"


# G8: certificate (a)


@pytest.mark.parametrize("reason", ["behaviour", "offence", "late_hour", "no_secure_bed", "authority_not_asked", "cost"])
def test_what_the_code_does_not_take_makes_no_move_impracticable(reason: str) -> None:
    made = {"at": f"{DAY}18:00:00+01:00", "limb": "a", "reason": reason, "circumstances": "Words that fill the box well"}
    found = asked(certificates=[made])
    assert codes(found) == {f"custody.certificate_{reason}"} and found.state == "kept"


@pytest.mark.parametrize(("change", "code"), [
    ({}, ""),
    ({"reason": "hospital", "circumstances": "She is in Fenmouth hospital under guard"}, ""),
    ({"circumstances": "Snow"}, "custody.certificate_circumstances"),
    ({"reason": "other"}, "custody.certificate_inspector"),
    ({"reason": "other", "inspector": "Inspector Rowe: the bridge is out"}, ""),
    ({"reason": "journey"}, "custody.certificate_journey"),
    (JOURNEY, "custody.certificate_journey"),
    ({"reason": "journey", "arrives_at": f"{NEXT}02:00:00+01:00"}, "custody.certificate_journey"),
    ({**JOURNEY, "arrives_at": f"{DAY}22:00:00+01:00"}, "custody.certificate_journey_in_time"),
    ({**JOURNEY, "arrives_at": f"{NEXT}02:00:00+01:00"}, ""),
])  # fmt: skip
def test_what_is_taken_is_written_out_and_a_journey_leaves_no_time_before_court(change: dict[str, str], code: str) -> None:
    found = asked(certificates=[{**SNOW, "at": f"{DAY}18:00:00+01:00", **change}])
    assert codes(found) == ({code} if code else set())
