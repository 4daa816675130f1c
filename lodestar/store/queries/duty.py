"""Who is on duty, who holds what, and who owes what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from django.db.models import Count, Model, QuerySet

from lodestar.core.duty import facts as duty
from lodestar.core.duty.owing import Chains, NobodyOnRota, Owed, chains_from, person_owing
from lodestar.core.times import local_date
from lodestar.store.models import (
    Authority,
    Commitment,
    CrewMember,
    EngagementLook,
    Handover,
    Hit,
    Holding,
    Inspection,
    Lead,
    LinkQuestion,
    Matter,
    MeetingAction,
    Obligation,
    Post,
    ReviewAnswer,
    RoleGrant,
    Shift,
    Task,
    User,
)
from lodestar.store.playbooks import playbook
from lodestar.store.queries import kept
from lodestar.store.queries.rota import LONGEST_SHIFT, Rota, shift_facts

Waits = TypeVar("Waits", Hit, Lead)  # what waits with an owner
POSTS = "DUTY-POSTS"
# Whose chain is climbed where a clock is owed by a person rather than a post, and there is no such person.
STANDS_IN = {
    "holder": "duty_sergeant",
    "receiver": "duty_inspector",
    "assignee": "duty_inspector",
    "accountable": "duty_superintendent",
}


def holdings(matter: Matter) -> tuple[duty.Holding, ...]:
    """The chain of people who have answered for a matter."""
    rows = Holding.objects.filter(matter=matter).select_related("post").order_by("number")
    return tuple(
        duty.Holding(
            number=row.number,
            person=row.user_id,
            post=row.post.code if row.post else "",
            from_at=row.from_at,
            how=row.how,
        )
        for row in rows
    )


def owing(*, post_kind: str, matter: Matter | None, about: Model | None, at: datetime, rota: Rota | None = None, new: bool = False) -> Owed:
    """Exactly one person owes it, and why: the one it is about, the holder, or whoever the rota names.

    Whoever asks for many things at once hands over the ``rota``, so that it is read once. What it is about is ``new`` where it was
    made just now: nobody has answered it yet.
    """
    rota = rota or Rota()
    match post_kind, about:
        case "receiver", Handover():
            return Owed(person=about.receiver_id, post="", because="The matter was offered to them.")
        case "assignee", Task(assignee_id=int(assignee)) | CrewMember(assignee_id=int(assignee)):
            return Owed(person=assignee, post="", because="The task was issued to them.")
        case "assignee", MeetingAction():
            return Owed(person=about.owner_id, post="", because="A meeting gave it to them.")
        case "accountable", Inspection(accountable_id=int(answers)):
            return Owed(person=answers, post="", because="They answer for the reply to this report.")
        case "accountable", Commitment(owner_id=int(owner)):
            return Owed(person=owner, post="", because="The commitment is theirs.")
    holder = matter.holder_id if matter is not None else None
    if post_kind == "holder" and holder is not None:
        return Owed(person=holder, post="", because="They answer for the matter.")
    answered = kept.soon(_answered, about.pk) if isinstance(about, LinkQuestion) and not new else None
    shifts = rota.shifts(at)
    if answered is not None:  # nobody answers a question twice
        done = {person for (person,) in answered()}
        shifts = tuple(shift for shift in shifts if shift.person not in done)
    if not shifts and holder is None:
        return _standing_in()
    return person_owing(
        shifts=shifts,
        posts=rota.posts,
        chains=_chains(local_date(at)),
        post_kind=STANDS_IN.get(post_kind, post_kind),
        district=about.district if isinstance(about, EngagementLook) else _area(matter, post_kind),
        at=at,
        holder=holder,
    )


@cache
def _chains(on: date) -> Chains:
    return chains_from(playbook(POSTS).in_force(on).values["chains"])


def _answered(question: int) -> Any:
    return ReviewAnswer.objects.filter(question_id=question).values_list("by_id")


def falling(waiting: Iterable[tuple[Waits, str, Matter | None]], *, at: datetime) -> list[tuple[Waits, Owed]]:
    """What falls to somebody else: the owner is on no shift now, or their account is closed, and the rota names another.

    ``waiting`` gives each row with the post that it is owed by and the matter that it is on, if any. Where nobody at all is on
    the rota, it stays with whoever has it: never nobody.
    """
    there = {shift.person for shift in shift_facts(at=at) if shift.covers(at)}
    named: dict[tuple[str, str, int | None], Owed | None] = {}
    falls = []
    for row, post, matter in waiting:
        if row.owner_id in there and row.owner.is_active:
            continue
        asked = (post, matter.district if matter else "", matter.holder_id if matter else None)
        if asked not in named:
            named[asked] = _named(post, matter, at)
        owed = named[asked]
        if owed is not None and owed.person != row.owner_id:
            falls.append((row, owed))
    return falls


def _named(post: str, matter: Matter | None, at: datetime) -> Owed | None:
    try:
        return owing(post_kind=post, matter=matter, about=None, at=at)
    except NobodyOnRota:
        return None


def _standing_in() -> Owed:
    """With nobody on any shift a child's report still has one name on it: an inspector's, or a hub sergeant's.

    Refuses only where the force has given nobody either role.
    """
    held = RoleGrant.objects.filter(until_at=None, role__in=("duty_inspector", "hub_sergeant"), user__is_active=True)
    first = held.order_by("role", "user__name", "pk").first()
    if first is None:
        raise NobodyOnRota
    because = "Nobody is on any shift, so it falls to the first inspector by name until somebody is put on."
    return Owed(person=first.user_id, post="", because=because)


def _area(matter: Matter | None, post_kind: str) -> str:
    if matter is None:
        return ""
    return matter.authority if post_kind == "children_services" else matter.district


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody on duty now, with what they can do and what they carry."""

    id: int
    name: str
    rank: str
    post: str
    post_kind: str
    district: str
    from_at: datetime
    until_at: datetime
    lead: bool
    skills: tuple[str, ...]
    holding: int


