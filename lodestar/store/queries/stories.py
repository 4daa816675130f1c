"""A matter as the rules of its desk read it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from lodestar.core.matters.deeds import YES_NO, DeedKind
from lodestar.core.matters.desk import CheckItem, Done, Involved, Story, check_items
from lodestar.core.matters.kinds import deed_kind, deed_title, desk
from lodestar.core.times import age_on, local_date, say
from lodestar.store.models import Deed, Involvement, Matter, MatterReport, News, Obligation, Task
from lodestar.store.playbooks import playbook
from lodestar.store.queries import kept

ADULT = 18


def story_of(matter: Matter, *, at: datetime) -> Story:
    """Everything that the rules of a desk look at, in a few queries however long the matter's history is."""
    return stories_of([matter], at=at)[matter.pk]


def first_story(matter: Matter) -> Story:
    """The story of a matter opened just now: nothing is done or owed yet, so only whether it is sure whom its report is about is asked."""
    return _story(matter, unsure=bool(kept.found(_asked_about, matter.pk)))


def stories_of(matters: Sequence[Matter], *, at: datetime) -> dict[int, Story]:
    """The stories of many matters, by number, in as many queries as for one."""
    done, involved = _done(matters), _all_involved(matters, at)
    owed, tasks, news, unsure = _owed(matters), _open_tasks(matters), _news(matters), _unsure(matters)
    return {
        row.pk: replace(
            _story(row, unsure=unsure[row.pk] > 0),
            done=tuple(done[row.pk]),
            involved=tuple(involved[row.pk]),
            owed=frozenset(rule for rule, _, _ in owed[row.pk]),
            late=frozenset(rule for rule, due, _ in owed[row.pk] if due < at),
            soon=frozenset(rule for rule, due, warn in owed[row.pk] if warn is not None and warn <= at <= due),
            open_tasks=tasks[row.pk],
            news_waiting=news[row.pk],
        )
        for row in matters
    }


def _story(row: Matter, *, unsure: bool) -> Story:
    """What the matter's own row says."""
    return Story(
        kind=row.kind,
        state=row.state,
        reported_at=row.reported_at,
        opened_at=row.opened_at,
        level=row.level,
        born=row.person.birth_date,
        is_child=row.is_child,
        unsure_identity=unsure,
        closed_at=row.closed_at,
        checklist=_checklist(row),
    )


def _done(matters: Sequence[Matter]) -> Mapping[int, list[Done]]:
    found: dict[int, list[Done]] = defaultdict(list)
    for deed in Deed.objects.filter(matter__in=matters).order_by("at", "pk"):
        found[deed.matter_id].append(as_done(deed))
    return found


def _all_involved(matters: Sequence[Matter], at: datetime) -> Mapping[int, list[Involved]]:
    found: dict[int, list[Involved]] = defaultdict(list)
    for row in Involvement.objects.filter(matter__in=matters).select_related("person").order_by("from_at", "pk"):
        found[row.matter_id].append(as_involved(row, at=at))
    return found


def _owed(matters: Sequence[Matter]) -> Mapping[int, list[tuple[str, datetime, datetime | None]]]:
    found: dict[int, list[tuple[str, datetime, datetime | None]]] = defaultdict(list)
    for pk, rule, due, warn in Obligation.objects.filter(matter__in=matters, is_open=True).values_list(
        "matter", "rule", "due_at", "warn_at"
    ):
        found[pk].append((rule, due, warn))  # type: ignore[index]
    return found


def _open_tasks(matters: Sequence[Matter]) -> Counter[int]:
    return Counter(Task.objects.filter(matter__in=matters, is_open=True).values_list("matter_id", flat=True))


def _news(matters: Sequence[Matter]) -> Counter[int]:
    return Counter(News.objects.filter(matter__in=matters, state="waiting").values_list("matter_id", flat=True))


def _unsure(matters: Sequence[Matter]) -> Counter[int]:
    waiting = MatterReport.objects.filter(matter__in=matters, report__question__state="waiting")
    return Counter(waiting.values_list("matter_id", flat=True))


def _asked_about(matter: int) -> Any:
    return MatterReport.objects.filter(matter_id=matter, report__question__state="waiting").values_list("pk")


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
            found[asked.name] = tuple((str(deed.pk), _deed(deed, kind=matter.kind)) for deed in deeds)
        elif asked.asked_as == "involved":
            rows = Involvement.objects.filter(matter=matter, role__in=asked.choices).select_related("person").order_by("until_at", "pk")
            found[asked.name] = tuple((str(row.pk), _place(row)) for row in rows)
    return found


def _deed(deed: Deed, *, kind: str) -> str:
    """A deed in the words of a list, with what was chosen in it: two requests of one hour are told apart by what was asked."""
    known = deed_kind(kind=kind, code=deed.code)
    asks = [asked for asked in known.asks if asked.asked_as == "choice" and asked.choices != YES_NO] if known else []
    said = ((dict(zip(asked.choices, asked.titles, strict=False)), str(deed.detail.get(asked.name, ""))) for asked in asks)
    chosen = [titles.get(answer, answer.replace("_", " ")) for titles, answer in said if answer]
    return ", ".join((deed_title(code=deed.code), say(deed.at), *chosen))


def _place(row: Involvement) -> str:
    """Somebody in the words of a list; a role that has ended is still answered for."""
    ended = f", until {say(row.until_at)}" if row.until_at is not None else ""
    return f"{row.person.given_name} {row.person.family_name}, {desk(kind=row.matter.kind).roles.get(row.role, row.role).lower()}{ended}"


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
