"""A lifecycle is one typed table: from, verb, to, who, reason owed, audit verb.

Playbooks may switch steps off and set periods; they never invent states. The diagram in
``docs/reference/states.md`` is drawn from the table and compared by ``make check``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lodestar.core.words import Allowed, Refusal, Refusals


@dataclass(frozen=True, slots=True)
class Row:
    """One allowed move: in state ``source``, ``verb`` leads to ``target``."""

    source: str
    verb: str
    target: str
    who: str  # the permission that the person must hold (core.access.permissions)
    audit: str  # the audit verb, past tense
    reason_owed: bool = False


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The whole table for one thing with states."""

    name: str
    initial: str
    final: frozenset[str]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        seen: set[tuple[str, str]] = set()
        for row in self.rows:
            if (row.source, row.verb) in seen:
                raise ValueError(f"{self.name}: {row.verb} from {row.source} stands twice")
            seen.add((row.source, row.verb))

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order the table first names it."""
        order = [self.initial]
        for row in self.rows:
            order += [row.source, row.target]
        return tuple(dict.fromkeys(order))

    def row(self, *, state: str, verb: str) -> Row | None:
        """The move that ``verb`` makes from ``state``, or None where the table has none."""
        return next((row for row in self.rows if row.source == state and row.verb == verb), None)

    def verbs(self, *, state: str) -> tuple[str, ...]:
        """What can be done next from ``state``, in table order."""
        return tuple(row.verb for row in self.rows if row.source == state)

    def step(self, *, state: str, verb: str, permissions: Iterable[str], reason: str = "") -> Allowed[Row] | Refusals:
        """A move needs a row in the table, the permission it names and, where one is owed, a reason."""
        row = self.row(state=state, verb=verb)
        if row is None:
            return (self._no_such_move(state, verb),)
        refusals = tuple(self._lacking(row, frozenset(permissions), reason))
        return refusals or Allowed(row)

    def unreachable(self) -> frozenset[str]:
        """States that no run of moves from the initial state can reach; a sound table has none."""
        reached = {self.initial}
        grew = True
        while grew:
            new = {row.target for row in self.rows if row.source in reached} - reached
            reached |= new
            grew = bool(new)
        return frozenset(self.states) - reached

    def diagram(self) -> str:
        """The table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {row.source} --> {row.target}: {row.verb}" for row in self.rows]
        lines += [f"    {state} --> [*]" for state in sorted(self.final)]
        return "\n".join(lines)

    def _no_such_move(self, state: str, verb: str) -> Refusal:
        can = ", ".join(word.replace("_", " ") for word in self.verbs(state=state)) or "nothing more"
        return Refusal(
            code=f"{self.name}.no_such_move",
            sentence=(
                f"This is {state.replace('_', ' ')}, so it cannot be {verb.replace('_', ' ')} now. What can be done from here: {can}."
            ),
        )

    def _lacking(self, row: Row, permissions: frozenset[str], reason: str) -> Iterator[Refusal]:
        if row.who not in permissions:
            yield Refusal(
                code=f"{self.name}.not_permitted",
                sentence="Your role does not include this step. Ask the person who answers for it, or a supervisor.",
            )
        if row.reason_owed and not reason.strip():
            yield Refusal(code=f"{self.name}.reason_owed", sentence="Say why, in your own words. This step needs a reason.", field="reason")
