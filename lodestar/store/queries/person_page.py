"""One child as their page shows them, and identity questions within reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lodestar.core.access.scope import Actor
from lodestar.store.models import Link, LinkQuestion, Matter, Person
from lodestar.store.queries import audit, people
from lodestar.store.queries.access import in_reach, place_of
from lodestar.store.queries.audit import Look


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything the page needs, as values."""

    facts: dict[str, object]
    matters: tuple[Matter, ...]
    links: tuple[Link, ...]
    looks: tuple[Look, ...]


def person_page(person: Person, *, actor: Actor) -> PersonPage:
    """A child's matters within reach, every report and how it was joined, and who has looked."""
    matters = Matter.objects.filter(person=person).filter(in_reach(actor=actor, permission="matters.read")).select_related("holder")
    links = Link.objects.filter(person=person).select_related("report", "by").order_by("-at")
    return PersonPage(
        facts=people.person_facts(person),
        matters=tuple(matters.order_by("-reported_at")),
        links=tuple(links),
        looks=tuple(audit.about(kind="person", pk=person.pk, most=30)),
    )


def within_reach(*, actor: Actor, people: Iterable[Person]) -> list[Person]:
    """The people this actor may read."""
    return [person for person in people if actor.may("people.read", place_of(person))]


def questions_in_reach(*, actor: Actor) -> list[LinkQuestion]:
    """Identity questions waiting, oldest first, within reach."""
    rows = LinkQuestion.objects.filter(state="waiting").select_related("report", "provisional").order_by("asked_at")[:200]
    return [row for row in rows if actor.may("people.link", place_of(row.report))]


def names(ids: Iterable[int]) -> dict[int, str]:
    """The names of people, by id."""
    rows = Person.objects.filter(pk__in=list(ids))
    return {row.pk: f"{row.given_name} {row.family_name}" for row in rows}
