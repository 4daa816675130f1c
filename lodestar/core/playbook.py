"""A playbook is what the service is told: a rule's values, each dated, with its authority and worked examples.

A value is never edited; a change is a new block with its own ``from``. Whatever is decided stores the code and content
hash, so that it can be replayed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from lodestar.core.times import local_date, say_date

MINIMUM_EXAMPLES = 2
HEAD = frozenset({"code", "title", "noun", "in_force", "examples"})
BLOCK = frozenset({"from", "authority", "verified", "note"})
EXAMPLE = frozenset({"name", "given", "expect"})


@dataclass(frozen=True, slots=True)
class Shape:
    """Which keys a noun's playbook must and may have, in its head and in each dated block."""

    head: frozenset[str] = frozenset()
    head_may: frozenset[str] = frozenset()
    block: frozenset[str] = frozenset()
    block_may: frozenset[str] = frozenset()


SHAPES: dict[str, Shape] = {
    "roles": Shape(block=frozenset({"roles"})),
    "levels": Shape(block=frozenset({"levels"})),
    "calendar": Shape(head=frozenset({"opens", "closes", "weekdays"}), block=frozenset({"holidays"})),
    "questions": Shape(block=frozenset({"version", "questions"})),
    "mapping": Shape(block=frozenset({"version", "time_zone", "required", "columns", "risk", "codes"})),
    "engagement_kinds": Shape(block=frozenset({"kinds"})),
    "engagement_mapping": Shape(
        head=frozenset({"kind"}),
        block=frozenset({"version", "time_zone", "dates", "required", "columns", "people", "nature", "grading"}),
        block_may=frozenset({"things", "codes", "always"}),
    ),
    "linking": Shape(block=frozenset({"version", "may_join", "variants"})),
    "tiers": Shape(block=frozenset({"rules"})),
    "task_kinds": Shape(block=frozenset({"kinds"})),
    "shifts": Shape(block=frozenset({"shifts"})),
    "posts": Shape(block=frozenset({"chains"})),
    "tasking_formula": Shape(
        block=frozenset({"version", "tiers", "rules", "otherwise", "posts", "eligibility", "statutory", "purposes", "crews", "partners"})
        | frozenset({"values", "limits", "search"})
    ),
    "measure": Shape(
        head=frozenset({"question"}),
        block=frozenset({"clock", "left_out", "small_numbers", "backdated_minutes", "provisional_days"}),
        block_may=frozenset({"hours", "age_under", "lowest_level", "log_log_from", "short_gap_minutes", "bands"})
        | frozenset({"quantile", "open_hours", "restricted_hours", "claim_hours", "claim_share", "claim_level"})
        | frozenset({"look_back_days", "own"}),
    ),
    "identity": Shape(
        block=frozenset({"labels_needed", "precision", "review_from", "household_most", "fracture", "cluster_most", "gate"}),
    ),
    "identity_review": Shape(block=frozenset({"share", "draw", "pass_on", "few", "known_share", "days"})),
    "identity_harm": Shape(block=frozenset({"harms", "chances"})),
    "identity_live": Shape(
        block=frozenset({"block_most", "shown_most", "recount_share"}), block_may=frozenset({"flag_kinds", "flag_roles", "flags"})
    ),
    "pack": Shape(
        head=frozenset({"slug", "chair", "event"}),
        block=frozenset({"cadence", "may_attend", "may_read", "small_numbers", "few", "sections"}),
    ),
    "forecast": Shape(
        head=frozenset({"kind", "begun_by", "ended_by", "roles"}),
        block=frozenset({"classes", "ungraded", "availability", "training", "growth", "stages", "history_days", "runs"}),
    ),
    "networks": Shape(
        block=frozenset(
            {"windows", "adult", "thing", "group", "missed", "weak_kinds", "weak_gradings", "not_linking", "as_child", "discounted"}
        )
        | frozenset({"reviewed", "kept_days", "weak_kept_days", "object_words", "worth"}),
    ),
    "checklist": Shape(block=frozenset({"items"})),
    "detector": Shape(
        head=frozenset({"rule"}),
        block=frozenset({"owner", "within_hours", "expires"}),
        block_may=frozenset({"reports", "within_days"}),
    ),
    "language": Shape(block=frozenset({"terms"})),
    "bodies": Shape(block=frozenset({"bodies"})),
    "closing_rule": Shape(block=frozenset({"periods", "short_periods", "unknown_periods"})),
    "rubric": Shape(head=frozenset({"matter"}), block=frozenset({"criteria", "weights"})),
    "clock": Shape(
        head=frozenset({"applies", "owed_by", "satisfied_by", "calendar", "ladder", "warn"}),
        head_may=frozenset({"repeats", "ended_by", "held_by"}),
        block_may=frozenset({"minutes", "hours", "working_days", "ceiling_hours", "by_level", "trigger"}),
    ),
}


