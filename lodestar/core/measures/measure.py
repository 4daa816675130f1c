"""A measure: one number with everything a reader needs to judge it, and the form that may be published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from lodestar.core.measures.definition import SmallNumbers

HIDDEN = "c"  # how a suppressed count is printed
Unit = Literal["share", "minutes", "hours", "days", "nights", "count", "per_child"]


@dataclass(frozen=True, slots=True)
class Caveat:
    """What a reader should know before believing a number. ``{count}`` in the sentence stands for the count."""

    code: str
    sentence: str
    count: int | None = None

    def __str__(self) -> str:
        return self.sentence.replace("{count}", HIDDEN if self.count is None else str(self.count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure. ``worst`` and ``best`` bound it over what is not known; None is a number that may not be given."""

    code: str
    line: str  # which line of the measure: "mature", "live", an age band, a level
    definition_version: str
    definition_hash: str
    clock: str
    population: str
    unit: Unit
    numerator: int | None
    denominator: int | None
    children: int | None
    value: float | None
    lower: float | None
    upper: float | None
    interval_method: str
    as_of: datetime
    worst: float | None = None
    best: float | None = None
    caveats: tuple[Caveat, ...] = ()
    suppressed: bool = False
    reason: str = ""


def plain(measure: Measure) -> dict[str, Any]:
    """The measure as words and numbers that JSON can hold, caveats said in full."""
    table = asdict(measure)
    table["as_of"] = measure.as_of.isoformat()
    table["caveats"] = [{"code": caveat.code, "sentence": str(caveat)} for caveat in measure.caveats]
    return table


def published(measure: Measure, *, small: SmallNumbers) -> Measure:
    """The form a published pack may show: small counts hidden, and any rate or median that would give them away.

    Rule: counts of 1 to (count - 1) are hidden, and a nought too where it says something of every other child; a rate
    or median needs ``children`` children and ``count`` in numerator and complement, since 46 of 48 discloses the 2.
    Publish one line of a measure, never two whose difference is a small count; totals across cells need their own test.
    Source: measures.md 2.12 parts 1 and 2; the thresholds are the playbook's, with an owner.
    """
    reasons = tuple(_why_hidden(measure, small))
    caveats = tuple(_covered(caveat, small) for caveat in measure.caveats)
    if not reasons:
        return replace(measure, caveats=caveats)
    # The other half of a hidden pair would give it back, so numerator and complement stand or fall together.
    return replace(
        measure,
        numerator=None,
        denominator=_shown(measure.denominator, small),
        children=_shown(measure.children, small),
        value=None,
        lower=None,
        upper=None,
        worst=None,
        best=None,
        caveats=caveats,
        suppressed=True,
        reason=" ".join(reasons),
    )


def _why_hidden(measure: Measure, small: SmallNumbers) -> Iterator[str]:
    if (measure.children or 0) < small.children:
        yield f"Fewer than {small.children} children."
    hits, whole = measure.numerator, measure.denominator
    if hits is None or whole is None:
        yield "A count is not known."
        return
    if hits < small.count:
        yield f"Fewer than {small.count} in the numerator."
    if measure.unit == "share" and whole - hits < small.count:
        yield f"Fewer than {small.count} left when the numerator is taken away."
    if measure.unit in ("minutes", "hours") and 0 < whole - hits < small.count:
        yield f"Fewer than {small.count} still open."


def _shown(count: int | None, small: SmallNumbers) -> int | None:
    return None if count is not None and 0 < count < small.count else count


def _covered(caveat: Caveat, small: SmallNumbers) -> Caveat:
    return replace(caveat, count=_shown(caveat.count, small))
