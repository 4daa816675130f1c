"""A matter lived again from its deeds and from who became known to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lodestar.core.matters.desk import Done, Involved, Story
from lodestar.core.matters.kinds import DESKS
from lodestar.core.matters.owed import clocks_of
from lodestar.core.matters.replay import live
from lodestar.store.playbooks import calendars, clock_rules


def test_a_life_taken_over_owes_sharing_from_when_the_child_became_known() -> None:
    """Somebody's becoming known is no deed, and starts the clock all the same; a deed about that child satisfies it."""
    begun = datetime(2026, 6, 4, 9, tzinfo=UTC)
    child = Involved(7, 70, "child_in_household", "fact", begun + timedelta(hours=5))
    suspect = Involved(8, 80, "suspect", "fact", begun)
    story = Story("online", DESKS["online"].lifecycle.initial, begun, begun, involved=(child, suspect))
    decided = Done(
        3,
        "share_decided",
        begun + timedelta(hours=6),
        begun + timedelta(hours=6),
        1,
        {"child": "7", "decision": "share", "next_review": "2026-07-04T09:00:00+00:00"},
    )
    lived = live(desk=DESKS["online"], story=story, done=[decided])
    (start,) = [one for one in lived.starts if one.started.event == "child_risk_known"]
    assert (start.involved, start.started.at) == (7, begun + timedelta(hours=5))
    owed = clocks_of(desk=DESKS["online"], lived=lived, rules_on=clock_rules, calendars_on=calendars)
    (share,) = [clock for clock in owed if clock.rule.code == "ONL-SHARE"]
    assert (share.about, share.done) == (("involvement", 7), decided)
    nobody = live(desk=DESKS["online"], story=replace(story, involved=(suspect,)), done=[])
    assert not [one for one in nobody.starts if one.started.event == "child_risk_known"]
