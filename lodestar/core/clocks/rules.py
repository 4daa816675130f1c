"""What a clock's playbook says, as one value: what starts it, how long it runs, who owes it, who is told if it is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lodestar.core.playbook import BadPlaybook, Block, NotInForce, Playbook

CALENDARS = frozenset({"elapsed", "working_hours_england", "working_days_england", "chosen", "by_level"})
SHIFT_SUFFIX = "_shift"
POST_KINDS = frozenset(
    {
        "holder", "duty_sergeant", "duty_inspector", "duty_superintendent", "hub_sergeant", "hub_officer",
        "control_room", "children_services", "receiver", "assignee",
        "custody_officer", "polit_officer", "polit_sergeant", "accountable",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """How long a clock runs at one level: an amount, a number of working days, a shift, or a time chosen up to a ceiling."""

    calendar: str
    amount: timedelta = timedelta(0)
    working_days: int = 0
    ceiling: timedelta | None = None
    event: str = ""  # where another event than the rule's own starts it at this level
    verified: bool = False
    note: str = ""

    @property
    def shift(self) -> str:
        """The shift it runs by ("early"), or nothing."""
        return self.calendar.removesuffix(SHIFT_SUFFIX) if self.calendar.endswith(SHIFT_SUFFIX) else ""


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One rung: who is told once the clock has been late for so long."""

    number: int
    after: timedelta
    tell: str  # a kind of post


@dataclass(frozen=True, slots=True)
class Trigger:
    """What makes a repeat clock start: so many reports in a window, or missing for longer than so many days."""

    reports: int = 0  # this many, counting the newest
    within_days: int = 0
    within_months: int = 0
    missing_more_than_days: int = 0


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One rule with the block in force on the day it is read."""

    code: str
    title: str
    matter: str  # a kind of matter, or "any"
    event: str
    child_only: bool
    owed_by: str
    satisfied_by: str
    ended_by: tuple[str, ...]  # deeds after which nothing is owed any more, though it was not done
    repeats: bool
    warn: tuple[timedelta, ...]
    ladder: tuple[LadderStep, ...]
    default: Span | None  # None where the rule speaks only of levels
    by_level: Mapping[str, Span]
    trigger: Trigger | None
    block: Block
    content_hash: str
    held_by: str = ""  # what holds it, by the desk's deeds and nobody's wish: hospital

    def span(self, level: str | None = None) -> Span | None:
        """How long it runs at this level, or None where nothing is owed at it."""
        return self.by_level.get(level or "", self.default)

    @property
    def authority(self) -> str:
        """Whose rule it is."""
        return self.block.authority

    @property
    def verified(self) -> bool:
        """Whether its values were seen in the source; screens show the mark."""
        return self.block.verified


def clock_rule(playbook: Playbook, *, on: date) -> ClockRule:
    """A clock rule is its playbook with the block in force on the day; a day before the first block is refused."""
    block, body = playbook.in_force(on), playbook.body
    if playbook.noun != "clock":
        raise BadPlaybook(f"{playbook.code} is about {playbook.noun}, not a clock")
    applies, calendar = body["applies"], body["calendar"]
    levels = block.values.get("by_level", {})
    trigger = block.values.get("trigger")
    return ClockRule(
        code=playbook.code,
        title=playbook.title,
        matter=applies["matter"],
        event=applies["event"],
        child_only=applies.get("child", False),
        owed_by=body["owed_by"],
        satisfied_by=body["satisfied_by"],
        ended_by=tuple(body.get("ended_by", ())),
        repeats=body.get("repeats", False),
        warn=tuple(timedelta(minutes=step["minutes_before"]) for step in body["warn"]),
        ladder=_ladder(body["ladder"]),
        default=None if calendar == "by_level" else _span(calendar, block.values, block),
        by_level={level: _span(row.get("calendar", calendar), row, block) for level, row in levels.items()},
        trigger=Trigger(**trigger) if trigger is not None else None,
        block=block,
        content_hash=playbook.content_hash,
        held_by=body.get("held_by", ""),
    )


def rules_on(playbooks: Iterable[Playbook], *, on: date) -> tuple[ClockRule, ...]:
    """Every clock rule in force on the day; those whose first block is still to come are left out."""
    rules = []
    for playbook in playbooks:
        try:
            rules.append(clock_rule(playbook, on=on))
        except NotInForce:
            continue
    return tuple(rules)


def rule_faults(rule: ClockRule) -> tuple[str, ...]:
    """What a clock's playbook says that cannot be followed; a sound one says nothing of the kind."""
    kinds = (rule.owed_by, *(step.tell for step in rule.ladder))
    found = [f"nobody is called {kind}" for kind in kinds if kind not in POST_KINDS]
    spans = ({"its span": rule.default} if rule.default else {}) | {f"level {name}": span for name, span in rule.by_level.items()}
    found += [f"{name}: {fault}" for name, span in spans.items() for fault in _span_fault(span)]
    if rule.default is None and not rule.by_level:
        found.append("it says by level and names none")
    if [step.after for step in rule.ladder] != sorted(step.after for step in rule.ladder):
        found.append("the ladder does not climb")
    return tuple(f"{rule.code}: {fault}" for fault in found)


def _span_fault(span: Span) -> tuple[str, ...]:
    if span.calendar not in CALENDARS and not span.shift:
        return (f"there is no calendar {span.calendar}",)
    needs_amount = span.calendar in {"elapsed", "working_hours_england"}
    if needs_amount != bool(span.amount) or (span.calendar == "working_days_england") != bool(span.working_days):
        return ("its length does not suit its calendar",)
    return ("a chosen time needs a ceiling",) if span.calendar == "chosen" and span.ceiling is None else ()


def _span(calendar: str, row: Mapping[str, Any], block: Block) -> Span:
    return Span(
        calendar=calendar,
        amount=timedelta(minutes=row.get("minutes", 0), hours=row.get("hours", 0)),
        working_days=row.get("working_days", 0),
        ceiling=timedelta(hours=row["ceiling_hours"]) if "ceiling_hours" in row else None,
        event=row.get("event", ""),
        verified=row.get("verified", block.verified),
        note=row.get("note", block.note),
    )


def _ladder(rows: Iterable[Mapping[str, Any]]) -> tuple[LadderStep, ...]:
    return tuple(LadderStep(number, timedelta(minutes=row["minutes_after"]), row["tell"]) for number, row in enumerate(rows, start=1))
