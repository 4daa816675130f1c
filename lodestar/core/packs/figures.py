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


def _table(measure: Measure, title: str) -> dict[str, Any]:
    return {**plain(measure), "title": title}
