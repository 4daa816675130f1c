"""One child as their page shows them, across every desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.matters.kinds import desk
from lodestar.store.models import EngagementLook, Involvement, Link, Matter, Obligation, Person
from lodestar.store.queries import audit, clocks, engagements, people
from lodestar.store.queries.access import in_reach
from lodestar.store.queries.audit import LastLook
from lodestar.store.queries.clocks import Owed
from lodestar.store.queries.hits import Line as HitLine
from lodestar.store.queries.hits import open_about
from lodestar.store.queries.timeline import Line, timeline

LOOKS = 30  # how many of those who looked are shown


@dataclass(frozen=True, slots=True)
class InMatter:
    """One matter that a person is in, the desk it is on, and in which roles."""

    matter: Matter
    desk: str
    roles: tuple[str, ...]  # "" is left out: whom the matter is about needs no role

    @property
    def is_about(self) -> bool:
        """True where the matter is about this person, not only one they are named in."""
        return not self.roles


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything the page needs, as values."""

    facts: dict[str, object]
    matters: tuple[InMatter, ...]
    owed: tuple[Owed, ...]
    timeline: tuple[Line, ...]
    links: tuple[Link, ...]  # ``counts`` says of each whether it is the last of its report: that alone can be undone
    looks: tuple[LastLook, ...]
    hits: tuple[HitLine, ...]  # what the detectors found and is open about them
    withheld: int  # engagements of kinds that the reader's role does not read

    @property
    def open_now(self) -> tuple[InMatter, ...]:
        """What is open about them, most pressing first."""
        return tuple(sorted((item for item in self.matters if item.matter.is_open), key=lambda item: (item.matter.tier, item.matter.pk)))

    @property
    def ended(self) -> tuple[InMatter, ...]:
        """What has ended, newest first."""
        return tuple(item for item in self.matters if not item.matter.is_open)

    @property
    def references(self) -> dict[int, str]:
        """Each matter's reference and desk, for the lines of the timeline."""
        return {item.matter.pk: f"{item.matter.reference}, {item.desk}" for item in self.matters}


def person_page(person: Person, *, actor: Actor, at: datetime) -> PersonPage:
    """One child across every desk within reach: what is open, who answers, what is owed, what happened, and who has looked.

    A number of queries that does not grow with the child's history.
    """
    matters = _matters(person, actor)
    about = [item.matter for item in matters if item.is_about]
    named_in = [item.matter for item in matters if not item.is_about]
    later = Link.objects.filter(report=OuterRef("report"), number__gt=OuterRef("number"))
    links = Link.objects.filter(person=person).annotate(counts=~Exists(later)).select_related("by").order_by("-at")
    stated, withheld = engagements.of_person(person.pk, actor=actor)
    lines = (*timeline(about, naming=person.pk, named_in=named_in), *stated)
    return PersonPage(
        facts=people.person_facts(person),
        matters=matters,
        owed=_owed(person, about, named_in, at),
        timeline=tuple(sorted(lines, key=lambda line: (line.at, line.recorded_at or line.at), reverse=True)) if stated else lines,
        links=tuple(links),
        looks=audit.last_looks(child=person.pk, matters=[matter.pk for matter in about], most=LOOKS),
        hits=open_about(person.pk, matters=[item.matter for item in matters], at=at),
        withheld=withheld,
    )


def _matters(person: Person, actor: Actor) -> tuple[InMatter, ...]:
    roles: dict[int, list[str]] = {}
    for matter_id, role in Involvement.objects.filter(person=person).values_list("matter_id", "role"):
        roles.setdefault(matter_id, []).append(role)
    wanted = Matter.objects.filter(Q(person=person) | Q(pk__in=roles)).filter(in_reach(actor=actor, permission=Permission.MATTERS_READ))
    return tuple(
        InMatter(
            matter=row,
            desk=desk(kind=row.kind).title,
            roles=() if row.person_id == person.pk else tuple(desk(kind=row.kind).roles.get(role, role) for role in roles[row.pk]),
        )
        for row in wanted.select_related("holder").order_by("-reported_at", "-pk")
    )


def _owed(person: Person, about: list[Matter], named_in: list[Matter], at: datetime) -> tuple[Owed, ...]:
    """What is owed on the matters about them, and of those they are named in only what is owed about them."""
    theirs = list(Involvement.objects.filter(matter__in=named_in, person=person).values_list("pk", flat=True))  # a list is found by index
    looks = list(EngagementLook.objects.filter(state="waiting", stated__report__links__person=person).values_list("pk", flat=True))
    wanted = (
        Q(matter__in=about) | Q(subject_kind="involvement", subject_id__in=theirs) | Q(subject_kind="engagement_look", subject_id__in=looks)
    )
    rows = Obligation.objects.filter(wanted, is_open=True).select_related("owed_by").prefetch_related("pauses")
    return tuple(clocks.as_owed(row, at=at) for row in rows.order_by("due_at", "pk"))
