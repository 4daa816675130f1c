"""The facts that measures read, as they stand now or as they were known at an instant, in the same shape either way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from lodestar.core.words import Period
from lodestar.store.models import Matter, MatterKnown, Obligation, ObligationKnown, Person, PersonKnown

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Known:
    """What was known: as the record said at an instant, of what Lodestar had been told by another. None is everything."""

    at: datetime | None = None
    told_by: datetime | None = None

    @property
    def recorded(self) -> Q:
        """The condition on rows that say when they were recorded."""
        return self.written("recorded_at")

    def written(self, column: str) -> Q:
        """The condition on rows that are never changed, by the column that says when they were written."""
        return Q() if self.at is None else Q(**{f"{column}__lte": self.at})

    @property
    def versions(self) -> Q:
        """The condition on the histories of what is overwritten."""
        found = Q() if self.at is None else Q(known_from__lte=self.at)
        return found if self.told_by is None else found & Q(written_at__lte=self.told_by)


NOW = Known()


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter as a measure reads it."""

    pk: int
    person: int
    state: str
    district: str
    since_from: datetime | None
    since_to: datetime | None
    reported_at: datetime
    recorded_at: datetime
    opened_at: datetime
    looked_after: bool | None
    located_at: datetime | None
    located_from: datetime | None
    located_to: datetime | None
    returned_at: datetime | None
    closed_at: datetime | None
    outcome: str
    first_level: str
    authority: str | None = None  # None in a history written before it was kept: then as it is now
    born: date | None = None
    sex: str = ""
    ethnicity: str = ""
    only_day: bool = False

    def of_a_day(self) -> MatterRow:
        """The same, where only the day of the report is known."""
        return replace(self, only_day=True)


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """Something owed, as a measure reads it."""

    pk: int
    matter: int | None
    rule: str
    satisfied_by: str
    started_at: datetime
    due_at: datetime
    done_at: datetime | None
    deed: int | None
    cancelled_at: datetime | None


_FACTS = tuple(field.name for field in fields(MatterRow))[1:-4]  # those that a matter and its history share by name


def matters_known(
    *,
    known: Known,
    kind: str = "",
    district: str = "",
    begun: Period | None = None,
    begun_before: datetime | None = None,
    numbers: Collection[int] | None = None,
) -> list[MatterRow]:
    """The matters that pass, each as known: reported in a period, or before an instant, or of these numbers."""
    until = begun.until_at if begun is not None else begun_before
    passing = _Passing(begun.from_at if begun is not None else None, until, district, numbers)
    found = _matters_now(kind, passing) if known.at is None else _matters_then(kind, passing, known)
    return _with_people(found, known)


def obligations_known(*, rules: Collection[str], period: Period, known: Known) -> list[ObligationRow]:
    """What these clocks made due in a period, as known."""
    rows = Obligation.objects.filter(rule__in=list(rules), matter__isnull=False)
    columns = ("pk", "matter_id", "rule", "satisfied_by", "started_at")
    if known.at is None:
        rows = _in(rows, period, "due_at")
        return [ObligationRow(*row) for row in rows.values_list(*columns, "due_at", "done_at", "deed_id", "cancelled_at")]
    histories = ObligationKnown.objects.filter(known.versions, obligation__in=_in(rows, period, "known__due_at").values("pk"))
    last: dict[int, tuple[Any, ...]] = {}
    ordered = histories.order_by("known_from", "pk").values_list("obligation_id", "due_at", "done_at", "deed_id", "cancelled_at")
    for pk, *then in ordered.iterator(chunk_size=CHUNK):
        last[pk] = tuple(then)
    fixed = {row[0]: row for row in rows.values_list(*columns).iterator(chunk_size=CHUNK) if row[0] in last}
    found = [ObligationRow(*fixed[pk], *then) for pk, then in last.items()]
    return [row for row in found if period.holds(row.due_at)]


