"""The acceptance vectors of the decision procedure, each as a case file put to the rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from lodestar.core.matters.custody.casefile import BadCase, read
from lodestar.core.matters.custody.check import Checked, check
from lodestar.store.playbooks import calendars, clock_rules

DAY = "2026-06-04T"
GROUND = {"code": "will_not_answer_bail", "facts": "Missed court twice this spring"}
RECORD = {"recorded_in_presence": True, "appropriate_adult": True}
THEFT = {"offence": "Theft, Theft Act 1968 s.1", "imprisonable": True}
ROBBERY = {"offence": "Robbery, Theft Act 1968 s.8", "imprisonable": True, "specified": True}
TEXT = "Serious words of his to hurt a named boy before court"


def refusal(at: str, *grounds: dict[str, str]) -> dict[str, Any]:
    return {"at": at, "told_at": at, "decision": "refused", "grounds": list(grounds or (GROUND,)), **RECORD}


def case(**parts: Any) -> dict[str, Any]:
    whole = {
        "age": 15,
        "times": {"detention_authorised_at": f"{DAY}09:00:00+01:00", "charged_at": f"{DAY}16:00:00+01:00"},
        "charges": [THEFT],
        "bail": refusal(f"{DAY}16:30:00+01:00"),
        "reviews": [{"at": f"{DAY}14:30:00+01:00"}],
    }
    return {key: value for key, value in {**whole, **parts}.items() if value is not None}


def asked(**parts: Any) -> Checked:
    return check(case=read(case(**parts)), rules_on=clock_rules, calendars_on=calendars)


def due(found: Checked, code: str) -> datetime:
    return next(clock.due_at for clock in found.owed if clock.rule.code == code)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def codes(found: Checked) -> set[str]:
    return {one.refusal.code for one in found.refused}


BEFORE = {"charges": [], "bail": None, "times": {"detention_authorised_at": f"{DAY}09:00:00+01:00"}}


def test_authorised_at_nine_and_reviewed_at_half_past_two_the_next_review_is_due_at_half_past_eleven() -> None:
    assert due(asked(**BEFORE), "CUS-REVIEW-NEXT") == at(f"{DAY}23:30:00+01:00")


def test_a_postponed_review_needs_its_reason_and_does_not_move_the_next() -> None:
    late = {"at": f"{DAY}16:10:00+01:00", "postponed": True}
    assert codes(asked(**BEFORE, reviews=[late])) == {"custody.review_late"}
    found = asked(**BEFORE, reviews=[{**late, "reason": "Interview under way"}])
    assert not found.refused
    assert due(found, "CUS-REVIEW-NEXT") == at("2026-06-05T00:00:00+01:00")


def test_six_hours_are_six_hours_on_the_night_the_clocks_go_back() -> None:
    found = asked(**{**BEFORE, "times": {"detention_authorised_at": "2026-10-24T20:00:00+01:00"}, "reviews": []})
    assert due(found, "CUS-REVIEW-FIRST") == at("2026-10-25T01:00:00+00:00")


SECURE = {
    "at": f"{DAY}17:05:00+01:00", "type": "secure", "authority": "Shire", "approved_by_inspector": True, "harm": TEXT,
    "not_enough": "He walked out of two homes", "test": TEXT,
    "answer": {"at": f"{DAY}17:35:00+01:00", "answer": "refused", "reason": "None free"},
}  # fmt: skip
INADEQUATE = {"at": f"{DAY}17:40:00+01:00", "adequate": "no", "why": "He would be gone within the hour"}
LIMB_B = {"at": f"{DAY}17:45:00+01:00", "limb": "b", "serious_harm": TEXT, "not_adequate": "No other place would hold him", "test": TEXT}


def test_certificate_b_is_refused_at_eleven() -> None:
    found = asked(age=11, charges=[ROBBERY], requests=[SECURE], adequacy=[INADEQUATE], certificates=[LIMB_B])
    assert "custody.secure_age" in codes(found)
    assert found.state == "kept"


def test_no_secure_bed_is_refused_and_says_to_ask_for_a_place_that_is_not_secure() -> None:
    kept = {"at": f"{DAY}18:00:00+01:00", "limb": "a", "reason": "no_secure_bed", "circumstances": "There is no secure bed, kept in"}
    found = asked(age=14, certificates=[kept])
    (only,) = found.refused
    assert only.refusal.code == "custody.certificate_no_secure_bed"
    assert "not secure" in only.refusal.sentence
    assert (found.state, found.outcomes) == ("kept", ("NO_REQUEST",))


def test_sixteen_robbery_secure_refused_and_nothing_less_adequate_is_certificate_b_with_its_review_running() -> None:
    found = asked(age=16, charges=[ROBBERY], requests=[SECURE], adequacy=[INADEQUATE], certificates=[LIMB_B])
    assert not found.refused
    assert found.state == "certified_b"
    assert due(found, "CUS-REVIEW-NEXT") == at(f"{DAY}23:30:00+01:00")


def test_a_secure_refusal_forces_the_second_question_before_any_certificate() -> None:
    found = asked(age=16, charges=[ROBBERY], requests=[SECURE], certificates=[LIMB_B])
    assert codes(found) == {"custody.b_adequacy"}
    assert "SECOND_QUESTION_OPEN" in found.outcomes


@pytest.mark.parametrize("reason", ["behaviour", "offence", "late_hour", "no_secure_bed", "authority_not_asked", "cost"])
def test_what_the_code_does_not_take_makes_no_move_impracticable(reason: str) -> None:
    made = {"at": f"{DAY}18:00:00+01:00", "limb": "a", "reason": reason, "circumstances": "Words that fill the box well"}
    assert f"custody.certificate_{reason}" in codes(asked(certificates=[made]))


def test_charged_on_a_saturday_with_no_sitting_the_officer_is_told_and_monday_is_the_last_day() -> None:
    found = asked(
        times={"detention_authorised_at": "2026-06-06T08:00:00+01:00", "charged_at": "2026-06-06T14:00:00+01:00"},
        bail=refusal("2026-06-06T14:30:00+01:00"), reviews=[{"at": "2026-06-06T13:00:00+01:00"}],
        courts=[],
    )  # fmt: skip
    assert due(found, "CUS-FIRST-COURT") == at("2026-06-08T23:59:00+01:00")
    assert "CUS-DESIGNATED-OFFICER" in {clock.rule.code for clock in found.owed}


def test_a_request_that_is_not_secure_without_a_reply_is_the_authority_s_failure_and_never_impracticable() -> None:
    asked_for = {
        "at": f"{DAY}17:00:00+01:00", "type": "non_secure", "authority": "Shire",
        "answer": {"at": f"{DAY}20:00:00+01:00", "answer": "no_reply", "reason": "Rang three times"},
    }  # fmt: skip
    failed = {"at": f"{DAY}20:10:00+01:00", "request": 0, "escalated": "Director on call, 20:05"}
    found = asked(requests=[asked_for], failed_to_provide=failed)
    assert not found.refused
    assert set(found.outcomes) == {"LA_FAILED_TO_PROVIDE", "NO_REPLY"}


def test_straight_to_a_court_that_sits_needs_no_request_and_is_listed() -> None:
    straight = {"sat_at": f"{DAY}10:45:00+01:00", "left_at": f"{DAY}10:35:00+01:00"}
    found = asked(
        times={"detention_authorised_at": f"{DAY}08:00:00+01:00", "charged_at": f"{DAY}10:00:00+01:00"}, reviews=[],
        bail=refusal(f"{DAY}10:10:00+01:00"), courts=[f"{DAY}10:45:00+01:00"],
        court_production={"at": f"{DAY}10:40:00+01:00", "court": "Harford", "straight_to_court": straight},
    )  # fmt: skip
    assert not found.refused
    assert (found.state, found.outcomes) == ("at_court", ("STRAIGHT_TO_COURT",))


def test_nobody_is_brought_to_court_from_a_cell_without_a_request_a_certificate_or_a_sitting() -> None:
    found = asked(court_production={"at": "2026-06-05T10:00:00+01:00", "court": "Harford"})
    assert "custody.never_asked" in codes(found)
    assert found.state == "kept"


def test_a_certificate_that_was_made_is_produced_to_the_court() -> None:
    snow = {
        "at": f"{DAY}18:00:00+01:00",
        "limb": "a",
        "reason": "extreme_weather",
        "circumstances": "Every road there is closed by snow",
    }
    gone = {"at": "2026-06-05T10:00:00+01:00", "court": "Harford"}
    assert "custody.certificate_not_produced" in codes(asked(certificates=[snow], court_production=gone))
    produced = asked(certificates=[snow], court_production={**gone, "certificate_produced_to": "The court's legal adviser"})
    assert produced.state == "at_court"


def test_the_drug_sample_alone_holds_nobody_beyond_six_hours_from_charge() -> None:
    sample = {"code": "drug_sample", "facts": "A sample is asked for under s.63B"}
    found = asked(bail=refusal(f"{DAY}22:30:00+01:00", sample))
    assert codes(found) == {"custody.drug_sample"}
    soon = asked(bail=refusal(f"{DAY}16:30:00+01:00", sample))
    assert due(soon, "CUS-DRUG-SAMPLE") == at(f"{DAY}22:00:00+01:00")


@pytest.mark.parametrize(("ground", "charge", "refused"), [
    ("prevent_offence", {"offence": "A fine only", "imprisonable": False}, True),
    ("prevent_offence", THEFT, False),
    ("prevent_injury_or_damage", THEFT, True),
    ("murder", ROBBERY, True),
    ("murder", {"offence": "Murder", "imprisonable": True, "murder": True}, False),
])  # fmt: skip
def test_a_ground_is_only_for_the_charge_the_act_gives_it_to(ground: str, charge: dict[str, Any], refused: bool) -> None:
    bail = refusal(f"{DAY}16:30:00+01:00", {**GROUND, "code": ground})
    assert ("custody.ground" in codes(asked(charges=[charge], bail=bail))) is refused


def test_an_adult_by_date_of_birth_is_refused_unless_they_appear_under_18() -> None:
    assert codes(asked(age=None, dob="2008-06-03")) >= {"custody.adult"}
    assert "custody.adult" not in codes(asked(age=None, dob="2008-06-03", appears_under_18=True))
    assert "custody.adult" not in codes(asked(age=None, dob="2008-06-05"))


@pytest.mark.parametrize(("parts", "where"), [
    ({"times": {}}, "times.detention_authorised_at"),
    ({"times": {"detention_authorised_at": "4 June, nine"}}, "times.detention_authorised_at"),
    ({"times": {"detention_authorised_at": "2026-06-04T09:00:00"}}, "times.detention_authorised_at"),
    ({"age": "fifteen"}, "age"),
    ({"age": None, "dob": "4/6/2010"}, "dob"),
    ({"requests": {}}, "requests"),
    ({"requests": ["asked"]}, "requests[0]"),
    ({"requests": [{"at": f"{DAY}17:00:00+01:00", "type": "kind"}]}, "requests[0].type"),
    ({"charges": []}, "charges"),
    ({"bail": {"at": f"{DAY}16:30:00+01:00", "decision": "maybe"}}, "bail.decision"),
    ({"certificates": [{"at": f"{DAY}16:30:00+01:00", "limb": "c"}]}, "certificates[0].limb"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_names_its_field(parts: dict[str, Any], where: str) -> None:
    with pytest.raises(BadCase, match=f"^{where.replace('[', chr(92) + '[').replace(']', chr(92) + ']')}:"):
        read(case(**parts))


def test_asking_twice_gives_the_same_answer() -> None:
    assert asked() == asked()


def test_every_post_charge_review_decides_the_move_afresh() -> None:
    snow = {
        "at": f"{DAY}18:00:00+01:00",
        "limb": "a",
        "reason": "extreme_weather",
        "circumstances": "Every road there is closed by snow",
    }
    again = {"at": f"{DAY}23:00:00+01:00", "transfer": "no_change", "authority_contacted": True}
    reviews = [{"at": f"{DAY}14:30:00+01:00"}, again]
    assert codes(asked(certificates=[snow], reviews=reviews)) == {"custody.no_change_reason"}
    found = asked(certificates=[snow], reviews=[reviews[0], {**again, "why": "The roads are still closed"}])
    assert found.state == "kept", "the certificate is reviewed out of: the duty is open again"
    assert due(found, "CUS-REVIEW-NEXT") == at(f"{DAY}23:00:00+01:00") + timedelta(hours=9)
