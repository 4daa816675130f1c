"""The authority's failure, the reviews, the court and the way back (guards 9 to 13), and the files that cannot be read."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from lodestar.core.matters.custody.casefile import BadCase, read
from tests.core.matters.custody.asking import ASKED, COURT, NEXT, OFFERED, asked, at, blocked, codes, due, owed, secure_case, step
from tests.core.matters.custody.vectors import DAY, GROUND, HARM, ROBBERY, SECURE, SNOW, case, refusal

# G9: the authority's failure


def test_a_refusal_of_a_place_that_is_not_secure_is_the_authority_s_failure_and_a_secure_refusal_is_not() -> None:
    refused = {**ASKED, "answer": {"at": f"{DAY}17:30:00+01:00", "answer": "refused", "reason": "No carers tonight"}}
    assert asked(requests=[refused]).outcomes == ("LA_FAILED_TO_PROVIDE",)
    assert "LA_FAILED_TO_PROVIDE" not in secure_case().outcomes
    bare = {**ASKED, "answer": {"at": f"{DAY}17:30:00+01:00", "answer": "refused"}}
    assert codes(asked(requests=[bare])) == {"custody.refusal_reason"}
    failed = {"at": f"{DAY}18:00:00+01:00", "request": 0, "escalated": "Director on call"}
    assert codes(asked(requests=[ASKED], failed_to_provide=failed)) == {"custody.no_failure"}


def test_a_request_that_nobody_answered_before_court_is_no_reply() -> None:
    assert asked(requests=[ASKED], court_production=COURT).outcomes == ("NO_REPLY",)
    assert "CUS-LA-REPLY" in owed(asked(requests=[ASKED]))


# G10: the reviews


def test_every_post_charge_review_decides_the_move_afresh() -> None:
    snow = {**SNOW, "at": f"{DAY}18:00:00+01:00"}
    again = {"at": f"{DAY}23:00:00+01:00", "transfer": "no_change", "authority_contacted": True}
    reviews = [{"at": f"{DAY}14:30:00+01:00"}, again]
    assert codes(asked(certificates=[snow], reviews=reviews)) == {"custody.no_change_reason"}
    found = asked(certificates=[snow], reviews=[reviews[0], {**again, "why": "The roads are still closed"}])
    assert found.state == "kept", "the certificate is reviewed out of: the duty is open again"
    assert due(found, "CUS-REVIEW-CHARGED") == at(f"{DAY}23:00:00+01:00") + timedelta(hours=9)
    silent = {**again, "transfer": "impracticable_still", "authority_contacted": False}
    assert codes(asked(certificates=[snow], reviews=[reviews[0], silent])) == {"custody.no_new_contact"}


def test_no_certificate_follows_a_review_that_decided_release() -> None:
    review = {"at": f"{DAY}18:00:00+01:00", "bail": "release_now", "transfer": "asked_again", "authority_contacted": True}
    found = asked(reviews=[{"at": f"{DAY}14:30:00+01:00"}, review], certificates=[{**SNOW, "at": f"{DAY}18:30:00+01:00"}])
    assert codes(found) == {"custody.release_decided"}


# G11: the certificate goes to court


def test_a_certificate_that_was_made_is_produced_to_the_court() -> None:
    snow = {**SNOW, "at": f"{DAY}18:00:00+01:00"}
    assert codes(asked(certificates=[snow], court_production=COURT)) == {"custody.certificate_not_produced"}
    produced = asked(certificates=[snow], court_production={**COURT, "certificate_produced_to": "The court's legal adviser"})
    assert produced.state == "at_court" and not produced.refused


def test_a_moved_child_s_earlier_certificate_is_produced_too() -> None:
    asked_for = {**ASKED, "answer": OFFERED}
    moved = {"at": f"{DAY}19:00:00+01:00", "request": 0}
    found = asked(certificates=[{**SNOW, "at": f"{DAY}16:40:00+01:00"}], requests=[asked_for], moved=moved, court_production=COURT)
    assert codes(found) == {"custody.certificate_not_produced"} and found.state == "moved"


# G12 and G13


def test_a_senior_officer_s_direction_goes_to_a_superintendent_before_anything_is_certified() -> None:
    directed = step("senior_directed", f"{DAY}17:30:00+01:00", direction="The chief inspector: keep him in, against the custody officer")
    referred = step(
        "senior_direction_referred",
        f"{DAY}17:50:00+01:00",
        direction="Keep him in",
        superintendent="Supt Vale, 5.45pm",
        settled="Ask again",
    )
    snow = {**SNOW, "at": f"{DAY}18:00:00+01:00"}
    found = asked(steps=[directed], certificates=[snow])
    assert codes(found) == {"custody.direction_unreferred"} and "CUS-DIRECTION" in owed(found)
    settled = asked(steps=[directed, referred], certificates=[snow])
    assert not settled.refused and "CUS-DIRECTION" not in owed(settled)


def test_a_child_who_comes_back_reopens_the_duty_and_must_be_asked_for_again() -> None:
    asked_for = {**ASKED, "answer": OFFERED}
    moved = {"at": f"{DAY}19:00:00+01:00", "request": 0}
    gone = asked(requests=[asked_for], moved=moved)
    assert gone.state == "moved" and not {"CUS-TRANSFER", "CUS-REVIEW-CHARGED"} & owed(gone)
    back = step("child_came_back", f"{DAY}21:00:00+01:00", how="absconded_and_found", missing_told="MIS-1", reason="Walked out at eight")
    found = asked(requests=[asked_for], moved=moved, steps=[back])
    assert found.state == "kept" and found.outcomes == ("NO_REQUEST",)
    assert owed(found) >= {"CUS-TRANSFER-AGAIN", "CUS-REVIEW-CHARGED", "CUS-FIRST-COURT"}
    assert due(found, "CUS-REVIEW-CHARGED") == at(f"{NEXT}06:00:00+01:00")
    unreported = step("child_came_back", f"{DAY}21:00:00+01:00", how="absconded", reason="Walked out at eight")
    assert codes(asked(requests=[asked_for], moved=moved, steps=[unreported])) == {"deed.missing_told"}


# Offers


def test_an_offer_is_taken_from_wherever_the_child_stands() -> None:
    late = {**ASKED, "answer": {"at": f"{DAY}19:00:00+01:00", "answer": "offered"}}
    moved = {"at": f"{DAY}20:00:00+01:00", "request": 0}
    found = asked(requests=[late], certificates=[{**SNOW, "at": f"{DAY}18:00:00+01:00"}], moved=moved)
    assert not found.refused and found.state == "moved"
    assert codes(asked(requests=[ASKED], moved=moved)) == {"custody.no_offer"}
    assert "custody.no_offer" in blocked(asked(requests=[ASKED]))["child_moved"]


def test_under_a_certificate_a_refusal_leaves_the_child_where_it_stands_and_an_offer_does_not() -> None:
    snow = {**SNOW, "at": f"{DAY}18:00:00+01:00"}
    refused = {"at": f"{DAY}19:00:00+01:00", "answer": "refused", "reason": "No carers tonight"}
    assert asked(requests=[{**ASKED, "answer": refused}], certificates=[snow]).state == "certified_a"
    offered = {"at": f"{DAY}19:00:00+01:00", "answer": "partly"}
    assert asked(requests=[{**ASKED, "answer": offered}], certificates=[snow]).state == "answered"


def test_an_offer_from_before_the_child_came_back_moves_nobody_again_and_an_old_approval_asks_for_nothing() -> None:
    moved = {"at": f"{DAY}19:00:00+01:00", "request": 0}
    back = step("child_came_back", f"{DAY}21:00:00+01:00", how="returned_by_authority", reason="The carer could not go on")
    first = {**SECURE, "answer": {"at": f"{DAY}17:35:00+01:00", "answer": "offered"}}
    again = step("child_moved", f"{DAY}22:00:00+01:00", escort="Two officers", received_by="Duty carer", papers="Risk",
                 arrived_at=f"{DAY}22:40:00+01:00", court_plan="The authority brings him")  # fmt: skip
    found = asked(charges=[ROBBERY], requests=[first], moved=moved, steps=[back, again])
    assert codes(found) == {"custody.no_offer"} and found.state == "kept"
    stale = {**SECURE, "at": f"{DAY}21:30:00+01:00", "approved_by_inspector": False}
    found = asked(charges=[ROBBERY], requests=[first, {key: stale[key] for key in stale if key != "answer"}], moved=moved, steps=[back])
    assert codes(found) == {"custody.secure_approval"}


def test_the_twenty_four_hours_run_from_the_relevant_time_and_the_reviews_from_the_authorisation() -> None:
    times = {"detention_authorised_at": f"{DAY}09:00:00+01:00", "relevant_time": f"{DAY}08:20:00+01:00"}
    found = asked(times=times, charges=None, bail=None, reviews=None)
    assert due(found, "CUS-24-HOURS") == at(f"{NEXT}08:20:00+01:00")
    assert due(found, "CUS-REVIEW-FIRST") == at(f"{DAY}15:00:00+01:00")


# First court


def test_where_nobody_says_when_courts_sit_the_last_lawful_day_is_owed_and_nobody_need_be_told() -> None:
    found = asked()
    assert due(found, "CUS-FIRST-COURT") == at(f"{NEXT}23:59:00+01:00")
    assert "CUS-DESIGNATED-OFFICER" not in owed(found)
    assert "CUS-DESIGNATED-OFFICER" in owed(asked(courts=[]))
    assert due(asked(courts=[f"{NEXT}14:00:00+01:00", f"{NEXT}10:00:00+01:00"]), "CUS-FIRST-COURT") == at(f"{NEXT}10:00:00+01:00")


def test_the_answer_is_for_the_instant_that_is_asked_about() -> None:
    made = {**SNOW, "at": f"{DAY}18:00:00+01:00"}
    assert asked(certificates=[made], now=f"{DAY}17:00:00+01:00").state == "kept"
    assert asked(certificates=[made], now=f"{DAY}18:00:00+01:00").state == "certified_a"
    assert asked(now=f"{DAY}15:00:00+01:00").state == "detained"


# Files that cannot be read


@pytest.mark.parametrize(("parts", "where"), [
    ({"times": {}}, "times.detention_authorised_at"),
    ({"times": {"detention_authorised_at": "4 June, nine"}}, "times.detention_authorised_at"),
    ({"times": {"detention_authorised_at": "2026-06-04T09:00:00"}}, "times.detention_authorised_at"),
    ({"times": {"detention_authorised_at": f"{DAY}17:00:00+01:00", "charged_at": f"{DAY}16:00:00+01:00"}}, "times.charged_at"),
    ({"times": {"detention_authorised_at": f"{DAY}09:00:00+01:00"}}, "times.charged_at"),
    ({"times": "yesterday"}, "times"),
    ({"age": "fifteen"}, "age"),
    ({"age": True}, "age"),
    ({"age": None, "dob": "4/6/2010"}, "dob"),
    ({"age": None, "dob": "2030-01-01"}, "dob"),
    ({"appears_under_18": "yes"}, "appears_under_18"),
    ({"requests": {}}, "requests"),
    ({"requests": ["asked"]}, "requests[0]"),
    ({"requests": [{"at": f"{DAY}17:00:00+01:00", "type": "kind"}]}, "requests[0].type"),
    ({"requests": [{"at": f"{DAY}17:00:00+01:00", "type": ["secure"]}]}, "requests[0].type"),
    ({"requests": [{**ASKED, "answer": {"at": f"{DAY}18:00:00+01:00", "answer": "perhaps"}}]}, "requests[0].answer.answer"),
    ({"charges": []}, "charges"),
    ({"charges": [{"offence": "Theft", "imprisonable": "yes"}]}, "charges[0].imprisonable"),
    ({"charges": [{"offence": "Theft", "imprisonible": True}]}, "charges[0].imprisonible"),
    ({"charges": [{"offence": 7}]}, "charges[0].offence"),
    ({"courts": ["ten"]}, "courts[0]"),
    ({"bail": {"at": f"{DAY}16:30:00+01:00", "decision": "maybe"}}, "bail.decision"),
    ({"bail": refusal(f"{DAY}16:30:00+01:00", {**GROUND, "code": "a_hunch"})}, "bail.grounds[0].code"),
    ({"bail": refusal(f"{DAY}16:30:00+01:00", recorded_in_presence="busy")}, "bail.recorded_in_presence"),
    ({"reviews": [{"at": f"{DAY}08:00:00+01:00"}]}, "reviews[0]"),
    ({"reviews": [{"at": f"{DAY}18:00:00+01:00", "transfer": "later"}]}, "reviews[0].transfer"),
    ({"certificates": [{"at": f"{DAY}16:30:00+01:00", "limb": "c"}]}, "certificates[0].limb"),
    ({"certificates": [{"at": f"{DAY}16:30:00+01:00", "limb": "a", "reason": "bored"}]}, "certificates[0].reason"),
    ({"moved": {"at": f"{DAY}19:00:00+01:00", "request": "first"}, "requests": [ASKED]}, "moved.request"),
    ({"moved": {"at": f"{DAY}19:00:00+01:00"}}, "moved.request"),
    ({"court_production": {**COURT, "straight_to_court": True}}, "court_production.straight_to_court"),
    ({"steps": [{"step": "a_dance", "at": f"{DAY}19:00:00+01:00"}]}, "steps[0].step"),
    ({"steps": [step("senior_directed", f"{DAY}19:00:00+01:00", directon=HARM)]}, "steps[0].answers.directon"),
    ({"bale": {}}, "bale"),
    ({"now": "later"}, "now"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_names_its_field(parts: dict[str, Any], where: str) -> None:
    with pytest.raises(BadCase, match=f"^{re.escape(where)}: "):
        read(case(**parts))
