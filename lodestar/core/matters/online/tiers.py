"""What the tiers of an online case look at. Each rule says yes or no; the playbook says which tier it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from lodestar.core.matters.desk import Story, TierRule
from lodestar.core.matters.online.contact import standing_risks
from lodestar.core.matters.online.kirat import regrade_since
from lodestar.core.matters.online.sharing import children, undecided, unsettled

_SHARE = frozenset({"ONL-SHARE"})
_CARE = frozenset({"ONL-WELFARE-48H", "ONL-TRIGGER-DATE"})
_ACT = frozenset({"ONL-ACT-GRADED", "ONL-ACT-RECEIVED"})
_DORMANT = frozenset({"ONL-DORMANT"})


def _acted(story: Story) -> bool:
    return bool(story.all("contact_made", "no_further_action"))


def _waits(level: str) -> TierRule:
    def rule(story: Story, _: datetime) -> bool:
        return story.level == level and not _acted(story)

    return rule


RULES: Mapping[str, TierRule] = MappingProxyType(
    {
        "immediate_risk": lambda story, _: bool(standing_risks(story=story)),
        "share_late": lambda story, _: bool(story.late & _SHARE),
        "suspect_care_late": lambda story, _: bool(story.late & _CARE),
        "not_graded": lambda story, _: not story.level,
        "graded_very_high": _waits("very_high"),
        "child_undecided": lambda story, _: bool(undecided(story=story)),
        "regrade_owed": lambda story, _: regrade_since(story=story) is not None,
        "graded_high": _waits("high"),
        "cannot_be_assessed": _waits("cannot_be_assessed"),
        "act_late": lambda story, _: bool(story.late & _ACT),
        "news_waiting": lambda story, _: story.news_waiting > 0,
        "share_unsettled": lambda story, _: bool(unsettled(story=story)),
        "child_linked": lambda story, _: any(not child.mistaken for child in children(story=story)),
        "dormant": lambda story, _: bool(story.late & _DORMANT),
        "graded_medium": _waits("medium"),
        "something_late": lambda story, _: bool(story.late),
        "something_due_soon": lambda story, _: bool(story.soon),
    }
)