def on_duty_now(*, at: datetime) -> tuple[OnDuty, ...]:
    """Everybody on duty, with how many open matters each answers for."""
    rows = Shift.objects.on(at).filter(from_at__gt=at - LONGEST_SHIFT)
    rows = rows.select_related("user", "post__district").order_by("post__kind", "post__code", "-lead", "user__name")
    held = dict(Matter.objects.filter(is_open=True, holder__isnull=False).values_list("holder").annotate(n=Count("pk")))
    return tuple(
        OnDuty(
            id=row.user_id,
            name=row.user.name,
            rank=row.user.rank,
            post=row.post.title,
            post_kind=row.post.kind,
            district=row.post.district.code if row.post.district else "",
            from_at=row.from_at,
            until_at=row.until_at,
            lead=row.lead,
            skills=tuple(row.user.skills),
            holding=held.get(row.user_id, 0),
        )
        for row in rows
    )


def offers_to(*, user_id: int) -> QuerySet[Handover]:
    """Matters offered to somebody and not yet answered."""
    return Handover.objects.filter(receiver_id=user_id, state="offered").select_related("matter__person", "giver").order_by("offered_at")


def offers_from(*, user_id: int) -> QuerySet[Handover]:
    """Matters somebody has offered and still answers for."""
    return Handover.objects.filter(giver_id=user_id, state="offered").select_related("matter__person", "receiver").order_by("offered_at")


def covers(*, user_id: int, at: datetime) -> bool:
    """True when the person is on duty at the instant."""
    return Shift.objects.on(at).filter(user_id=user_id).exists()


def review_obligations(*, from_at: datetime, until: datetime, district: str = "") -> QuerySet[Obligation]:
    """The supervisor reviews owed in a span of time, each with its one person."""
    rows = Obligation.objects.filter(satisfied_by="review_recorded", due_at__gte=from_at, due_at__lt=until)
    if district:
        rows = rows.filter(matter__district=district)
    return rows.select_related("owed_by", "matter").order_by("due_at", "pk")


