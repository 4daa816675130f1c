"""The blocks of a statement as numbers, for a store that finds statements by what they share.

A number is short, all of one length, and says nothing of whom it is made. Two blocks that are not one give the same number once
in 2 to the power of 64; then two statements are weighed for nothing, and found apart.
"""

from __future__ import annotations

from hashlib import blake2b

from lodestar.core.identity.record import Record
from lodestar.core.identity.template import block_keys


def block_numbers(record: Record) -> tuple[int, ...]:
    """The numbers of the blocks that a statement is in, each once, as a database holds them: 64 bits with a sign."""
    return tuple(dict.fromkeys(_number(key) for key in block_keys(record)))


def _number(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), signed=True)
