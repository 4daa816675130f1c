"""A figure as a pack keeps it: as it was counted, and as it may be published, side by side.

Of a measure with groups, a group is published only where every group may be: one that is hidden could be worked out from the
whole and the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lodestar.core.measures.definition import SmallNumbers
from lodestar.core.measures.measure import Measure, plain, published

Kept = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line of a measure, the number of the figure that was kept, and what the catalogue says of it."""

    measure: Measure
    kept: int
    title: str
    may_publish: bool  # by the catalogue; the headline may
    headline: bool


def figures(*, drawn: Sequence[Drawn], small: SmallNumbers) -> tuple[Kept, ...]:
    """Every line with its published form, or none where it is for those who see exact figures only."""
    forms = {one.kept: published(one.measure, small=small) for one in drawn}
    groups = [one for one in drawn if one.may_publish and not one.headline]
    whole = not any(forms[one.kept].suppressed for one in groups)
    return tuple(
        {
            "kept": one.kept,
            "exact": _table(one.measure, one.title),
            "published": _table(forms[one.kept], one.title) if one.headline or (one.may_publish and whole) else None,
        }
        for one in drawn
    )


def apart(earlier: Sequence[Kept], later: Sequence[Kept], *, small: SmallNumbers) -> tuple[Kept, ...]:
    """The later figures, without the published form of each that would give a small count away beside an earlier one.

    A quarter taken from its year leaves the rest of the year: a difference of one to four is as good as publishing it.
    """
    shown = {_name(one): one["published"] for one in earlier if one["published"]}
    return tuple({**one, "published": None} if _gives_away(shown.get(_name(one)), one["published"], small) else one for one in later)


def _name(one: Kept) -> tuple[str, str]:
    return one["exact"]["code"], one["exact"]["line"]


def _gives_away(first: Kept | None, second: Kept | None, small: SmallNumbers) -> bool:
    if first is None or second is None:
        return False
    pairs = [(first[name], second[name]) for name in ("numerator", "denominator", "children")]
    return any(a is not None and b is not None and 0 < abs(a - b) < small.count for a, b in pairs)


def _table(measure: Measure, title: str) -> dict[str, Any]:
    return {**plain(measure), "title": title}
