"""The conditions of a comparison, as Splink writes them, made into Python that runs without a database.

A model trained by Splink states each level as a condition in SQL over the two records, ``"forename_l" = "forename_r"``.
The live scorer must run the same model, so it reads that text rather than a copy of it: no second list of rules can drift.
The language is small on purpose. A condition that it cannot read is refused by name, never guessed: Python is written of nothing
but the names of columns, numbers, and the functions and signs listed here.

Rule: a comparison with something that is not known is not true (SQL's NULL). Without NOT in the language, "not known" and
"false" lead to the same level, so two values of truth are enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler, Levenshtein

from lodestar.core.identity.record import COLUMNS, PLACE, Values

Places = Callable[[Values], tuple[int, ...]]  # of another record: for each comparison, the first of its levels that holds

_TOKEN = re.compile(
    r"""\s*(?: (?P<name>"[^"]+") | (?P<number>\d+(?:\.\d+)?) | (?P<word>[A-Za-z_][A-Za-z_0-9]*) | (?P<sign><=|>=|<>|=|<|>|\(|\)|,|-) )""",
    re.VERBOSE,
)
ELSE = "ELSE"
_COLUMN = re.compile(r"\b[lr]_\w+")


OF_ONE = {"array_length": "len", "len": "len", "abs": "abs"}
OF_TWO = {
    "jaro_winkler_similarity": "jaro_winkler",
    "damerau_levenshtein": "damerau_levenshtein",
    "levenshtein": "levenshtein",
    "list_intersect": "shared",
}
SIGNS = {"=": "==", "<>": "!=", "<=": "<=", ">=": ">=", "<": "<", ">": ">"}
KNOWN: Mapping[str, Any] = {
    "__builtins__": {"len": len, "abs": abs, "ValueError": ValueError},
    "jaro_winkler": JaroWinkler.similarity,
    "damerau_levenshtein": DamerauLevenshtein.distance,
    "levenshtein": Levenshtein.distance,
    "shared": lambda ours, theirs: set(ours).intersection(theirs),
}


