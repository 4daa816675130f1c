"""What it takes to close a child's detention: out of the cells, looked at afterwards, and nothing loose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lodestar.core.matters.custody.production import unproduced
from lodestar.core.matters.desk import Story
from lodestar.core.words import Refusal, Refusals


def closing_gaps(story: Story, _now: datetime) -> Refusals:
    """What closing needs: the child is out of the cells, the look afterwards is done, and nothing is loose."""
    return tuple((*_custody_gaps(story), *_loose_ends(story)))


def _custody_gaps(story: Story) -> Iterator[Refusal]:
    if story.state not in ("released", "at_court", "audited", "closed"):
        yield Refusal("custody.still_held", "The child is still in custody, or with the authority until court.", "PACE 1984 s.38, s.46")
    if unproduced(story=story):
        sentence = "A certificate was made and the child was before a court, with no proof that the court was given it."
        yield Refusal("custody.certificate_not_produced", sentence, "PACE 1984 s.38(7)")
    if story.last("after_action_recorded") is None:
        yield Refusal("custody.not_audited", "A senior officer must look at it afterwards.", "Concordat, principle 7")
    if story.last("bail_refused") is not None and story.last("daily_meeting_scrutinised") is None:
        yield Refusal("custody.not_scrutinised", "The daily meeting has not looked at it.", "The force's reply: daily scrutiny")


def _loose_ends(story: Story) -> Iterator[Refusal]:
    if story.news_waiting:
        yield Refusal("custody.news", f"Assess the news that has come in ({story.news_waiting} waiting).")
    if story.open_tasks:
        yield Refusal("custody.tasks", f"Finish or cancel the tasks still open ({story.open_tasks}).")
    if story.unsure_identity:
        yield Refusal("custody.identity", "It is not settled who the child is. Answer the identity question first.")
