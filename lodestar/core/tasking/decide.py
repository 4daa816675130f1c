"""A named person decides: accepts the proposal, amends it with a reason, or refuses it with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.words import Allowed, Refusal, Refusals

AUTHORITY = "Data Protection Act 2018 ss.50A-50D: meaningful human involvement; the force's tasking formula"
LONGEST_RISK = timedelta(hours=24)

PROPOSAL = Lifecycle(
    name="proposal",
    initial="proposed",
    final=frozenset({"accepted", "amended", "refused", "lapsed"}),
    rows=(
        Row("proposed", "accept", "accepted", P.TASKING_DECIDE, "tasking.accepted"),
        Row("proposed", "amend", "amended", P.TASKING_DECIDE, "tasking.amended", reason_owed=True),
        Row("proposed", "refuse", "refused", P.TASKING_DECIDE, "tasking.refused", reason_owed=True),
        Row("proposed", "lapse", "lapsed", P.TASKING_PROPOSE, "tasking.lapsed"),
    ),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: the verb, and who does each piece of work."""

    verb: str
    lines: tuple[tuple[int, int], ...]  # task, person


def decide(
    *, proposed: Mapping[int, int], wanted: Mapping[int, int], decider: int, holds_matter_of: frozenset[int], reason: str, refused: bool = False
) -> Allowed[Decision] | Refusals:
    """Taking the lines as they are is accepting; any other line is amending and owes a reason; own cases are refused.

    ``proposed`` and ``wanted`` map a task to a person; ``holds_matter_of`` are the tasks of matters the decider answers for
    and would give to themselves.
    """
    if refused:
        return Allowed(Decision("refuse", ())) if reason.strip() else (_reason("Say why the proposal is refused."),)
    gaps = []
    own = [task for task, person in wanted.items() if person == decider and task in holds_matter_of]
    if own:
        gaps.append(
            Refusal("tasking.own_case", "You cannot give yourself work on a matter you answer for. Another decider must.", AUTHORITY)
        )
    strangers = set(wanted) - set(proposed)
    departs = dict(wanted) != dict(proposed)
    if departs and not reason.strip():
        gaps.append(_reason("This differs from the proposal. Say why."))
    if strangers and not reason.strip():
        gaps.append(Refusal("tasking.not_placed", "Work the proposal did not place was given to somebody. Say why.", AUTHORITY, "reason"))
    if gaps:
        return tuple(gaps)
    return Allowed(Decision("amend" if departs else "accept", tuple(sorted(wanted.items()))))


def risk_gaps(*, reason: str, expires_at: datetime | None, now: datetime) -> tuple[Refusal, ...]:
    """What nobody can do is accepted by name, with a reason, until a time at most a day off; then it returns."""
    gaps = []
    if not reason.strip():
        gaps.append(Refusal("risk.reason", "Say why this may wait.", AUTHORITY, "reason"))
    if expires_at is None or expires_at <= now:
        gaps.append(Refusal("risk.expiry", "Set the time at which this comes back.", AUTHORITY, "expires_at"))
    elif expires_at > now + LONGEST_RISK:
        gaps.append(Refusal("risk.too_long", "A risk is accepted for a day at most. Set an earlier time.", AUTHORITY, "expires_at"))
    return tuple(gaps)


def _reason(sentence: str) -> Refusal:
    return Refusal("tasking.reason_owed", sentence, AUTHORITY, "reason")
