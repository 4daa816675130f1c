"""A year of missing children for the tests that read measures: eleven steady months, and a last whole month that went wrong."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lodestar.actions import known
from lodestar.core.times import local_date
from lodestar.store.guard import writing
from lodestar.store.models import Matter, Person

CHILDREN, EACH_MONTH = 24, 30
STEADY, WRONG = (27, 26, 28, 27, 26, 27, 28, 26, 27, 28, 27), 12  # found within a day, of thirty
DISTRICTS = ("north", "south")


def a_year_of_missing(*, now: datetime) -> None:
    """Thirty episodes in each of the last twelve whole months, of two dozen children in two districts."""
    with writing():
        children = [_child(number, now) for number in range(CHILDREN)]
        made = Matter.objects.bulk_create([_matter(children, *place, now=now) for place in _places(now)])
        known.came(children, now=now)
        known.remember(matters={row.pk for row in made}, obligations=(), now=now)


def _places(now: datetime) -> list[tuple[datetime, int, bool]]:
    first = local_date(now).replace(day=1)
    rows = []
    for back, found in zip(range(12, 0, -1), (*STEADY, WRONG), strict=True):
        month = first.year * 12 + first.month - 1 - back
        begin = datetime(month // 12, month % 12 + 1, 2, 12, tzinfo=now.tzinfo)
        rows += [(begin + timedelta(hours=20 * number), number, number < found) for number in range(EACH_MONTH)]
    return rows


def _child(number: int, now: datetime) -> Person:
    return Person.objects.create(
        given_name=f"Wren{number}", family_name="Yearling", birth_date=date(2013, 1, 1 + number), district=DISTRICTS[number % 2],
        name_key=f"wren{number} yearling", created_at=now - timedelta(days=400),
    )  # fmt: skip


def _matter(children: list[Person], at: datetime, number: int, soon: bool, *, now: datetime) -> Matter:
    end = at + timedelta(hours=3 + (number * 7 + at.month * 5) % 11 if soon else 30)
    child = children[number % CHILDREN]
    return Matter(
        kind="missing", person=child, state="closed", is_open=False, district=child.district, since_from=at - timedelta(hours=2),
        since_to=at, reported_at=at, recorded_at=at, opened_at=at, located_at=end, returned_at=end, closed_at=end, outcome="found",
        level="medium",
        first_level="medium", tier=4,
    )  # fmt: skip
