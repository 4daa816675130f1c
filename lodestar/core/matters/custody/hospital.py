"""A detained child in hospital: what it does to the 24 hours and to the first court (PACE s.41(6), s.46(9)).

Time in hospital for treatment, and on the way there and back, is left out of the 24 hours, except while the child is
questioned there about an offence. A child who goes so that evidence can be got (an X-ray, a search) is not there for
treatment, and the 24 hours run on. No child who is in hospital and not well enough is owed to a court meanwhile. Reviews are
not put off by it here: the hours stand, which can only be sooner than the law asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lodestar.core.matters.custody.court import court_after, first_court
from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Attempt, Done, Hold, Started, Story
from lodestar.core.words import Period, Refusal, Refusals

GONE, QUESTIONED, BACK = "gone_to_hospital", "questioned_in_hospital", "back_from_hospital"
HELD_WORDS = "Held while in hospital"
LIMIT, COURT = "hospital", "hospital_unwell"  # the holds, as the playbooks of the clocks name them
_COURT_OWED = (BACK, "child_moved", "child_came_back")  # a spell that ends so leaves a court owed
_ENDS = (*_COURT_OWED, "child_released", "brought_to_court")
_COUNTS = "PACE 1984 s.41(6)"


@dataclass(frozen=True, slots=True)
class Spell:
    """One stay in hospital, the way there and back with it."""

    gone: Done
    ended: Done | None

    @property
    def period(self) -> Period:
        """From leaving the station until back, moved or released."""
        return Period(self.gone.at, self.ended.at if self.ended else None)


def spells(*, story: Story) -> tuple[Spell, ...]:
    """Every stay on record, oldest first; the last may go on."""
    found: list[Spell] = []
    gone: Done | None = None
    for done in story.done:
        if done.code == GONE and gone is None:
            gone = done
        elif gone is not None and done.code in _ENDS:
            found.append(Spell(gone, done))
            gone = None
    return (*found, *((Spell(gone, None),) if gone else ()))


def questioned(*, story: Story) -> tuple[Period, ...]:
    """When the child was questioned in hospital, in order of time: this counts."""
    spans = ((instant(done.said.get("from_at", "")), instant(done.said.get("until_at", ""))) for done in story.all(QUESTIONED))
    return tuple(sorted((Period(since, until) for since, until in spans if since and until), key=lambda period: period.from_at))


def holds(story: Story) -> tuple[Hold, ...]:
    """What being in hospital holds: the 24 hours while treated and not questioned, the court while not well enough."""
    stays, asked = spells(story=story), questioned(story=story)
    treated = [stay for stay in stays if stay.gone.said.get("purpose") == "treatment"]
    unwell = tuple(stay.period for stay in stays if _unwell(stay))
    uncounted = tuple(part for stay in treated for part in _less(stay.period, asked))
    return (Hold(LIMIT, HELD_WORDS, uncounted), Hold(COURT, HELD_WORDS, unwell))


def court_due(*, story: Story) -> datetime | None:
    """The latest instant for the first court: of the charge, as the court arranged it, or anew after a stay in hospital."""
    due: datetime | None = None
    ended = {stay.ended.id: stay for stay in spells(story=story) if stay.ended is not None}
    for done in story.done:
        stay = ended.get(done.id)
        if done.code == "child_charged":
            due = court_after(charged=done).due_at
        elif done.code == "designated_officer_told":
            due = instant(done.said.get("sitting", "")) or due
        elif due is not None and stay is not None and _passed(stay, done, due):
            due = _anew(done)
    return due


def court_again(*, story: Story, done: Done) -> Iterator[Started]:
    """A court whose time passed while the child lay unwell is owed anew once they are out, as if charged then (our reading)."""
    before = Story(story.kind, story.state, story.reported_at, story.opened_at, done=_before(story, done))
    due = court_due(story=before)
    stay = next((one for one in spells(story=story) if one.ended is not None and one.ended.id == done.id), None)
    if due is not None and stay is not None and _passed(stay, done, due):
        yield Started("court_owed", done.at, chosen=_anew(done))


def in_hospital(*, story: Story) -> Spell | None:
    """The stay that goes on, or None."""
    stays = spells(story=story)
    return stays[-1] if stays and stays[-1].ended is None else None


def refuse_going(attempt: Attempt) -> Refusals:
    """Nobody goes to hospital who is there already, nor before they were back from the last time."""
    stays = spells(story=attempt.story)
    if stays and stays[-1].ended is None:
        sentence = "The child is in hospital already. Record first when they came back."
        return (Refusal("custody.in_hospital", sentence, _COUNTS),)
    if stays and stays[-1].ended is not None and attempt.at < stays[-1].ended.at:
        sentence = "This is before the child was back from hospital the last time. Check both times."
        return (Refusal("custody.hospital_overlaps", sentence, _COUNTS, "at"),)
    return ()


def refuse_back(attempt: Attempt) -> Refusals:
    """Nobody is back who has not gone, nor before they went, nor before the questioning there ended."""
    stay = in_hospital(story=attempt.story)
    if stay is None:
        return (Refusal("custody.not_in_hospital", "The child is not in hospital. Record first when they left for it.", _COUNTS),)
    if attempt.at < stay.gone.at:
        return (Refusal("custody.back_before_going", "This is before the child left for hospital. Check both times.", _COUNTS, "at"),)
    if any(period.until_at and period.until_at > attempt.at for period in questioned(story=attempt.story)):
        sentence = "The child was questioned in hospital after this. Check both times."
        return (Refusal("custody.back_before_questioned", sentence, _COUNTS, "at"),)
    return ()


def refuse_questioned(attempt: Attempt) -> Refusals:
    """Questioning is recorded once it is over: within one stay, and no minute of it twice."""
    since, until = (instant(attempt.said.get(name, "")) for name in ("from_at", "until_at"))
    if since is None or until is None:
        return (Refusal("custody.questioned_times", "Say from when until when the child was questioned.", _COUNTS, "from_at"),)
    return tuple(_questioned_gaps(attempt, since, until))


def _questioned_gaps(attempt: Attempt, since: datetime, until: datetime) -> Iterator[Refusal]:
    if until <= since:
        yield Refusal("custody.questioned_backwards", "The questioning ends before it begins. Check both times.", _COUNTS, "until_at")
        return
    if until > attempt.now:
        yield Refusal("custody.questioned_future", "That is still to come. Record the questioning when it is over.", _COUNTS, "until_at")
    stays = (stay.period for stay in spells(story=attempt.story))
    if not any(stay.from_at <= since and (stay.until_at is None or until <= stay.until_at) for stay in stays):
        sentence = "The child was not in hospital for all of this time. Questioning elsewhere counts in any case: check the times."
        yield Refusal("custody.questioned_outside", sentence, _COUNTS, "from_at")
    if any(since < (period.until_at or until) and period.from_at < until for period in questioned(story=attempt.story)):
        sentence = "Some of this time is on record as questioning already. Record each minute once."
        yield Refusal("custody.questioned_twice", sentence, _COUNTS, "from_at")


def _unwell(stay: Spell) -> bool:
    return stay.gone.said.get("well_enough") == "no"


def _passed(stay: Spell, done: Done, due: datetime) -> bool:
    return _unwell(stay) and done.code in _COURT_OWED and stay.gone.at < due <= done.at


def _anew(done: Done) -> datetime:
    sitting = instant(done.said.get("sitting", ""))
    return first_court(charged_at=done.at, sittings=(sitting,) if sitting else None).due_at


def _before(story: Story, done: Done) -> tuple[Done, ...]:
    return tuple(one for one in story.done if (one.at, one.id) < (done.at, done.id))


def _less(stay: Period, asked: tuple[Period, ...]) -> Iterator[Period]:
    """A stay without the questioning in it."""
    since = stay.from_at
    for period in asked:
        until = period.until_at or period.from_at
        if period.from_at < stay.from_at or (stay.until_at is not None and until > stay.until_at):
            continue
        yield Period(since, period.from_at)
        since = until
    if stay.until_at is None or since < stay.until_at:
        yield Period(since, stay.until_at)
