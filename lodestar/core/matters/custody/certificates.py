"""The two certificates that let a child be kept, and the reasons that the law does not take (PACE s.38(6); Code C note 16D)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from lodestar.core.matters.custody import requests
from lodestar.core.matters.custody.charges import age, charges
from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Attempt, Story
from lodestar.core.words import Refusal, Refusals

NOTE_16D = "PACE Code C note 16D"
# What is given as a reason and never makes a move impracticable, with what to do instead.
REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "behaviour": "Behaviour does not make a move impracticable. Ask the authority for a place, and tell it what support is needed.",
        "offence": "The nature of the offence does not make a move impracticable. Ask the authority for a place.",
        "late_hour": "The duty is the same by day and by night. Ask the authority's out-of-hours team.",
        "no_secure_bed": "Having no secure place does not make a move impracticable. Ask for a place that is not secure.",
        "authority_not_asked": "The authority has not been asked, so it cannot be impracticable. Ask it now.",
        "cost": "Cost does not make a move impracticable. Ask the authority; the cost is settled afterwards.",
    }
)
ACCEPTED: Mapping[str, str] = MappingProxyType(
    {
        "extreme_weather": "Extreme weather",
        "journey": "Distance or transport: the child could not arrive in time to be any use before court",
        "hospital": "The child is in hospital",
        "other": "Another circumstance, with an inspector's words",
    }
)
REFUSED_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "behaviour": "The child's behaviour",
        "offence": "The offence",
        "late_hour": "The hour",
        "no_secure_bed": "No secure place",
        "authority_not_asked": "The authority was not asked",
        "cost": "Cost",
    }
)
CERTIFIED = ("certified_impracticable", "certified_serious_harm")


def certified(*, story: Story) -> bool:
    """True where any certificate was made: it is then produced to the court (s.38(7))."""
    return bool(story.all(*CERTIFIED))


def refuse_impracticable(attempt: Attempt) -> Refusals:
    """Certificate (a) is about getting there, at any age; it says the circumstances, and a journey its times."""
    return tuple(_impracticable_gaps(attempt))


def refuse_serious_harm(attempt: Attempt) -> Refusals:
    """Certificate (b) needs all three: 12 or over, no secure place, and no other place that would protect the public."""
    return tuple(_serious_harm_gaps(attempt))


def _impracticable_gaps(attempt: Attempt) -> Iterator[Refusal]:
    said = attempt.said
    reason = said.get("reason", "")
    if reason in REFUSED:
        yield Refusal(f"custody.certificate_{reason}", REFUSED[reason], NOTE_16D, "reason")
    if len(said.get("circumstances", "").split()) < 4:
        sentence = "Write out the circumstances: the court reads them and may ask."
        yield Refusal("custody.certificate_circumstances", sentence, "PACE 1984 s.38(6)(a)", "circumstances")
    if reason == "journey":
        arrives, court = (instant(said.get(name, "")) for name in ("arrives_at", "court_at"))
        if arrives is None or court is None:
            sentence = "Give when the child would arrive and when the court sits: a journey is impracticable only against both."
            yield Refusal("custody.certificate_journey", sentence, NOTE_16D, "arrives_at")
        elif _of_use(attempt.at, arrives, court):
            sentence = "By these times the child would arrive, rest and be back for court. Ask for the place, and move the child."
            yield Refusal("custody.certificate_journey_in_time", sentence, NOTE_16D, "arrives_at")
    if reason == "other" and len(said.get("inspector", "").split()) < 4:
        yield Refusal("custody.certificate_inspector", "Give the inspector's name and words.", NOTE_16D, "inspector")


def _of_use(at: datetime, arrives: datetime, court: datetime) -> bool:
    """True where the way there and as long a way back leave time before court (our reading of a move that is pointless)."""
    return arrives + (arrives - at) < court


def _serious_harm_gaps(attempt: Attempt) -> Iterator[Refusal]:
    story, said = attempt.story, attempt.said
    limb_b = "PACE 1984 s.38(6)(b)"
    years = age(story=story, at=attempt.at)
    if years is None:
        sentence = "This certificate needs an age of 12 or over. Record the date of birth first, or ask for a place that is not secure."
        yield Refusal("custody.age_not_known", sentence, limb_b)
    elif years < requests.OLD_ENOUGH:
        yield Refusal("custody.b_age", "This certificate cannot be made for a child under 12. Ask for a place.", limb_b)
    if requests.secure_refused(story=story) is None:
        sentence = "No secure place has been asked for and refused since this was last decided, or one is offered. Ask again first."
        yield Refusal("custody.b_not_asked", sentence, limb_b)
    if len(said.get("serious_harm", "").split()) < 4:
        yield Refusal("custody.b_harm", "Write out the serious harm from which the public must be protected.", limb_b, "serious_harm")
    if charges(story=story).specified and len(said.get("test", "").split()) < 4:
        sentence = "Write how the child would cause death or serious personal injury by further such offences before court."
        yield Refusal("custody.b_test", sentence, "PACE 1984 s.38(6A)", "test")
    if len(said.get("not_adequate", "").split()) < 4:
        sentence = "Write out why no other place of the authority's would protect the public."
        yield Refusal("custody.b_not_adequate", sentence, limb_b, "not_adequate")
    if not requests.judged_inadequate(story=story):
        sentence = "Say first whether a place that is not secure would protect the public. If it would, or nobody knows, ask for one."
        yield Refusal("custody.b_adequacy", sentence, limb_b)
