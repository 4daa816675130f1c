"""People as matching reads them, and whom a report may be about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.people.comparing import Field, compare
from lodestar.core.people.identifiers import Key, read_key
from lodestar.core.people.identity import Decision, Holder, Identity, Lookup, lookup
from lodestar.core.people.rules import LinkRules, link_rules
from lodestar.core.reports.draft import Subject
from lodestar.core.times import local_date
from lodestar.core.words import Caution
from lodestar.store.models import District, Link, LinkQuestion, Person, PersonKey, Report
from lodestar.store.playbooks import playbook
from lodestar.store.queries import access, kept
from lodestar.store.queries.journeys import Put, on_postgresql
from lodestar.store.queries.plain_sql import marks, name_for, put_planned

MOST = 40
AFTER_BAR = chr(ord("|") + 1)


def rules(*, at: datetime) -> LinkRules:
    """The linking rules in force."""
    return _rules(local_date(at))


@cache
def _rules(on: date) -> LinkRules:
    return link_rules(playbook("PEOPLE-LINKING"), on=on)


def identity_of(subject: Subject) -> tuple[Identity, tuple[Caution, ...]]:
    """Who a report says it is about; an identifier that fails its check is a caution and is not used."""
    read = [read_key(scheme=scheme, text=text, issuer=subject.responsible_authority) for scheme, text in subject.keys.items()]
    identity = Identity(
        given_name=subject.given_name,
        family_name=subject.family_name,
        birth_date=subject.birth_date,
        sex=subject.sex,
        address=subject.address,
        postcode=subject.postcode,
        phone=subject.phone,
        keys=tuple(sorted(key for key in read if isinstance(key, Key))),
    )
    return identity, tuple(item for item in read if isinstance(item, Caution))


def identity_of_person(person: Person) -> Identity:
    """Who a held person is."""
    live = (row for row in person.keys.all() if row.ended_at is None)
    keys = tuple(sorted(Key(row.scheme, row.value, row.issuer) for row in live))
    return Identity(
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        sex=person.sex,
        address=person.address,
        postcode=person.postcode,
        phone=person.phone,
        keys=keys,
    )


def subject_of(report: Report) -> Subject:
    """The subject as the report stated it."""
    return subject_from(report.subject)


def subject_from(kept: Mapping[str, Any]) -> Subject:
    """A subject as a report keeps it, read back."""
    stored = dict(kept)
    born = stored.get("birth_date")
    stored["birth_date"] = date.fromisoformat(born) if born else None
    return Subject(**stored)


def beside(report: Report, person: Person, *, at: datetime) -> tuple[Field, ...]:
    """Whom a report says it is about beside somebody on record: the fields that one of the two knows."""
    said, _ = identity_of(subject_of(report))
    fields = compare(subject=said, holder=Holder(person.pk, identity_of_person(person)), rules=rules(at=at))
    return tuple(one for one in fields if one.ours or one.theirs)


def candidates(said: Identity) -> Iterator[int]:
    """The numbers of everybody who may be the one, by indexed look-ups only; asked for with what is asked next.

    Each look-up is a select of its own and their union is taken: joined by OR, no index can serve them all and the
    database reads every child it knows.
    """
    asked = list(_lookups(lookup(said)))
    if not asked:
        return iter(())
    whole = f"{' UNION '.join(f'SELECT {words}' for words, _ in asked)} ORDER BY 1 LIMIT {MOST}"
    return _numbers(put_planned(name_for("candidates", whole), whole, [value for _, values in asked for value in values]))


def _numbers(asked: Put) -> Iterator[int]:
    for (pk,) in asked.rows():
        yield pk


def _lookups(find: Lookup) -> Iterator[tuple[str, Sequence[Any]]]:
    """Each look-up in SQL, and what it asks for; on PostgreSQL in the same words whatever it asks for, so that it is planned once."""
    people, as_date = f"id FROM {Person._meta.db_table} WHERE", connection.ops.adapt_datefield_value
    held = f"person_id FROM {PersonKey._meta.db_table} WHERE ended_at IS NULL AND"
    born = as_date(find.birth_date)
    for key in find.keys:
        yield f"{held} scheme = %s AND value = %s AND issuer = %s", (key.scheme, key.value, key.issuer)
    if find.name_keys:
        yield f"{people} name_key IN ({marks(find.name_keys)})", find.name_keys
    if find.family and find.birth_dates:
        yield _born_and_named(people, find.family, [as_date(day) for day in find.birth_dates])
    if find.birth_date and find.postcode:
        yield f"{people} birth_date = %s AND postcode = %s", (born, find.postcode)
    if find.birth_date and find.phone:
        yield f"{people} birth_date = %s AND phone = %s", (born, find.phone)


def _born_and_named(people: str, family: str, days: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """Whose name key begins with a family name and a bar: told as a range, letter by letter, which an index answers in a plan for any."""
    if on_postgresql():
        return f"{people} birth_date = ANY(%s) AND name_key ~>=~ %s AND name_key ~<~ %s", (days, f"{family}|", f"{family}{AFTER_BAR}")
    return f"{people} birth_date IN ({marks(days)}) AND name_key LIKE %s", (*days, f"{family}|%")  # folded: no sign of LIKE's


def decisions(report: Report) -> tuple[Decision, ...]:
    """What people have said about this report; it outranks every rule."""
    rows = Link.objects.filter(report=report, how="person").select_related("by").order_by("number")
    return tuple(Decision(row.person_id, row.joined, row.by.name if row.by else "", row.at, row.reason) for row in rows)


def current_link(report: Report) -> Link | None:
    """The link that counts: the last one, where it joins; with the report and whom it joins."""
    link = last_link(report.pk)()
    if link is not None:
        link.report, link.person = report, kept.of_number(Person, link.person_id)
    return link


def last_link(report_id: int) -> Callable[[], Link | None]:
    """The same alone, asked for with what is asked next."""
    asked = kept.rows_soon(_last_link, report_id)
    return lambda: next((link for link in asked() if link.joined), None)


def _last_link(report: int) -> QuerySet[Link]:
    return Link.objects.filter(report_id=report).order_by("-number")[:1]


def keys_since(person_id: int, at: datetime) -> Callable[[], list[PersonKey]]:
    """The identifiers that somebody has and was given at an instant or later; asked for with what is asked next."""
    return kept.rows_soon(_keys_since, person_id, at)


def _keys_since(person: int, at: datetime) -> QuerySet[PersonKey]:
    return PersonKey.objects.filter(person_id=person, ended_at=None, from_at__gte=at)


def is_held(key: Key) -> bool:
    """True where an identifier is somebody's now."""
    return bool(kept.found(_holding, key.scheme, key.value, key.issuer))


