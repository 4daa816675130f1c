"""A named person decides: takes the proposal, amends it line by line with a reason, or refuses it with one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.tasking.formula import RANKS
from lodestar.core.times import say_span
from lodestar.core.words import Allowed, Refusal, Refusals, with_article

AUTHORITY = "Data Protection Act 2018 ss.50A-50D: meaningful human involvement; the force's tasking formula"

PROPOSAL = Lifecycle(
    name="proposal",
    initial="proposed",
    final=frozenset({"accepted", "amended", "refused", "withheld", "lapsed"}),
    rows=(
        Row("proposed", "accept", "accepted", P.TASKING_DECIDE, "tasking.accepted"),
        Row("proposed", "amend", "amended", P.TASKING_DECIDE, "tasking.amended", reason_owed=True),
        Row("proposed", "refuse", "refused", P.TASKING_DECIDE, "tasking.refused", reason_owed=True),
        Row("proposed", "lapse", "lapsed", P.TASKING_PROPOSE, "tasking.lapsed"),
        # Work of a tier that needs two people waits for the second; the rest of the same decision has gone out.
        Row("proposed", "ask_second", "awaiting_second", P.TASKING_DECIDE, "tasking.second_asked"),
        Row("awaiting_second", "second", "accepted", P.TASKING_DECIDE, "tasking.seconded"),
        Row("awaiting_second", "withhold", "withheld", P.TASKING_DECIDE, "tasking.withheld", reason_owed=True),
    ),
)

Crew = tuple[int, ...]  # who goes, in the order of the work's slots


@dataclass(frozen=True, slots=True)
class Line:
    """What the decider may need to know of one piece of work to decide about it."""

    proposed: Crew  # nobody: the formula placed it with no one, or took it from somebody
    issued: Crew = ()  # who has it already
    size: int = 1  # how many go
    barred: frozenset[int] = frozenset()
    needs_second: bool = False
    own: bool = False  # of a matter that the decider answers for


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: the kind of decision, what goes out now, and what waits for a second person."""

    kind: str  # accept, amend, refuse
    now: tuple[tuple[int, Crew], ...] = ()  # task and people; nobody takes it from those who had it
    waiting: tuple[tuple[int, Crew], ...] = ()

    @property
    def verb(self) -> str:
        """The move in the proposal's life."""
        return "ask_second" if self.waiting else self.kind


def decide(
    *,
    lines: Mapping[int, Line],
    wanted: Mapping[int, Crew],
    people: frozenset[int],
    decider: int,
    reason: str,
    refused: bool = False,
    free_moves: int = 1,
) -> Allowed[Decision] | Refusals:
    """Taking the lines as they are is accepting; any other line is amending and owes a reason; own cases are refused.

    ``wanted`` maps a task to its people; a task left out is left as it is. Refuses a task the proposal did not look at,
    somebody who was not on duty in it, somebody with a conflict of interest, and one person twice in one crew. Work that is
    already with the very same people is nobody's decision again. Taking more than ``free_moves`` pieces of work back from people
    who are here owes a reason too, though it is as proposed: issued work is to stay where it is.
    """
    if refused:
        return Allowed(Decision("refuse")) if reason.strip() else (_reason("Say why the proposal is refused."),)
    gaps = [*_gaps(lines, wanted, people, decider)]
    departs = any(wanted.get(task, ()) != line.proposed for task, line in lines.items())
    if departs and not reason.strip():
        gaps.append(_reason("This differs from the proposal. Say why."))
    elif (taken := taken_back(lines=lines, wanted=wanted, people=people)) > free_moves and not reason.strip():
        gaps.append(_reason(f"This takes {taken} pieces of work back from people who are here. Say why it is worth it."))
    if gaps:
        return tuple(gaps)
    changed = [(task, crew) for task, crew in sorted(wanted.items()) if crew != lines[task].issued]
    waiting = tuple(pair for pair in changed if pair[1] and lines[pair[0]].needs_second)
    return Allowed(Decision("amend" if departs else "accept", tuple(pair for pair in changed if pair not in waiting), waiting))


