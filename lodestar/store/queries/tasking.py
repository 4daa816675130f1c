"""The day as the tasking formula is asked about it, proposals, and the risks accepted by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from lodestar.core.access.scope import Actor
from lodestar.core.tasking.decide import Line
from lodestar.core.tasking.formula import Formula, Reason, Work, judge
from lodestar.core.tasking.pose import STILL, Busy, Day, Issued, Officer, Town, Wanted, number, task_id
from lodestar.core.tasking.problem import Params, Problem
from lodestar.core.tasking.skills import held
from lodestar.core.tasks.outcomes import TaskKind
from lodestar.core.times import local_date, local_day_bounds, say_clock, say_date, say_span, to_local
from lodestar.core.words import with_article
from lodestar.store.models import (
    AcceptedRisk,
    Assessment,
    CrewMember,
    Deed,
    Matter,
    Obligation,
    Place,
    Proposal,
    Shift,
    Task,
    User,
)
from lodestar.store.queries import conflicts, tasks
from lodestar.store.queries.access import in_reach

FORMULA = "FORMULA-HUB"
LONGEST_SHIFT = timedelta(hours=24)
MOVABLE = ("issued", "acknowledged")  # with somebody who has not begun


def day(*, actor: Actor, at: datetime, formula: Formula) -> Day:
    """Everything the formula looks at from this minute on: everybody on duty in the horizon, and the work within reach.

    Work that nobody has, and work that somebody has and has not begun, is to be placed; work under way is time given away. A
    risk accepted by name is left alone until it comes back.
    """
    start = at.replace(second=0, microsecond=0)
    rows = _open_tasks(actor, start)
    # What a partner agency said yes to is its own: no plan of ours moves it.
    wanted = [row for row in rows if row.state in ("open", *MOVABLE) and row.within and not row.asked_of]  # type: ignore[attr-defined]
    taken = {row.pk for row in wanted}
    towns = _Towns()
    under_way = [row for row in rows if row.pk not in taken]
    work = _wanted(wanted, start, formula, towns)
    officers = _officers(start, formula, towns, under_way)
    return Day(start, towns.facts(), (*officers, *_absent(work, officers, start)), work)


def _absent(work: Iterable[Wanted], officers: Iterable[Officer], start: datetime) -> tuple[Officer, ...]:
    """Those who have work and are not on duty: they stay in the problem with no shift, so that their work is moved and says why."""
    have = {person for one in work if one.issued is not None for person in one.issued.people}
    gone = have - {officer.id for officer in officers}
    rows = User.objects.filter(pk__in=gone).order_by("pk") if gone else ()
    return tuple(Officer(row.pk, row.name, _held(row, start), ()) for row in rows)


def _held(user: User, at: datetime) -> tuple[str, ...]:
    return held(skills=user.skills, until=user.skills_until, on=local_date(at))


def past_day(*, at: datetime, formula: Formula) -> Day:
    """The work that was asked for in the day from an instant on, as it was known when it was asked for, and who was on duty."""
    rows = list(Task.objects.filter(created_at__gte=at, created_at__lt=at + timedelta(days=1)).select_related("matter").order_by("pk"))
    _as_it_was(rows)
    for row in rows:
        row.state, row.earliest_at = "open", max(row.earliest_at, row.created_at)
    towns = _Towns()
    return Day(at, towns.facts(), _officers(at, formula, towns, ()), _wanted(rows, at, formula, towns))


def _as_it_was(rows: Iterable[Task]) -> None:
    """Each matter's tier and whether its child had been found, when the work was asked for."""
    known: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    assessed = Assessment.objects.filter(matter_id__in={row.matter_id for row in rows}).order_by("matter_id", "number")
    for matter, at, tier in assessed.values_list("matter_id", "at", "tier"):
        known[matter].append((at, tier))
    for row in rows:
        row.matter.tier = next((tier for at, tier in reversed(known[row.matter_id]) if at <= row.created_at), row.matter.tier)
        if row.matter.located_at is not None and row.matter.located_at > row.created_at:
            row.matter.located_at = None


class _Towns:
    """Where people start and where work is; a district's own station stands in where nothing nearer is known."""

    def __init__(self) -> None:
        self.rows = list(Place.objects.select_related("district").order_by("-is_base", "code"))
        self.codes = {row.pk: row.code for row in self.rows}
        self.bases = {row.district.code: row.code for row in self.rows if row.is_base}

    def facts(self) -> tuple[Town, ...]:
        return tuple(Town(row.code, float(row.x_km), float(row.y_km)) for row in self.rows)

    def of(self, place_id: int | None, district: str) -> str:
        return self.codes.get(place_id or 0) or self.bases.get(district, "")


