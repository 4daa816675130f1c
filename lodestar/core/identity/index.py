"""An index of records by what they have in common: who is worth weighing against whom.

A block that holds very many records (a common name in a common year) says little and costs much: such a block is passed over
where a pair is found by no other, and what was passed over is counted, never silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lodestar.core.identity.record import Record
from lodestar.core.identity.template import block_keys

BLOCK_MOST = 500


@dataclass(slots=True)
class Index:
    """Records by block. Adding is all that changes it."""

    most: int = BLOCK_MOST
    records: dict[str, Record] = field(default_factory=dict)
    blocks: dict[str, list[str]] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Put a record in; one number twice is refused with ``ValueError``, since one of the two would be lost."""
        if record.id in self.records:
            raise ValueError(f"two records have the number {record.id}")
        self.records[record.id] = record
        for key in block_keys(record):
            self.blocks.setdefault(key, []).append(record.id)

    def candidates(self, record: Record) -> list[Record]:
        """Every record that shares a block with this one, in the order of their numbers.

        One that comes from elsewhere may bear the number of somebody here; a record of the index is its own candidate.
        """
        found = {other for key in block_keys(record) if len(block := self.blocks.get(key, [])) <= self.most for other in block}
        return [self.records[other] for other in sorted(found)]

    def pairs(self) -> Iterator[tuple[Record, Record]]:
        """Every two records that share a block, each pair once, the lower number first."""
        for number in sorted(self.records):
            record = self.records[number]
            yield from ((record, other) for other in self.candidates(record) if number < other.id)

    def passed_over(self) -> dict[str, int]:
        """The blocks that were too full to be looked through, and how many records each holds."""
        return {key: len(block) for key, block in sorted(self.blocks.items()) if len(block) > self.most}


def index_of(records: Iterable[Record], *, most: int = BLOCK_MOST) -> Index:
    """An index of all of these."""
    made = Index(most)
    for record in records:
        made.add(record)
    return made
