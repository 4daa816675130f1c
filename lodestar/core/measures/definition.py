"""What a measure means on a day: the values its playbook had in force then, with their version and hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lodestar.core.playbook import Playbook, read
from lodestar.core.words import listed

CLOCKS = ("police", "child", "child_earliest")  # those an episode has
OTHER_CLOCKS = ("returned", "received", "snapshot", "submitted", "charged", "due")  # those of the other desks' measures


@dataclass(frozen=True, slots=True)
class Band:
    """Ages from the first up to, not including, the second; None has no end."""

    code: str
    title: str
    from_age: int
    until_age: int | None

    def holds(self, age: int) -> bool:
        """True when a person of this age is in the band."""
        return self.from_age <= age and (self.until_age is None or age < self.until_age)


@dataclass(frozen=True, slots=True)
class SmallNumbers:
    """The thresholds of disclosure and of sense, and whose they are."""

    count: int
    children: int
    owner: str


@dataclass(frozen=True, slots=True)
class Definition:
    """One measure as defined on one day. Every number printed stores ``version`` and ``content_hash``."""

    code: str
    title: str
    question: str
    version: str
    content_hash: str
    clock: str
    left_out: tuple[str, ...]  # said with every figure; the rules that leave them out are the cohort's
    small: SmallNumbers
    backdated_minutes: int
    provisional_days: int
    age_under: int | None = None
    bands: tuple[Band, ...] = ()
    open_hours: tuple[int, ...] = ()
    # Each measure's playbook sets those that it reads; nought is "not set".
    hours: int = 0
    lowest_level: str = ""
    log_log_from: int = 0
    short_gap_minutes: int = 0
    quantile: float = 0
    restricted_hours: int = 0
    claim_hours: float = 0
    claim_share: float = 0
    claim_level: float = 0
    look_back_days: int = 0
    # What one measure alone reads, by name: the deeds that end its times, the limits of its classes, the clocks it is due by.
    own: Mapping[str, Any] = field(default_factory=dict)

    @property
    def says_left_out(self) -> str:
        """What is left out and counted, in words."""
        return "left out and counted: " + listed(name.replace("_", " ") for name in self.left_out)

    @classmethod
    def from_playbook(cls, book: Playbook | Mapping[str, Any], *, on: date) -> Definition:
        """The values in force on a day. Refuses a day before the first block, and a clock nobody knows."""
        book = book if isinstance(book, Playbook) else read(book)
        block = book.in_force(on)
        values = dict(block.values)
        if values["clock"] not in (*CLOCKS, *OTHER_CLOCKS):
            raise ValueError(f"{book.code}: the clock must be one of {', '.join((*CLOCKS, *OTHER_CLOCKS))}")
        small = values.pop("small_numbers")
        return cls(
            code=book.code,
            title=book.title,
            question=str(book.body["question"]),
            version=block.from_date.isoformat(),
            content_hash=book.content_hash,
            age_under=values.pop("age_under", None),
            bands=tuple(_band(row) for row in values.pop("bands", ())),
            small=SmallNumbers(small["count"], small["children"], small["owner"]),
            open_hours=tuple(values.pop("open_hours", ())),
            left_out=tuple(values.pop("left_out")),
            **values,
        )


def _band(row: Mapping[str, Any]) -> Band:
    return Band(row["code"], row["title"], row["from_age"], row.get("until_age"))
