"""Matters as facts for the rules: what stands before a grade, what is missing before closing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lodestar.core.matters.closing import ClosingFacts, Seen
from lodestar.core.matters.grading import GradeFacts, Level
from lodestar.core.playbook import Playbook
from lodestar.store.models import Deed, Matter
from lodestar.store.playbooks import playbook
from lodestar.store.queries import people

LEVELS = "LEVELS-MISSING"


def levels(*, at: datetime) -> Playbook:
    """The playbook of risk levels."""
    return playbook(LEVELS)


def level_list(*, at: datetime) -> tuple[Level, ...]:
    """The levels in force on the day, least serious first."""
    table = playbook(LEVELS).in_force(at.date()).values["levels"]
    made = (
        Level(code, str(row["title"]), int(row["order"]), bool(row.get("allowed_for_child", True)))
        for code, row in table.items()
    )
    return tuple(sorted(made, key=lambda level: level.order))


def held(matter: Matter, *, at: datetime) -> people.Holds:
    """What the force holds about this matter's child."""
    return people.holds(person=matter.person, since_90=at - timedelta(days=90), since_year=at - timedelta(days=365))


def grade_facts(matter: Matter, *, at: datetime) -> GradeFacts:
    """What stands before a grade."""
    return GradeFacts(
        current=matter.level, holds=held(matter, at=at).digest, levels=level_list(at=at), is_child=matter.is_child
    )


def closing_facts(matter: Matter, *, closer: int | None) -> ClosingFacts:
    """What the closing gate looks at: only what was done since the child was last found."""
    since = matter.located_at or matter.reported_at
    deeds = {deed.code: deed for deed in matter.deeds.filter(at__gte=since).order_by("at", "pk")}
    interview, referral = deeds.get("prevention_interview_recorded"), deeds.get("referral_decided")
    checked = deeds.get("supervisor_checked")
    return ClosingFacts(
        graded=bool(matter.level),
        located=Seen(matter.located_by, matter.located_at, matter.located_where),
        wellbeing=Seen(matter.wellbeing_by, matter.wellbeing_at, matter.wellbeing_where),
        returned_at=matter.returned_at,
        interview_content=_said(interview, "child_said"),
        interview_by=interview.by_id if interview else None,
        referral_decision=_said(referral, "decision"),
        referral_reason=_said(referral, "reason"),
        return_interview_requested="rhi_requested" in deeds,
        checked_by=checked.by_id if checked else None,
        closer=closer,
        unanswered_news=matter.news.filter(state="waiting").count(),
        open_tasks=matter.tasks.filter(is_open=True).count(),
        open_transfer=matter.transfers.filter(state__in=("offered", "disputed")).exists(),
        unsure_identity=matter.matter_reports.filter(report__question__state="waiting").exists(),
        died=matter.outcome == "died",
    )


def _said(deed: Deed | None, name: str) -> str:
    return str(deed.detail.get(name, "")) if deed else ""


def transfer_bundle(matter: Matter) -> dict[str, Any]:
    """What travels with a transfer: the grade with its reasons, what was done, what is owed."""
    grade = matter.grades.order_by("-number").first()
    return {
        "level": matter.level,
        "rationale": grade.rationale if grade else "",
        "relied_on": grade.relied_on if grade else [],
        "steps_agreed": grade.steps_agreed if grade else "",
        "reported_at": matter.reported_at.isoformat(),
        "deeds": [[deed.code, deed.at.isoformat()] for deed in matter.deeds.order_by("at")],
        "owed": [[row.title, row.due_at.isoformat()] for row in matter.obligations.filter(is_open=True)],
    }