def taken_back(*, lines: Mapping[int, Line], wanted: Mapping[int, Crew], people: frozenset[int]) -> int:
    """How many pieces of issued work leave people who are all here to do them."""
    issued = {task: set(line.issued) for task, line in lines.items() if line.issued and task in wanted}
    return sum(had <= people and not had <= set(wanted[task]) for task, had in issued.items())


def second(*, decider: int, seconder: int, own: bool, verb: str, reason: str) -> tuple[Refusal, ...]:
    """The second is another person, who does not answer for the matter either; to withhold owes a reason."""
    gaps = []
    if seconder == decider:
        gaps.append(Refusal("tasking.same_person", "You decided this. A second person must read it and agree.", AUTHORITY))
    if own:
        gaps.append(_own())
    if verb == "withhold" and not reason.strip():
        gaps.append(_reason("Say why this work is not to go out."))
    return tuple(gaps)


def _gaps(lines: Mapping[int, Line], wanted: Mapping[int, Crew], people: frozenset[int], decider: int) -> Iterator[Refusal]:
    if not wanted.keys() <= lines.keys():
        yield Refusal("tasking.not_in_proposal", "This proposal did not look at one of these tasks. Propose again, then decide.", AUTHORITY)
        return
    if not {person for crew in wanted.values() for person in crew} <= people:
        yield Refusal("tasking.not_on_duty", "One of these people was not on duty in this proposal. Choose from its list.", AUTHORITY)
    if any(decider in crew and lines[task].own for task, crew in wanted.items()):
        yield _own()
    if any(len(set(crew)) < len(crew) for crew in wanted.values()):
        yield Refusal("tasking.twice", "One person is named twice for one task. Everybody who goes is somebody else.", AUTHORITY)
    if any(crew and len(crew) != lines[task].size for task, crew in wanted.items()):
        yield Refusal("tasking.crew", "Name everybody who goes, or nobody: one of these tasks is not for so many.", AUTHORITY)
    if any(lines[task].barred & set(crew) for task, crew in wanted.items()):
        sentence = "Somebody you chose may not do this: a conflict of interest, or a woman or a man was asked for. Choose another."
        yield Refusal("tasking.conflict", sentence, AUTHORITY)


def _own() -> Refusal:
    return Refusal("tasking.own_case", "You cannot give yourself work on a matter you answer for. Another decider must.", AUTHORITY)


def risk_gaps(
    *, free: bool, reason: str, expires_at: datetime | None, longest: timedelta, rank: str, owed: str, now: datetime
) -> tuple[Refusal, ...]:
    """What nobody has is accepted by name, at the rank its tier asks or above, with a reason, until a time; then it returns."""
    if not free:
        return (Refusal("risk.somebody", "Somebody has this work now, or it has ended. There is nothing to accept.", AUTHORITY),)
    gaps = []
    if not reason.strip():
        gaps.append(Refusal("risk.reason", "Say why this may wait.", AUTHORITY, "reason"))
    if not ranks_with(rank=rank, owed=owed):
        sentence = f"Work of this tier may be left undone only by {with_article(owed)} or above. Ask one, or it climbs to them by itself."
        gaps.append(Refusal("risk.rank", sentence, AUTHORITY))
    if expires_at is None or expires_at <= now:
        gaps.append(Refusal("risk.expiry", "Set the time at which this comes back.", AUTHORITY, "expires_at"))
    elif expires_at > now + longest:
        sentence = f"A risk in this tier is accepted for {say_span(longest)} at most. Set an earlier time."
        gaps.append(Refusal("risk.too_long", sentence, AUTHORITY, "expires_at"))
    return tuple(gaps)


def ranks_with(*, rank: str, owed: str) -> bool:
    """True where a rank is the one asked for or above it; a rank that nobody has heard of, or none, is below them all."""
    plain = rank.strip().lower().removeprefix("detective ").removeprefix("temporary ").removeprefix("acting ")
    order = {name.lower(): place for place, name in enumerate(RANKS)}
    return order.get(plain, -1) >= order[owed.lower()]


def _reason(sentence: str) -> Refusal:
    return Refusal("tasking.reason_owed", sentence, AUTHORITY, "reason")
