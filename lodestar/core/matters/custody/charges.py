"""What the charges say about a child's detention, and whether bail may be refused (PACE s.38(1)-(5))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from lodestar.core.matters.desk import Attempt, Story
from lodestar.core.times import age_on
from lodestar.core.words import Refusal, Refusals

ADULT = 18
DRUG_SAMPLE_LASTS = timedelta(hours=6)
# The grounds of s.38(1), and the charge each is for: any, only imprisonable, only not imprisonable, only murder.
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
    }
)
_PERMITS = {
    "imprisonable": "only where a charge is imprisonable",
    "not_imprisonable": "only where no charge is imprisonable",
    "murder": "only where the charge is murder",
}


@dataclass(frozen=True, slots=True)
class Charges:
    """What the rules ask of the charges, all of them together."""

    imprisonable: bool = False
    specified: bool = False  # violent, sexual or terrorism: Sentencing Code Sch.18
    murder: bool = False


def charges(*, story: Story) -> Charges:
    """The charges as they were recorded."""
    done = story.last("child_charged")
    said = done.said if done else {}
    murder = said.get("murder") == "yes"
    return Charges(said.get("imprisonable") == "yes" or murder, said.get("specified") == "yes" or murder, murder)


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


def drug_sample_alone(said: Mapping[str, str]) -> bool:
    """True where the drug sample is the only ground: it cannot carry detention beyond six hours from charge (s.38(2))."""
    return said.get("grounds", "") == "drug_sample"


def _ground_gaps(attempt: Attempt) -> Iterator[Refusal]:
    found, facts = charges(story=attempt.story), attempt.said.get("facts", "")
    for ground in filter(None, attempt.said.get("grounds", "").split(", ")):
        if ground not in GROUNDS:
            continue
        title, allowed, section = GROUNDS[ground]
        wrong = {"imprisonable": not found.imprisonable, "not_imprisonable": found.imprisonable, "murder": not found.murder}
        if wrong.get(allowed, False):
            yield Refusal(
                "custody.ground", f"{title}: this is a ground {_PERMITS[allowed]}. Choose another, or release.", section, "grounds"
            )
    if len(facts.split()) < 3:
        yield Refusal(
            "custody.ground_facts", "Give the facts for each ground. A ground without facts is not one.", "PACE 1984 s.38(1)", "facts"
        )
    charged = attempt.story.last("child_charged")
    if charged and drug_sample_alone(attempt.said) and attempt.at - charged.at > DRUG_SAMPLE_LASTS:
        sentence = "The drug sample alone cannot hold a child beyond six hours from charge. Release, or name another ground."
        yield Refusal("custody.drug_sample", sentence, "PACE 1984 s.38(2)", "grounds")


def _record_gaps(attempt: Attempt) -> Iterator[Refusal]:
    said = attempt.said
    if said.get("presence") == "no" and not said.get("presence_why", "").strip():
        sentence = "Make the record in the child's presence, or say which excuse of the Act applies."
        yield Refusal("custody.presence", sentence, "PACE 1984 s.38(3)-(5)", "presence_why")
    if said.get("adult_present") == "no" and not said.get("adult_why", "").strip():
        yield Refusal("custody.adult_absent", "Say why no appropriate adult was there.", "PACE Code C", "adult_why")
