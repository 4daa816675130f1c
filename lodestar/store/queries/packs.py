"""Meetings and their packs: which there are, who may see them, and what stands in each for one reader."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor, Reach
from lodestar.core.packs.agenda import Agenda, matters_of
from lodestar.core.packs.agenda import read as read_agenda
from lodestar.core.packs.cadence import meetings as dates_of
from lodestar.core.packs.content import Case, Content, Decided, Freezing, Held, Parts, View, content, digest_of, figures_kept, text_of
from lodestar.core.packs.forms import Writers, differing, digests
from lodestar.core.packs.letters import letters
from lodestar.core.packs.lifecycle import CadenceKept, cadence_kept
from lodestar.core.packs.template import Template, template
from lodestar.core.playbook import NotInForce
from lodestar.core.times import age_on, local_date
from lodestar.core.words import NotVisible
from lodestar.store.models import Matter, Meeting, MeetingAction, MeetingDecision, Obligation, Pack, RoleGrant, User
from lodestar.store.playbooks import all_of, calendars, playbook
from lodestar.store.queries.access import in_reach, roles
from lodestar.store.queries.measures import kept, rebuild

NOUN = "pack"
HELD_RULE = "meeting_held"
YEAR = 365  # days
OVER = 25  # meetings that are over, as the list shows them


def templates(*, on: date) -> tuple[Template, ...]:
    """Every kind of meeting in force on a day, the most frequent first."""
    found = []
    for book in all_of(NOUN):
        try:
            found.append(template(book, on=on))
        except NotInForce:
            continue
    order = ("day", "fortnight", "month", "quarter")
    return tuple(sorted(found, key=lambda one: (order.index(one.cadence.every), one.code)))


def template_of(meeting: Meeting) -> Template:
    """The template that a meeting was made under."""
    return template(playbook(meeting.template), on=meeting.template_from)


def wanted(one: Template, *, first: date, until: date) -> tuple[datetime, ...]:
    """When meetings of this kind fall on the days from ``first`` up to ``until``."""
    return dates_of(cadence=one.cadence, first=first, until=until, working=calendars(first).working)


def to_plan(*, at: datetime) -> tuple[tuple[Template, datetime], ...]:
    """The meetings that should be there, as far ahead as each template says, and are not."""
    today = local_date(at)
    found: list[tuple[Template, datetime]] = []
    for one in templates(on=today):
        until = today + timedelta(days=one.cadence.ahead_days)
        have = set(Meeting.objects.filter(template=one.code, due_at__gte=at - timedelta(days=1)).values_list("due_at", flat=True))
        found += [(one, due) for due in wanted(one, first=today, until=until) if due not in have and due > at]
    return tuple(found)


def _seen_codes(actor: Actor, *, attending: bool, on: date) -> list[str]:
    held = [one for one in templates(on=on) if (one.attended_by(actor.roles) if attending else one.read_by(actor.roles))]
    return [one.code for one in held]


def attends(*, actor: Actor, meeting: Meeting) -> bool:
    """Whether one of the actor's roles comes to this meeting."""
    return template_of(meeting).attended_by(actor.roles)


def _rows() -> QuerySet[Meeting]:
    return Meeting.objects.select_related("chair", "prepared_by", "published_by", "not_held_by")


def meeting(*, actor: Actor, meeting_id: int) -> Meeting:
    """One meeting that the actor's role comes to; not there and not theirs look the same."""
    row = _rows().filter(pk=meeting_id).first()
    if row is None or not actor.may(P.PACKS_READ) or not attends(actor=actor, meeting=row):
        raise NotVisible
    return row


@dataclass(frozen=True, slots=True)
class Line:
    """One meeting as a list shows it: who owes it, and its newest pack that the reader may open."""

    meeting: Meeting
    title: str
    owed_by: str
    because: str
    late_from: datetime | None
    pack: int | None
    version: int
    attends: bool


def listed(*, actor: Actor, at: datetime, coming: bool, slug: str = "", most: int = 40) -> tuple[Line, ...]:
    """Meetings to come (and those past that are not finished), or those that are over, of the kinds the actor may see."""
    today = local_date(at)
    known = {one.code: one for one in templates(on=today) if one.read_by(actor.roles) and slug in ("", one.slug)}
    rows = _rows().filter(template__in=known)
    unfinished = ("planned", "prepared", "held")
    if coming:
        mine = _seen_codes(actor, attending=True, on=today)
        rows = rows.filter(state__in=unfinished, template__in=mine).order_by("due_at", "template")
    else:
        rows = rows.exclude(state__in=unfinished).order_by("-due_at", "template")[:OVER]
    found = list(rows[:most])
    return tuple(_line(row, known[row.template], actor, owed) for row, owed in _with_owed(found))


def kept_of_due(*, actor: Actor, at: datetime, days: int = YEAR) -> tuple[CadenceKept, ...]:
    """Of the meetings that fell due in the last so many days, of the kinds the actor may see: held, not held, and unanswered."""
    found = []
    for one in templates(on=local_date(at)):
        if one.read_by(actor.roles):
            due = Meeting.objects.filter(template=one.code, due_at__gt=at - timedelta(days=days), due_at__lte=at)
            found.append(cadence_kept(one.title, list(due.values_list("state", flat=True))))
    return tuple(row for row in found if row.due)


