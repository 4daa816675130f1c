"""Leads: what one look changes, the list in its order, one lead with the facts that it rests on, and what leads are worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.detectors.hits import OPEN
from lodestar.core.networks.counting import Counts, share_through, windows
from lodestar.core.networks.facts import PERSON, THING, Node, Rules
from lodestar.core.networks.leads import ACCEPTED, ADULT, DISMISSED, MISSED, OBJECT, RAISED, Decided, Lead, Worth, found, is_new, worth
from lodestar.core.networks.missed import Missed, Owed, missed
from lodestar.core.networks.missed import windows as duty_windows
from lodestar.core.words import NotVisible
from lodestar.store.models import Deed, Involvement, Matter, Obligation, Person
from lodestar.store.models import Lead as Row
from lodestar.store.queries import kept, networks
from lodestar.store.queries.access import in_reach, place_of
from lodestar.store.queries.hits import Line as HitLine
from lodestar.store.queries.hits import open_about
from lodestar.store.queries.networks import Network
from lodestar.store.queries.owed_to_children import owed_to_children

MOST = 200
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Raise:
    """A lead that nobody has been asked about yet."""

    lead: Lead


@dataclass(frozen=True, slots=True)
class Grow:
    """A lead that waits, and whose facts are others now."""

    row: Row
    lead: Lead


@dataclass(frozen=True, slots=True)
class Lapse:
    """A lead that waits and is so no longer."""

    row: Row


Change = Raise | Grow | Lapse


def changes(*, at: datetime) -> tuple[Change, ...]:
    """What one look over everything changes; nothing where it has been carried out already."""
    rules = networks.rules(at=at)
    owed = owed_to_children(rules=rules, at=at)
    now = {one.key: one for one in found(world=networks.whole(at=at, rules=rules), rules=rules, at=at, owed=owed)}
    waiting = {row.key: row for row in Row.objects.filter(state=RAISED).select_related("owner")}
    decided: dict[str, list[frozenset[int]]] = defaultdict(list)
    for row in Row.objects.filter(state__in=(ACCEPTED, DISMISSED)):
        decided[row.kind if row.key.startswith("group:") else row.key].append(frozenset(row.facts["children"]))
    made: list[Change] = []
    for key, lead in now.items():
        before = decided["group" if key.startswith("group:") else key]
        if key in waiting:
            made += [Grow(waiting[key], lead)] if waiting[key].facts != facts_of(lead) else []
        elif is_new(lead=lead, before=_of_one(lead, before) if lead.group is not None else before):
            made.append(Raise(lead))
    return (*made, *(Lapse(row) for key, row in waiting.items() if key not in now))


def with_owners() -> QuerySet[Row]:
    """The leads that wait for a decision, each with its owner."""
    return Row.objects.filter(state=RAISED).select_related("owner").order_by("pk")


def _of_one(lead: Lead, before: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """Decided groups speak for a new one only where two of its children were in them together."""
    return [one for one in before if len(one & set(lead.children)) > 1]


def facts_of(lead: Lead) -> dict[str, Any]:
    """A lead's facts as they are kept: numbers and references, no name."""
    hangs = lead.group.hangs_on if lead.group else ()
    facts: dict[str, Any] = {
        "children": list(lead.children),
        "events": list(lead.events),
        "sources": list(lead.sources),
        "types": list(lead.types),
        "hangs_on": [[[child, *hub] for child, hub in some] for some in hangs],
    }
    if lead.gone is not None:
        gone = lead.gone
        facts |= {"subject": list(gone.subject), "title": gone.title, "named": gone.named}
        facts |= {"missed": [one.number for one in gone.missed], "owed": len(gone.owed), "late": gone.late}
    return facts


@dataclass(frozen=True, slots=True)
class Line:
    """One lead as the list shows it."""

    row: Row
    about: str  # a name where the reader may see it


def waiting(*, actor: Actor) -> tuple[Line, ...]:
    """The leads that wait for a decision, by the named order, as this reader may see them."""
    return _lines(Row.objects.filter(state=RAISED).order_by("-missing", "-sources", "-last_at", "pk")[:MOST], actor)


def decided(*, actor: Actor, at: datetime) -> tuple[Line, ...]:
    """The leads decided in a year, newest first."""
    rows = Row.objects.filter(state__in=(ACCEPTED, DISMISSED), decided_at__gte=at - YEAR).order_by("-decided_at", "pk")
    return _lines(rows[:MOST], actor)


def _lines(rows: Any, actor: Actor) -> tuple[Line, ...]:
    shown = rows.select_related("person", "thing", "owner", "decided_by", "matter", "task")
    return tuple(Line(row, about(row, actor)) for row in shown if actor.may(P.NETWORKS_READ, place_of(row)))


