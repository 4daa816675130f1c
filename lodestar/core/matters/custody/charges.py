"""What the charges say about a child's detention, and whether bail may be refused (PACE s.38(1)-(5))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Attempt, Done, Story
from lodestar.core.times import age_on
from lodestar.core.words import Refusal, Refusals

ADULT = 18
DRUG_SAMPLE_LASTS = timedelta(hours=6)
DRUG_SAMPLE_FROM = 14  # the minimum age of s.63B(3)(b): from general knowledge, not verified
EXCUSES = ("incapable", "violent", "medical")  # for not making the record in the child's presence (s.38(5))
KEEPS = ("bail_refused", "bail_refused_afresh")
# The grounds of s.38(1), and the charge each is for: any, only imprisonable, only not imprisonable, only murder, only section 25.
GROUNDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "name_or_address": ("Name or address cannot be found, or is doubted", "any", "s.38(1)(a)(i)"),
        "will_not_answer_bail": ("Will not answer bail", "any", "s.38(1)(a)(ii)"),
        "prevent_offence": ("Necessary to prevent an offence", "imprisonable", "s.38(1)(a)(iii)"),
        "drug_sample": ("Necessary so that a drug sample can be taken", "any", "s.38(1)(a)(iiia)"),
        "prevent_injury_or_damage": ("Necessary to prevent injury, loss or damage", "not_imprisonable", "s.38(1)(a)(iv)"),
        "prevent_interference": ("Necessary to prevent interference with justice", "any", "s.38(1)(a)(v)"),
        "own_protection": ("Necessary for the child's own protection", "any", "s.38(1)(a)(vi)"),
        "own_interests": ("Ought to be detained in the child's own interests", "any", "s.38(1)(b)(ii)"),
        "murder": ("The charge is murder", "murder", "s.38(1)(c)"),
        "section_25": ("Section 25 of the 1994 Act, and nothing exceptional", "section_25", "s.38(1); CJPOA 1994 s.25"),
    }
)
_PERMITS = {
    "imprisonable": "only where a charge is imprisonable",
    "not_imprisonable": "only where no charge is imprisonable",
    "murder": "only where the charge is murder",
    "section_25": "only where section 25 of the 1994 Act applies",
}


@dataclass(frozen=True, slots=True)
class Charges:
    """What the rules ask of the charges, all of them together."""

    imprisonable: bool = False
    specified: bool = False  # violent, sexual or terrorism: Sentencing Code Sch.18
    murder: bool = False
    section_25: bool = False  # Criminal Justice and Public Order Act 1994: bail only in exceptional circumstances


def charges(*, story: Story) -> Charges:
    """The charges as they were recorded."""
    done = story.last("child_charged")
    said = done.said if done else {}
    murder = said.get("murder") == "yes"
    return Charges(
        imprisonable=said.get("imprisonable") == "yes" or murder,
        specified=said.get("specified") == "yes" or murder,
        murder=murder,
        section_25=said.get("section_25") == "yes",
    )


def age(*, story: Story, at: datetime) -> int | None:
    """The child's age, or None where it is not known."""
    return age_on(story.born, at) if story.born is not None else None


def refuse_opening(attempt: Attempt) -> Refusals:
    """Only somebody under 18, or who appears to be, goes down this path; an age that is not known is a child's (Code C 1.5)."""
    years = age(story=attempt.story, at=attempt.at)
    if years is None or years < ADULT:
        return ()
    if attempt.said.get("age_basis") == "appears_under_18":
        return ()
    sentence = "By this date of birth they are 18 or over. This desk is for children; check the date, or say that they appear under 18."
    return (Refusal("custody.adult", sentence, "PACE 1984 s.37(15); Code C 1.5", "age_basis"),)


def refuse_keeping(attempt: Attempt) -> Refusals:
    """Bail is refused only on grounds that the charge allows, with facts, recorded in the child's presence or with an excuse."""
    return tuple((*_ground_gaps(attempt), *_record_gaps(attempt)))


def refuse_keeping_afresh(attempt: Attempt) -> Refusals:
    """Another ground for keeping the child answers to the same rules, and the drug sample cannot follow itself (s.38(2))."""
    gaps = refuse_keeping(attempt)
    if drug_sample_alone(attempt.said):
        sentence = "The drug sample alone is no further ground. Name another, or release."
        gaps = (*gaps, Refusal("custody.drug_sample_again", sentence, "PACE 1984 s.38(2)", "grounds"))
    return gaps


