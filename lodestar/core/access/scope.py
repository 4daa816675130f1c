"""Who is asking, and which children they may see.

An actor holds grants. A grant is one role with its permissions and its reach. Something is allowed only when
a single grant holds both the permission and the reach: two narrow roles never add up to a wide one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lodestar.core.access.permissions import Permission
from lodestar.core.words import Refusal


class Reach(StrEnum):
    """How far a grant goes."""

    FORCE = "force"  # every child's matter in the force
    OPEN = "open"  # matters open now, whole force; nothing closed
    DISTRICT = "district"  # matters of the named districts
    AUTHORITY = "authority"  # children the named local authority is responsible for
    ASSIGNED = "assigned"  # matters held by, with a task for, or on offer to this person
    NONE = "none"  # no child's record at all


@dataclass(frozen=True, slots=True)
class MatterPlace:
    """The few facts that decide whether a matter is in somebody's reach."""

    district: str
    authority: str
    is_open: bool
    people: frozenset[int] = frozenset()  # the holder, those with a task on it, and whom it is offered to
    kind: str = ""  # the kind of matter; empty for what is of no one kind: a child, a report


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held: its permissions and its reach, over the kinds of matter it is about.

    A role that reaches one kind of matter further than another is held as several grants, one for each reach.
    """

    role: str
    permissions: frozenset[str]
    reach: Reach
    places: frozenset[str] = frozenset()  # districts or authorities, by reach
    kinds: frozenset[str] | None = None  # kinds of matter, "" for what is of none; None is all of them

    def covers(self, *, place: MatterPlace, actor_id: int | None) -> bool:
        """True when the matter is of a kind this grant is about, and in its reach."""
        if self.kinds is not None and place.kind not in self.kinds:
            return False
        match self.reach:
            case Reach.FORCE:
                return True
            case Reach.OPEN:
                return place.is_open
            case Reach.DISTRICT:
                return place.district in self.places or actor_id in place.people
            case Reach.AUTHORITY:
                return place.authority in self.places
            case Reach.ASSIGNED:
                return actor_id in place.people
        return False


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person at a page, a machine at the API, or the system's own minute job."""

    id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    door: str = "web"
    request_id: str = ""
    agency: str = ""
    permissions: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        held = frozenset().union(*(grant.permissions for grant in self.grants)) if self.grants else frozenset()
        object.__setattr__(self, "permissions", held)

    @property
    def roles(self) -> tuple[str, ...]:
        """The codes of the roles held, in order."""
        return tuple(dict.fromkeys(grant.role for grant in self.grants))

    def may(self, permission: str, place: MatterPlace | None = None) -> bool:
        """True when one grant holds the permission and, where a matter is meant, reaches it."""
        holding = (grant for grant in self.grants if permission in grant.permissions)
        return any(place is None or grant.covers(place=place, actor_id=self.id) for grant in holding)

    def reaches_all(self, permission: str, *kinds: str) -> bool:
        """True when one grant holds the permission over the whole force and these kinds: where one of them lies need not be asked."""
        return any(
            grant.reach == Reach.FORCE and (grant.kinds is None or grant.kinds.issuperset(kinds)) for grant in self.grants_with(permission)
        )

    def grants_with(self, permission: str) -> tuple[Grant, ...]:
        """The grants that hold the permission: what a query must reach through."""
        return tuple(grant for grant in self.grants if permission in grant.permissions)


def refuse_unless(*, actor: Actor, permission: str) -> Refusal | None:
    """A step without its permission is refused with the sentence a person can act on."""
    if actor.may(permission):
        return None
    return Refusal(
        code="access.not_permitted",
        sentence="Your role does not include this. Ask a supervisor who holds it, or the system administrator.",
    )


def system_actor(door: str) -> Actor:
    """The system itself, for sweeps and seals: named in the audit as the system, never as a person."""
    everything = frozenset(str(permission) for permission in Permission)
    return Actor(id=None, name="Lodestar", grants=(Grant("system", everything, Reach.FORCE),), door=door)


@dataclass(frozen=True, slots=True)
class Further:
    """One kind of matter that a role reaches by a reach of its own, and what more it may do there and nowhere else."""

    kind: str
    reach: Reach
    permissions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Role:
    """One role as the playbook defines it."""

    code: str
    title: str
    sentence: str
    reach: Reach
    own: frozenset[str]  # what it may do to every kind of matter it is about
    kinds: frozenset[str] = frozenset()  # the kinds of matter it sees by its reach
    further: tuple[Further, ...] = ()

    @property
    def permissions(self) -> frozenset[str]:
        """Everything the role may do to some kind of matter."""
        return self.own.union(*(more.permissions for more in self.further))

    def grants(self, places: frozenset[str] = frozenset()) -> tuple[Grant, ...]:
        """The grants that holding this role over these places amounts to."""
        first = Grant(self.code, self.own, self.reach, places, self.kinds | {""})
        rest = (Grant(self.code, self.own | more.permissions, more.reach, places, frozenset({more.kind})) for more in self.further)
        return (first, *rest)


def role_from(code: str, table: Mapping[str, object]) -> Role:
    """Read a role from its playbook table; an unknown permission or reach stops the start."""
    permissions, kinds, further = table["permissions"], table["kinds"], table.get("further", {})
    if not isinstance(permissions, list | tuple) or not isinstance(kinds, list | tuple) or not isinstance(further, Mapping):
        raise ValueError(f"role {code}: permissions and kinds must be lists, further a table of kinds")
    return Role(
        code=code,
        title=str(table["title"]),
        sentence=str(table["sentence"]),
        reach=Reach(str(table["reach"])),
        own=frozenset(str(Permission(name)) for name in permissions),
        kinds=frozenset(str(kind) for kind in kinds),
        further=tuple(
            Further(str(kind), Reach(str(more["reach"])), frozenset(str(Permission(name)) for name in more["permissions"]))
            for kind, more in further.items()
        ),
    )
