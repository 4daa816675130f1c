"""Matters as facts for the rules: what stands before a grade, what is missing before closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from lodestar.core.access.scope import Actor
from lodestar.core.matters.grading import GradeFacts, Level
from lodestar.core.matters.kinds import desk
from lodestar.core.matters.missing.closing import ClosingFacts, Seen
from lodestar.core.matters.transfer import TRANSFER
from lodestar.core.playbook import Playbook
from lodestar.core.words import NotVisible
from lodestar.store.models import Deed, Downgrade, Involvement, Matter, MatterReport, News, Transfer
from lodestar.store.playbooks import playbook
from lodestar.store.queries import kept, people
from lodestar.store.queries.access import place_of
from lodestar.store.queries.stories import story_of


def searched_for(person_id: int, kind: str) -> Callable[[], Matter | None]:
    """The oldest open matter of this kind about somebody who is not back: what a report of the same absence joins.

    Asked for with what is asked next.
    """
    asked = kept.rows_soon(_open_of, person_id, kind)
    return lambda: next((matter for matter in asked() if matter.state != "returned"), None)


def records_of(person_id: int) -> Callable[[], list[Matter]]:
    """The open exploitation records about somebody, oldest first; asked for with what is asked next."""
    return kept.rows_soon(_open_of, person_id, "exploitation")


def _open_of(person: int, kind: str) -> QuerySet[Matter]:
    return Matter.objects.filter(person_id=person, kind=kind, is_open=True).order_by("pk")


def missing_of(one: int, other: int) -> Callable[[], list[Matter]]:
    """The open missing matters of two people who are not back; asked for with what is asked next."""
    return kept.rows_soon(_missing_of, one, other)


def _missing_of(one: int, other: int) -> QuerySet[Matter]:
    return Matter.objects.filter(kind="missing", person_id__in=(one, other), is_open=True).exclude(state="returned").order_by("pk")


def joined_by(report_id: int, person_id: int) -> Callable[[], list[MatterReport]]:
    """How a report stands on each matter about this person; asked for with what is asked next."""
    return kept.rows_soon(_joined_by, report_id, person_id)


def _joined_by(report: int, person: int) -> QuerySet[MatterReport]:
    return MatterReport.objects.filter(report_id=report, matter__person_id=person)


def other_reports(matter_id: int, *, but: int) -> Callable[[], list[Any]]:
    """One of the reports that a matter rests on beside this one, where there is any; asked for with what is asked next."""
    return kept.soon(_other_reports, matter_id, but)


def _other_reports(matter: int, but: int) -> Any:
    return MatterReport.objects.filter(matter_id=matter).exclude(report_id=but).values_list("pk")[:1]


def made_known_by(report_id: int, person_id: int) -> Callable[[], list[Involvement]]:
    """Where this person is known to a matter by a report; asked for with what is asked next."""
    return kept.rows_soon(_made_known_by, report_id, person_id)


def _made_known_by(report: int, person: int) -> QuerySet[Involvement]:
    return Involvement.objects.filter(report_id=report, person_id=person)


def levels(*, kind: str) -> Playbook:
    """The playbook of the levels of this kind of matter."""
    return playbook(desk(kind=kind).levels)


def level_list(*, kind: str, at: datetime) -> tuple[Level, ...]:
    """The levels in force on the day, least serious first."""
    table = levels(kind=kind).in_force(at).values["levels"]
    made = (Level(code, str(row["title"]), int(row["order"]), bool(row.get("allowed_for_child", True))) for code, row in table.items())
    return tuple(sorted(made, key=lambda level: level.order))


def held(matter: Matter, *, at: datetime) -> people.Holds:
    """What the force holds about this matter's child."""
    return people.holds(person=matter.person, since_90=at - timedelta(days=90), since_year=at - timedelta(days=365))


def grade_facts(matter: Matter, *, at: datetime) -> GradeFacts:
    """What stands before a grade."""
    return GradeFacts(
        current=matter.level, holds=held(matter, at=at).digest, levels=level_list(kind=matter.kind, at=at), is_child=matter.is_child
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


def suggested_level(matter: Matter, *, at: datetime) -> tuple[str, str]:
    """The level that a rule of the desk points at, by its title, and why; blank where none does."""
    level, why = desk(kind=matter.kind).suggest_level(story_of(matter, at=at))
    return next((row.title for row in level_list(kind=matter.kind, at=at) if row.code == level), ""), why


def level_notes(*, kind: str, at: datetime) -> tuple[tuple[str, str, str, bool], ...]:
    """Each level's title, test and required response, with whether it was seen in the source."""
    block = levels(kind=kind).in_force(at)
    rows = sorted(block.values["levels"].values(), key=lambda row: -int(row["order"]))
    return tuple(
        (str(row["title"]), str(row.get("test", "")), str(row.get("response", "")), bool(row.get("verified", block.verified)))
        for row in rows
    )


def _seen_by(actor: Actor, matter: Matter) -> bool:
    place = place_of(matter)
    return place is not None and actor.may("matters.read", place)


def in_sight(*, actor: Actor, matter_id: int) -> Matter:
    """A matter within the viewer's reach, for a form; raises NotVisible otherwise."""
    row = Matter.objects.filter(pk=matter_id).select_related("person", "holder").first()
    if row is None or not _seen_by(actor, row):
        raise NotVisible
    return row


def news_in_sight(*, actor: Actor, news_id: int) -> News:
    """News within the viewer's reach; raises NotVisible otherwise."""
    row = News.objects.filter(pk=news_id).select_related("matter__person").first()
    if row is None or not _seen_by(actor, row.matter):
        raise NotVisible
    return row


def downgrade_in_sight(*, actor: Actor, downgrade_id: int) -> Downgrade:
    """A lower grade asked for, within the viewer's reach; raises NotVisible otherwise."""
    row = Downgrade.objects.filter(pk=downgrade_id).select_related("matter__person", "asked_by").first()
    if row is None or not _seen_by(actor, row.matter):
        raise NotVisible
    return row


def involvement_in_sight(*, actor: Actor, involvement_id: int) -> Involvement:
    """Somebody's role in a matter within the viewer's reach; raises NotVisible otherwise."""
    row = Involvement.objects.filter(pk=involvement_id).select_related("matter__person", "person").first()
    if row is None or not _seen_by(actor, row.matter):
        raise NotVisible
    return row


def transfer_in_sight(*, actor: Actor, transfer_id: int) -> Transfer:
    """A transfer within the viewer's reach; raises NotVisible otherwise."""
    row = Transfer.objects.filter(pk=transfer_id).select_related("matter__person").first()
    if row is None or row.matter is None or not _seen_by(actor, row.matter):
        raise NotVisible
    return row


def transfer_verbs(offer: Transfer) -> tuple[str, ...]:
    """What can be answered to an offer as it stands."""
    return TRANSFER.verbs(state=offer.state)


def open_transfers(*, actor: Actor) -> list[Transfer]:
    """Offers in either direction that wait for an answer, oldest first, within reach."""
    rows = Transfer.objects.filter(state__in=("offered", "disputed")).select_related("matter__person").order_by("offered_at")
    return [row for row in rows if row.matter is None or _seen_by(actor, row.matter)]
