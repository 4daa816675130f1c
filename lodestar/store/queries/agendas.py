"""What stands on an agenda now: each kind of list, read from what is due, open, late or left over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from lodestar.core.access.scope import system_actor
from lodestar.core.matters.custody.reading import charged
from lodestar.core.matters.desk import Story
from lodestar.core.matters.kinds import desk
from lodestar.core.packs.agenda import Agenda, Item, cut
from lodestar.core.packs.template import FIGURES, Section, Template
from lodestar.core.times import say, say_span
from lodestar.store.models import AcceptedRisk, Hit, Matter, Meeting, MeetingAction, Obligation
from lodestar.store.queries.desks import online_backlog
from lodestar.store.queries.detectors import detectors
from lodestar.store.queries.stories import stories_of
from lodestar.store.queries.unresourced import DEED as PLACED

_QUEUES = MappingProxyType(
    {
        "unassessed": "Online case that nobody has assessed",
        "unallocated": "Online case that nobody has",
        "waiting": "Online case that waits",
        "not_started": "Online case not begun",
        "in_progress": "Online case being worked",
    }
)


@dataclass(frozen=True, slots=True)
class Asking:
    """For which meeting, of which template, at which instant."""

    meeting: Meeting
    template: Template
    section: Section
    at: datetime


def agenda(*, meeting: Meeting, template: Template, at: datetime) -> Agenda:
    """The agenda of a meeting as things stand at an instant."""
    parts = [one for one in template.sections if one.kind != FIGURES]
    return tuple(cut(one.code, _LISTS[one.kind](Asking(meeting, template, one, at)), most=one.most) for one in parts)


def _scrutiny(asking: Asking) -> list[Item]:
    """Every child whose scrutiny by a meeting of this kind is owed, whether or not it is late."""
    rows = Obligation.objects.filter(is_open=True, rule=asking.section.rule, started_at__lte=max(asking.at, asking.meeting.due_at))
    owed = list(rows.select_related("matter__person", "owed_by").order_by("due_at", "pk"))
    matters = [row.matter for row in owed if row.matter is not None]
    stories = stories_of(matters, at=asking.at)
    return [
        Item(
            key=f"{asking.section.code}:{row.matter_id}",
            words="Kept in custody after charge",
            matter=row.matter_id,
            child=row.matter.person_id,
            due_at=row.due_at,
            late=row.due_at < asking.at,
            who=row.owed_by.name,
            owed=True,
            facts=tuple(_kept(row.matter, stories[row.matter_id], asking.at)),
        )
        for row in owed
        if row.matter is not None and row.matter_id is not None
    ]


def _kept(matter: Matter, story: Story, at: datetime) -> list[tuple[str, str]]:
    """How a child came to be kept, in a few facts: charge, why bail was refused, what was asked, what came of it."""
    facts: list[tuple[str, str]] = []
    charge, refused = story.last("child_charged"), story.last("bail_refused")
    if charge is not None:
        facts.append(("Charged", f"{charge.said.get('charges', '')}, {say(charge.at)}"))
    if refused is not None:
        grounds = refused.said.get("grounds", "").replace("_", " ").capitalize()
        facts.append(("Bail refused", f"{grounds}: {refused.said.get('facts', '')}"))
    found = charged(story=story, row=matter.reference)
    if found is not None:
        asked = "; ".join(f"{one.kind.replace('_', ' ')}: {one.answer or 'no answer'}" for one in found.asked)
        facts.append(("Asked of the local authority", asked or "Nothing is on record"))
        if found.certificates:
            facts.append(("Certificates", ", ".join(f"({limb})" for limb in sorted(found.certificates))))
    ended = story.last("child_moved", "brought_to_court", "child_released")
    if charge is not None:
        until = ended.at if ended is not None and ended.at >= charge.at else at
        facts.append(("Kept for" if ended else "Kept so far", say_span(until - charge.at)))
    looked = story.last("after_action_recorded")
    if looked is not None:
        facts.append(("Learnt afterwards", looked.said.get("learning", "")))
    return facts


def _missing(asking: Asking) -> list[Item]:
    rows = Matter.objects.filter(kind="missing", is_open=True, is_child=True, located_at=None)
    rows = rows.filter(reported_at__lte=asking.at - timedelta(hours=asking.section.hours))
    return [
        Item(
            key=f"{asking.section.code}:{row.pk}",
            words="Missing",
            matter=row.pk,
            child=row.person_id,
            due_at=row.next_due_at,
            late=row.next_due_at is not None and row.next_due_at < asking.at,
            who=row.holder.name if row.holder else "",
            facts=(
                ("Reported", f"{say(row.reported_at)}: missing for {say_span(asking.at - row.reported_at)} since"),
                ("Level", row.level.replace("_", " ") or "not graded"),
                ("Owed next", row.next_owed),
            ),
        )
        for row in rows.select_related("person", "holder").order_by("reported_at", "pk")
    ]


def _owed(asking: Asking) -> list[Item]:
    scrutiny = [one.rule for one in asking.template.sections if one.rule]
    rows = Obligation.objects.filter(is_open=True, matter__isnull=False, due_at__lt=asking.at + timedelta(hours=asking.section.hours))
    rows = rows.exclude(rule__in=scrutiny).exclude(satisfied_by__in=(PLACED, "meeting_action_done"))
    return [
        Item(
            key=f"{asking.section.code}:{row.pk}",
            words=row.title,
            matter=row.matter_id,
            child=_child(row.matter),
            due_at=row.due_at,
            late=row.due_at < asking.at,
            who=row.owed_by.name,
        )
        for row in rows.select_related("matter__person", "owed_by").order_by("matter__tier", "due_at", "pk")[:1000]
    ]


def _risk(asking: Asking) -> list[Item]:
    """Work nobody can do that nobody has accepted, then what somebody accepted by name and still holds."""
    waiting = Obligation.objects.filter(is_open=True, satisfied_by=PLACED).select_related("matter__person", "owed_by")
    accepted = AcceptedRisk.objects.filter(expires_at__gt=asking.at, task__is_open=True).select_related("matter__person", "by", "task")
    found = [
        Item(
            key=f"{asking.section.code}:{row.pk}",
            words="Work that nobody can do, accepted by nobody",
            matter=row.matter_id,
            child=_child(row.matter),
            due_at=row.due_at,
            late=row.due_at < asking.at,
            who=row.owed_by.name,
        )
        for row in waiting.order_by("due_at", "pk")
    ]
    return found + [
        Item(
            key=f"{asking.section.code}:accepted:{row.pk}",
            words="Work that nobody can do, accepted by name until then",
            matter=row.matter_id,
            child=_child(row.matter),
            due_at=row.expires_at,
            who=row.by.name,
            facts=(("Work", row.task.title), ("Accepted because", row.reason)),
        )
        for row in accepted.order_by("expires_at", "pk")
    ]


def _findings(asking: Asking) -> list[Item]:
    titles = {one.code: one.title for one in detectors(at=asking.at)}
    rows = Hit.objects.filter(state="open").select_related("matter", "owner").order_by("wanted_from", "pk")
    return [
        Item(
            key=f"{asking.section.code}:{row.pk}",
            words=titles.get(row.detector, "Should be on record and is not"),
            matter=row.matter_id,
            child=row.person_id,
            who=row.owner.name,
            facts=(("Found", row.sentence),),
        )
        for row in rows
    ]


def _backlog(asking: Asking) -> list[Item]:
    found = online_backlog(actor=system_actor("packs"), at=asking.at)
    return [
        Item(
            key=f"{asking.section.code}:{case.matter.pk}",
            words=_QUEUES.get(case.line.queue, "Online case"),
            matter=case.matter.pk,
            due_at=case.matter.next_due_at,
            late=case.matter.next_due_at is not None and case.matter.next_due_at < asking.at,
            who=case.matter.holder.name if case.matter.holder else "",
            facts=(("Received", f"{say_span(case.line.since_receipt)} ago"), ("Level", case.line.level or "not graded")),
        )
        for case in found.cases
        if case.line.queue not in ("", "in_progress")
    ]


def _actions(asking: Asking) -> list[Item]:
    rows = MeetingAction.objects.filter(state="open", meeting__template=asking.template.code, made_at__lt=asking.at)
    rows = rows.exclude(meeting=asking.meeting).select_related("owner", "matter__person", "meeting")
    return [
        Item(
            key=f"{asking.section.code}:{row.pk}",
            words=f"Action from the meeting of {say(row.meeting.due_at, known='date')}",
            matter=row.matter_id,
            child=_child(row.matter),
            due_at=row.due_at,
            late=row.due_at < asking.at,
            who=row.owner.name,
            facts=(("To be done", row.words),),
        )
        for row in rows.order_by("due_at", "pk")
    ]


def _child(matter: Matter | None) -> int | None:
    """Whom a matter is about, where that is a child; an online case is about a suspect."""
    return matter.person_id if matter is not None and desk(kind=matter.kind).about == "child" else None


_LISTS: Mapping[str, Callable[[Asking], list[Item]]] = MappingProxyType(
    {
        "scrutiny": _scrutiny,
        "missing": _missing,
        "owed": _owed,
        "risk": _risk,
        "findings": _findings,
        "backlog": _backlog,
        "actions": _actions,
    }
)