def _open_tasks(actor: Actor, start: datetime) -> list[Task]:
    """Every open task, each saying whether it is within the actor's reach; one whose risk somebody has accepted is not."""
    within = set(Matter.objects.filter(in_reach(actor=actor, permission="tasking.propose"), is_open=True).values_list("pk", flat=True))
    accepted = set(AcceptedRisk.objects.filter(expires_at__gt=start).values_list("task_id", flat=True))
    crews = Prefetch("crew_members", CrewMember.objects.filter(released_at=None).order_by("slot"), to_attr="others")
    rows = list(Task.objects.filter(is_open=True).select_related("matter").prefetch_related(crews).order_by("pk"))
    for row in rows:
        row.within = row.matter_id in within  # type: ignore[attr-defined]
    return [row for row in rows if row.state != "open" or row.pk not in accepted]


def _officers(start: datetime, formula: Formula, towns: _Towns, under_way: Iterable[Task]) -> tuple[Officer, ...]:
    until = start + timedelta(hours=formula.limits["horizon_hours"])
    shifts = Shift.objects.standing(start).filter(from_at__lt=until, until_at__gt=start, from_at__gt=start - LONGEST_SHIFT)
    shifts = shifts.filter(post__kind__in=formula.posts, user__is_active=True)
    busy: dict[int, list[Busy]] = defaultdict(list)
    for task in under_way:
        if task.state == "started" or (task.state in MOVABLE and task.planned_start):
            span = _under_way(task, start, towns)
            for person in (task.assignee_id, *(member.assignee_id for member in task.others)):  # type: ignore[attr-defined]
                busy[person or 0].append(span)
    people: dict[int, Officer] = {}
    for row in shifts.select_related("user", "post__district").order_by("user_id", "from_at", "pk"):
        before = people.get(row.user_id)
        people[row.user_id] = Officer(
            id=row.user_id,
            name=row.user.name,
            skills=_held(row.user, start),
            shifts=(*(before.shifts if before else ()), (row.from_at, row.until_at)),
            base=before.base if before else towns.of(row.post.base_id, row.post.district.code if row.post.district else ""),
            busy=tuple(busy.get(row.user_id, ())),
        )
    return tuple(people[pk] for pk in sorted(people))


def _under_way(task: Task, start: datetime, towns: _Towns) -> Busy:
    begins = task.planned_start or task.issued_at or start
    ends = begins + timedelta(minutes=task.minutes)
    if task.state == "started":  # it has run over: they are at it yet
        begins, ends = min(begins, start), max(ends, start + STILL)
    return Busy(begins, ends, towns.of(task.place_id, task.matter.district))


def _wanted(rows: list[Task], start: datetime, formula: Formula, towns: _Towns) -> tuple[Wanted, ...]:
    kinds: dict[tuple[str, datetime], Mapping[str, TaskKind]] = {}
    owed, barred, known = _owed(rows, formula, start), conflicts.barred(rows, at=start), _known(rows, start)
    found = []
    for row in rows:
        when = (row.matter.kind, row.created_at)
        kind = kinds.setdefault(when, tasks.kinds(kind=row.matter.kind, at=row.created_at)).get(row.kind)
        found.append(
            Wanted(
                id=row.pk,
                title=f"{row.title}, {row.matter.reference}",
                work=_work(row, kind, formula, owed),
                minutes=row.minutes,
                earliest_at=row.earliest_at,
                due_at=row.due_at,
                skills=tuple(row.skills),
                crew=tuple(tuple(slot) for slot in row.crew),
                place=towns.of(row.place_id, row.matter.district),
                after=tuple(row.after),
                prefer=known[row.matter.person_id, row.matter.holder_id],
                barred=tuple(sorted(barred[row.pk])),
                issued=_issued(row),
            )
        )
    return tuple(found)


def _known(rows: Iterable[Task], at: datetime) -> dict[tuple[int, int | None], tuple[int, ...]]:
    """For each child and whoever answers for the matter: they, and everybody who by then had spoken to the child face to face."""
    pairs = {(row.matter.person_id, row.matter.holder_id) for row in rows}
    spoken = Deed.objects.filter(matter__person_id__in={child for child, _ in pairs}, detail__face_to_face="yes", recorded_at__lte=at)
    met: dict[int, set[int]] = defaultdict(set)
    for child, who in spoken.exclude(by=None).values_list("matter__person_id", "by_id"):
        met[child].add(who)
    return {(child, holder): tuple(sorted(met[child] | ({holder} if holder else set()))) for child, holder in pairs}