def about(row: Row, actor: Actor) -> str:
    """Whom or what a lead is about, in words that this reader may have."""
    if row.kind == ADULT and row.person is not None:
        may = actor.may(P.PEOPLE_READ, place_of(row.person))
        return (
            f"{row.person.given_name} {row.person.family_name}".strip() or "An adult without a name" if may else "An adult you may not see"
        )
    if row.kind == OBJECT and row.thing is not None:
        return str(row.thing.value)
    if row.kind == MISSED:
        return f"{row.facts['title']}, owed by {row.facts['named']}"
    return f"{len(row.facts['children'])} children"


def in_sight(*, actor: Actor, lead_id: int) -> Row:
    """One lead within reach; raises NotVisible otherwise."""
    row = Row.objects.filter(pk=lead_id).select_related("person", "thing", "owner", "decided_by", "matter", "task").first()
    if row is None or not actor.may(P.NETWORKS_READ, place_of(row)):
        raise NotVisible
    return row


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that was missed: line by line where the reader may see it, its windows, and how often it was owed to each child."""

    lines: tuple[Owed, ...]
    windows: Mapping[int, tuple[Missed, Missed]]
    owed_to: Mapping[int, tuple[int, int]]  # child to how often it was owed in a year, and how often missed


@dataclass(frozen=True, slots=True)
class Page:
    """One lead with everything that an officer checks it by."""

    row: Row
    about: str
    network: Network
    centre: tuple[Node, ...]
    windows: Mapping[int, tuple[Counts, Counts]]
    exposure: Mapping[int, Mapping[str, int]]  # child to how many events of each kind they were in at all
    share: tuple[int, int] | None  # of all children looked at, how many pass such an object
    hidden: int  # events that the reader may not see
    duty: Duty | None = None


def page(*, row: Row, actor: Actor, at: datetime) -> Page:
    """One lead: its own events as a network, its windows beside the year before, and how often its children are met at all."""
    rules = networks.rules(at=at)
    centre = centre_of(row)
    own = networks.of_events(events=row.facts["events"], at=at, rules=rules, actor=actor)
    around = (
        networks.network(centre=centre, at=at, rules=rules, actor=actor, steps=2 if row.kind == ADULT else 1).world if centre else own.world
    )
    met = networks.network(centre=_people(row.facts["children"]), at=at, rules=rules, actor=actor, steps=1).world
    named = around.objects.get(centre[0].id, "") if row.kind == OBJECT else ""
    return Page(
        row=row,
        about=about(row, actor),
        network=own,
        centre=centre or _people(row.facts["children"]),
        windows=windows(world=networks.with_episodes(around, at=at), node=centre[0], rules=rules, at=at) if centre else {},
        exposure={child: met.exposure(child) for child in row.facts["children"] if Node(PERSON, child) in met.by_node},
        share=share_through(world=networks.whole(at=at, rules=rules), kind=named) if named else None,
        hidden=len(set(row.facts["events"]) - own.world.by_event.keys()),
        duty=_duty(row, own, rules=rules, at=at) if row.kind == MISSED else None,
    )


def _duty(row: Row, own: Network, *, rules: Rules, at: datetime) -> Duty:
    duty, whose, which = row.facts["subject"]
    owed = tuple(owed_to_children(rules=rules, at=at, subject=(duty, whose, which)))
    numbers, seen = set(row.facts["missed"]), own.world.by_event.keys()
    year = next(missed(owed=owed, rules=rules, since=at - YEAR, until=at), None)
    times = {
        child: tuple(sum(one.child == child for one in ones) for ones in ((year.owed, year.missed) if year else ((), ())))
        for child in row.facts["children"]
    }
    return Duty(
        lines=tuple(one for one in owed if one.number in numbers and f"M-{one.matter}" in seen),
        windows=duty_windows(owed=owed, subject=(duty, whose, which), rules=rules, at=at),
        owed_to=times,  # type: ignore[arg-type]
    )


def centre_of(row: Row) -> tuple[Node, ...]:
    """Whom or what a lead is about; a group has no middle."""
    if row.kind == ADULT:
        return (Node(PERSON, row.person_id),)
    return (Node(THING, row.thing_id),) if row.kind == OBJECT else ()


def _people(ids: Iterable[int]) -> tuple[Node, ...]:
    return tuple(Node(PERSON, pk) for pk in ids)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a lead may become: work on an open record of exploitation, or a record opened for a child."""

    code: str
    words: str
    matter: Matter | None = None
    child: Person | None = None


