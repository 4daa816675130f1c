"""The life of a model of linkage: it passes the gate or is refused, two people agree to it, and it weighs from an instant on.

A model never joins anything because it was trained; it joins because it was measured, two people answered for it, and people
here have answered enough questions. What was decided under one model keeps its digest, whichever weighs later.
Source: domain/linkage.md section 5, "Model".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.words import Refusal, Refusals, listed

AUTHORITY = "Lodestar linkage study, section 5: activation needs two people and the gate"

MODEL = Lifecycle(
    name="identity_model",
    initial="proposed",
    final=frozenset({"approved", "dropped"}),
    rows=(
        Row("proposed", "approve", "agreed_once", P.IDENTITY_APPROVE, "identity.model_agreed", reason_owed=True),
        Row("agreed_once", "approve", "approved", P.IDENTITY_APPROVE, "identity.model_approved", reason_owed=True),
        *(
            Row(state, "drop", "dropped", P.IDENTITY_APPROVE, "identity.model_dropped", reason_owed=True)
            for state in ("proposed", "agreed_once")
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One row of which model weighs: from when, and whether it was activated or gone back."""

    model: int  # nought: the one that Lodestar comes with
    from_at: datetime
    how: str  # activated, rolled_back


def weighing(turns: Iterable[Turn], *, at: datetime) -> tuple[Turn, ...]:
    """The activations that hold at an instant, the one in force last; none where the model that Lodestar comes with weighs.

    Going back takes away the activation in force and every one that was set for later: each turn back is one step, and no
    model that somebody went back from comes again by itself. ``turns`` stand in the order in which they were written.
    """
    held: list[Turn] = []
    for turn in turns:
        if turn.how == "activated":
            held.append(turn)
        elif turn.from_at <= at:
            held = _by_time(held, turn.from_at)[:-1]
    return tuple(_by_time(held, at))


def _by_time(turns: Iterable[Turn], at: datetime) -> list[Turn]:
    return sorted((turn for turn in turns if turn.from_at <= at), key=lambda turn: turn.from_at)


def propose_gaps(*, reason: str, faults: Collection[str], gate: Mapping[str, Any], same_as: int | None) -> Refusals:
    """A model is put forward with a reason, can be run, passed every demand of the gate, and is not there already."""
    gaps = [Refusal("identity.fault", f"The model cannot be run: {fault}", AUTHORITY) for fault in faults]
    if not reason.strip():
        gaps.append(Refusal("identity.reason", "Say what this model is better at, and how you know.", AUTHORITY, "reason"))
    if same_as is not None:
        gaps.append(Refusal("identity.same", f"This weighs just as model {same_as} does. Nothing would change.", AUTHORITY))
    unmet = [f"{one['demand']} ({one['measured']})" for one in gate["demands"] if not one["met"]]
    if unmet:
        gaps.append(Refusal("identity.gate", f"It does not pass the gate: {listed(unmet)}.", AUTHORITY))
    return tuple(gaps)


def approve_gaps(*, proposed_by: int | None, approved_by: Collection[int], approver: int) -> Refusals:
    """Two different people agree to a model, and neither is the one who put it forward."""
    if approver == proposed_by:
        return (Refusal("identity.same_person", "You put this model forward. Two other people must agree to it.", AUTHORITY),)
    if approver in approved_by:
        return (Refusal("identity.agreed_already", "You have agreed to this model. A second person must.", AUTHORITY),)
    return ()


def activate_gaps(*, state: str, from_at: datetime, now: datetime, reason: str) -> Refusals:
    """Only a model that two people agreed to is activated, from an instant that is not past, with a reason."""
    gaps = []
    if state != "approved":
        gaps.append(Refusal("identity.not_approved", "Two people must agree to this model first.", AUTHORITY))
    if from_at < now:
        sentence = "Choose a time that is not past: what was decided before keeps the model it was decided under."
        gaps.append(Refusal("identity.from", sentence, AUTHORITY, "from_at"))
    if not reason.strip():
        gaps.append(Refusal("identity.reason", "Say why, so that the next person can check it.", AUTHORITY, "reason"))
    return tuple(gaps)


def roll_back_gaps(*, before: bool, reason: str) -> Refusals:
    """There is a model to go back to, and a reason."""
    gaps = []
    if not before:
        gaps.append(
            Refusal("identity.nothing_before", "The model that Lodestar comes with is in force. There is none before it.", AUTHORITY)
        )
    if not reason.strip():
        gaps.append(Refusal("identity.reason", "Say why, so that the next person can check it.", AUTHORITY, "reason"))
    return tuple(gaps)
