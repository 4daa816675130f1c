"""The reviews of detention: when each falls due, and what one must decide (PACE s.40).

The first no later than six hours after detention was first authorised, each further one no later than nine hours after the
one before. Postponing moves only the review itself: the next counts from when it was due (s.40(6)). Time elapses, so the
limits survive the night the clocks change.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from lodestar.core.matters.custody.charges import drug_sample_over
from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Attempt, Done, Started, Story
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "PACE 1984 s.40"
FIRST, NEXT = timedelta(hours=6), timedelta(hours=9)
CODES = ("review_before_charge", "review_after_charge")
CLOCKS = frozenset({"CUS-REVIEW-FIRST", "CUS-REVIEW-NEXT", "CUS-REVIEW-FIRST-CHARGED", "CUS-REVIEW-CHARGED"})
BACK = "child_came_back"  # back in the cells: the nine hours run from then (our reading; the Act is silent)


def authorised_at(*, story: Story) -> datetime:
    """When detention was first authorised: what the reviews count from. It need not be when the 24 hours began."""
    opened = story.last("detention_authorised")
    said = instant(opened.said.get("authorised_at", "")) if opened else None
    return said or story.reported_at


def due(*, story: Story) -> datetime:
    """When the next review is due, from the reviews on record."""
    at = authorised_at(story=story) + FIRST
    for done in story.all(*CODES, BACK):
        at = base(done=done, due_at=at) + NEXT
    return at


def base(*, done: Done, due_at: datetime) -> datetime:
    """What the next nine hours count from: when it was done, or when it was due if it was postponed beyond that."""
    return min(done.at, due_at) if done.said.get("postponed") == "yes" else done.at


def next_base(*, story: Story, done: Done) -> datetime:
    """What the nine hours after this review count from."""
    at = authorised_at(story=story) + FIRST
    for earlier in story.all(*CODES, BACK):
        if earlier.id == done.id:
            return base(done=done, due_at=at)
        at = base(done=earlier, due_at=at) + NEXT
    return done.at


def started(*, story: Story, done: Done) -> Started:
    """The review owed after this deed: by the inspector before charge, by the custody officer after it (s.40(1)).

    A charge passes what is owed from the one to the other and never moves it: it still counts from the last review, or from
    when detention was first authorised where there was none.
    """
    if done.code != "child_charged":
        at = done.at if done.code == BACK else next_base(story=story, done=done)
        return Started("reviewed" if done.code == "review_before_charge" else "review_charged", at)
    earlier = [one for one in story.all(*CODES, BACK) if (one.at, one.id) < (done.at, done.id)]
    if not earlier:
        return Started("charged_unreviewed", authorised_at(story=story))
    return Started("review_charged", next_base(story=story, done=earlier[-1]))


def refuse_review(attempt: Attempt) -> Refusals:
    """A review after its time says that it was postponed and why; after charge it decides bail and the move afresh."""
    return tuple((*_late_gaps(attempt), *(_afresh_gaps(attempt) if attempt.code == "review_after_charge" else ())))


def _late_gaps(attempt: Attempt) -> Iterator[Refusal]:
    late = attempt.at > due(story=attempt.story)
    if late and (attempt.said.get("postponed") != "yes" or not attempt.said.get("postponed_why", "").strip()):
        sentence = "This is after the review was due. Say that it was postponed, and why: the next is due from when this one was."
        yield Refusal("custody.review_late", sentence, f"{AUTHORITY}(4)-(7)", "postponed_why")


def release_decided(*, story: Story) -> bool:
    """True where the last review after charge decided release: nothing keeps the child then but the doing of it."""
    done = story.last("review_after_charge")
    return done is not None and done.said.get("bail") == "release_now"


def refuse_certifying(attempt: Attempt) -> Refusals:
    """No certificate keeps a child whose release has been decided, or whom no ground holds any more."""
    return tuple(_groundless(attempt))


def _groundless(attempt: Attempt) -> Iterator[Refusal]:
    if release_decided(story=attempt.story):
        yield Refusal("custody.release_decided", "The review decided release. Release the child.", "PACE 1984 s.38(1), s.40(10)")
    if drug_sample_over(story=attempt.story, at=attempt.at):
        sentence = "The drug sample alone cannot hold a child beyond six hours from charge. Release, or refuse bail on another ground."
        yield Refusal("custody.drug_sample", sentence, "PACE 1984 s.38(2)")


def _afresh_gaps(attempt: Attempt) -> Iterator[Refusal]:
    said = attempt.said
    if said.get("bail") != "release_now" and drug_sample_over(story=attempt.story, at=attempt.at):
        sentence = "The drug sample alone cannot hold a child beyond six hours from charge. Release, or refuse bail on another ground."
        yield Refusal("custody.drug_sample", sentence, "PACE 1984 s.38(2)", "bail")
    if said.get("transfer") == "no_change" and not said.get("transfer_why", "").strip():
        sentence = "Say why nothing about the move has changed. The duty to move the child is decided afresh at every review."
        yield Refusal("custody.no_change_reason", sentence, f"{AUTHORITY}(10)", "transfer_why")
    if said.get("authority_contacted") == "no" and not said.get("transfer_why", "").strip():
        sentence = "Contact the local authority again at each review, or say why not."
        yield Refusal("custody.no_new_contact", sentence, f"{AUTHORITY}(10)", "transfer_why")