class UnreadableConditionError(ValueError):
    """A condition outside the language; the message names the part that cannot be read."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Term:
    """A value in Python, and the columns without which it is not known."""

    words: str
    names: tuple[str, ...] = ()


def read(condition: str) -> str:
    """One condition in Python, over ``l_COLUMN`` and ``r_COLUMN``.

    Raises ``UnreadableConditionError`` for what the language does not hold.
    """
    return "True" if condition.strip().upper() == ELSE else _Reader(condition).whole()


def compiled(comparisons: Sequence[tuple[str, Sequence[str]]]) -> Callable[[Values], Places]:
    """Of comparisons, each a name and its levels as ``read`` gives them: which level holds, for one record against any other.

    One function of straight Python: of the hundreds who share a block each is asked a dozen conditions, and a call for each
    condition would cost more than its answer.
    """
    names = {name for _, levels in comparisons for words in levels for name in _COLUMN.findall(words)}
    lines = ["def against(left):", f"    {_taken('l', names)} = left", "    def places(right):", f"        {_taken('r', names)} = right"]
    for number, (name, levels) in enumerate(comparisons):
        lines += [f"        {'elif' if place else 'if'} {words}: p{number} = {place}" for place, words in enumerate(levels)]
        lines += [f"        else: raise ValueError({name + ': no level holds, so the model has no last one'!r})"]
    lines += [f"        return ({''.join(f'p{number}, ' for number in range(len(comparisons)))})", "    return places"]
    made: dict[str, Any] = dict(KNOWN)
    exec("\n".join(lines), made)
    against: Callable[[Values], Places] = made["against"]
    return against


def _taken(side: str, names: Collection[str]) -> str:
    """The names to which the values of one record go, in their order; what no condition names goes nowhere."""
    return ", ".join(name if (name := f"{side}_{column}") in names else "_" for column in COLUMNS)


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if found is None:
            raise UnreadableConditionError(f"{text!r}: cannot be read from {text[place:].strip()[:20]!r} on")
        kind = str(found.lastgroup)
        yield _Token(kind, found[kind])
        place = found.end()


class _Reader:
    """Reads one condition from the left: OR of ANDs of comparisons."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.place = 0

    def whole(self) -> str:
        read = self._any()
        if self.place != len(self.tokens):
            raise self._unreadable()
        return read

    def _any(self) -> str:
        parts = [self._all()]
        while self._word("OR"):
            parts.append(self._all())
        return _joined("or", parts)

    def _all(self) -> str:
        parts = [self._one()]
        while self._word("AND"):
            parts.append(self._one())
        return _joined("and", parts)

    def _one(self) -> str:
        """A comparison, or a condition in brackets. A bracket may also begin a comparison, so both are tried."""
        before = self.place
        if self._sign("("):
            try:
                inner = self._any()
                if self._sign(")") and not self._follows():
                    return inner
            except UnreadableConditionError:
                pass
            self.place = before
        return self._comparison()

    def _follows(self) -> bool:
        """True where what was bracketed is a term of a longer comparison."""
        return self.place < len(self.tokens) and self.tokens[self.place].kind == "sign" and self.tokens[self.place].text not in "),"

    def _comparison(self) -> str:
        first = self._term()
        if self._word("IS"):
            if not self._word("NULL"):
                raise self._unreadable()
            return _joined("or", [f"{name} is None" for name in first.names]) if first.names else "False"
        sign = self.tokens[self.place].text if self.place < len(self.tokens) else ""
        if sign not in SIGNS:
            raise self._unreadable()
        self.place += 1
        return _compared(first, SIGNS[sign], self._term())

    def _term(self) -> _Term:
        value = self._value()
        while self._sign("-"):
            other = self._value()
            value = _Term(f"({value.words} - {other.words})", (*value.names, *other.names))
        return value

    def _value(self) -> _Term:
        if self.place >= len(self.tokens):
            raise self._unreadable()
        token = self.tokens[self.place]
        self.place += 1
        if token.kind == "number":
            return _Term(repr(float(token.text)))
        if token.kind == "name" or (token.kind == "word" and not self._opens()):
            return self._column(token.text.strip('"'))
        if token.kind == "word":
            return self._call(token.text.lower())
        if token.text == "(":
            value = self._term()
            self._must(")")
            return value
        self.place -= 1
        raise self._unreadable()

    def _call(self, name: str) -> _Term:
        if name not in OF_ONE and name not in OF_TWO:
            raise UnreadableConditionError(f"{self.text!r}: {name} is not a function that the scorer knows")
        self._must("(")
        first = self._term()
        if name in OF_ONE:
            self._must(")")
            return _Term(f"{OF_ONE[name]}({first.words})", first.names)
        self._must(",")
        second = self._term()
        self._must(")")
        return _Term(f"{OF_TWO[name]}({first.words}, {second.words})", (*first.names, *second.names))

    def _column(self, name: str) -> _Term:
        base, _, side = name.rpartition("_")
        if side not in ("l", "r") or base not in PLACE:
            raise UnreadableConditionError(f"{self.text!r}: {name} is a column of neither record")
        return _Term(f"{side}_{base}", (f"{side}_{base}",))

    def _opens(self) -> bool:
        return self.place < len(self.tokens) and self.tokens[self.place].text == "("

    def _word(self, word: str) -> bool:
        if self.place < len(self.tokens) and self.tokens[self.place].kind == "word" and self.tokens[self.place].text.upper() == word:
            self.place += 1
            return True
        return False

    def _sign(self, sign: str) -> bool:
        if self.place < len(self.tokens) and self.tokens[self.place].text == sign:
            self.place += 1
            return True
        return False

    def _must(self, sign: str) -> None:
        if not self._sign(sign):
            raise self._unreadable()

    def _unreadable(self) -> UnreadableConditionError:
        here = " ".join(token.text for token in self.tokens[self.place : self.place + 3])
        return UnreadableConditionError(f"{self.text!r}: cannot be read" + (f" from {here!r} on" if here else ": it ends too soon"))


def _joined(word: str, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({f' {word} '.join(parts)})"


def _compared(first: _Term, sign: str, second: _Term) -> str:
    """Two terms compared, where both are known. Two columns that are one are both known where one is."""
    names = dict.fromkeys((*first.names, *second.names))
    if sign == "==" and (first.words, second.words) == tuple(names):
        names = dict.fromkeys(first.names)
    return _joined("and", [*(f"{name} is not None" for name in names), f"{first.words} {sign} {second.words}"])
