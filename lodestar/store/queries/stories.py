"""A matter as the rules of its desk read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lodestar.core.matters.deeds import DeedKind
from lodestar.core.matters.desk import CheckItem, Done, Involved, Story, check_items
from lodestar.core.matters.kinds import deed_title, desk
from lodestar.core.times import age_on, local_date, say
from lodestar.store.models import Deed, Involvement, Matter
from lodestar.store.playbooks import playbook

ADULT = 18


def story_of(matter: Matter, *, at: datetime) -> Story:
    """Everything that the rules of a desk look at, in five queries however long the matter's history is."""
    owed = list(matter.obligations.filter(is_open=True).values_list("rule", "due_at", "warn_at"))
    return Story(
        kind=matter.kind,
        state=matter.state,
        reported_at=matter.reported_at,
        opened_at=matter.opened_at,
        level=matter.level,
        born=matter.person.birth_date,
        is_child=matter.is_child,
        done=tuple(as_done(deed) for deed in matter.deeds.order_by("at", "pk")),
        involved=tuple(as_involved(row, at=at) for row in matter.involvements.select_related("person").order_by("from_at", "pk")),
        owed=frozenset(rule for rule, _, _ in owed),
        late=frozenset(rule for rule, due, _ in owed if due < at),
        soon=frozenset(rule for rule, due, warn in owed if warn is not None and warn <= at <= due),
        open_tasks=matter.tasks.filter(is_open=True).count(),
        news_waiting=matter.news.filter(state="waiting").count(),
        unsure_identity=matter.matter_reports.filter(report__question__state="waiting").exists(),
        closed_at=matter.closed_at,
        checklist=_checklist(matter),
    )


def _checklist(matter: Matter) -> tuple[CheckItem, ...]:
    """The set checklist that was in force when the matter came in, where its desk has one."""
    book = desk(kind=matter.kind).checklist_book
    return check_items(playbook(book).in_force(matter.reported_at).values) if book else ()


def choices(matter: Matter, *, kind: DeedKind) -> dict[str, tuple[tuple[str, str], ...]]:
    """For each question that names an earlier deed or a person in the matter: what can be chosen, newest first, in words."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for asked in kind.asks:
        if asked.asked_as == "deed":
            deeds = matter.deeds.filter(code__in=asked.choices).order_by("-at", "-pk")
            found[asked.name] = tuple((str(deed.pk), f"{deed_title(code=deed.code)}, {say(deed.at)}") for deed in deeds)
        elif asked.asked_as == "involved":
            rows = Involvement.objects.filter(matter=matter, role__in=asked.choices, until_at=None).select_related("person")
            found[asked.name] = tuple((str(row.pk), f"{row.person.given_name} {row.person.family_name}") for row in rows)
    return found


def only(choices: Mapping[str, tuple[tuple[str, str], ...]]) -> dict[str, str]:
    """Where only one thing can be meant, it is chosen already."""
    return {name: listed[0][0] for name, listed in choices.items() if len(listed) == 1}


def as_done(deed: Deed) -> Done:
    """One deed as the rules read it."""
    said: Mapping[str, object] = deed.detail if isinstance(deed.detail, dict) else {}
    return Done(deed.pk, deed.code, deed.at, deed.recorded_at, deed.by_id, {name: str(value) for name, value in said.items()})


def as_involved(row: Involvement, *, at: datetime) -> Involved:
    born = row.person.birth_date
    return Involved(
        id=row.pk,
        person=row.person_id,
        role=row.role,
        nature=row.nature,
        from_at=row.from_at,
        until_at=row.until_at,
        born=born,
        is_child=born is None or born > local_date(at) or age_on(born, at) < ADULT,
    )
