"""How common names and places are on an index, counted once and used many times.

A name that many children have says little when it agrees, a rare one says much. Counting a million statements for each report
would take a minute, so the counts are kept, with the size of the index at that time, and counted again as it grows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lodestar.core.identity.record import Record
from lodestar.core.identity.scoring import Commonness

COLUMNS = ("forename", "surname", "postcode")


@dataclass(frozen=True, slots=True)
class Counted:
    """An index counted: how many statements it held, in how many each column is known, and each value that stands twice or more."""

    size: int
    known: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]

    def commonness(self) -> Commonness:
        """The share of each value, as the scorer reads it: one that stands once, or never yet, is as rare as one of them all."""
        return {column: _Shares(self.counts[column], self.known[column]) for column in self.counts if self.known[column]}

    def as_document(self) -> dict[str, Any]:
        """Plain values to be kept."""
        return {"size": self.size, "known": dict(self.known), "counts": {name: dict(rows) for name, rows in self.counts.items()}}


@dataclass(frozen=True, slots=True)
class _Shares(Mapping[str, float]):
    counts: Mapping[str, int]
    known: int

    def __getitem__(self, value: str) -> float:
        if not value:
            raise KeyError(value)
        return self.counts.get(value, 1) / self.known

    def get(self, value: str, default: Any = None) -> Any:
        """The share, or the default where no value is given; asked for every pair, so without an exception on the way."""
        return self.counts.get(value, 1) / self.known if value else default

    def __iter__(self) -> Iterator[str]:
        return iter(self.counts)

    def __len__(self) -> int:
        return len(self.counts)


def counted(records: Iterable[Record], *, columns: tuple[str, ...] = COLUMNS) -> Counted:
    """Count these records, one after the other; none is held."""
    found: dict[str, Counter[str]] = {column: Counter() for column in columns}
    size = 0
    for record in records:
        size += 1
        for column in columns:
            if value := record.text(column):
                found[column][value] += 1
    known = {column: rows.total() for column, rows in found.items()}
    return Counted(size, known, {column: {value: count for value, count in rows.items() if count > 1} for column, rows in found.items()})


def counted_from(document: Mapping[str, Any]) -> Counted:
    """The counts that were kept."""
    return Counted(document["size"], document["known"], document["counts"])