def _with_owed(rows: list[Meeting]) -> list[tuple[Meeting, Obligation | None]]:
    owed = Obligation.objects.filter(subject_kind="meeting", subject_id__in=[row.pk for row in rows]).select_related("owed_by")
    by_meeting = {row.subject_id: row for row in owed}
    return [(row, by_meeting.get(row.pk)) for row in rows]


def _line(row: Meeting, one: Template, actor: Actor, owed: Obligation | None) -> Line:
    coming = one.attended_by(actor.roles)
    newest = newest_pack(row, published_only=not coming)
    name = owed.owed_by.name if owed else row.chair.name if row.chair else ""
    return Line(
        meeting=row,
        title=one.title,
        owed_by=name,
        because=owed.because if owed else "",
        late_from=owed.due_at if owed and owed.is_open else None,
        pack=newest.pk if newest else None,
        version=newest.version if newest else 0,
        attends=coming,
    )


def newest_pack(row: Meeting, *, published_only: bool = False) -> Pack | None:
    """The newest version of a meeting's pack; only of those published, where asked."""
    found = row.packs.order_by("-version")
    if published_only:
        found = found.filter(version__lte=row.published_version)
    return found.first()


def pack(*, actor: Actor, pack_id: int) -> Pack:
    """One version of a pack that the actor may read: those who come to the meeting all, other readers what is published."""
    row = Pack.objects.filter(pk=pack_id).select_related("meeting__chair", "frozen_by").first()
    if row is None or not actor.may(P.PACKS_READ):
        raise NotVisible
    one = template_of(row.meeting)
    published = row.version <= row.meeting.published_version
    if not one.attended_by(actor.roles) and not (published and one.read_by(actor.roles)):
        raise NotVisible
    return row


def content_of(row: Pack) -> Content:
    """What was frozen."""
    table: dict[str, Any] = json.loads(row.content)
    return table


def view_of(*, actor: Actor, matters: Iterable[int]) -> View:
    """What an actor may know: the children in reach by name, and exact figures for those who see the whole force's."""
    reach = in_reach(actor=actor, permission=P.MATTERS_READ)
    named = frozenset(Matter.objects.filter(reach, pk__in=list(matters)).values_list("pk", flat=True))
    whole = any(grant.reach in (Reach.FORCE, Reach.OPEN) for grant in actor.grants_with(P.MATTERS_READ))
    return View(named=named, exact=whole and actor.may(P.MEASURES_READ))


def agenda_of(row: Meeting) -> Agenda:
    """The agenda as it was prepared."""
    return read_agenda(row.agenda)


def decided(row: Meeting) -> tuple[Decided, ...]:
    """What the meeting decided, in order, each with the action it led to."""
    rows = MeetingDecision.objects.filter(meeting=row).select_related("by").prefetch_related("actions__owner").order_by("number")
    return tuple(_decided(one) for one in rows)


def _decided(one: MeetingDecision) -> Decided:
    action = next(iter(one.actions.all()), None)
    said = {"action": action.words, "owner": action.owner.name, "due_at": action.due_at} if action else {}
    return Decided(one.key, one.decision, one.reason, one.narrative, one.by.name, one.at, **said)


def cases(*, agenda: Agenda, at: datetime) -> tuple[Case, ...]:
    """The matters of an agenda as they stand now."""
    rows = Matter.objects.filter(pk__in=matters_of(agenda)).select_related("person").order_by("pk")
    children = {one.matter: one.child for part in agenda for one in part.items if one.matter is not None}
    return tuple(
        Case(row.pk, row.reference, row.kind, children.get(row.pk), _name(row, at, children.get(row.pk)), row.district, row.authority)
        for row in rows
    )


def _name(row: Matter, at: datetime, child: int | None) -> str:
    """The child's name with the age; an online case is about a suspect, who is not named in a pack."""
    person = row.person
    if child is None or person.pk != child:
        return ""
    name = f"{person.given_name} {person.family_name}".strip() or "Name not known"
    return f"{name}, {age_on(person.birth_date, at)}" if person.birth_date else name


def names_of(matter_id: int | None) -> tuple[str, ...]:
    """The words that would give a child away in a narrative."""
    row = Matter.objects.filter(pk=matter_id).select_related("person").first() if matter_id else None
    if row is None:
        return ()
    words = f"{row.person.given_name} {row.person.family_name}".split()
    return (*words, row.reference)


def owners(*, at: datetime) -> tuple[tuple[int, str], ...]:
    """Everybody whom a meeting may ask to do something: number and name."""
    may = [code for code, role in roles(at).items() if P.PACKS_ACT in role.permissions]
    held = RoleGrant.objects.filter(role__in=may, until_at=None, user__is_active=True)
    users = User.objects.filter(pk__in=held.values("user_id")).order_by("name")
    return tuple((row.pk, f"{row.name}{f', {row.rank}' if row.rank else ''}") for row in users)


