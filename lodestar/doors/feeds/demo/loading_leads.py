"""Who is linked to whom, in the demonstration: one invented man, a hotel and a phone, and the lead that the night's look raises."""

from __future__ import annotations

from datetime import date, timedelta

from lodestar.actions import leads
from lodestar.actions.matters import involving
from lodestar.core.access.scope import Actor
from lodestar.core.matters.involved import Statement
from lodestar.core.reports.draft import Subject
from lodestar.doors.feeds.demo.stage import Loading
from lodestar.store.queries import access, networks
from lodestar.store.queries.desks import matters_of

MAN = Subject(given_name="Denis", family_name="Crake", birth_date=date(1984, 2, 3), sex="male", postcode="ZZ9 9QX")
HOTEL, PHONE = "Mere Lodge Hotel, 4 Causeway, ZZ4 9ZZ", "07700 900456"
DAY = timedelta(days=1)
NEEDED = 3
# For each child: how many days ago, what is said, and by whom. The first two name him; a phone and a hotel join the rest.
SAID = (
    ((2.0, "man", "", "Her school"), (1.5, "place", HOTEL, "Housing officer")),
    ((1.5, "man", "", "Youth worker"), (1.2, "phone", PHONE, "Her own account"), (1.0, "place", HOTEL, "Hotel staff")),
    ((0.8, "phone", PHONE, "Her mother"),),
)


def load_leads(one: Loading) -> None:
    """Name him, the hotel and the phone in the records of children who went missing this year, then look as the night does."""
    actor = _sergeant(one)
    matters = matters_of(actor=actor, kind="exploitation")
    gone = networks.missing_since([row.person_id for row in matters], since=one.now - 300 * DAY)
    chosen = [row for row in matters if row.person_id in gone][:NEEDED]
    for row, told in zip(chosen, SAID, strict=False):
        for ago, kind, value, source in told:
            statement = Statement("fact", source)
            at = max(row.opened_at, one.now - ago * DAY)
            if kind == "man":
                involving.involve_person(
                    actor=actor, matter_id=row.pk, subject=MAN, role="adult_of_concern", statement=statement, from_at=at, now=one.now
                )
            else:
                said = "The child says that it is his" if kind == "phone" else "The child was fetched from there"
                involving.mention_thing(
                    actor=actor, matter_id=row.pk, kind=kind, value=value, said=said, statement=statement, at=at, now=one.now
                )
    leads.look(actor=one.actor, now=one.now)


def _sergeant(one: Loading) -> Actor:
    """Whoever answers for the hub now."""
    person = next(row.username for row in one.demo.staff if row.role == "hub_sergeant")
    user = access.user_named(username=person)
    assert user is not None  # noqa: S101 - loaded just before
    return access.actor_for(user=user, at=one.now, door="demo")
