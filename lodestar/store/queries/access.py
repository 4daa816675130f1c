"""Who somebody is to Lodestar, and what lies in their reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import cache, singledispatch
from hashlib import sha256
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, Q, QuerySet

from lodestar.core.access.leaving import Carried
from lodestar.core.access.scope import Actor, Grant, MatterPlace, Reach, Role, role_from
from lodestar.core.detectors.hits import OPEN
from lodestar.core.matters.kinds import DESKS
from lodestar.core.networks.leads import RAISED
from lodestar.core.times import local_date
from lodestar.store.models import (
    ApiClient,
    Authority,
    Commitment,
    CrewMember,
    Disclosure,
    District,
    Downgrade,
    EngagementLook,
    Handover,
    Hit,
    Inspection,
    Involvement,
    Lead,
    LinkQuestion,
    Matter,
    News,
    Obligation,
    Person,
    Report,
    RoleGrant,
    SampledCase,
    Shift,
    Task,
    Transfer,
    User,
)
from lodestar.store.playbooks import playbook
from lodestar.store.queries import kept
from lodestar.store.queries.journeys import together
from lodestar.store.queries.plain_sql import ask_planned, instant
from lodestar.store.queries.wire import Rows


def roles(at: datetime) -> dict[str, Role]:
    """The roles in force on the day, by code."""
    return _roles_on(local_date(at))


@cache
def _roles_on(day: date) -> dict[str, Role]:
    block = playbook("ACCESS-ROLES").in_force(day)
    return {code: role_from(code, table) for code, table in block.values["roles"].items()}


def places_for(*, role: str, at: datetime) -> list[str] | None:
    """The codes of the places that a role may be given over, by its reach; None where its reach asks for no place."""
    known = roles(at).get(role)
    models: dict[Reach, type[District] | type[Authority]] = {Reach.DISTRICT: District, Reach.AUTHORITY: Authority}
    model = models.get(known.reach) if known else None
    return None if model is None else list(model._default_manager.order_by("code").values_list("code", flat=True))


def actor_for(*, user: User, at: datetime, door: str, request_id: str = "", held: Rows | None = None) -> Actor:
    """The actor that a signed-in person is at this instant: every role grant not ended, asked for here where it was not just now."""
    if held is None:
        held = holding(user_id=user.pk, at=at)()
    return _acting(user, held, at=at, door=door, request_id=request_id)


def _acting(user: User, held: Rows, *, at: datetime, door: str, request_id: str) -> Actor:
    known = roles(at)
    grants = tuple(grant for role, places in held if role in known for grant in known[role].grants(frozenset(places)))
    return Actor(id=user.pk, name=user.name, grants=grants, door=door, request_id=request_id, agency=user.agency)


def holding(*, user_id: int, at: datetime) -> Callable[[], Rows]:
    """The roles somebody holds and the places of each: it may go with the next thing asked."""
    return kept.soon(_holding, user_id, at)


def _holding(user: int, at: datetime) -> Any:
    return RoleGrant.objects.filter(_begun_by(at), user_id=user).order_by("pk").values_list("role", "places")


def _begun_by(at: datetime) -> Q:
    return Q(from_at__lte=at) & (Q(until_at=None) | Q(until_at__gt=at))


def account(*, pk: int) -> Callable[[], User | None]:
    """Somebody's account by its number, which every page asks for: it may go with the next thing asked."""
    return kept.row_soon(User, pk)


def session_data(*, key: str, at: datetime) -> str | None:
    """What a session that has not run out holds, signed; every page asks."""
    words = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
    found = ask_planned("session_held", words, [key, instant(at)])
    return found[0][0] if found else None


def actor_for_api_key(*, key: str, at: datetime, door: str, request_id: str = "") -> Actor | None:
    """The actor that a machine is at this instant, in one journey; None for a key that is unknown or revoked."""
    digest = sha256(key.encode()).hexdigest()
    with together():
        held = kept.soon(_holding_behind, digest, at)
        found = kept.found(_behind, digest)
    if not found:
        return None
    user = User.from_db(DEFAULT_DB_ALIAS, ("id", "name", "agency"), found[0])
    return _acting(user, held(), at=at, door=door, request_id=request_id)


def _holding_behind(digest: str, at: datetime) -> Any:
    clients = ApiClient.objects.filter(key_digest=digest)
    return RoleGrant.objects.filter(_begun_by(at), user_id__in=clients.values("user_id")).order_by("pk").values_list("role", "places")


def _behind(digest: str) -> Any:
    clients = ApiClient.objects.filter(key_digest=digest, revoked_at=None, user__is_active=True)
    return clients.values_list("user_id", "user__name", "user__agency")


