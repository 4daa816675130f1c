"""The digital queue: every device that waits, by risk band and then by age, and what an examination must say.

Counts and references only. Candidates for new victims go to victim identification, by reference, before anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.matters.desk import Attempt, Done, Story
from lodestar.core.matters.online.references import is_reference
from lodestar.core.words import Refusal, Refusals

BANDS = ("very_high", "high", "medium", "low")
AUTHORITY = "Child Abuse Image Database: categories and trusted grades"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One device in the queue."""

    device: int  # the number of the record of its seizure
    exhibit: str
    band: str
    seized_at: datetime
    triaged_at: datetime | None
    waits_for: str  # triage, examination
    age: timedelta


def queue(*, stories: Iterable[Story], now: datetime) -> tuple[Waiting, ...]:
    """Every device still to be triaged or examined: the most pressing band first, then the one seized longest ago."""
    found = [waiting for story in stories for waiting in _waiting(story, now)]
    return tuple(sorted(found, key=lambda one: (BANDS.index(one.band), one.seized_at, one.device)))


def band_of(*, story: Story, device: Done) -> str:
    """The band a device is in now; where none can be read it stands with the most pressing."""
    moved = [done for done in story.all("device_banded") if done.said.get("device") == str(device.id)]
    said = (moved[-1] if moved else device).said.get("band", "")
    return said if said in BANDS else BANDS[0]


def refuse_examined(attempt: Attempt) -> Refusals:
    """The counts are whole numbers, and candidates for new victims have been referred."""
    return tuple(_examined_gaps(attempt))


def _waiting(story: Story, now: datetime) -> Iterator[Waiting]:
    for device in story.all("device_seized"):
        about = [done for done in story.done if done.said.get("device") == str(device.id) and done.at <= now]
        triage = next((done for done in reversed(about) if done.code == "device_triaged"), None)
        ended = any(done.code == "device_examined" for done in about) or (triage and triage.said.get("result") == "nothing_found")
        if device.at <= now and not ended:
            yield Waiting(
                device=device.id,
                exhibit=device.said.get("exhibit", ""),
                band=band_of(story=story, device=device),
                seized_at=device.at,
                triaged_at=triage.at if triage else None,
                waits_for="examination" if triage else "triage",
                age=now - device.at,
            )


def _examined_gaps(attempt: Attempt) -> Iterator[Refusal]:
    for name in ("category_a", "category_b", "category_c"):
        if not attempt.said.get(name, "").isdecimal():
            yield Refusal("online.count", "Give a whole number; 0 where there is none.", AUTHORITY, name)
    if attempt.said.get("new_victims") == "yes" and not is_reference(attempt.said.get("identification", "")):
        sentence = "Give the reference under which the candidates went to victim identification."
        yield Refusal("online.victim_identification", sentence, AUTHORITY, "identification")