def choices(*, row: Row, actor: Actor) -> tuple[Choice, ...]:
    """The open records within reach of anybody the lead names, and a new one for each child who has none."""
    people = [*row.facts["children"], *([row.person_id] if row.person_id else [])]
    named = Involvement.objects.filter(person__in=people, until_at=None).values("matter_id")
    reach = in_reach(actor=actor, permission=P.MATTERS_PROGRESS)
    kinds = ["exploitation", *(["missing"] if row.kind == MISSED else [])]  # what was missed is put right where it was owed
    open_now = Matter.objects.filter(reach, Q(person__in=people) | Q(pk__in=named), kind__in=kinds, is_open=True)
    matters = list(open_now.select_related("person").order_by("tier", "pk"))
    made = [Choice(f"matter-{one.pk}", f"Work on {one.reference}, {_said(one)} of {_name(one.person)}", one) for one in matters]
    if made and row.kind == MISSED:  # nobody opens a record of exploitation because an interview was missed, while there is another way
        return tuple(made)
    has = {one.person_id for one in matters}
    children = Person.objects.filter(pk__in=row.facts["children"]).exclude(pk__in=has).order_by("pk")
    readable = [child for child in children if actor.may(P.PEOPLE_READ, place_of(child))]
    return (
        *made,
        *(Choice(f"child-{one.pk}", f"Open a record of exploitation for {_name(one)}, and work on it", None, one) for one in readable),
    )


def _said(matter: Matter) -> str:
    return "the open record" if matter.kind == "exploitation" else "the open missing report"


def not_on_record(*, row: Row, actor: Actor, at: datetime) -> tuple[HitLine, ...]:
    """What should have been done for the children of a lead and is not on record, as the detectors found it, within reach."""
    reach = Matter.objects.filter(in_reach(actor=actor, permission=P.MATTERS_READ))
    matters = list(reach.filter(hits__person__in=row.facts["children"], hits__state=OPEN).distinct())
    return tuple(line for child in row.facts["children"] for line in open_about(child, matters=matters, at=at))


def _name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}".strip() or f"person {person.pk}"


def resting_on(one: int, other: int) -> Callable[[], list[Row]]:
    """The leads that wait or were accepted and rest on a record of one of these two; asked for with what is asked next."""
    return kept.rows_soon(_resting_on, one, other)


def _resting_on(one: int, other: int) -> QuerySet[Row]:
    return Row.objects.filter(people__person_id__in=(one, other), state__in=(RAISED, ACCEPTED)).distinct().order_by("pk")


def worth_of(*, at: datetime, rules: Rules) -> Worth:
    """What became of the leads raised in two years; the actions are read from the deeds on what each became."""
    rows = list(Row.objects.filter(raised_at__gte=at - 2 * YEAR))
    codes, charges = rules.worth["actions"], rules.worth["charges"]
    made_good = _made_good(rows)
    when: dict[int, list[tuple[str, datetime, Any]]] = defaultdict(list)
    wanted = [*codes, *charges, *rules.worth["charge_decisions"]]
    for matter, code, done, detail in (
        Deed.objects.filter(matter__in=[row.matter_id for row in rows if row.matter_id], code__in=wanted)
        .order_by("at")
        .values_list("matter_id", "code", "at", "detail")
    ):
        when[matter].append((code, done, detail))
    return worth(leads=[_decided(row, when, rules, made_good) for row in rows], days=rules.worth["days"], at=at)


def _made_good(rows: Iterable[Row]) -> Mapping[int, datetime]:
    """When each duty that a lead says was missed was done, for those that were."""
    numbers = {number for row in rows if row.kind == MISSED for number in row.facts["missed"]}
    return dict(Obligation.objects.filter(pk__in=numbers, done_at__isnull=False).values_list("pk", "done_at"))


def _decided(row: Row, when: Mapping[int, list[tuple[str, datetime, Any]]], rules: Rules, made_good: Mapping[int, datetime]) -> Decided:
    after = [one for one in when.get(row.matter_id, ()) if row.decided_at and one[1] >= row.decided_at]
    decisions = rules.worth["charge_decisions"]
    put_right = (made_good[number] for number in row.facts.get("missed", ()) if number in made_good)
    acted = [at for code, at, _ in after if code in rules.worth["actions"]]
    acted += [at for at in put_right if row.decided_at and at >= row.decided_at]
    charged = (
        at for code, at, said in after if code in rules.worth["charges"] or (code in decisions and said.get("decision") == decisions[code])
    )
    return Decided(row.state, row.decided_at, min(acted, default=None), next(charged, None))
