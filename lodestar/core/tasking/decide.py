"""A named person decides: accepts the proposal, amends it with a reason, or refuses it with one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.times import say_span
from lodestar.core.words import Allowed, Refusal, Refusals

AUTHORITY = "Data Protection Act 2018 ss.50A-50D: meaningful human involvement; the force's tasking formula"

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


@dataclass(frozen=True, slots=True)
class Reach:
    """What a decision about a proposal may speak of: the tasks and the people of its problem."""

    tasks: frozenset[int]
    people: frozenset[int]


def decide(
    *,
    proposed: Mapping[int, int],
    wanted: Mapping[int, int],
    reach: Reach,
    decider: int,
    holds_matter_of: frozenset[int],
    reason: str,
    refused: bool = False,
) -> Allowed[Decision] | Refusals:
    """Taking the lines as they are is accepting; any other line is amending and owes a reason; own cases are refused.

    ``proposed`` and ``wanted`` map a task to a person; ``holds_matter_of`` are the tasks of matters the decider answers for
    and would give to themselves. Refuses a task or a person that the proposal's problem did not have.
    """
    if refused:
        return Allowed(Decision("refuse", ())) if reason.strip() else (_reason("Say why the proposal is refused."),)
    gaps = [*_beyond(wanted, reach)]
    if any(person == decider and task in holds_matter_of for task, person in wanted.items()):
        gaps.append(
            Refusal("tasking.own_case", "You cannot give yourself work on a matter you answer for. Another decider must.", AUTHORITY)
        )
    departs = dict(wanted) != dict(proposed)
    if departs and not reason.strip():
        gaps.append(_reason("This differs from the proposal. Say why."))
    if gaps:
        return tuple(gaps)
    return Allowed(Decision("amend" if departs else "accept", tuple(sorted(wanted.items()))))


def _beyond(wanted: Mapping[int, int], reach: Reach) -> Iterator[Refusal]:
    if not wanted.keys() <= reach.tasks:
        yield Refusal("tasking.not_in_proposal", "This proposal did not look at one of these tasks. Propose again, then decide.", AUTHORITY)
    if not set(wanted.values()) <= reach.people:
        yield Refusal("tasking.not_on_duty", "One of these people was not on duty in this proposal. Choose from its list.", AUTHORITY)


def risk_gaps(*, reason: str, expires_at: datetime | None, longest: timedelta, now: datetime) -> tuple[Refusal, ...]:
    """What nobody can do is accepted by name, with a reason, until a time the playbook's longest off at most; then it returns."""
    gaps = []
    if not reason.strip():
        gaps.append(Refusal("risk.reason", "Say why this may wait.", AUTHORITY, "reason"))
    if expires_at is None or expires_at <= now:
        gaps.append(Refusal("risk.expiry", "Set the time at which this comes back.", AUTHORITY, "expires_at"))
    elif expires_at > now + longest:
        sentence = f"A risk is accepted for {say_span(longest)} at most. Set an earlier time."
        gaps.append(Refusal("risk.too_long", sentence, AUTHORITY, "expires_at"))
    return tuple(gaps)


def _reason(sentence: str) -> Refusal:
    return Refusal("tasking.reason_owed", sentence, AUTHORITY, "reason")
