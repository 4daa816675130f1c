"""The shadow run: what another version of the formula would have changed on the real days of the last quarter, and for whom.

Both versions answer the very same days. Nothing is issued by it. What is shown of children is counts, never names, and small
counts are hidden together with whatever would let them be worked out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEAST = 5  # children: a group of fewer is hidden (ONS disclosure control; the measures' own rule)


@dataclass(frozen=True, slots=True)
class Child:
    """What the effect of a version is counted by."""

    key: int
    age: str
    sex: str
    ethnicity: str
    looked_after: str
    district: str

    def groups(self) -> tuple[tuple[str, str], ...]:
        """Each attribute with its group."""
        return (
            ("Age", self.age),
            ("Sex", self.sex),
            ("Ethnicity", self.ethnicity),
            ("Looked after", self.looked_after),
            ("District", self.district),
        )


@dataclass(frozen=True, slots=True)
class Placing:
    """What one version made of one piece of work."""

    tier: str
    minutes: int
    start: int | None = None  # minutes that it waited from when it could first be done; none where it was not placed
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """One piece of work on one day under both versions."""

    day: str
    task: int
    child: Child
    old: Placing
    new: Placing

    @property
    def change(self) -> str:
        """What would have been otherwise, in one word; nothing where nothing would."""
        if (self.old.start is None) != (self.new.start is None):
            return "placed" if self.old.start is None else "not_placed"
        if self.old.tier != self.new.tier:
            return "moved"
        if self.old.start is None or self.new.start is None or self.old.start == self.new.start:
            return "people" if self.old.teams != self.new.teams else ""
        return "earlier" if self.new.start < self.old.start else "later"


# Placed or no longer placed; in another tier; earlier or later; with other teams.
CHANGES = ("placed", "not_placed", "moved", "earlier", "later", "people")


def report(*, compared: Sequence[Compared], days: int) -> dict[str, Any]:
    """The whole finding as plain values: what changes at which tier, load by team, and the effect for each group of children."""
    changed = Counter((row.new.tier, row.change) for row in compared if row.change)
    tiers = sorted({row.new.tier for row in compared})
    return {
        "days": days,
        "pieces": len(compared),
        "changed": sum(changed.values()),
        "by_tier": [{"tier": tier, **{change: changed[tier, change] for change in CHANGES}} for tier in tiers],
        "load": _load(compared),
        "effect": _effect(compared),
    }


def _load(compared: Iterable[Compared]) -> list[dict[str, Any]]:
    old: Counter[str] = Counter()
    new: Counter[str] = Counter()
    for row in compared:
        old.update(dict.fromkeys(row.old.teams, 0))
        for team in row.old.teams:
            old[team] += row.old.minutes
        for team in row.new.teams:
            new[team] += row.new.minutes
    return [{"team": team, "old": old[team], "new": new[team]} for team in sorted(old.keys() | new.keys())]


def _effect(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """For each group of each attribute: how many pieces of work, how many otherwise, how many placed by each version, and their wait."""
    rows: dict[tuple[str, str], list[Compared]] = defaultdict(list)
    for row in compared:
        for attribute, group in row.child.groups():
            rows[attribute, group or "Not recorded"].append(row)
    found: list[dict[str, Any]] = [
        {
            "attribute": attribute,
            "group": group,
            "children": len({row.child.key for row in mine}),
            "pieces": len(mine),
            "changed": sum(bool(row.change) for row in mine),
            "old_placed": sum(row.old.start is not None for row in mine),
            "new_placed": sum(row.new.start is not None for row in mine),
            "old_wait": _middle(row.old.start for row in mine),
            "new_wait": _middle(row.new.start for row in mine),
        }
        for (attribute, group), mine in sorted(rows.items())
    ]
    return [line for attribute in dict.fromkeys(row["attribute"] for row in found) for line in _hidden(attribute, found)]


_COUNTS = ("children", "pieces", "changed", "old_placed", "new_placed")


def _hidden(attribute: str, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Small groups of one attribute put together, with the next smallest where they are small even so: no total tells them apart."""
    mine = sorted((dict(row) for row in rows if row["attribute"] == attribute), key=lambda row: (row["children"], row["group"]))
    small: list[dict[str, Any]] = []
    while mine and (mine[0]["children"] < LEAST or (small and sum(row["children"] for row in small) < LEAST)):
        small.append(mine.pop(0))
    if len(small) == 1 and mine:  # a single hidden group is the total less the rest
        small.append(mine.pop(0))
    if not small:
        return sorted(mine, key=lambda row: row["group"])
    names = ", ".join(sorted(row["group"] for row in small))
    hidden = sum(row["children"] for row in small) < LEAST
    counts = {key: None if hidden else sum(row[key] for row in small) for key in _COUNTS}
    joined = {"attribute": attribute, "group": names, **counts, "old_wait": None, "new_wait": None}
    return [*sorted(mine, key=lambda row: row["group"]), joined]


def _middle(starts: Iterable[int | None]) -> int | None:
    """The median wait in whole minutes; none where nothing was placed."""
    known = sorted(start for start in starts if start is not None)
    return known[(len(known) - 1) // 2] if known else None
