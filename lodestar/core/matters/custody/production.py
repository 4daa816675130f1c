"""Bringing the child to court: the certificate goes too, and going straight there is told by both times (PACE s.38(7), s.46)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lodestar.core.matters.custody import requests
from lodestar.core.matters.custody.certificates import CERTIFIED, certified
from lodestar.core.matters.custody.lifecycle import HELD
from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Attempt, Story
from lodestar.core.times import local_date
from lodestar.core.words import Refusal, Refusals


def straight_to_court(*, story: Story) -> bool:
    """True where the child went straight to a court that was sitting: no request was needed, and the case is listed all the same."""
    done = story.last("brought_to_court")
    return done is not None and done.said.get("straight") == "yes"


def unproduced(*, story: Story) -> bool:
    """True where the first court after a certificate was made is not on record as having been given it (s.38(7))."""
    courts = story.all("brought_to_court")
    for made in story.all(*CERTIFIED):
        first = next((court for court in courts if court.at >= made.at), None)
        if first is not None and first.said.get("certificate_produced") != "yes":
            return True
    return False


def refuse_court(attempt: Attempt) -> Refusals:
    """A child comes to court with every certificate made, and never from a cell where no place was asked for, unless straight."""
    return tuple((*_certificate_gaps(attempt), *_asking_gaps(attempt), *_straight_gaps(attempt)))


def _certificate_gaps(attempt: Attempt) -> Iterator[Refusal]:
    said, made = attempt.said, certified(story=attempt.story)
    produced = said.get("certificate_produced") == "yes"
    if made and not produced:
        sentence = "A certificate was made, so it is produced to the court before which the child is first brought. Say to whom."
        yield Refusal("custody.certificate_not_produced", sentence, "PACE 1984 s.38(7)", "certificate_produced")
    if produced and not made:
        sentence = "No certificate is on record. Make it first, or say that none was made."
        yield Refusal("custody.no_certificate", sentence, "PACE 1984 s.38(7)", "certificate_produced")
    if made and produced and not said.get("produced_to", "").strip():
        yield Refusal("custody.produced_to", "Say to whom at the court the certificate was given.", "PACE 1984 s.38(7)", "produced_to")


def _asking_gaps(attempt: Attempt) -> Iterator[Refusal]:
    story = attempt.story
    asked = certified(story=story) or requests.requests(story=story)
    if story.state in HELD and not asked and attempt.said.get("straight") != "yes":
        sentence = (
            "No place was asked for and no certificate made. Ask the authority, or record that a court was sitting then, with both times."
        )
        yield Refusal("custody.never_asked", sentence, "PACE 1984 s.38(6)", "straight")


def _straight_gaps(attempt: Attempt) -> Iterator[Refusal]:
    if attempt.said.get("straight") != "yes":
        return
    sat, left = _times(attempt)
    if sat is None or left is None:
        sentence = "Straight to court: say when the court sat and when the child left the station."
        yield Refusal("custody.straight_times", sentence, "PACE 1984 s.38(6), s.46", "sat_at" if sat is None else "left_at")
        return
    if left > sat:
        yield Refusal("custody.left_after", "The child left after the court sat. Check both times.", "PACE 1984 s.46", "left_at")
    charged = attempt.story.last("child_charged")
    if charged is not None and (left < charged.at or local_date(sat) != local_date(charged.at)):
        sentence = "Straight to court is for a sitting on the day of charge, after it. A child kept overnight is asked for."
        yield Refusal("custody.not_straight", sentence, "PACE 1984 s.38(6)", "sat_at")


def _times(attempt: Attempt) -> tuple[datetime | None, datetime | None]:
    return instant(attempt.said.get("sat_at", "")), instant(attempt.said.get("left_at", ""))
