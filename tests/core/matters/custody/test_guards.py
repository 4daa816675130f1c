"""Who is a child, the grounds and record of a refusal of bail, the duty to move and what is asked for (guards 1 to 5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.matters.custody.asking import ASKED, COURT, NEXT, asked, at, codes, due, owed, step
from tests.core.matters.custody.vectors import DAY, GROUND, ROBBERY, SECURE, SNOW, THEFT, refusal

# G1: who is a child


def test_an_adult_by_date_of_birth_is_refused_unless_they_appear_under_18() -> None:
    adult = asked(age=None, dob="2008-06-03")
    assert codes(adult) == {"custody.adult"}
    assert (adult.allowed, adult.owed) == ((), ()), "nothing of this desk applies"
    assert not asked(age=None, dob="2008-06-03", appears_under_18=True).refused
    assert not asked(age=None, dob="2008-06-05").refused
    assert not asked(age=None).refused, "an age that is not known is a child's"


# G2: the grounds


@pytest.mark.parametrize(("ground", "charge", "code"), [
    ("prevent_offence", {"offence": "A fine only", "imprisonable": False}, "custody.ground"),
    ("prevent_offence", THEFT, ""),
    ("prevent_injury_or_damage", THEFT, "custody.ground"),
    ("prevent_injury_or_damage", {"offence": "A fine only", "imprisonable": False}, ""),
    ("murder", ROBBERY, "custody.ground"),
    ("murder", {"offence": "Murder", "murder": True}, ""),
    ("section_25", ROBBERY, "custody.ground"),
    ("section_25", {**ROBBERY, "s25": True}, ""),
])  # fmt: skip
def test_a_ground_is_only_for_the_charge_the_act_gives_it_to(ground: str, charge: dict[str, Any], code: str) -> None:
    found = asked(charges=[charge], bail=refusal(f"{DAY}16:30:00+01:00", {**GROUND, "code": ground}))
    assert codes(found) == ({code} if code else set())


def test_one_imprisonable_charge_among_several_is_enough_for_the_ground_that_needs_one() -> None:
    fine = {"offence": "A fine only"}
    found = asked(charges=[fine, THEFT], bail=refusal(f"{DAY}16:30:00+01:00", {**GROUND, "code": "prevent_offence"}))
    assert not found.refused


def test_bail_is_not_refused_without_a_ground_nor_on_one_without_facts() -> None:
    assert codes(asked(bail={**refusal(f"{DAY}16:30:00+01:00"), "grounds": []})) == {"custody.no_ground", "custody.ground_facts"}
    bare = {"code": "own_protection", "facts": ""}
    found = asked(bail=refusal(f"{DAY}16:30:00+01:00", GROUND, bare))
    assert codes(found) == {"custody.ground_facts"}
    assert (found.state, found.outcomes) == ("charged", ("BAIL_REFUSAL_NOT_LAWFUL",))


def test_the_drug_sample_alone_holds_nobody_beyond_six_hours_from_charge() -> None:
    sample = {"code": "drug_sample", "facts": "A sample is asked for under s.63B"}
    assert codes(asked(bail=refusal(f"{DAY}22:30:00+01:00", sample))) == {"custody.drug_sample"}
    soon = refusal(f"{DAY}16:30:00+01:00", sample)
    assert due(asked(bail=soon), "CUS-DRUG-SAMPLE") == at(f"{DAY}22:00:00+01:00")
    assert not asked(bail=refusal(f"{DAY}22:00:00+01:00", sample)).refused, "six hours to the minute is still within"
    late = {"at": f"{DAY}22:01:00+01:00", "transfer": "asked_again", "authority_contacted": True}
    reviews = [{"at": f"{DAY}14:30:00+01:00"}, late]
    assert codes(asked(bail=soon, reviews=reviews)) == {"custody.drug_sample"}
    assert not asked(bail=soon, reviews=[reviews[0], {**late, "bail": "release_now"}]).refused
    snow = {**SNOW, "at": f"{DAY}22:01:00+01:00"}
    assert codes(asked(bail=soon, certificates=[snow])) == {"custody.drug_sample"}
    assert codes(asked(age=13, bail=soon)) == {"custody.drug_sample_age"}


def test_another_ground_ends_the_six_hours_of_the_drug_sample_and_the_sample_again_does_not() -> None:
    sample = {"code": "drug_sample", "facts": "A sample is asked for under s.63B"}
    said = {
        "facts": "A threat was made to him at the desk", "conditions": "None would protect him", "package": "None offered",
        "representations": "None made", "presence": "yes", "adult_present": "yes", "told_at": f"{DAY}20:00:00+01:00",
    }  # fmt: skip
    bail = refusal(f"{DAY}16:30:00+01:00", sample)
    found = asked(bail=bail, steps=[step("bail_refused_afresh", f"{DAY}20:00:00+01:00", grounds="own_protection", **said)])
    assert not found.refused and "CUS-DRUG-SAMPLE" not in owed(found)
    again = asked(bail=bail, steps=[step("bail_refused_afresh", f"{DAY}20:00:00+01:00", grounds="drug_sample", **said)])
    assert codes(again) == {"custody.drug_sample_again"} and "CUS-DRUG-SAMPLE" in owed(again)


def test_release_is_the_default_but_under_section_25_it_says_what_is_exceptional() -> None:
    released = {"at": f"{DAY}16:30:00+01:00", "decision": "released"}
    assert asked(bail=released).state == "released"
    under = {**ROBBERY, "section_25": True}
    assert codes(asked(charges=[under], bail=released)) == {"custody.section_25"}
    assert asked(charges=[under], bail={**released, "exceptional": "He is very ill"}).state == "released"


# G3: the record


@pytest.mark.parametrize(("change", "code"), [
    ({"recorded_in_presence": False}, "custody.presence"),
    ({"recorded_in_presence": "violent"}, ""),
    ({"appropriate_adult": False}, "custody.adult_absent"),
    ({"appropriate_adult": "None could come before the review"}, ""),
    ({"told_at": None}, "custody.not_told"),
])  # fmt: skip
def test_the_refusal_of_bail_is_recorded_before_the_child_who_is_told_it(change: dict[str, Any], code: str) -> None:
    bail = {key: value for key, value in refusal(f"{DAY}16:30:00+01:00", **change).items() if value is not None}
    assert codes(asked(bail=bail)) == ({code} if code else set())


# G4: the duty to move


def test_the_duty_to_move_is_open_from_the_refusal_of_bail_and_all_scrutiny_is_already_there() -> None:
    found = asked()
    assert owed(found) >= {
        "CUS-TRANSFER",
        "CUS-DAILY-MEETING",
        "CUS-TACTICAL-MEETING",
        "CUS-BOARD",
        "CUS-REVIEW-CHARGED",
        "CUS-FIRST-COURT",
    }
    assert next(clock.started_at for clock in found.owed if clock.rule.code == "CUS-TRANSFER") == at(f"{DAY}16:30:00+01:00")


def test_a_certificate_leaves_the_duty_to_move_open() -> None:
    found = asked(certificates=[{**SNOW, "at": f"{DAY}18:00:00+01:00"}])
    assert found.state == "certified_a" and "CUS-TRANSFER" in owed(found)


def test_nobody_is_brought_to_court_from_a_cell_without_a_request_a_certificate_or_a_sitting() -> None:
    found = asked(court_production=COURT)
    assert codes(found) == {"custody.never_asked"}
    assert found.state == "kept"
    assert asked(requests=[ASKED], court_production=COURT).state == "at_court"


@pytest.mark.parametrize(("straight", "code"), [
    ({}, "custody.straight_times"),
    ({"sat_at": f"{NEXT}10:00:00+01:00"}, "custody.straight_times"),
    ({"sat_at": f"{DAY}17:00:00+01:00", "left_at": f"{DAY}17:30:00+01:00"}, "custody.left_after"),
    ({"sat_at": f"{DAY}17:00:00+01:00", "left_at": f"{DAY}15:30:00+01:00"}, "custody.not_straight"),
    ({"sat_at": f"{NEXT}10:00:00+01:00", "left_at": f"{NEXT}09:30:00+01:00"}, "custody.not_straight"),
])  # fmt: skip
def test_straight_to_court_is_for_the_day_of_charge_with_both_times(straight: dict[str, str], code: str) -> None:
    assert code in codes(asked(court_production={**COURT, "straight_to_court": straight}))


# G5: what is asked for


@pytest.mark.parametrize(("age", "change", "code"), [
    (16, {}, ""),
    (12, {}, ""),
    (11, {}, "custody.secure_age"),
    (None, {}, "custody.age_not_known"),
    (16, {"harm": ""}, "custody.secure_harm"),
    (16, {"not_enough": ""}, "custody.secure_why"),
    (16, {"test": ""}, "custody.secure_test"),
    (16, {"approved_by_inspector": False}, "custody.secure_approval"),
])  # fmt: skip
def test_a_secure_place_is_asked_for_at_twelve_with_the_test_written_and_an_inspector(
    age: int | None, change: dict[str, Any], code: str
) -> None:
    only = {key: value for key, value in {**SECURE, **change}.items() if key != "answer"}
    found = asked(age=age, charges=[ROBBERY], requests=[only])
    assert codes(found) == ({code} if code else set())
    assert found.state == ("kept" if code else "requested")


def test_what_is_not_said_to_be_secure_is_asked_for_as_not_secure_and_needs_nothing_but_the_asking() -> None:
    found = asked(age=11, requests=[ASKED])
    assert not found.refused and found.story.all("place_requested")[0].said["type"] == "non_secure"
