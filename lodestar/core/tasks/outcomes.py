"""What a task of each kind needs to be asked for, and what evidence each outcome needs.

Searches and enquiries are structured: place, by whom, how, with what result (IOPC Northumbria 2016 and 2020).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lodestar.core.words import Allowed, Refusal, Refusals

AUTHORITY = "IOPC Northumbria, August 2020: search records"


SEXES = ("female", "male")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked of a piece of work besides its kind and times: where, after what, and by a woman or a man."""

    place: int | None = None  # none: the district's own station
    after: tuple[int, ...] = ()  # tasks of the same matter that must have ended first
    officer_sex: str = ""  # female or male, where the child or family asked for one


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a task can end, with the evidence it owes."""

    code: str
    title: str
    evidence: tuple[tuple[str, str], ...]  # name and question
    done: bool = True  # False where it ended without the work being done: no clock stops by it

    @property
    def verb(self) -> str:
        """The move in the task's life that this outcome is."""
        return "finish" if self.done else "fail"


@dataclass(frozen=True, slots=True)
class TaskKind:
    """One kind of work: how long it takes, who can do it, and how it can end."""

    code: str
    title: str
    minutes: int
    skills: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    satisfies: str = ""  # the deed that a finished task amounts to, where it is one
    start_within: int = 0  # minutes in which it is begun where nobody chose a time; 0: somebody must choose

    def outcome(self, code: str) -> Outcome | None:
        """The outcome with this code."""
        return next((item for item in self.outcomes if item.code == code), None)

    def deed(self, outcome: Outcome) -> str:
        """The deed that this outcome amounts to; nothing where the work was not done."""
        return self.satisfies if outcome.done else ""


def kind_from(code: str, table: Mapping[str, Any]) -> TaskKind:
    """Read a kind of task from its playbook table; a kind without outcomes, or an outcome without evidence, is refused."""
    outcomes = tuple(_outcome_from(code, name, row) for name, row in table.get("outcomes", {}).items())
    if not any(outcome.done for outcome in outcomes):
        raise ValueError(f"task kind {code}: say at least one way it can end done")
    return TaskKind(
        code=code,
        title=table["title"],
        minutes=table["minutes"],
        skills=tuple(table.get("skills", ())),
        outcomes=outcomes,
        satisfies=table.get("satisfies", ""),
        start_within=table.get("start_within", 0),
    )


def start_by(*, kind: TaskKind, chosen: datetime | None, now: datetime) -> datetime:
    """By when work that a deed or a plan asks for is begun: the time chosen, or at once as its kind says; one of the two is a must."""
    if chosen is None and not kind.start_within:
        raise ValueError(f"task kind {kind.code}: say by when it is begun, or in how many minutes work of its kind is")
    return chosen if chosen is not None else now + timedelta(minutes=kind.start_within)


def _outcome_from(kind: str, name: str, row: Mapping[str, Any]) -> Outcome:
    if not row.get("evidence"):
        raise ValueError(f"task kind {kind}: the outcome {name} owes no evidence")
    return Outcome(name, row["title"], tuple(row["evidence"].items()), row.get("done", True))


def ask_gaps(*, earliest_at: datetime, due_at: datetime, matter_open: bool, now: datetime) -> tuple[Refusal, ...]:
    """Work is asked for on an open matter, with time to do it in."""
    gaps = []
    if not matter_open:
        gaps.append(Refusal("task.matter_ended", "This matter has ended. Add news instead, and it will be assessed."))
    if due_at <= now:
        gaps.append(Refusal("task.due_past", "The time it must be started by has passed. Choose one ahead of now.", "", "due_at"))
    if earliest_at >= due_at:
        gaps.append(Refusal("task.no_time", "It cannot start after it is due. Check the two times.", "", "earliest_at"))
    return tuple(gaps)


def wish_gaps(*, wishes: Wishes, places: Collection[int], open_tasks: Collection[int]) -> tuple[Refusal, ...]:
    """A wish names a place there is, open work of the same matter, and a woman or a man or nobody in particular."""
    gaps = []
    if wishes.place is not None and wishes.place not in places:
        gaps.append(Refusal("task.place", "Choose the place from the list.", "", "place"))
    if not set(wishes.after) <= set(open_tasks):
        gaps.append(Refusal("task.after", "One of these tasks has ended, or is of another matter. Choose again.", "", "after"))
    if wishes.officer_sex and wishes.officer_sex not in SEXES:
        gaps.append(Refusal("task.officer_sex", "Choose a woman, a man, or either.", "Victims' Code, right 4", "officer_sex"))
    return tuple(gaps)


def finish(
    *, kind: TaskKind, outcome: str, evidence: Mapping[str, str], done_at: datetime, issued_at: datetime | None, now: datetime
) -> Allowed[Outcome] | Refusals:
    """A task is finished with the evidence its outcome owes, at a time that can be true."""
    chosen = kind.outcome(outcome)
    if chosen is None:
        return (Refusal("task.outcome", "Choose how it ended from the list.", "", "outcome"),)
    refusals = tuple(_gaps(chosen, evidence, done_at, issued_at, now))
    return refusals or Allowed(chosen)


def _gaps(outcome: Outcome, evidence: Mapping[str, str], done_at: datetime, issued_at: datetime | None, now: datetime) -> Iterator[Refusal]:
    for name, question in outcome.evidence:
        if not str(evidence.get(name, "")).strip():
            yield Refusal(f"task.evidence.{name}", f"{question}: this is needed.", AUTHORITY, name)
    if done_at > now + timedelta(minutes=1):
        yield Refusal("task.future", "The time is in the future. Record it when it is done.", "", "done_at")
    # People type minutes, so work done in the very minute it was issued in was not done before it.
    if issued_at is not None and done_at < issued_at.replace(second=0, microsecond=0):
        yield Refusal("task.before_issue", "It cannot have been done before it was issued. Check the time.", "", "done_at")
