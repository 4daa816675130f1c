"""The blocks of a statement as numbers, for a store that finds statements by what they share.

A number is short, all of one length, and says nothing of whom it is made. Its first half is of what the block lies beside others by
(``template.BESIDE``), so a store that keeps them in order has those of one statement in a few places. Two blocks that are not one
give the same number once in 2 to the power of 64, of those that lie beside each other once in 2 to the power of 32; then two
statements are weighed for nothing, and found apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from zlib import crc32

from lodestar.core.identity.record import PLACE, Record
from lodestar.core.identity.template import BESIDE, BLOCKS, WITHIN, identifier_keys, known_keys

_SIDES = tuple(dict.fromkeys(BESIDE.values()))
_COLUMNS = tuple(tuple(PLACE[column] for column in columns) for columns in _SIDES)
_SIDE = tuple(_SIDES.index(BESIDE[block]) for block in BLOCKS)
_WITHIN = tuple((BLOCKS.index(narrow), BLOCKS.index(wide)) for narrow, wide in WITHIN.items())


@dataclass(frozen=True, slots=True)
class LookUps:
    """The blocks by which whoever shares one with a statement is looked up: first those that lie within no other."""

    numbers: tuple[int, ...]
    within: tuple[tuple[str, int, int], ...]  # of the others the key and its side, and the number of the block that holds everybody in it

    def narrower(self, full: Collection[int]) -> tuple[int, ...]:
        """What is looked up besides where these were too full to look through: a narrower block may not be."""
        return tuple(_number(key, side) for key, side, wider in self.within if wider in full)


def block_numbers(record: Record) -> tuple[int, ...]:
    """The numbers of the blocks that a statement is in, each once, as a database holds them: 64 bits with a sign."""
    sides = _sides(record)
    return _each_once(record, (_number(key, sides[_SIDE[place]]) for place, key in known_keys(record).items()))


def look_ups(record: Record) -> LookUps:
    """The fewest blocks that find everybody who shares any with a statement, and what is left to ask where one is too full."""
    known, sides = known_keys(record), _sides(record)
    left = [(narrow, known.pop(narrow), wide) for narrow, wide in _WITHIN if narrow in known and wide in known]
    numbers = {place: _number(key, sides[_SIDE[place]]) for place, key in known.items()}
    within = tuple((key, sides[_SIDE[narrow]], numbers[wide]) for narrow, key, wide in left)
    return LookUps(_each_once(record, numbers.values()), within)


def _each_once(record: Record, numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys([*numbers, *(_number(key, crc32(key.encode())) for key in identifier_keys(record))]))


def _sides(record: Record) -> Sequence[int]:
    """A number for each thing that blocks lie beside each other by; of one that is not known nobody asks it."""
    values, found = record.values, []
    for columns in _COLUMNS:
        side = 0
        for place in columns:
            side = crc32(str(values[place]).encode(), side)
        found.append(side)
    return found


def _number(key: str, side: int) -> int:
    return int.from_bytes(side.to_bytes(4) + blake2b(key.encode(), digest_size=4).digest(), signed=True)
