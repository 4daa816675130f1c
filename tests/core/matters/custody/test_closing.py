"""A child's detention is closed only when the child is out of the cells, the look afterwards is done and nothing is loose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lodestar.core.matters.custody.desk import CUSTODY_DESK
from lodestar.core.matters.custody.production import unproduced
from lodestar.core.matters.desk import Attempt, Done, Story
from tests.core.matters.custody.lives import NOW

COURT = {"certificate_produced": "none_made"}
PRODUCED = {"certificate_produced": "yes", "produced_to": "The legal adviser"}


def told(*codes: str, state: str = "audited", court: dict[str, str] | None = None) -> Story:
    done = tuple(
        Done(number, code, NOW + timedelta(hours=number), NOW, 2, (COURT if court is None else court) if code == "brought_to_court" else {})
        for number, code in enumerate(codes, start=1)
    )
    return Story("custody", state, NOW, NOW, done=done)


WHOLE = ("bail_refused", "place_requested", "brought_to_court", "daily_meeting_scrutinised", "after_action_recorded")


def gaps(story: Story) -> list[str]:
    missing = CUSTODY_DESK.missing(story, NOW)
    assert CUSTODY_DESK.refuse(Attempt(story, "custody_closed", {}, NOW, 2, NOW)) == missing, "the deed says what the page lists"
    return [one.code for one in missing]


def test_a_detention_that_was_looked_at_and_left_nothing_loose_closes() -> None:
    assert gaps(told(*WHOLE)) == []
    assert gaps(told("child_released", "after_action_recorded")) == [], "nobody was kept: no meeting is owed"


@pytest.mark.parametrize(("left_out", "code"), [
    ("daily_meeting_scrutinised", "custody.not_scrutinised"),
    ("after_action_recorded", "custody.not_audited"),
])  # fmt: skip
def test_each_look_that_is_owed_is_owed_before_closing(left_out: str, code: str) -> None:
    assert gaps(told(*(one for one in WHOLE if one != left_out))) == [code]


@pytest.mark.parametrize("state", ["kept", "requested", "certified_a", "moved", "charged"])
def test_nobody_still_held_or_with_the_authority_is_closed(state: str) -> None:
    assert gaps(told(*WHOLE, state=state)) == ["custody.still_held"]


def test_what_is_loose_is_said() -> None:
    story = replace(told(*WHOLE), news_waiting=1, open_tasks=2, unsure_identity=True)
    assert gaps(story) == ["custody.news", "custody.tasks", "custody.identity"]


def test_a_certificate_with_no_proof_that_the_court_had_it_keeps_the_matter_open() -> None:
    codes = ("bail_refused", "certified_impracticable", *WHOLE[2:])
    assert gaps(told(*codes)) == ["custody.certificate_not_produced"]
    assert gaps(told(*codes, court=PRODUCED)) == []
    assert not unproduced(story=told("certified_impracticable")), "before any court nothing is owed to one"
    later = told("brought_to_court", "certified_impracticable")
    assert not unproduced(story=later), "a court before the certificate could not have been given it"
