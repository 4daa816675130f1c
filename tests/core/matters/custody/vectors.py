"""The acceptance vectors of the decision procedure: each a case file and what must be said of it, by the rules and by the command."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

DAY = "2026-06-04T"  # a Thursday
GROUND = {"code": "will_not_answer_bail", "facts": "Missed court twice this spring"}
RECORD = {"recorded_in_presence": True, "appropriate_adult": True}
THEFT = {"offence": "Theft, Theft Act 1968 s.1", "imprisonable": True}
ROBBERY = {"offence": "Robbery, Theft Act 1968 s.8", "imprisonable": True, "specified": True}
HARM = "Serious words of his to hurt a named boy before court"
SNOW = {"limb": "a", "reason": "extreme_weather", "circumstances": "Every road there is closed by snow"}
SECURE = {
    "at": f"{DAY}17:05:00+01:00", "type": "secure", "authority": "Shire", "approved_by_inspector": True, "harm": HARM,
    "not_enough": "He walked out of two homes", "test": HARM,
    "answer": {"at": f"{DAY}17:35:00+01:00", "answer": "refused", "reason": "None free"},
}  # fmt: skip
INADEQUATE = {"at": f"{DAY}17:40:00+01:00", "adequate": "no", "why": "He would be gone within the hour"}
LIMB_B = {"at": f"{DAY}17:45:00+01:00", "limb": "b", "serious_harm": HARM, "not_adequate": "No other place would hold him", "test": HARM}


def refusal(at: str, *grounds: dict[str, str], **parts: Any) -> dict[str, Any]:
    """Bail refused, with the whole of its record."""
    return {"at": at, "told_at": at, "decision": "refused", "grounds": list(grounds or (GROUND,)), **RECORD, **parts}


def case(**parts: Any) -> dict[str, Any]:
    """Fifteen, theft, kept since half past four; ``parts`` change it, and None takes a part away."""
    whole = {
        "age": 15,
        "times": {"detention_authorised_at": f"{DAY}09:00:00+01:00", "charged_at": f"{DAY}16:00:00+01:00"},
        "charges": [THEFT],
        "bail": refusal(f"{DAY}16:30:00+01:00"),
        "reviews": [{"at": f"{DAY}14:30:00+01:00"}],
    }
    return {key: value for key, value in {**whole, **parts}.items() if value is not None}


def before_charge(**parts: Any) -> dict[str, Any]:
    """Detained since nine, not charged."""
    return case(**{"charges": None, "bail": None, "times": {"detention_authorised_at": f"{DAY}09:00:00+01:00"}, **parts})


@dataclass(frozen=True)
class Vector:
    """One case, and what is expected of it."""

    name: str
    case: dict[str, Any]
    state: str
    due: dict[str, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()


LATE_REVIEW = {"at": f"{DAY}16:10:00+01:00", "postponed": True}
VECTORS = (
    Vector("reviewed at half past two, due again at half past eleven", before_charge(), "detained",
           {"CUS-REVIEW-NEXT": f"{DAY}23:30:00+01:00"}),
    Vector("a postponed review without its reason", before_charge(reviews=[LATE_REVIEW]), "detained",
           {"CUS-REVIEW-FIRST": f"{DAY}15:00:00+01:00"}, ("custody.review_late",)),
    Vector("a postponed review does not move the next", before_charge(reviews=[{**LATE_REVIEW, "reason": "Interview under way"}]),
           "detained", {"CUS-REVIEW-NEXT": "2026-06-05T00:00:00+01:00"}),
    Vector("six hours elapse on the night the clocks go back",
           before_charge(times={"detention_authorised_at": "2026-10-24T20:00:00+01:00"}, reviews=None), "detained",
           {"CUS-REVIEW-FIRST": "2026-10-25T01:00:00+00:00"}),
    Vector("eleven, certificate b", case(age=11, charges=[ROBBERY], requests=[{"at": f"{DAY}17:00:00+01:00", "authority": "Shire",
           "answer": {"at": f"{DAY}17:35:00+01:00", "answer": "refused", "reason": "None"}}], adequacy=[INADEQUATE], certificates=[LIMB_B]),
           "answered", {}, ("custody.b_age", "custody.b_not_asked", "custody.b_adequacy"), ("LA_FAILED_TO_PROVIDE",)),
    Vector("fourteen, theft, no secure bed, kept in",
           case(age=14, certificates=[{"at": f"{DAY}18:00:00+01:00", "limb": "a", "reason": "no_secure_bed",
                                       "circumstances": "There is no secure bed, kept in"}]),
           "kept", {}, ("custody.certificate_no_secure_bed",), ("NO_REQUEST",)),
    Vector("sixteen, robbery, secure refused and nothing less adequate",
           case(age=16, charges=[ROBBERY], requests=[SECURE], adequacy=[INADEQUATE], certificates=[LIMB_B]), "certified_b",
           {"CUS-REVIEW-CHARGED": f"{DAY}23:30:00+01:00"}, (), ("SECURE_REFUSED",)),
    Vector("fifteen, violent in custody",
           case(certificates=[{"at": f"{DAY}18:00:00+01:00", "limb": "a", "reason": "behaviour",
                               "circumstances": "He is violent in custody"}]),
           "kept", {}, ("custody.certificate_behaviour",), ("NO_REQUEST",)),
    Vector("charged on a Saturday with no court on Saturday or Sunday",
           case(times={"detention_authorised_at": "2026-06-06T08:00:00+01:00", "charged_at": "2026-06-06T14:00:00+01:00"},
                bail=refusal("2026-06-06T14:30:00+01:00"), reviews=[{"at": "2026-06-06T13:00:00+01:00"}], courts=[]),
           "kept", {"CUS-FIRST-COURT": "2026-06-08T23:59:00+01:00", "CUS-DESIGNATED-OFFICER": "2026-06-06T15:00:00+01:00"}, (),
           ("NO_REQUEST",)),
    Vector("not secure, no reply by the time the van comes",
           case(requests=[{"at": f"{DAY}17:00:00+01:00", "authority": "Shire",
                           "answer": {"at": f"{DAY}20:00:00+01:00", "answer": "no_reply", "reason": "Rang three times"}}],
                failed_to_provide={"at": f"{DAY}20:10:00+01:00", "request": 0, "escalated": "Director on call, 20:05"}),
           "answered", {"CUS-COST-CLAIM": "2026-07-02T20:10:00+01:00"}, (), ("LA_FAILED_TO_PROVIDE", "NO_REPLY")),
    Vector("charged at ten, court at a quarter to eleven in the same building",
           case(times={"detention_authorised_at": f"{DAY}08:00:00+01:00", "charged_at": f"{DAY}10:00:00+01:00"}, reviews=None,
                bail=refusal(f"{DAY}10:10:00+01:00"), courts=[f"{DAY}10:45:00+01:00"],
                court_production={"at": f"{DAY}10:40:00+01:00", "court": "Harford",
                                  "straight_to_court": {"sat_at": f"{DAY}10:45:00+01:00", "left_at": f"{DAY}10:35:00+01:00"}}),
           "at_court", {}, (), ("STRAIGHT_TO_COURT",)),
)  # fmt: skip
