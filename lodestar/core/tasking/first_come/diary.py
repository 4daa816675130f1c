"""Whose time is taken, and where the next piece of work would fit. Whole minutes throughout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lodestar.core.tasking.first_come.problem import Asset, Need, Problem

COMMITTED = 0  # what stands in an entry that is not work placed by this plan


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """Time that is taken, and by which work."""

    begins: int
    ends: int
    need: int = COMMITTED


@dataclass(slots=True)
class Diary:
    """Every asset's entries. Commitments stand in it from the start and never move."""

    entries: dict[int, list[Entry]] = field(default_factory=dict)

    @classmethod
    def of(cls, problem: Problem) -> Diary:
        """The diary before any work is placed."""
        return cls({asset.id: [Entry(*span) for span in asset.commitments] for asset in problem.assets})

    def write(self, *, asset: int, entry: Entry) -> None:
        """Take the time."""
        self.entries[asset].append(entry)

    def work(self, *, asset: int) -> tuple[Entry, ...]:
        """What this plan has given the asset, in order."""
        return tuple(sorted(entry for entry in self.entries[asset] if entry.need != COMMITTED))

    def load(self, *, asset: int) -> int:
        """The minutes already taken, commitments with them."""
        return sum(entry.ends - entry.begins for entry in self.entries[asset])

    def first_start(self, *, need: Need, asset: Asset, due: int | None = None, overrun: int = 0) -> int | None:
        """The first minute the asset could start the need: within one shift, beside nothing else, in time, within their limit."""
        given = sum(entry.ends - entry.begins for entry in self.work(asset=asset.id))
        if asset.max_minutes is not None and given + need.minutes > asset.max_minutes:
            return None
        last = need.due if due is None else due
        for shift_from, shift_until in sorted(asset.shifts):
            start = _after(max(need.earliest, shift_from, 0), need.minutes, self.entries[asset.id])
            if start <= last and start + need.minutes <= shift_until + overrun:
                return start
        return None


def able(*, need: Need, assets: Iterable[Asset]) -> tuple[Asset, ...]:
    """Those who hold every skill that the need asks for."""
    return tuple(asset for asset in assets if set(need.skills) <= set(asset.skills))


def _after(start: int, minutes: int, entries: Iterable[Entry]) -> int:
    """The first minute from ``start`` on at which so many minutes are clear of every entry."""
    for entry in sorted(entries):
        if entry.begins < entry.ends and entry.begins < start + minutes and entry.ends > start:
            start = entry.ends
    return start
