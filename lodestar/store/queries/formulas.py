"""The versions of the tasking formula, which was in force when, and the real days a version is run in the shadow of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from lodestar.core.clocks.rules import POST_KINDS
from lodestar.core.duty.plan import KINDS
from lodestar.core.tasking.faults import formula_faults
from lodestar.core.tasking.formula import Formula, formula_from
from lodestar.core.tasking.versions import standings as said_of
from lodestar.core.times import local_date
from lodestar.store import models
from lodestar.store.playbooks import all_of, playbook

CODE = "FORMULA-HUB"
QUARTER = 92  # days
AT = time(7)  # the start of the early shift: when a day's work is given out
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class InForce:
    """The formula that holds on a day: an approved version, or the playbook's where none has come into force since."""

    formula: Formula
    document: Mapping[str, Any]
    name: str
    content_hash: str
    from_date: date
    verified: bool
    row: models.Formula | None = None


def in_force(*, at: datetime) -> InForce:
    """The formula in force at an instant; every past day keeps its own."""
    day = local_date(at)
    block = playbook(CODE).in_force(day)
    rows = models.Formula.objects.filter(state="approved", in_force_from__lte=day, in_force_from__gte=block.from_date)
    row = rows.select_related("approved_by").order_by("-in_force_from").first()
    if row is not None and row.in_force_from is not None:
        found = formula_from(row.document)
        return InForce(found, row.document, f"version {row.number}", row.content_hash, row.in_force_from, True, row)
    name = f"the playbook's version {block.values['version']}"
    return InForce(formula_from(block.values), plain(block.values), name, playbook(CODE).content_hash, block.from_date, block.verified)


def to_change(*, at: datetime) -> dict[str, Any]:
    """The formula in force, to be drafted from; what formulas have come to hold since it was approved is as the playbook has it."""
    held: dict[str, Any] = plain(in_force(at=at).document)
    for key, value in plain(playbook(CODE).in_force(local_date(at)).values).items():
        held[key] = {**value, **held.get(key, {})} if key in ("limits", "values") else held.get(key, value)
    return held


def versions() -> QuerySet[models.Formula]:
    """Every version, newest first."""
    return models.Formula.objects.select_related("drafted_by", "approved_by", "shadowed_by").order_by("-number")


def standings(*, at: datetime) -> dict[int, str]:
    """How each approved version stands at an instant, by its number."""
    rows = models.Formula.objects.filter(state="approved", in_force_from__isnull=False).values_list("number", "in_force_from")
    begins = {number: day for number, day in rows if day is not None}
    return said_of(begins=begins, others={block.from_date for block in playbook(CODE).blocks}, today=local_date(at))


def version(*, number: int) -> models.Formula | None:
    """One version."""
    return versions().filter(number=number).first()


def next_number() -> int:
    """The number of the next draft."""
    return (models.Formula.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1


def same_content(*, content_hash: str) -> int | None:
    """The version that says just this, where one does."""
    rows = models.Formula.objects.filter(content_hash=content_hash).exclude(state="dropped")
    return rows.values_list("number", flat=True).first()


def days_taken() -> set[date]:
    """The days on which approved versions begin."""
    rows = models.Formula.objects.filter(state="approved", in_force_from__isnull=False)
    return {day for day in rows.values_list("in_force_from", flat=True) if day is not None}


def faults(table: Mapping[str, Any]) -> tuple[str, ...]:
    """What a formula says that cannot be followed here."""
    clocks, kinds = _words()
    return formula_faults(table, clocks=clocks, kinds=kinds, posts=frozenset(KINDS | POST_KINDS))


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    kinds = frozenset(code for book in all_of("task_kinds") for block in book.blocks for code in block.values["kinds"])
    return frozenset(book.code for book in all_of("clock")), kinds


def plain(value: Any) -> Any:
    """A frozen playbook table as one that can be kept and written."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def last_quarter(*, at: datetime) -> Iterator[datetime]:
    """The start of the early shift on each of the last quarter's days, oldest first."""
    today = local_date(at)
    for back in range(QUARTER, 0, -1):
        yield datetime.combine(today - timedelta(days=back), AT, LONDON)


@dataclass(frozen=True, slots=True)
class Departures:
    """How often people decide otherwise than proposed."""

    decided: int
    amended: int
    refused: int


def departures(*, since: datetime) -> Departures:
    """Decisions since an instant, and how many departed from their proposal: whether people still think."""
    kinds = list(models.Decision.objects.filter(at__gte=since).values_list("kind", flat=True))
    return Departures(len(kinds), kinds.count("amended"), kinds.count("refused"))
