"""The letters by which children go in a pack for those who may not know them: the same child the same letter, in one pack only.

Letters follow no order that says anything: neither names nor dates. A later version of a pack keeps those of the version before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256


def letters(*, pack: str, children: Iterable[int], before: Mapping[int, str] | None = None) -> dict[int, str]:
    """Each child's letter: A to Z, then AA and so on. ``pack`` shuffles them, so that another pack's letters are others."""
    given = dict(before or {})
    taken = set(given.values())
    new = sorted(set(children) - given.keys(), key=lambda child: sha256(f"{pack}:{child}".encode()).hexdigest())
    number = 0
    for child in new:
        while letter(number) in taken:
            number += 1
        given[child] = letter(number)
        taken.add(given[child])
    return given


def letter(number: int) -> str:
    """The letter of a number from 0: A to Z, AA to ZZ and so on, as a spreadsheet names its columns."""
    text, rest = "", number + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        text = chr(ord("A") + place) + text
    return text
