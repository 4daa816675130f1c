"""The blocks of a statement as numbers, for a store that finds statements by what they share.

A number is short, all of one length, and says nothing of whom it is made. Two blocks that are not one give the same number once
in 2 to the power of 64; then two statements are weighed for nothing, and found apart.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b

from lodestar.core.identity.record import Record
from lodestar.core.identity.template import block_keys, widest_keys


@dataclass(frozen=True, slots=True)
class LookUps:
    """The blocks by which whoever shares one with a statement is looked up: first those that lie within no other."""

    numbers: tuple[int, ...]
    within: tuple[tuple[str, str], ...]  # the others, each with the block that holds everybody in it

    def narrower(self, full: Collection[int]) -> tuple[int, ...]:
        """What is looked up besides where these were too full to look through: a narrower block may not be."""
        return tuple(_number(key) for key, wider in self.within if _number(wider) in full) if full else ()


def block_numbers(record: Record) -> tuple[int, ...]:
    """The numbers of the blocks that a statement is in, each once, as a database holds them: 64 bits with a sign."""
    return _numbers(block_keys(record))


def look_ups(record: Record) -> LookUps:
    """The fewest blocks that find everybody who shares any with a statement, and what is left to ask where one is too full."""
    widest, within = widest_keys(record)
    return LookUps(_numbers(widest), tuple(within))


def _numbers(keys: Collection[str]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(map(_number, keys)))


def _number(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), signed=True)
