"""The conditions of a comparison, as Splink writes them, made into predicates that run without a database.

A model trained by Splink states each level as a condition in SQL over the two records, ``"forename_l" = "forename_r"``.
The live scorer must run the same model, so it reads that text rather than a copy of it: no second list of rules can drift.
The language is small on purpose. A condition that it cannot read is refused by name, never guessed.

Rule: a comparison with something that is not known is not true (SQL's NULL). Without NOT in the language, "not known" and
"false" lead to the same level, so two values of truth are enough.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler, Levenshtein

Columns = Mapping[str, Any]
Predicate = Callable[[Columns, Columns], bool]
Term = Callable[[Columns, Columns], Any]

_TOKEN = re.compile(
    r"""\s*(?: (?P<name>"[^"]+") | (?P<number>\d+(?:\.\d+)?) | (?P<word>[A-Za-z_][A-Za-z_0-9]*) | (?P<sign><=|>=|<>|=|<|>|\(|\)|,|-) )""",
    re.VERBOSE,
)
ELSE = "ELSE"


class UnreadableConditionError(ValueError):
    """A condition outside the language; the message names the part that cannot be read."""


OF_ONE: dict[str, Callable[[Any], Any]] = {"array_length": len, "len": len, "abs": abs}
OF_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "jaro_winkler_similarity": JaroWinkler.similarity,
    "damerau_levenshtein": DamerauLevenshtein.distance,
    "levenshtein": Levenshtein.distance,
    "list_intersect": lambda left, right: set(left) & set(right),
}
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the left record or of the right one."""

    name: str
    left: bool

    def __call__(self, left: Columns, right: Columns) -> Any:
        return (left if self.left else right).get(self.name)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number that the condition states."""

    value: float

    def __call__(self, *_: Columns) -> float:
        return self.value


def compiled(condition: str) -> Predicate:
    """The predicate of one condition. Raises ``UnreadableConditionError`` for what the language does not hold."""
    if condition.strip().upper() == ELSE:
        return lambda *_: True
    return _Reader(condition).whole()


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

    def whole(self) -> Predicate:
        read = self._any()
        if self.place != len(self.tokens):
            raise self._unreadable()
        return read

    def _any(self) -> Predicate:
        parts = [self._all()]
        while self._word("OR"):
            parts.append(self._all())
        return reduce(_either, parts)

    def _all(self) -> Predicate:
        parts = [self._one()]
        while self._word("AND"):
            parts.append(self._one())
        return reduce(_both, parts)

    def _one(self) -> Predicate:
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

    def _comparison(self) -> Predicate:
        first = self._term()
        if self._word("IS"):
            if not self._word("NULL"):
                raise self._unreadable()
            return _unknown(first)
        sign = self.tokens[self.place].text if self.place < len(self.tokens) else ""
        if sign not in SIGNS:
            raise self._unreadable()
        self.place += 1
        return _compared(first, SIGNS[sign], self._term())

    def _term(self) -> Term:
        value = self._value()
        while self._sign("-"):
            value = _over(lambda left, right: left - right, value, self._value())
        return value

    def _value(self) -> Term:
        if self.place >= len(self.tokens):
            raise self._unreadable()
        token = self.tokens[self.place]
        self.place += 1
        if token.kind == "number":
            return _Number(float(token.text))
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

    def _call(self, name: str) -> Term:
        if name not in OF_ONE and name not in OF_TWO:
            raise UnreadableConditionError(f"{self.text!r}: {name} is not a function that the scorer knows")
        self._must("(")
        first = self._term()
        if name in OF_ONE:
            self._must(")")
            return _alone(OF_ONE[name], first)
        self._must(",")
        second = self._term()
        self._must(")")
        return _over(OF_TWO[name], first, second)

    def _column(self, name: str) -> Term:
        base, _, side = name.rpartition("_")
        if side not in ("l", "r") or not base:
            raise UnreadableConditionError(f"{self.text!r}: {name} is a column of neither record")
        return _Column(base, side == "l")

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


def _either(one: Predicate, other: Predicate) -> Predicate:
    return lambda left, right: one(left, right) or other(left, right)


def _both(one: Predicate, other: Predicate) -> Predicate:
    return lambda left, right: one(left, right) and other(left, right)


def _unknown(term: Term) -> Predicate:
    if isinstance(term, _Column):
        name = term.name
        return (lambda left, _: left.get(name) is None) if term.left else (lambda _, right: right.get(name) is None)
    return lambda left, right: term(left, right) is None


def _compared(first: Term, sign: Callable[[Any, Any], bool], second: Term) -> Predicate:
    """Two terms compared. What a model asks a hundred times a moment, whether two columns are one, is asked without detours."""
    if sign is operator.eq and isinstance(first, _Column) and isinstance(second, _Column) and first.left != second.left:
        return _same(first.name, second.name) if first.left else _same(second.name, first.name)
    if isinstance(second, _Number):
        return _against(first, sign, second.value)

    def predicate(left: Columns, right: Columns) -> bool:
        one, other = first(left, right), second(left, right)
        return one is not None and other is not None and sign(one, other)

    return predicate


def _same(ours: str, theirs: str) -> Predicate:
    def predicate(left: Columns, right: Columns) -> bool:
        value = left.get(ours)
        return value is not None and bool(value == right.get(theirs))

    return predicate


def _against(term: Term, sign: Callable[[Any, Any], bool], number: float) -> Predicate:
    def predicate(left: Columns, right: Columns) -> bool:
        value = term(left, right)
        return value is not None and sign(value, number)

    return predicate


def _over(function: Callable[[Any, Any], Any], first: Term, second: Term) -> Term:
    def term(left: Columns, right: Columns) -> Any:
        one, other = first(left, right), second(left, right)
        return None if one is None or other is None else function(one, other)

    return term


def _alone(function: Callable[[Any], Any], first: Term) -> Term:
    def term(left: Columns, right: Columns) -> Any:
        one = first(left, right)
        return None if one is None else function(one)

    return term
