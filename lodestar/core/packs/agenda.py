"""What stands on an agenda: each item once, with what is due, whose child it is about, and what was left over from before.

An item holds no name: who may know a child is decided when it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lodestar.core.times import to_utc


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at. ``key`` tells it from every other of the agenda; ``facts`` are shown only with the child's name."""

    key: str
    words: str  # what it is; names nobody
    matter: int | None = None
    child: int | None = None
    due_at: datetime | None = None
    late: bool = False
    who: str = ""  # who owes or holds it
    owed: bool = False  # it must be discussed here, or left with a reason
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """One part of an agenda: its items, and how many more there are than it shows."""

    code: str
    items: tuple[Item, ...]
    more: int = 0


Agenda = tuple[Listed, ...]


def cut(code: str, items: Sequence[Item], *, most: int) -> Listed:
    """The first so many items, and the count of the rest; what must be discussed is never cut."""
    if not most or len(items) <= most:
        return Listed(code, tuple(items))
    owed = [one for one in items if one.owed]
    rest = [one for one in items if not one.owed][: max(0, most - len(owed))]
    shown = {one.key for one in (*owed, *rest)}
    return Listed(code, tuple(one for one in items if one.key in shown), len(items) - len(shown))


def find(agenda: Agenda, key: str) -> tuple[Listed, Item] | None:
    """The item of this key with the part it stands in."""
    return next(((part, one) for part in agenda for one in part.items if one.key == key), None)


def left(agenda: Agenda, discussed: Iterable[str]) -> tuple[Item, ...]:
    """What had to be discussed and was not."""
    done = set(discussed)
    return tuple(one for part in agenda for one in part.items if one.owed and one.key not in done)


def matters_of(agenda: Agenda) -> frozenset[int]:
    """Every matter that an agenda touches."""
    return frozenset(one.matter for part in agenda for one in part.items if one.matter is not None)


def kept(agenda: Agenda) -> list[dict[str, Any]]:
    """An agenda as JSON holds it."""
    return [{"code": part.code, "more": part.more, "items": [_plain(one) for one in part.items]} for part in agenda]


def read(rows: Iterable[Mapping[str, Any]]) -> Agenda:
    """The agenda that was kept."""
    return tuple(Listed(row["code"], tuple(_items(row["items"])), row["more"]) for row in rows)


def _plain(one: Item) -> dict[str, Any]:
    return {
        "key": one.key,
        "words": one.words,
        "matter": one.matter,
        "child": one.child,
        "due_at": to_utc(one.due_at).isoformat() if one.due_at else None,
        "late": one.late,
        "who": one.who,
        "owed": one.owed,
        "facts": [list(fact) for fact in one.facts],
    }


def _items(rows: Iterable[Mapping[str, Any]]) -> Iterator[Item]:
    for row in rows:
        due = datetime.fromisoformat(row["due_at"]) if row["due_at"] else None
        facts = tuple((str(name), str(value)) for name, value in row["facts"])
        yield Item(**{**row, "due_at": due, "facts": facts})