def kept_params(formula: Formula, *, start: datetime) -> dict[str, Any]:
    """What policy gives the search besides the problem, as it is kept with a proposal; a past day is run again from it."""
    values, search = formula.values, formula.search
    return {
        "formula": FORMULA,
        "version": formula.version,
        "continuity": str(values["continuity"]),
        "fairness": str(values["fairness_minute"]),
        "longest_overrun_minutes": formula.limits["longest_overrun_minutes"],
        "seed": search["seed"],
        "iterations": search["iterations"],
        "start": start.isoformat(),
    }


def read_params(kept: Mapping[str, Any]) -> Params:
    """The same, for the search."""
    shares = {name: Fraction(kept[name]) for name in ("continuity", "fairness")}
    return Params(formula=kept["formula"], version=kept["version"], **shares)


def clock(kept: Mapping[str, Any], problem: Problem) -> Callable[[int], str]:
    """How an instant of a problem is said: by the clock in London, up to the whole minute."""
    said = clock_of_minutes(kept)
    return lambda ticks: said(-(-ticks // problem.scale))


def _work(row: Task, kind: TaskKind | None, formula: Formula, owed: Mapping[tuple[int, str], frozenset[str]]) -> Work:
    matter = row.matter
    return Work(
        kind=row.kind,
        purpose=formula.purpose(row.kind),
        matter=matter.kind,
        matter_tier=matter.tier,
        owed=owed.get((matter.pk, kind.satisfies), frozenset()) if kind and kind.satisfies else frozenset(),
        located=matter.kind != "missing" or matter.located_at is not None,
    )


def _issued(row: Task) -> Issued | None:
    if row.state not in MOVABLE or row.assignee_id is None:
        return None
    return Issued((row.assignee_id, *(member.assignee_id for member in row.others)), row.planned_start)  # type: ignore[attr-defined]


def _owed(rows: Iterable[Task], formula: Formula, at: datetime) -> dict[tuple[int, str], frozenset[str]]:
    """The clocks in law that ran on each matter at the instant or began in the day after it, by the deed that stops them."""
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    ids = {row.matter_id for row in rows}
    runs = Q(done_at=None) | Q(done_at__gt=at), Q(cancelled_at=None) | Q(cancelled_at__gt=at)
    owed = Obligation.objects.filter(*runs, matter_id__in=ids, rule__in=formula.statutory, started_at__lt=at + timedelta(days=1))
    for matter, deed, rule in owed.values_list("matter_id", "satisfied_by", "rule"):
        found[matter, deed].add(rule)
    return {key: frozenset(rules) for key, rules in found.items()}


def proposal(*, pk: int) -> Proposal | None:
    """One proposal."""
    return Proposal.objects.filter(pk=pk).select_related("made_by", "seconded_by").first()


def proposals(*, most: int = 30) -> QuerySet[Proposal]:
    """Proposals, newest first."""
    return Proposal.objects.select_related("made_by").defer("problem", "body", "judged").order_by("-pk")[:most]


def proposals_on(*, day: date) -> QuerySet[Proposal]:
    """Every proposal made on a day in London, in the order they were made."""
    span = local_day_bounds(day)
    return Proposal.objects.filter(made_at__gte=span.from_at, made_at__lt=span.until_at).select_related("formula").order_by("pk")


def tasks_of(proposal: Proposal, *, actor: Actor) -> dict[int, Task]:
    """The tasks a proposal speaks of that are within the viewer's reach; a proposal of others' tasks shows none."""
    within = Matter.objects.filter(in_reach(actor=actor, permission="tasking.propose")).values("pk")
    ids = [number(row["id"]) for row in proposal.problem["tasks"]]
    rows = Task.objects.filter(pk__in=ids, matter__in=within).select_related("matter__person", "assignee").order_by("pk")
    crews = Prefetch(
        "crew_members", CrewMember.objects.filter(released_at=None).select_related("assignee").order_by("slot"), to_attr="others"
    )
    return {row.pk: row for row in rows.prefetch_related(crews)}


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of a proposal, by rows: nobody where it places the work with no one."""

    people: tuple[int, ...] = ()
    start_at: datetime | None = None
    because: str = ""
    moved: str = ""
    reason: str = ""
    change: str = ""


def planned(proposal: Proposal) -> dict[int, Planned]:
    """Every line of a proposal, by task."""
    start = datetime.fromisoformat(proposal.params["start"])
    found = {}
    for line in proposal.body["assignments"]:
        begins = start + timedelta(minutes=line["start"])
        people = tuple(number(name) for name in line["assets"])
        found[number(line["task"])] = Planned(people, begins, line["because"], line.get("moved", ""))
    for line in proposal.body["unplaced"]:
        found[number(line["task"])] = Planned((), None, line["detail"], line.get("moved", ""), line["reason"], line.get("change", ""))
    return found


def lines(proposal: Proposal, *, viewer: int, named: Mapping[int, Task], formula: Formula) -> dict[int, Line]:
    """What the decider must know of each line within reach: what is proposed, who has it, who may not, whether it takes two."""
    barred = {number(row["id"]): frozenset(number(name) for name in row.get("barred", ())) for row in proposal.problem["tasks"]}
    sizes = {number(row["id"]): len(row["crew"]) for row in proposal.problem["tasks"]}
    codes = {tier.code: tier.tier for tier in formula.tiers.values()}
    now_barred = conflicts.barred(named.values(), at=proposal.made_at)  # and what was declared since it was made
    found = {}
    for task, line in planned(proposal).items():
        if task not in named:
            continue
        row = named[task]
        tier = codes.get(proposal.judged[task_id(task)]["tier"])
        found[task] = Line(
            proposed=line.people,
            issued=held_by(row),
            size=sizes[task],
            barred=barred.get(task, frozenset()) | now_barred[task],
            needs_second=tier is None or formula.needs_second(tier),
            own=row.matter.holder_id == viewer,
        )
    return found


def given_otherwise(proposal: Proposal, *, named: Mapping[int, Task]) -> list[tuple[Task, list[str]]]:
    """The work that a decision gave out otherwise than its proposal had it: to whom, by name; nobody where it was left."""
    decision = getattr(proposal, "decision", None)
    if decision is None or proposal.state in ("refused", "withheld"):
        return []
    given = {int(task): tuple(people) for task, people in (*decision.lines, *decision.waiting)}
    proposed = planned(proposal)
    other = {task: people for task, people in given.items() if task in named and people != proposed[task].people}
    names = dict(User.objects.filter(pk__in={pk for people in other.values() for pk in people}).values_list("pk", "name"))
    return [(named[task], [names[pk] for pk in people]) for task, people in sorted(other.items())]


def held_by(row: Task) -> tuple[int, ...]:
    """Who has a task now and has not begun, in the order of its slots."""
    if row.assignee_id is None:
        return ()
    return (row.assignee_id, *(member.assignee_id for member in row.others))  # type: ignore[attr-defined]


def reason_of(task: Task, *, formula: Formula, at: datetime) -> Reason:
    """Why a task is in its tier, now."""
    kind = tasks.kinds(kind=task.matter.kind, at=task.created_at).get(task.kind)
    return judge(work=_work(task, kind, formula, _owed([task], formula, at)), formula=formula)[0]


def on_duty(proposal: Proposal) -> frozenset[int]:
    """Who could be chosen when a proposal was made: those with a shift in it."""
    return frozenset(number(asset["id"]) for asset in proposal.problem["assets"] if asset["shifts"])


def rank_of(user_id: int) -> str:
    """Somebody's rank, as they hold it now."""
    return User.objects.filter(pk=user_id).values_list("rank", flat=True).first() or ""


def risks(*, at: datetime) -> QuerySet[AcceptedRisk]:
    """Risks accepted by name and not yet expired."""
    return AcceptedRisk.objects.filter(expires_at__gt=at).select_related("task", "matter", "by").order_by("expires_at")


def clock_of_minutes(kept: Mapping[str, Any], *, with_day: bool = True) -> Callable[[float], str]:
    """How a minute of a proposal's document is said, by the clock in London; with the day where it is another."""
    start = datetime.fromisoformat(kept["start"])

    def said(minute: float) -> str:
        instant = start + timedelta(minutes=minute)
        time = say_clock(to_local(instant).time())
        same = local_date(instant) == local_date(start) or not with_day
        return time if same else f"{time} on {say_date(local_date(instant))}"

    return said


def place_names() -> dict[str, str]:
    """The name of each place, by code; a force that has not said its places has none."""
    return dict(Place.objects.values_list("code", "name"))


def names_of(row: Task) -> dict[int, str]:
    """Those who have a task, by id."""
    along = {member.assignee_id: member.assignee.name for member in row.others}  # type: ignore[attr-defined]
    return along | ({row.assignee_id: row.assignee.name} if row.assignee is not None and row.assignee_id is not None else {})


def say_risk(task: Task, *, formula: Formula, at: datetime) -> str:
    """Who may accept that this is left undone, and for how long."""
    reason = reason_of(task, formula=formula, at=at)
    tier = reason.tier
    return (
        f"This is in the tier {tier.title}. {reason.sentence} Only {with_article(tier.risk_rank)} or above may accept that it is left, "
        f"for {say_span(tier.risk_span)} at most. It comes back then by itself."
    )
