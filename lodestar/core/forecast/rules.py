"""What the playbook of a line says: its classes and deadlines, what counts as begun and ended, training, growth, and how to look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lodestar.core.playbook import Playbook


@dataclass(frozen=True, slots=True)
class LineClass:
    """One class, the levels of risk that it holds, and its deadline in days."""

    code: str
    title: str
    levels: tuple[str, ...]
    deadline_days: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A named value that somebody asking may choose: a training, a growth."""

    code: str
    title: str
    value: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class LineRules:
    """A line's values in force on a day."""

    code: str
    title: str
    kind: str
    version: str
    content_hash: str
    verified: bool
    note: str
    begun_by: frozenset[str]
    ended_by: frozenset[str]
    roles: tuple[str, ...]
    classes: tuple[LineClass, ...]
    ungraded: str  # the class in which a case without a level is counted
    availability: tuple[float, float]  # 1 to 1 where lengths are measured from recorded work: leave is in them already
    training: tuple[Choice, ...]
    growth: tuple[Choice, ...]
    stages: tuple[Mapping[str, Any], ...]
    history_days: int
    runs: int

    def class_of(self, level: str) -> str:
        """The class of a level of risk; what is not known is not low."""
        return next((one.code for one in self.classes if level in one.levels), self.ungraded)

    def trained(self, code: str) -> Choice:
        """A training by its code, or the first."""
        return next((one for one in self.training if one.code == code), self.training[0])

    def grown(self, code: str) -> Choice:
        """A growth by its code, or the first."""
        return next((one for one in self.growth if one.code == code), self.growth[0])


def line_rules(book: Playbook, *, on: date) -> LineRules:
    """The values in force on a day. Refuses a day before the first block, and a class for the ungraded that there is not."""
    block, body = book.in_force(on), book.body
    values = block.values
    classes = tuple(LineClass(row["code"], row["title"], tuple(row["levels"]), row["deadline_days"]) for row in values["classes"])
    if values["ungraded"] not in {one.code for one in classes}:
        raise ValueError(f"{book.code}: ungraded names no class")
    return LineRules(
        code=book.code,
        title=book.title,
        kind=body["kind"],
        version=block.from_date.isoformat(),
        content_hash=book.content_hash,
        verified=block.verified,
        note=block.note,
        begun_by=frozenset(body["begun_by"]),
        ended_by=frozenset(body["ended_by"]),
        roles=tuple(body["roles"]),
        classes=classes,
        ungraded=values["ungraded"],
        availability=(values["availability"]["low"], values["availability"]["high"]),
        training=tuple(Choice(row["code"], row["title"], tuple(map(tuple, row["steps"]))) for row in values["training"]),
        growth=tuple(Choice(row["code"], row["title"], ((row["low"], row["high"]),)) for row in values["growth"]),
        stages=tuple(values["stages"]),
        history_days=values["history_days"],
        runs=values["runs"],
    )