def action(*, actor: Actor, action_id: int) -> MeetingAction:
    """One action: for its owner, and for those who come to the meeting."""
    rows = MeetingAction.objects.select_related("meeting", "owner", "decision", "matter__person", "ended_by")
    row = rows.filter(pk=action_id).first()
    if row is None or not (row.owner_id == actor.id or (actor.may(P.PACKS_READ) and attends(actor=actor, meeting=row.meeting))):
        raise NotVisible
    return row


def my_actions(*, user_id: int | None) -> tuple[MeetingAction, ...]:
    """What meetings asked of somebody and is not done, soonest first."""
    rows = MeetingAction.objects.filter(owner_id=user_id, state="open").select_related("meeting", "matter")
    return tuple(rows.order_by("due_at", "pk"))


def chairs_to_name(*, at: datetime, days: int = 7) -> tuple[Obligation, ...]:
    """The open obligations of meetings soon to be held: the rota may name somebody else by now."""
    rows = Obligation.objects.filter(is_open=True, subject_kind="meeting", satisfied_by=HELD_RULE, started_at__gt=at)
    return tuple(rows.filter(started_at__lt=at + timedelta(days=days)).order_by("started_at"))


def draft(row: Meeting, *, at: datetime) -> Content:
    """A meeting's agenda as the content of a pack would be, before it is frozen: for its pages, never kept."""
    found = agenda_of(row)
    children = {one.child for part in found for one in part.items if one.child is not None}
    held = Held(row.pk, row.due_at, row.held_at or row.due_at, row.chair.name if row.chair else "", row.attended)
    parts = Parts(
        agenda=found,
        cases=cases(agenda=found, at=at),
        decided=decided(row),
        letters=letters(pack=pack_key(row), children=children),
        figures={},
        charts={},
    )
    return content(template=template_of(row), held=held, freezing=Freezing(0, at, "", ""), parts=parts)


def pack_key(row: Meeting) -> str:
    """What shuffles a pack's letters: the meeting, and nothing of its children."""
    return f"{row.template}:{row.due_at.isoformat()}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of making a pack again: its text under its digest, each form's bytes, each figure."""

    text: bool
    forms: tuple[str, ...]  # that came out otherwise
    figures: tuple[int, ...]  # that came out otherwise
    counted: int  # figures worked out again

    @property
    def whole(self) -> bool:
        """True when everything came out as it was frozen."""
        return self.text and not self.forms and not self.figures


def check(*, pack_id: int, writers: Writers) -> Checked:
    """Make one pack again: every form from what was frozen, every figure from what was known when it was."""
    row = Pack.objects.filter(pk=pack_id).first()
    if row is None:
        raise NotVisible
    table = content_of(row)
    numbers = figures_kept(table)
    read: dict[Any, Any] = {}
    otherwise = tuple(figure.pk for figure in kept(numbers=numbers) if not rebuild(figure, read=read).same)
    return Checked(
        text=digest_of(row.content) == row.sha256 and text_of(table) == row.content,
        forms=differing(was=row.forms, now=digests(table, writers)),
        figures=otherwise,
        counted=len(numbers),
    )


def frozen_packs() -> tuple[int, ...]:
    """The number of every pack, oldest first."""
    return tuple(Pack.objects.order_by("pk").values_list("pk", flat=True))


def anybody_to_chair() -> bool:
    """True once somebody holds a role that may chair: before that nobody could owe a meeting."""
    return RoleGrant.objects.filter(role__in=("duty_inspector", "hub_sergeant"), until_at=None, user__is_active=True).exists()


def unfinished() -> list[tuple[Meeting, str, str]]:
    """Every meeting to come or not finished, with its title and who owes it."""
    rows = list(_rows().filter(state__in=("planned", "prepared", "held")).order_by("due_at", "template"))
    return [(row, template_of(row).title, owed.owed_by.name if owed else "") for row, owed in _with_owed(rows)]


def template_named(*, code: str, on: date) -> Template:
    """One template as it is on a day."""
    return template(playbook(code), on=on)


def to_discuss(*, meeting_id: int) -> list[str]:
    """The keys of what must be discussed at a meeting, in the order of its agenda."""
    row = Meeting.objects.get(pk=meeting_id)
    return [one.key for part in agenda_of(row) for one in part.items if one.owed]


def already_late(*, meeting_id: int) -> set[str]:
    """The keys of those to be discussed whose scrutiny stands on record as having fallen due undone."""
    row = Meeting.objects.get(pk=meeting_id)
    rules = {one.code: one.rule for one in template_of(row).sections}
    owed = {(part.code, one.key): one.matter for part in agenda_of(row) for one in part.items if one.owed}
    late = set(Obligation.objects.filter(breach__isnull=False, is_open=True, matter__in=owed.values()).values_list("rule", "matter_id"))
    return {key for (code, key), matter in owed.items() if (rules.get(code, ""), matter) in late}


def todays(*, code: str, on: date) -> int | None:
    """The number of a meeting of this kind that is set for a London day and not yet prepared."""
    rows = Meeting.objects.filter(template=code, state="planned").order_by("due_at").values_list("pk", "due_at")
    return next((pk for pk, due in rows if local_date(due) == on), None)