def in_reach(*, actor: Actor, permission: str) -> Q:
    """The condition on matters that this actor may touch with this permission: one query however many roles."""
    reach = Q(pk__in=())
    for grant in actor.grants_with(permission):
        within = _within(grant, actor)
        if within is None:
            continue
        everything = grant.kinds is None or grant.kinds >= DESKS.keys()
        if everything and not within:
            return Q()
        reach |= within if everything else within & Q(kind__in=sorted(grant.kinds or ()))
    return reach


def _within(grant: Grant, actor: Actor) -> Q | None:
    """A grant's reach as a condition, whatever the kind of matter; None where it reaches nothing."""
    match grant.reach:
        case Reach.FORCE:
            return Q()
        case Reach.OPEN:
            return Q(is_open=True)
        case Reach.DISTRICT:
            return Q(district__in=sorted(grant.places)) | _assigned(actor)
        case Reach.AUTHORITY:
            return Q(authority__in=sorted(grant.places))
        case Reach.ASSIGNED:
            return _assigned(actor)
    return None


def _assigned(actor: Actor) -> Q:
    """What is this person's by name: held, worked on, or on offer to them. ``place_of`` says the same of one matter."""
    mine = Task.objects.filter(assignee_id=actor.id, is_open=True).values("matter_id")
    along = CrewMember.objects.filter(assignee_id=actor.id, released_at=None).values("task__matter_id")
    offered = Handover.objects.filter(receiver_id=actor.id, state="offered").values("matter_id")
    return Q(holder_id=actor.id) | Q(pk__in=mine) | Q(pk__in=along) | Q(pk__in=offered)


def children_in_reach(*, actor: Actor, permission: str) -> Q:
    """The condition on children that this actor may read with this permission; ``place_of`` says the same of one child."""
    reach = Q(pk__in=())
    for grant in actor.grants_with(permission):
        if grant.kinds is None or "" in grant.kinds:
            reach |= _child_within(grant, actor)
    return reach


def _child_within(grant: Grant, actor: Actor) -> Q:
    match grant.reach:
        case Reach.FORCE:
            return Q(pk__isnull=False)
        case Reach.OPEN:
            return _spoken_of(Q(holder__isnull=False))
        case Reach.DISTRICT:
            return Q(district__in=sorted(grant.places)) | _spoken_of(Q(holder_id=actor.id))
        case Reach.AUTHORITY:
            return Q(authority__in=sorted(grant.places))
        case Reach.ASSIGNED:
            return _spoken_of(Q(holder_id=actor.id))
    return Q(pk__in=())


def _spoken_of(held: Q) -> Q:
    """Children whom an open matter is about or names, where the matter is held so."""
    matters = Matter.objects.filter(held, is_open=True)
    named = Involvement.objects.filter(until_at=None, matter_id__in=matters.values("pk"))
    return Q(pk__in=matters.values("person_id")) | Q(pk__in=named.values("person_id"))


def with_person(user_id: int) -> Q:
    """The condition on tasks that somebody has, alone or in a crew."""
    along = CrewMember.objects.filter(assignee_id=user_id, released_at=None).values("task_id")
    return Q(assignee_id=user_id) | Q(pk__in=along)


@singledispatch
def place_of(row: Model) -> MatterPlace | None:  # noqa: ARG001 - the registered ones read it
    """Where a row lies for the question of reach; None for rows that concern no child."""
    return None


@place_of.register
def _(row: Matter) -> MatterPlace:
    workers = set(row.tasks.filter(is_open=True, assignee__isnull=False).values_list("assignee_id", flat=True))
    along = set(CrewMember.objects.filter(task__matter=row, released_at=None).values_list("assignee_id", flat=True))
    offered = set(row.handovers.filter(state="offered").values_list("receiver_id", flat=True))
    people = frozenset(workers | along | offered | ({row.holder_id} if row.holder_id else set()))
    return MatterPlace(row.district, row.authority, row.is_open, people, row.kind)


@place_of.register
def _(row: Report) -> MatterPlace:
    people = frozenset({row.received_by_id}) if row.received_by_id else frozenset()
    authority = str(row.subject.get("responsible_authority") or "")
    return MatterPlace(row.district, authority, is_open=True, people=people)


@place_of.register
def _(row: Person) -> MatterPlace:
    named = row.involvements.filter(until_at=None).values("matter_id")
    open_now = Matter.objects.filter(is_open=True).values_list("holder_id", flat=True)
    # Two questions in one: asked as "or", PostgreSQL reads every open matter there is.
    holders = frozenset(pk for pk in open_now.filter(person=row).union(open_now.filter(pk__in=named)) if pk)
    return MatterPlace(row.district, row.authority, is_open=bool(holders), people=holders)


@place_of.register
def _(row: Lead) -> MatterPlace:  # noqa: ARG001 - a lead names children of more than one place, so only whoever reaches the force has it
    return MatterPlace("", "", is_open=True)


