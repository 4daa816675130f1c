"""What an engagement needs before it is taken in, by whichever door: a number, a time that can be, and somebody or something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lodestar.core.engagements.draft import NUMBER_LONGEST, EngagementDraft, PersonSaid, ThingSaid
from lodestar.core.engagements.kinds import Kind
from lodestar.core.matters.involved import NATURES, THINGS, key_of
from lodestar.core.reports.draft import LONGEST
from lodestar.core.reports.intake import SLACK
from lodestar.core.times import local_date
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "Data Protection Act 2018 s.38: facts apart from opinions, each with its source"
GRADING_LONGEST, THING_LONGEST = 20, 240


def examine(*, draft: EngagementDraft, now: datetime) -> Refusals:
    """Everything against taking an engagement in, by whichever door it came."""
    people = (gap for said in draft.people for gap in person_gaps(said, at=draft.happened_at))
    things = (gap for thing in draft.things for gap in thing_gaps(thing))
    return (*itself_gaps(draft, now=now), *people, *things)


def kind_gaps(*, draft: EngagementDraft, kind: Kind | None) -> Refusals:
    """An engagement is of a kind that there is, and names people in that kind's roles."""
    if kind is None:
        return (Refusal("engagement.kind", "Choose what kind of engagement it is.", AUTHORITY, "kind"),)
    unknown = sorted({said.role for said in draft.people if said.role not in kind.roles})
    gaps = [Refusal("engagement.role", f"{role.capitalize() or 'This'} is no role in this kind.", AUTHORITY, "role") for role in unknown]
    if draft.reason and draft.reason not in kind.reasons:
        gaps.append(Refusal("engagement.reason", "Choose the reason from the list.", AUTHORITY, "reason"))
    return tuple(gaps)


def itself_gaps(draft: EngagementDraft, *, now: datetime) -> Iterator[Refusal]:
    """What is against the engagement itself, beside its people and things."""
    if not draft.external_id.strip():
        yield Refusal("engagement.no_number", "Give the source's own number, so that it is never taken in twice.", AUTHORITY, "number")
    if len(draft.external_id) > NUMBER_LONGEST:
        yield Refusal("engagement.too_long", f"The number is longer than {NUMBER_LONGEST} characters.", AUTHORITY, "number")
    if draft.happened_at > now + SLACK:
        yield Refusal("engagement.future", "It is dated in the future. Check the date and time.", AUTHORITY, "happened_at")
    if not draft.people and not draft.things:
        sentence = "It names nobody and nothing: a name, a number, a place, a phone or a vehicle is needed."
        yield Refusal("engagement.nobody", sentence, AUTHORITY, "given_name")
    if len(draft.grading) > GRADING_LONGEST:
        yield Refusal("engagement.too_long", f"The grade is longer than {GRADING_LONGEST} characters.", AUTHORITY, "grading")
    if len(draft.district) > LONGEST["district"]:
        yield Refusal("engagement.too_long", f"The district is longer than {LONGEST['district']} characters.", AUTHORITY, "district")
    if "\x00" in draft.circumstances:
        yield Refusal("engagement.unreadable_text", "This holds a character that is not text. Type it again.", AUTHORITY, "circumstances")


def person_gaps(said: PersonSaid, *, at: datetime) -> Iterator[Refusal]:
    """What is against one person as they are stated in what happened at an instant."""
    subject = said.subject
    if not (subject.given_name.strip() or subject.family_name.strip() or subject.keys):
        yield Refusal("engagement.no_name", "Say who it is: a name or an identifier, even part of one.", AUTHORITY, "given_name")
    if said.nature not in NATURES:
        yield Refusal("engagement.nature", "Say whether this is a fact or an opinion.", AUTHORITY, "nature")
    if subject.birth_date is not None and subject.birth_date > local_date(at):
        yield Refusal("engagement.unborn", "The date of birth is after it happened. Check both.", AUTHORITY, "birth_date")
    texts = {name: str(getattr(subject, name)) for name in LONGEST if hasattr(subject, name)}
    texts |= {scheme: value for scheme, value in subject.keys.items()}
    for name, text in texts.items():
        longest = LONGEST.get(name, LONGEST["key"])
        if len(text) > longest:
            yield Refusal("engagement.too_long", f"This is longer than {longest} characters. Shorten it.", AUTHORITY, name)
        if "\x00" in text:
            yield Refusal("engagement.unreadable_text", "This holds a character that is not text. Type it again.", AUTHORITY, name)


def thing_gaps(thing: ThingSaid) -> Iterator[Refusal]:
    """What is against one place, vehicle, phone or handle."""
    if thing.kind not in THINGS or not key_of(kind=thing.kind, value=thing.value):
        yield Refusal("engagement.thing", f"“{thing.value[:40]}” cannot be read as a {thing.kind}.", AUTHORITY, "value")
    elif len(thing.value) > THING_LONGEST:
        yield Refusal("engagement.too_long", f"This is longer than {THING_LONGEST} characters. Shorten it.", AUTHORITY, "value")
