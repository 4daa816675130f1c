"""Writing down what is known from when, beside every write of a fact that a measure reads.

``perform`` calls this for single rows, so that no action can forget it; what is taken over in bulk from another system is
written down once, from the history that it brings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Model

from lodestar.core.matters.known import NOT_ENDED, versions
from lodestar.store.models import Deed, Grade, Matter, MatterKnown, MatterStep, Obligation, ObligationKnown, Person, PersonKnown
from lodestar.store.models.base import AppendOnly
from lodestar.store.queries.plain_sql import AT_ONCE, in_hundreds

_SELF = frozenset({"id", "known_from", "written_at"})
HISTORIES: Mapping[type[Model], tuple[type[AppendOnly], str]] = {
    Matter: (MatterKnown, "matter"),
    Person: (PersonKnown, "person"),
    Obligation: (ObligationKnown, "obligation"),
}


@cache
def _facts(model: type[Model]) -> frozenset[str]:
    """The columns of a model of which every value is kept."""
    history, owner = HISTORIES[model]
    return frozenset(field.attname for field in history._meta.concrete_fields) - _SELF - {f"{owner}_id"}


def of_row(row: Model, *, now: datetime, changed: Iterable[str] | None = None) -> list[AppendOnly]:
    """What is known of a row from now on, to be written: none where it is of no kind that is kept or no kept fact has changed."""
    if type(row) not in HISTORIES:
        return []
    kept = _facts(type(row))
    if changed is not None and not kept & {_column(type(row), name) for name in changed}:
        return []
    return [_version(row, known_from=now, written_at=now)]


def of_rows(rows: Sequence[Model], *, now: datetime) -> list[AppendOnly]:
    """What rows written in bulk say, to be written; a person is taken to have been known since it says so itself."""
    kept = [row for row in rows if type(row) in HISTORIES]
    since = [row.created_at if isinstance(row, Person) else now for row in kept]
    return [_version(row, known_from=min(at, now), written_at=now) for row, at in zip(kept, since, strict=True)]


def came(rows: Sequence[Model], *, now: datetime) -> None:
    """Keep what rows written in bulk say, from now on."""
    made = of_rows(rows, now=now)
    if made:
        _bulk(type(made[0]), made)


def remember(*, matters: Collection[int], obligations: Iterable[Obligation], now: datetime) -> None:
    """Write down, of what another system held, since when it said what: from the steps and grades it brings.

    A value that was overwritten there before it came here is not known, and nothing is made up in its place.
    """
    owed = list(obligations)
    recorded = _recorded({row.deed_id for row in owed if row.deed_id is not None})
    _bulk(ObligationKnown, [version for row in owed for version in _obligation(row, recorded, now)])
    for some in in_hundreds(sorted(matters)):
        _bulk(MatterKnown, list(_matters(some, now)))


def _column(model: type[Model], name: str) -> str:
    return str(model._meta.get_field(name).attname)  # type: ignore[union-attr]


def _version(row: Model, *, known_from: datetime, written_at: datetime, **told: Any) -> AppendOnly:
    history, owner = HISTORIES[type(row)]
    values = {name: getattr(row, name) for name in _facts(type(row))} | told
    made: AppendOnly = history(**{f"{owner}_id": row.pk, "known_from": known_from, "written_at": written_at}, **values)
    return made


def _recorded(deeds: Collection[int]) -> dict[int, datetime]:
    """When each deed was recorded, in few questions: a year of history has tens of thousands."""
    return {pk: at for some in in_hundreds(sorted(deeds)) for pk, at in Deed.objects.filter(pk__in=some).values_list("pk", "recorded_at")}


def _obligation(row: Obligation, recorded: Mapping[int, datetime], now: datetime) -> Iterator[AppendOnly]:
    """Owed from its start; ended when what ended it was recorded."""
    begun = min(row.started_at, now)
    yield _version(row, known_from=begun, written_at=now, done_at=None, deed_id=None, cancelled_at=None)
    ended = recorded[row.deed_id] if row.deed_id is not None else row.done_at or row.cancelled_at
    if ended is not None:
        yield _version(row, known_from=max(begun, min(ended, now)), written_at=now)


def _matters(numbers: Sequence[int], now: datetime) -> Iterator[AppendOnly]:
    steps = _by_matter(MatterStep.objects.filter(matter_id__in=numbers).order_by("number"))
    graded = dict(Grade.objects.filter(matter_id__in=numbers, number=1).values_list("matter_id", "at"))
    for matter in Matter.objects.filter(pk__in=numbers):
        moves = [(step.verb, step.target, step.at, step.recorded_at) for step in steps.get(matter.pk, ())]
        final = {name: getattr(matter, name) for name in (*NOT_ENDED, "state", "first_level")}
        first = graded.get(matter.pk)
        for at, told in versions(recorded_at=matter.recorded_at, moves=moves, first_graded=first, final=final):
            yield _version(matter, known_from=min(at, now), written_at=now, **told)


def _by_matter(rows: Iterable[MatterStep]) -> dict[int, list[MatterStep]]:
    found: dict[int, list[MatterStep]] = {}
    for row in rows:
        found.setdefault(row.matter_id, []).append(row)
    return found


def _bulk(model: type[AppendOnly], rows: list[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=AT_ONCE)