def refuse_release(attempt: Attempt) -> Refusals:
    """Release is the default and needs no reason, but for a charge to which section 25 of the 1994 Act applies."""
    said = attempt.said
    if not charges(story=attempt.story).section_25 or said.get("how") == "no_charge" or said.get("exceptional", "").strip():
        return ()
    sentence = "Section 25 applies: say which exceptional circumstances justify release, or keep the child on that ground."
    return (Refusal("custody.section_25", sentence, "Criminal Justice and Public Order Act 1994 s.25", "exceptional"),)


def drug_sample_alone(said: Mapping[str, str]) -> bool:
    """True where the drug sample is the only ground: it cannot carry detention beyond six hours from charge (s.38(2))."""
    return said.get("grounds", "") == "drug_sample"


def drug_sample_over(*, story: Story, at: datetime) -> bool:
    """True where the child is held for the drug sample alone, more than six hours after charge."""
    charged, kept = story.last("child_charged"), standing_grounds(story=story)
    return charged is not None and kept is not None and drug_sample_alone(kept.said) and at - charged.at > DRUG_SAMPLE_LASTS


def standing_grounds(*, story: Story) -> Done | None:
    """The refusal of bail whose grounds hold the child now, or None where bail was not refused."""
    return story.last(*KEEPS)


def _ground_gaps(attempt: Attempt) -> Iterator[Refusal]:
    named = tuple(filter(None, attempt.said.get("grounds", "").split(", ")))
    if not named:
        sentence = "Name a ground of the Act, or release: release is the default."
        yield Refusal("custody.no_ground", sentence, "PACE 1984 s.38(1)", "grounds")
    for ground in named:
        yield from _wrong_ground(attempt, ground)
    if len(attempt.said.get("facts", "").split()) < 3:
        sentence = "Give the facts for each ground. A ground without facts is not one."
        yield Refusal("custody.ground_facts", sentence, "PACE 1984 s.38(1)", "facts")
    charged = attempt.story.last("child_charged")
    if charged and drug_sample_alone(attempt.said) and attempt.at - charged.at > DRUG_SAMPLE_LASTS:
        sentence = "The drug sample alone cannot hold a child beyond six hours from charge. Release, or name another ground."
        yield Refusal("custody.drug_sample", sentence, "PACE 1984 s.38(2)", "grounds")


def _wrong_ground(attempt: Attempt, ground: str) -> Iterator[Refusal]:
    if ground not in GROUNDS:
        yield Refusal("custody.ground_unknown", "This is no ground of the Act. Choose one from the list.", "PACE 1984 s.38(1)", "grounds")
        return
    title, allowed, section = GROUNDS[ground]
    found = charges(story=attempt.story)
    wrong = {
        "imprisonable": not found.imprisonable,
        "not_imprisonable": found.imprisonable,
        "murder": not found.murder,
        "section_25": not found.section_25,
    }
    if wrong.get(allowed, False):
        sentence = f"{title}: this is a ground {_PERMITS[allowed]}. Choose another, or release."
        yield Refusal("custody.ground", sentence, section, "grounds")
    years = age(story=attempt.story, at=attempt.at)
    if ground == "drug_sample" and years is not None and years < DRUG_SAMPLE_FROM:
        sentence = (
            f"A drug sample is for a child of {DRUG_SAMPLE_FROM} or over (an age not yet verified). Choose another ground, or release."
        )
        yield Refusal("custody.drug_sample_age", sentence, "PACE 1984 s.38(1)(a)(iiia), s.63B(3)(b)", "grounds")


def _record_gaps(attempt: Attempt) -> Iterator[Refusal]:
    said = attempt.said
    if said.get("presence") != "yes" and said.get("presence_why", "") not in EXCUSES:
        sentence = "Make the record in the child's presence, or say which excuse of the Act applies."
        yield Refusal("custody.presence", sentence, "PACE 1984 s.38(3)-(5)", "presence_why")
    if instant(said.get("told_at", "")) is None:
        yield Refusal("custody.not_told", "Tell the child the grounds, and say when.", "PACE 1984 s.38(4)", "told_at")
    if said.get("adult_present") != "yes" and not said.get("adult_why", "").strip():
        yield Refusal("custody.adult_absent", "Say why no appropriate adult was there.", "PACE Code C", "adult_why")
