"""A case that may end can be closed by honest work: what is open is done, or is set aside with a reason."""

from __future__ import annotations

from lodestar.core.matters.online.checklist import open_items
from lodestar.core.matters.online.contact import unmet_triggers
from lodestar.core.matters.online.deeds import DEEDS
from lodestar.core.matters.online.desk import ONLINE_DESK
from lodestar.core.matters.online.moves import reached
from tests.core.matters.online.replay import Case
from tests.core.matters.online.test_histories import DONE_BY, PEOPLE, READY, apart

WHY = "It does not apply to this case"


def do_the_rest(case: Case) -> None:
    """Everything that closing still needs, by whoever may: each item set aside or done, each trigger date met."""
    for item in open_items(story=case.story, stages=frozenset(reached(story=case.story))):
        for by in PEOPLE:
            case.record("checklist_item_not_applicable", by=by, item=item.code, reason=WHY)
            if (deed := DONE_BY[item.code]) in DEEDS and item in open_items(story=case.story, stages=frozenset({item.stage})):
                case.record(deed, by=by)
    for date in unmet_triggers(story=case.story):
        case.record("trigger_checked", trigger=str(date.id))


def left_to_do(case: Case) -> list[str]:
    """What stands in the way of closing once all that can be done has been."""
    for _ in range(3):
        do_the_rest(case)
    return [gap.sentence for gap in ONLINE_DESK.missing(case.story, case.now)]


def advanced(case: Case, stage: str) -> Case:
    """The case worked on to a stage, without an enforcement plan."""
    while case.state != stage:
        for item in open_items(story=case.story, stages=frozenset({case.state})):
            case.record("checklist_item_not_applicable", by=2, item=item.code, reason=WHY)
        assert case.record("stage_finished", by=3) == ()
    return case


def test_a_case_that_ends_where_enforcement_is_planned_without_a_plan_can_be_closed() -> None:
    case = advanced(apart(READY["safeguarded"]), "enforcement_planned")
    assert case.record("no_further_action", by=3) == ()
    assert case.story.all("enforcement_planned_out") == ()
    assert left_to_do(case) == []
    assert case.record("online_case_closed", by=3) == ()
    assert case.state == "closed"