def people() -> QuerySet[User]:
    """Everybody who can be offered something."""
    return User.objects.filter(is_active=True).order_by("name")


def people_choices() -> tuple[tuple[int, str], ...]:
    """Everybody who can be put on a shift."""
    return tuple((user.pk, f"{user.name}, {user.rank}" if user.rank else user.name) for user in people())


def post_choices() -> tuple[tuple[int, str], ...]:
    """Every post there is."""
    return tuple((row.pk, row.title) for row in Post.objects.order_by("title", "code"))


def with_a_shift(*, user_id: int, at: datetime) -> User | None:
    """Somebody who is on duty, or soon will be; None for anybody else."""
    has = Shift.objects.standing(at).filter(user_id=user_id, until_at__gt=at).exists()
    return User.objects.filter(pk=user_id).first() if has else None


def work_with(*, user_id: int) -> QuerySet[Task]:
    """The open tasks somebody has."""
    return Task.objects.filter(assignee_id=user_id, is_open=True).select_related("matter").order_by("due_at")


def names(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of members of staff, by id; no query where none is asked for."""
    wanted = {pk for pk in ids if pk is not None}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def authorities() -> dict[str, str]:
    """The names of the local authorities, by code."""
    return dict(Authority.objects.order_by("name").values_list("code", "name"))


def handover(*, pk: int) -> Handover | None:
    """One offer."""
    return Handover.objects.filter(pk=pk).select_related("matter__person", "giver", "receiver").first()


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One supervisor review that was owed."""

    matter_id: int | None
    started_at: datetime
    due_at: datetime
    owed_by: str
    because: str
    done_at: datetime | None
    outcome: str


def review_ledger(*, from_at: datetime, until: datetime) -> tuple[ReviewLine, ...]:
    """Reviews owed in a span: done, late, missed or no longer owed; the denominator is what was due, never what was recorded."""
    return tuple(
        ReviewLine(
            matter_id=row.matter_id,
            started_at=row.started_at,
            due_at=row.due_at,
            owed_by=row.owed_by.name,
            because=row.because,
            done_at=row.done_at,
            outcome=_outcome(row),
        )
        for row in review_obligations(from_at=from_at, until=until).order_by("-due_at", "pk")
    )


def _outcome(row: Obligation) -> str:
    if row.done_at is not None:
        return "done" if row.done_at <= row.due_at else "late"
    # Taken off the lists after it fell due, it was missed; before, it was no longer owed.
    return "not owed" if row.cancelled_at is not None and row.cancelled_at < row.due_at else "missed"


def missed_by_person(lines: tuple[ReviewLine, ...]) -> list[tuple[str, int, int]]:
    """Each person with how many reviews they owed and how many of those were missed, most missed first."""
    owed: Counter[str] = Counter(line.owed_by for line in lines if line.outcome != "not owed")
    missed: Counter[str] = Counter(line.owed_by for line in lines if line.outcome == "missed")
    return sorted(((name, count, missed[name]) for name, count in owed.items()), key=lambda row: (-row[2], row[0]))


def receivers(*, at: datetime, but: int | None) -> tuple[tuple[int, str], ...]:
    """Who a matter can be offered to: those on duty first, then everybody who may answer."""
    now = {row.user_id: row.post.title for row in Shift.objects.on(at).select_related("post")}
    soon = {
        row.user_id: row.post.title
        for row in Shift.objects.standing(at).filter(from_at__gt=at, from_at__lte=at + timedelta(hours=12)).select_related("post")
    }
    able = [user for user in people() if user.pk != but and (user.pk in now or user.pk in soon)]
    able.sort(key=lambda user: (user.pk not in now, user.name))
    return tuple(
        (user.pk, f"{user.name}, {now.get(user.pk) or soon.get(user.pk)}{'' if user.pk in now else ' (comes on later)'}") for user in able
    )
