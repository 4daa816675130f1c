"""What it takes to record that something was done on a matter: who may, what must be said, when it can be true.

A deed is evidence: it says who did it, when and with what result, and it stops the clocks that its code satisfies. Each
desk lists its own deeds (``core/matters/<kind>/deeds.py``); the gate here is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.words import Allowed, Refusal, Refusals

FORMS = ("text", "choice", "many", "time", "deed", "involved")
YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a deed must, or may, say. Every answer is kept as text.

    ``form`` says how it is asked: ``text``; ``choice`` of one of ``choices``; ``many`` of them, kept with a comma and a
    space between; ``time``, kept as an ISO instant in UTC; ``deed``, one of the earlier deeds whose codes are in
    ``choices``, kept as its id; ``involved``, one of the people in the roles named in ``choices``, kept as that row's id.
    """

    name: str
    question: str
    owed: bool = True
    choices: tuple[str, ...] = ()
    form: str = ""  # empty: a choice where there are choices, else text
    hint: str = ""
    titles: tuple[str, ...] = ()  # the words of each choice, where its code is not words enough
    verbatim: bool = False  # somebody's own words, kept as spoken: no other word is suggested for them
    when: tuple[str, ...] = ()  # owed only if the answer to when[0] is one of the rest

    @property
    def asked_as(self) -> str:
        """The form of the question, worked out where it was left open."""
        return self.form or ("choice" if self.choices else "text")

    def is_owed(self, said: Mapping[str, str]) -> bool:
        """True where an answer is needed, given what else was said."""
        if not self.when:
            return self.owed
        answered = set(str(said.get(self.when[0], "")).split(", "))
        return self.owed and bool(answered & set(self.when[1:]))


@dataclass(frozen=True, slots=True)
class DeedKind:
    """One kind of deed."""

    code: str
    title: str
    permission: str
    asks: tuple[Asked, ...]
    recipient: str = ""  # the body told, where the deed is telling somebody
    states: tuple[str, ...] = ()  # the states it may be recorded in; empty means any
    authority: str = ""
    counts_as: tuple[str, ...] = ()  # what else it amounts to, so that one clock can wait for any of several deeds
    by_hand: bool = True  # False for what only its own action records

    @property
    def about(self) -> Asked | None:
        """The question that says which earlier deed or which person it is about; clocks on that alone are then stopped."""
        return next((asked for asked in self.asks if asked.asked_as in ("deed", "involved")), None)


def record(
    *, kind: DeedKind, state: str, at: datetime, said: Mapping[str, str], opened_at: datetime, now: datetime
) -> Allowed[DeedKind] | Refusals:
    """A deed counts when it says all it must, in a state that allows it, at a time that can be true."""
    if not kind.by_hand:
        return (Refusal("deed.unknown", "Choose what was done from the list."),)
    refusals = tuple(_gaps(kind, state, said)) + tuple(_time_gaps(at, opened_at, now))
    return refusals or Allowed(kind)


def recordable(*, deeds: Mapping[str, DeedKind], state: str, permissions: frozenset[str]) -> tuple[DeedKind, ...]:
    """The deeds somebody with these permissions may record in this state."""
    return tuple(
        kind for kind in deeds.values() if kind.by_hand and kind.permission in permissions and (not kind.states or state in kind.states)
    )


def _gaps(kind: DeedKind, state: str, said: Mapping[str, str]) -> Iterator[Refusal]:
    if kind.states and state not in kind.states:
        when = " or ".join(name.replace("_", " ") for name in kind.states)
        yield Refusal("deed.too_early", f"This can be recorded while the matter is: {when}.", kind.authority)
    for asked in kind.asks:
        answer = str(said.get(asked.name, "")).strip()
        if asked.is_owed(said) and not answer:
            yield Refusal(f"deed.{asked.name}", f"{asked.question}: this is needed.", kind.authority, asked.name)
        elif answer:
            yield from _form_gaps(asked, answer)


def _form_gaps(asked: Asked, answer: str) -> Iterator[Refusal]:
    match asked.asked_as:
        case "choice" if answer not in asked.choices:
            yield Refusal(f"deed.{asked.name}", f"{asked.question}: choose {' or '.join(_words(asked))}.", "", asked.name)
        case "many" if not set(answer.split(", ")) <= set(asked.choices):
            yield Refusal(f"deed.{asked.name}", f"{asked.question}: choose from {', '.join(_words(asked))}.", "", asked.name)
        case "time" if instant(answer) is None:
            yield Refusal(f"deed.{asked.name}", f"{asked.question}: give a date and time.", "", asked.name)
        case "deed" | "involved" if not answer.isdigit():
            yield Refusal(f"deed.{asked.name}", f"{asked.question}: choose one from the list.", "", asked.name)


def _words(asked: Asked) -> tuple[str, ...]:
    return asked.titles or tuple(choice.replace("_", " ") for choice in asked.choices)


def instant(answer: str) -> datetime | None:
    """An answer that is a time, as an instant; None where it is blank, no time, or lacks its zone."""
    try:
        found = datetime.fromisoformat(answer)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _time_gaps(at: datetime, opened_at: datetime, now: datetime) -> Iterator[Refusal]:
    if at > now + timedelta(minutes=1):
        yield Refusal("deed.future", "The time is in the future. Record what has been done, when it has.", "", "at")
    elif at < opened_at - timedelta(days=1):
        yield Refusal("deed.before_report", "The time is more than a day before the report. Check the date.", "", "at")