def _holding(scheme: str, value: str, issuer: str) -> Any:
    return PersonKey.objects.filter(scheme=scheme, value=value, issuer=issuer, ended_at=None).values_list("pk")


def authority_of(district: str) -> str:
    """The local authority of a district; none of no district."""
    if not district:
        return ""
    row = District.objects.filter(code=district).select_related("authority").first()
    return row.authority.code if row else ""


def asked_about(*, person_id: int) -> list[int]:
    """The questions about who this child is that wait for a person, oldest first."""
    return list(LinkQuestion.objects.filter(provisional_id=person_id, state="waiting").order_by("asked_at").values_list("pk", flat=True))


def question(*, pk: int) -> LinkQuestion | None:
    """One identity question."""
    return LinkQuestion.objects.filter(pk=pk).select_related("report", "provisional").first()


def search(*, actor: Actor, name: str, birth_date: date | None, most: int = 50) -> list[Person]:
    """The first people by name or date of birth whom this actor may read, for somebody answering a call."""
    mine = access.children_in_reach(actor=actor, permission=P.PEOPLE_READ)
    return list(named(name=name, birth_date=birth_date).filter(mine).order_by("family_name", "given_name")[:most])


def named(*, name: str, birth_date: date | None) -> QuerySet[Person]:
    """Everybody of whom each word begins one of the names; nobody where nothing is asked. Each way of it has its index."""
    wanted = Q()
    for word in name.split()[:4]:
        wanted &= Q(given_name__istartswith=word) | Q(family_name__istartswith=word)
    if birth_date is not None:
        wanted &= Q(birth_date=birth_date)
    return Person.objects.filter(wanted) if wanted else Person.objects.none()