@place_of.register(Obligation)
@place_of.register(SampledCase)
@place_of.register(Handover)
@place_of.register(Downgrade)
@place_of.register(Hit)
@place_of.register(Involvement)
@place_of.register(News)
@place_of.register(Task)
@place_of.register(Transfer)
@place_of.register(Disclosure)
def _(row: Model) -> MatterPlace | None:
    matter = getattr(row, "matter", None)
    return place_of(matter) if matter is not None else None


@place_of.register
def _(row: LinkQuestion) -> MatterPlace | None:
    return place_of(row.report)


@place_of.register
def _(row: EngagementLook) -> MatterPlace | None:
    """Where the child lies whom it is about, as the last link says, and whoever owes the look."""
    link = row.stated.report.links.order_by("-number").select_related("person").first()
    place = place_of(link.person) if link is not None else None
    owing = Obligation.objects.filter(subject_kind="engagement_look", subject_id=row.pk).values_list("owed_by_id", flat=True)
    return replace(place, people=place.people | set(owing)) if place is not None else None


def people_with_roles(*, at: datetime) -> list[tuple[User, list[RoleGrant]]]:
    """Everybody with an account, with the roles they hold now."""
    held: dict[int, list[RoleGrant]] = {}
    for grant in RoleGrant.objects.filter(from_at__lte=at).filter(Q(until_at=None) | Q(until_at__gt=at)):
        held.setdefault(grant.user_id, []).append(grant)
    return [(user, held.get(user.pk, [])) for user in User.objects.order_by("name")]


def person(*, user_id: int) -> User | None:
    """One account."""
    return User.objects.filter(pk=user_id).first()


def user_named(*, username: str) -> User | None:
    """The active account with this user name."""
    return User.objects.filter(username=username, is_active=True).first() if username else None


def anybody() -> bool:
    """True once anybody has an account."""
    return User.objects.exists()


def one_account_a_role(*, at: datetime) -> list[tuple[str, str, str]]:
    """One account for each role, on duty now where anybody is: title of the role, user name, name."""
    on_duty = set(Shift.objects.on(at).values_list("user_id", flat=True))
    grants = RoleGrant.objects.filter(until_at=None).select_related("user").order_by("pk")
    found = []
    for code, role in roles(at).items():
        held = [grant.user for grant in grants if grant.role == code]
        if held:
            user = min(held, key=lambda one: (one.pk not in on_duty, one.pk))
            found.append((role.title, user.username, user.name))
    return found


def has_second_step(user: User) -> bool:
    """True when the person has set up an app or a passkey; where the force asks for one, every page asks."""
    return bool(kept.found(_with_second_step, user.pk))


def _with_second_step(user: int) -> Any:
    return User.objects.filter(pk=user, authenticator__isnull=False).values_list("pk")


def carried(*, user_id: int, at: datetime) -> Carried:
    """Everything that is on somebody's name, as references."""

    def references(rows: QuerySet[Any]) -> tuple[str, ...]:
        return tuple(f"M-{pk}" for pk in rows.order_by("matter_id").values_list("matter_id", flat=True).distinct() if pk)

    held = Matter.objects.filter(is_open=True, holder_id=user_id).order_by("pk").values_list("pk", flat=True)
    owed = Obligation.objects.filter(owed_by_id=user_id, is_open=True).exclude(matter__holder_id=user_id, owed_post="holder")
    promised = Commitment.objects.filter(owner_id=user_id).exclude(state="withdrawn").order_by("pk").values_list("reference", flat=True)
    offers = Handover.objects.filter(Q(giver_id=user_id) | Q(receiver_id=user_id), state="offered")
    answered = Inspection.objects.filter(accountable_id=user_id).order_by("pk").values_list("reference", flat=True)
    return Carried(
        matters=tuple(f"M-{pk}" for pk in held),
        owed=(*references(owed), *(f"commitment {name}" for name in promised)),
        tasks=references(Task.objects.filter(with_person(user_id), is_open=True)),
        offers=references(offers),
        hits=references(Hit.objects.filter(owner_id=user_id, state=OPEN)),
        leads=tuple(f"lead {pk}" for pk in Lead.objects.filter(owner_id=user_id, state=RAISED).order_by("pk").values_list("pk", flat=True)),
        reports=tuple(answered),
        shifts=Shift.objects.standing(at).filter(user_id=user_id, until_at__gt=at).count(),
    )


def api_clients() -> list[ApiClient]:
    """Every machine's key that has not been revoked, by name."""
    return list(ApiClient.objects.filter(revoked_at=None).select_related("user").order_by("name"))


def api_client_named(*, name: str) -> ApiClient | None:
    """The machine of this name whose key still opens something."""
    return ApiClient.objects.filter(name=name, revoked_at=None).first()
