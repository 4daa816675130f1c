"""A senior officer's direction against the custody officer's decision goes to a superintendent at once (PACE s.39(6), s.40(11))."""

from __future__ import annotations

from lodestar.core.matters.desk import Attempt, Story
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "PACE 1984 s.39(6), s.40(11)"


def unreferred(*, story: Story) -> bool:
    """True where a direction was given and no superintendent has settled it since."""
    last = story.last("senior_directed", "senior_direction_referred")
    return last is not None and last.code == "senior_directed"


def refuse_under_direction(attempt: Attempt) -> Refusals:
    """While a direction is not settled nobody keeps or certifies on the strength of it; release and moving stay open (G12)."""
    if not unreferred(story=attempt.story):
        return ()
    sentence = (
        "A senior officer directed otherwise. Refer it to a superintendent responsible for the station at once, and record the answer."
    )
    return (Refusal("custody.direction_unreferred", sentence, AUTHORITY),)
