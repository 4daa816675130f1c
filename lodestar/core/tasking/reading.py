"""Looks at a document value by value: whatever is wrong is said once, with its path, and the reading goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

MOST_DECIMALS = 6
MOST_PLACES = 20  # decimals of a number that is not made into whole ticks or points
MOST_TEXT = 200
MOST_FAULTS = 200


@dataclass(slots=True)
class Faults:
    """What has been found wrong so far."""

    found: tuple[str, ...] = ()
    _seen: set[str] = field(default_factory=set)

    def say(self, path: str, reason: str) -> None:
        """One fault, once. After some hundreds nobody reads on."""
        sentence = f"{path}: {reason}" if path else reason
        if sentence not in self._seen and len(self.found) < MOST_FAULTS:
            self._seen.add(sentence)
            self.found = (*self.found, sentence)


@dataclass(frozen=True, slots=True)
class Row:
    """One table of the document, and where it stands in it."""

    table: Mapping[Any, Any]
    path: str
    faults: Faults

    @classmethod
    def of(cls, value: Any, path: str, faults: Faults, *, owed: frozenset[str] = frozenset(), may: frozenset[str] | None = None) -> Row:
        """A table with the keys it must and may have; a key nobody knows is a slip of the pen, so it is refused."""
        if not isinstance(value, Mapping):
            faults.say(path, "it must be a table of keys and values")
            return cls({}, path, faults)
        row = cls(value, path, faults)
        for name in sorted(owed - value.keys()):
            row.say(name, "it is missing")
        if may is not None:
            for name in sorted(map(str, value.keys() - owed - may)):
                row.say(name, "there is no such key")
        return row

    def say(self, name: Any, reason: str) -> None:
        """A fault of one key of this table."""
        key = f"[{name}]" if isinstance(name, int) else str(name)
        joint = "." if self.path and not isinstance(name, int) else ""
        self.faults.say(f"{self.path}{joint}{key}", reason)

    def rows(self, name: str, *, owed: frozenset[str] = frozenset(), may: frozenset[str] = frozenset()) -> list[Row]:
        """A list of tables; one that is left out is empty."""
        value = self.table.get(name, ())
        if not isinstance(value, list | tuple):
            self.say(name, "it must be a list")
            return []
        at = f"{self.path}.{name}" if self.path else name
        return [Row.of(one, f"{at}[{number}]", self.faults, owed=owed, may=may if owed else None) for number, one in enumerate(value)]

    def text(self, name: str, *, empty: bool = False) -> str:
        """A word or a name."""
        value = self.table.get(name)
        if not isinstance(value, str):
            if name in self.table:
                self.say(name, "it must be text")
            return ""
        if not empty and not value.strip():
            self.say(name, "it is empty")
        if len(value) > MOST_TEXT:
            self.say(name, f"it is longer than {MOST_TEXT} characters")
        if not whole_characters(value):
            self.say(name, "it holds half a character")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of words; one that is left out is empty."""
        value = self.table.get(name, ())
        if not isinstance(value, list | tuple) or not all(map(_is_word, value)):
            self.say(name, "it must be a list of words")
            return []
        return list(value)

    def crew(self, name: str) -> None:
        """A slot for each person, each a list of skills; a crew of nobody does nothing."""
        value = self.table[name]
        if not isinstance(value, list | tuple) or not value:
            self.say(name, "it needs at least one slot; leave it out for one person with no special skill")
            return
        for number, slot in enumerate(value):
            if not isinstance(slot, list | tuple) or not all(map(_is_word, slot)):
                self.say(f"{name}[{number}]", "it must be a list of skills")

    def number(
        self, name: Any, *, least: int | None = None, above: int | None = None, most: int | None = None, places: int = MOST_PLACES
    ) -> Decimal:
        """A finite number, exactly as it was written, with no more decimals than ``places``."""
        value = self.table.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            if name in self.table:
                self.say(name, "it must be a number")
            return Decimal(0)
        found = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not found.is_finite():
            self.say(name, "it must be a number")
            return Decimal(0)
        if least is not None and found < least:
            self.say(name, f"{_plain(found)} is below {least}")
        if above is not None and found <= above:
            self.say(name, f"{_plain(found)} is not above {above}")
        if most is not None and found > most:
            self.say(name, f"{_plain(found)} is above {most}")
        if decimals(found) > places:
            self.say(name, f"it has {decimals(found)} decimals; {places} are the most")
        return found

    def whole(self, name: str, *, most: int) -> int:
        """A whole number from nought."""
        found = self.number(name, least=0, most=most)
        if found != found.to_integral_value():
            self.say(name, f"{_plain(found)} is not a whole number")
            return 0
        return int(found) if 0 <= found <= most else 0


def decimals(found: Decimal) -> int:
    """How many decimals a finite number uses, noughts at its end left off."""
    _, digits, exponent = found.as_tuple()
    if not isinstance(exponent, int) or not any(digits):
        return 0
    noughts = next(number for number, digit in enumerate(reversed(digits)) if digit)
    return max(0, -exponent - noughts)


def whole_characters(text: str) -> bool:
    """Whether text can be written down: JSON can name half of a pair, which no file can hold."""
    return not any("\ud800" <= one <= "\udfff" for one in text)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and whole_characters(value)


def _plain(found: Decimal) -> str:
    return format(found, "f") if abs(found.adjusted()) < 20 else format(found, ".0E")
