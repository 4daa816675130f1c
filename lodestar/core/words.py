"""The few value types that every noun shares: refusals, verdicts, periods.

A verdict is a value: ``Allowed(step)`` or a non-empty tuple of ``Refusal``. The page shows refusals and
greys the button; the action raises them. One function serves both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def values_of(said: object) -> dict[str, Any]:
    """What a value of slots says, by name, as it is: ``asdict`` would copy each word."""
    return {name: getattr(said, name) for name in said.__slots__}  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be done: a stable code, a sentence that says what to do, and whose rule it is."""

    code: str
    sentence: str
    authority: str = ""
    field: str = ""  # the form field or file column it is about, where it is about one

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a person should look at that stops nothing: the same shape as a refusal, but it lets through."""

    code: str
    sentence: str
    authority: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Allowed(Generic[T]):
    """The verdict that lets a step happen, carrying the step."""

    step: T


def with_article(noun: str) -> str:
    """A noun with "a" or "an" before it, by its first letter: "an Inspector"."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def in_words(code: object) -> str:
    """A code as people say it: ``very_low`` reads "very low", ``file_at_cps`` "file at CPS"."""
    return _spelt(str(code))


# What people say in capitals, in the codes of states and answers.
_IN_CAPITALS = {"cps": "CPS", "nrm": "NRM", "cse": "CSE", "cce": "CCE", "oocd": "out-of-court disposal", "ip": "IP", "cctv": "CCTV"}


@lru_cache(maxsize=4096)
def _spelt(code: str) -> str:
    return " ".join(_IN_CAPITALS.get(word, word) for word in code.replace("_", " ").split(" "))


Refusals = tuple[Refusal, ...]


class Refused(Exception):  # noqa: N818 - the domain's own word
    """Raised by an action when the rules say no. Carries every refusal, never only the first."""

    def __init__(self, *refusals: Refusal) -> None:
        if not refusals:
            raise ValueError("Refused needs at least one refusal")
        self.refusals: Refusals = refusals
        super().__init__("; ".join(refusal.code for refusal in refusals))


class Conflict(Exception):  # noqa: N818 - the domain's own word
    """Raised when somebody else changed the thing first. The sentence tells the person what to do."""

    sentence = "Somebody else changed this while you were working. Read it again, then decide."


class NotVisible(Exception):  # noqa: N818 - the domain's own word
    """Raised for a thing that is not there or may not be seen; the two look the same from outside (404)."""


def require(*refusals: Refusal | None) -> None:
    """Raise every refusal given that is not None; return quietly only when there is none."""
    present = tuple(refusal for refusal in refusals if refusal is not None)
    if present:
        raise Refused(*present)


def insist(verdict: Allowed[T] | Refusals) -> T:
    """Turn a verdict into its step, or raise its refusals."""
    if isinstance(verdict, Allowed):
        return verdict.step
    raise Refused(*verdict)


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span of time [from_at, until_at); ``until_at`` None means it has not ended."""

    from_at: datetime
    until_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.from_at.tzinfo is None or (self.until_at is not None and self.until_at.tzinfo is None):
            raise ValueError("a period needs instants with a time zone")
        if self.until_at is not None and self.until_at < self.from_at:
            raise ValueError("a period cannot end before it starts")

    def holds(self, instant: datetime) -> bool:
        """True when the instant lies in the period; the end itself does not."""
        return self.from_at <= instant and (self.until_at is None or instant < self.until_at)


def listed(items: Iterable[str]) -> str:
    """Join words as a sentence does: "a, b and c"."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]