class NotInForce(Exception):  # noqa: N818 - the domain's own word
    """Raised when no block of a playbook covers the day asked about."""

    def __init__(self, code: str, on: date) -> None:
        super().__init__(f"{code} was not in force on {say_date(on)}. Add a block dated on or before that day.")
        self.code, self.on = code, on


class BadPlaybook(ValueError):  # noqa: N818 - the domain's own word
    """Raised when a file cannot be read as a playbook at all; the message says which file and what to mend."""


@dataclass(frozen=True, slots=True)
class Block:
    """The values in force from one day until the next block's, and on whose authority."""

    from_date: date
    until: date | None
    authority: str
    verified: bool
    note: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Playbook:
    """One rule, one file: what does not change (``body``), the dated blocks, and the examples that run as tests."""

    code: str
    title: str
    noun: str
    body: Mapping[str, Any]
    blocks: tuple[Block, ...]
    examples: tuple[Mapping[str, Any], ...]
    content_hash: str

    def in_force(self, on: date) -> Block:
        """The block that covers the day, for an instant its London day; a day before the first raises ``NotInForce``."""
        day = local_date(on) if isinstance(on, datetime) else on
        for block in reversed(self.blocks):
            if block.from_date <= day:
                return block
        raise NotInForce(self.code, day)


def read(table: Mapping[str, Any]) -> Playbook:
    """A playbook is read whole or not at all; a file without a code, noun, title or dated block is refused."""
    code = str(table.get("code", ""))
    for key in ("code", "title", "noun"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise BadPlaybook(f"{code or 'a playbook'}: give it a {key}")
    blocks = table.get("in_force")
    if not isinstance(blocks, Sequence) or not blocks:
        raise BadPlaybook(f"{code}: give it at least one [[in_force]] block")
    return Playbook(
        code=code,
        title=table["title"],
        noun=table["noun"],
        body=_frozen({key: value for key, value in table.items() if key not in HEAD}),
        blocks=tuple(_blocks(code, blocks)),
        examples=tuple(_frozen(example) for example in table.get("examples", ())),
        content_hash=content_hash(table),
    )


def content_hash(table: Mapping[str, Any]) -> str:
    """The same content has the same hash whatever the order of its keys: SHA-256 of its canonical JSON."""
    text = json.dumps(table, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)
    return sha256(text.encode()).hexdigest()


def faults(playbook: Playbook) -> tuple[str, ...]:
    """Everything wrong with a playbook, each as a sentence; a sound one has none."""
    found = (*_block_faults(playbook), *_shape_faults(playbook), *_example_faults(playbook))
    return tuple(f"{playbook.code}: {fault}" for fault in found)


def _blocks(code: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    starts = [row.get("from") for row in rows]
    for index, row in enumerate(rows):
        start = starts[index]
        if not isinstance(start, date) or isinstance(start, datetime):
            raise BadPlaybook(f"{code}: every [[in_force]] block needs a from date, like 2026-01-01")
        following = starts[index + 1] if index + 1 < len(rows) else None
        yield Block(
            from_date=start,
            until=following if isinstance(following, date) else None,
            authority=str(row.get("authority", "")),
            verified=row.get("verified") is True,
            note=str(row.get("note", "")),
            values=_frozen({key: value for key, value in row.items() if key not in BLOCK}),
        )


def _block_faults(playbook: Playbook) -> Iterator[str]:
    for block in playbook.blocks:
        day = say_date(block.from_date)
        if not block.authority.strip():
            yield f"the block from {day} names no authority"
        if not block.verified and not block.note.strip():
            yield f"the block from {day} is not verified and has no note saying why"
        if block.until is not None and block.until <= block.from_date:
            yield f"the block after {day} does not start later"


def _shape_faults(playbook: Playbook) -> Iterator[str]:
    shape = SHAPES.get(playbook.noun)
    if shape is None:
        yield f"the noun {playbook.noun} is not known; add its shape to core/playbook.py"
        return
    yield from _key_faults("the head", playbook.body, shape.head, shape.head_may)
    for block in playbook.blocks:
        yield from _key_faults(f"the block from {say_date(block.from_date)}", block.values, shape.block, shape.block_may)


def _key_faults(where: str, table: Mapping[str, Any], must: frozenset[str], may: frozenset[str]) -> Iterator[str]:
    for key in sorted(must - table.keys()):
        yield f"{where} lacks {key}"
    for key in sorted(table.keys() - must - may):
        yield f"{where} has a key that nothing reads: {key}"


def _example_faults(playbook: Playbook) -> Iterator[str]:
    if len(playbook.examples) < MINIMUM_EXAMPLES:
        yield f"it has fewer than {MINIMUM_EXAMPLES} examples"
    for number, example in enumerate(playbook.examples, start=1):
        if example.keys() != EXAMPLE:
            yield f"example {number} needs name, given and expect, and nothing else"


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return MappingProxyType({key: _frozen(inner) for key, inner in value.items()})
    if isinstance(value, list | tuple):
        return tuple(_frozen(inner) for inner in value)
    return value


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(f"a playbook cannot hold a {type(value).__name__}")
