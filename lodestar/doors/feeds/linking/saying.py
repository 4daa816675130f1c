"""What linkage found, as JSON and as lines that people read. Nothing of who anybody is: numbers of records, fields and bits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isfinite
from typing import Any

from lodestar.core.identity.bands import Banded
from lodestar.core.identity.clusters import Groups
from lodestar.core.identity.judging import Calibrated, Gate, GroupRow, Quality
from lodestar.core.identity.scoring import Line
from lodestar.core.people.deciding import Veto


def pair(one: Banded) -> dict[str, Any]:
    """One pair: its weight, band, why, and the waterfall."""
    return {
        "left": one.scored.left,
        "right": one.scored.right,
        "weight": round(one.scored.weight, 9),
        "held_weight": round(one.weight, 9),
        **reasons(one.band, one.rule, one.vetoes),
        "start": round(one.scored.start, 9),
        "fields": [field(line) for line in one.scored.lines],
    }


def text(value: Any) -> str:
    """Strict JSON on one line."""
    return _STRICT.encode(value)


_STRICT = json.JSONEncoder(allow_nan=False, ensure_ascii=False)


def reasons(band: str, rule: str, vetoes: Sequence[Veto]) -> dict[str, Any]:
    """Where a pair stands, and why."""
    return {"band": band, "rule": rule, "vetoes": [{"code": veto.code, "sentence": veto.sentence} for veto in vetoes]}


def field(line: Line) -> dict[str, Any]:
    """One line of the waterfall."""
    return {"field": line.field, "level": line.label, "bits": round(line.weight, 9), "commonness_bits": round(line.term_weight, 9)}


def groups(found: Groups, *, records: int) -> dict[str, Any]:
    """The groups of two and more of so many records, and the links that would not hold."""
    clusters = [list(group) for group in found.groups if len(group) > 1]
    return {
        "clusters": clusters,
        "alone": records - sum(map(len, clusters)),
        "withheld": [{"left": one.link.left, "right": one.link.right, "reason": one.reason} for one in found.withheld],
        "at_odds": [list(pair) for pair in found.at_odds],
    }


def quality(one: Quality | None) -> dict[str, Any] | None:
    """What joining from a weight up does."""
    if one is None:
        return None
    return {
        "from_weight": one.from_weight if isfinite(one.from_weight) else None,  # None: whatever the pair weighs
        "joined": one.joined,
        "right": one.right,
        "true": one.true,
        "precision": one.precision,
        "recall": one.recall,
        "f1": one.f1,
        "household_errors": one.household_wrong,
        "household_share_of_errors": one.household_share,
        "twins_joined": one.twins_wrong,
    }


def name_groups(rows: Sequence[GroupRow]) -> list[dict[str, Any]]:
    """The table by origin of names."""
    return [{"group": row.group, **(quality(row.quality) or {})} for row in rows]


def calibration(rows: Sequence[Calibrated]) -> list[dict[str, Any]]:
    """How often the model was right where it gave such a chance."""
    return [
        {"from_chance": row.from_chance, "pairs": row.pairs, "right": row.right, "share": row.right / row.pairs if row.pairs else None}
        for row in rows
    ]


def gate(found: Gate) -> dict[str, Any]:
    """Whether the model may be activated, demand by demand."""
    return {"passed": found.passed, "demands": [{"demand": name, "met": met, "measured": said} for name, met, said in found.demands]}


def waterfall(one: Banded) -> str:
    """A pair in lines: what it started with, what each field adds or takes, and where it ends."""
    lines = [
        f"{one.scored.left} and {one.scored.right}: {one.band} ({one.rule})",
        f"  before anything is compared  {one.scored.start:+7.2f} bits",
    ]
    for line in one.scored.lines:
        lines.append(f"  {line.field:<12} {line.label:<40.40} {line.bits:+7.2f}")
    held = one.weight - one.scored.weight
    if held:
        lines.append(f"  {'':<12} {'what a whole home shares, capped':<40} {held:+7.2f}")
    lines.append(f"  {'':<12} {'together':<40} {one.weight:+7.2f}")
    return "\n".join([*lines, *(f"  {veto.sentence}" for veto in one.vetoes)])
