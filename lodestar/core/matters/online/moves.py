"""Which move a deed makes, and how far a case has come: read from its deeds, so that it is the same whenever it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lodestar.core.matters.desk import Done, Story
from lodestar.core.matters.online.lifecycle import BEFORE_CONTACT, FILES_FROM, NEXT, ONLINE, STAGES

_ALWAYS = {
    "no_further_action": "end",
    "online_case_closed": "close",
    "online_case_reopened": "reopen",
    "online_opened_in_error": "void",
    "graded": "grade",
}
_DECISIONS = {"charge": "charge", "out_of_court": "resolve"}  # a decision not to charge ends nothing: the force still decides


def verb_of(*, state: str, done: Done) -> str:
    """The move that this deed makes from this state, or nothing."""
    match done.code:
        case "stage_finished":
            return "advance" if state in NEXT else ""
        case "contact_made":
            return "contact" if state in BEFORE_CONTACT else ""
        case "cps_submitted":
            return "submit" if state in FILES_FROM else ""
        case "cps_decided":
            return _DECISIONS.get(done.said.get("decision", ""), "") if state == "file_at_cps" else ""
    return _ALWAYS.get(done.code, "")


def walk(*, story: Story) -> tuple[tuple[str, datetime], ...]:
    """Every state the case has been in, each with when it came there, in the order things were recorded."""
    state = ONLINE.initial
    steps = [(state, story.reported_at)]
    for done in sorted(story.done, key=lambda item: (item.recorded_at, item.id)):
        row = ONLINE.row(state=state, verb=verb_of(state=state, done=done))
        if row is not None and row.target != state:
            state = row.target
            steps.append((state, done.at))
    return tuple(steps)


def reached(*, story: Story) -> Mapping[str, datetime]:
    """When each stage was first come to. One that was passed over counts as reached when it was passed."""
    found: dict[str, datetime] = {}
    for state, at in walk(story=story):
        for stage in STAGES[: STAGES.index(state) + 1] if state in STAGES else (state,):
            found.setdefault(stage, at)
    if story.state not in found:
        found[story.state] = story.opened_at
    return found