@dataclass(frozen=True, slots=True)
class _Passing:
    """Which matters pass."""

    since: datetime | None
    until: datetime | None
    district: str
    numbers: Collection[int] | None

    def narrow(self, rows: QuerySet[Any], pk: str) -> QuerySet[Any]:
        """What the database can leave out: a range that holds at least every matter that passes."""
        if self.since is not None:
            rows = rows.filter(reported_at__gte=self.since)
        if self.until is not None:
            rows = rows.filter(reported_at__lt=self.until)
        if self.numbers is not None:
            rows = rows.filter(**{f"{pk}__gte": min(self.numbers, default=0), f"{pk}__lte": max(self.numbers, default=0)})
        return rows

    def holds(self, row: MatterRow) -> bool:
        return (
            (self.since is None or row.reported_at >= self.since)
            and (self.until is None or row.reported_at < self.until)
            and (not self.district or row.district == self.district)
            and (self.numbers is None or row.pk in self.numbers)
        )


def _columns(pk: str) -> tuple[str, ...]:
    return (pk, "person_id", *_FACTS[1:])


def _matters_now(kind: str, passing: _Passing) -> Iterator[MatterRow]:
    rows = passing.narrow(Matter.objects.filter(kind=kind) if kind else Matter.objects.all(), "pk")
    read = (MatterRow(*row) for row in rows.order_by("pk").values_list(*_columns("pk")).iterator(chunk_size=CHUNK))
    return (row for row in read if passing.holds(row))


def _matters_then(kind: str, passing: _Passing, known: Known) -> Iterator[MatterRow]:
    """The last version known of each matter that ever passed; only then is it asked whether that version does."""
    histories = MatterKnown.objects.filter(matter__kind=kind) if kind else MatterKnown.objects.all()
    ever = passing.narrow(histories, "matter_id").values("matter_id")
    rows = MatterKnown.objects.filter(known.versions, matter_id__in=ever).order_by("known_from", "pk")
    last: dict[int, tuple[Any, ...]] = {}
    for row in rows.values_list(*_columns("matter_id")).iterator(chunk_size=CHUNK):
        last[row[0]] = row
    read = (MatterRow(*last[pk]) for pk in sorted(last))
    return (row for row in read if passing.holds(row))


def _with_people(rows: Iterable[MatterRow], known: Known) -> list[MatterRow]:
    """The rows with what was known of whom each is about; what was not yet kept of them is as it is now."""
    found = list(rows)
    people = {row.person for row in found}
    columns = ("birth_date", "sex", "ethnicity")
    of_now = Person.objects.values_list("pk", *columns)
    then = PersonKnown.objects.filter(known.versions).order_by("known_from", "pk").values_list("person_id", *columns)
    told: dict[int, tuple[Any, ...]] = {}
    for person, *values in (of_now if known.at is None else then).iterator(chunk_size=CHUNK):
        if person in people:
            told[person] = tuple(values)
    unkept = {person for person, values in told.items() if None in values[1:]}
    later = {pk: values for pk, *values in of_now.iterator(chunk_size=CHUNK) if pk in unkept} if unkept else {}
    places = _authorities([row.pk for row in found if row.authority is None])
    return [_whole(row, told.get(row.person, (None, "", "")), later.get(row.person), places.get(row.pk, "")) for row in found]


def _whole(row: MatterRow, told: Sequence[Any], later: Sequence[Any] | None, authority: str) -> MatterRow:
    born, sex, ethnicity = told
    _, sex_now, ethnicity_now = later or (None, "", "")
    return replace(
        row,
        born=born,
        sex=sex_now if sex is None else sex,
        ethnicity=ethnicity_now if ethnicity is None else ethnicity,
        authority=authority if row.authority is None else row.authority,
    )


def _authorities(numbers: Sequence[int]) -> dict[int, str]:
    if not numbers:
        return {}
    rows = Matter.objects.filter(pk__gte=min(numbers), pk__lte=max(numbers)).values_list("pk", "authority")
    return dict(rows.iterator(chunk_size=CHUNK))


def _in(rows: QuerySet[Any], period: Period, column: str) -> QuerySet[Any]:
    rows = rows.filter(**{f"{column}__gte": period.from_at})
    return rows if period.until_at is None else rows.filter(**{f"{column}__lt": period.until_at})
