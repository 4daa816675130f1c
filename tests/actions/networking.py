"""A man, a hotel and a phone, and three children who went missing: what the tests of networks and their journey look at."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lodestar.actions import reports
from lodestar.actions.matters import involving
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.matters.involved import Statement
from lodestar.core.reports.draft import Subject
from lodestar.store.models import Matter, Person
from tests.actions.conftest import HOUR, Force

HOTEL = "The Fen Lodge Hotel"


def number_of(family: str) -> int:
    """A number that no other family of these tests has: in one world nobody's phone, birth date or address is like another's."""
    return sum(ord(letter) * place for place, letter in enumerate(family, start=1))


def phone_of(family: str) -> str:
    """Its telephone number."""
    return f"07700 9{number_of(family) % 100_000:05}"


def postcode_of(area: int, number: int) -> str:
    """A postcode that hangs on a number."""
    letters = "BDEFGHJLN"
    return f"CB{area} {number % 10}{letters[number // 10 % 9]}{letters[number // 90 % 9]}"


def child(given: str, family: str = "Vale", year: int = 2011) -> Subject:
    number = number_of(family)
    return Subject(
        given_name=given,
        family_name=family,
        birth_date=date(year, ord(given[1]) % 12 + 1, 3 * len(given) + 2 + number % 8),
        responsible_authority="shire",
        postcode=postcode_of(len(given), number + ord(given[0])),
    )


def man(family: str = "Crake") -> Subject:
    number = number_of(family)
    born = date(1970 + number % 20, number // 20 % 12 + 1, number % 28 + 1)
    return Subject(given_name="Denis", family_name=family, birth_date=born, postcode=postcode_of(9, number))


def missing(force: Force, subject: Subject, at: datetime) -> Matter:
    """A child reported missing."""
    number = f"N-{subject.given_name}-{subject.family_name}-{at:%Y%m%d}"
    return force.report(at, external_id=number, subject=subject, since_from=at - HOUR, since_to=at - HOUR)


def concern(force: Force, subject: Subject, at: datetime) -> Matter:
    """An open record of exploitation of a child."""
    number = f"X-{subject.given_name}-{subject.family_name}"
    draft = force.draft(
        kind="exploitation",
        source="Lodestar, Exploitation",
        external_id=number,
        subject=subject,
        reported_at=at,
        recorded_at=at,
        since_from=None,
        since_to=None,
    )
    said = {"concern": "A phone nobody bought her", "source": "Her school", "safe_now": "yes"}
    held = Person.objects.get(given_name=subject.given_name, family_name=subject.family_name)
    with perform("report.received", actor=force.actor("hazel", at), now=at, permission=P.REPORTS_RECEIVE) as act:
        return reports.receive_about(act, draft=draft, raw=number, person=held, reason="From her own record", opening=said)


def named(force: Force, matter: Matter, subject: Subject, at: datetime, *, source: str, role: str = "adult_of_concern", **more: str) -> int:
    """Somebody is named in a matter."""
    statement = Statement(more.get("nature", "fact"), source, more.get("grading", ""))
    return involving.involve_person(
        actor=force.actor("hazel", at), matter_id=matter.pk, subject=subject, role=role, statement=statement, from_at=at, now=at
    )


def seen_at(force: Force, matter: Matter, value: str, at: datetime, *, source: str, kind: str = "place", grading: str = "") -> int:
    """A matter speaks of a thing."""
    statement = Statement("fact", source, grading)
    return involving.mention_thing(
        actor=force.actor("hazel", at), matter_id=matter.pk, kind=kind, value=value, said="Seen there", statement=statement, at=at, now=at
    )


def a_man_and_three_children(force: Force, now: datetime, family: str = "Vale") -> list[Matter]:
    """Three children, each missing and each with a record of exploitation: he is named in two, a hotel is in two and his phone in one."""
    made = []
    for place, given in enumerate(("Nell", "Ida", "Wren")):
        subject, at = child(given, family, 2011 + place), now - timedelta(days=4 - place)
        missing(force, subject, at)
        made.append(concern(force, subject, at + HOUR))
    adult = man(f"Crake{family}")
    named(force, made[0], adult, now - timedelta(days=2), source="Her school")
    named(force, made[1], adult, now - timedelta(days=2), source="Housing officer")
    seen_at(
        force,
        made[1],
        phone_of(family),
        now - timedelta(days=2),
        source="Her own account",
        kind="phone",
    )
    seen_at(
        force,
        made[2],
        phone_of(family),
        now - timedelta(days=1),
        source="Her mother",
        kind="phone",
    )
    for matter in made[1:]:
        seen_at(force, matter, f"{HOTEL}, {family}", now - timedelta(days=1), source=f"Hotel staff {matter.pk}")
    return made
