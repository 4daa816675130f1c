"""One part of the page: a table of what was measured, how, and whether its aims were met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bench.markdown import in_markdown

Say = Callable[[str], None]


@dataclass(frozen=True)
class Aim:
    """What was aimed at, and what was found: ``wanted`` is the least number of times, or with ``at_most`` the greatest."""

    words: str
    wanted: float
    found: float
    at_most: bool = False
    unit: str = " times"

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        return self.found <= self.wanted if self.at_most else self.found >= self.wanted

    def __str__(self) -> str:
        """The line of the page."""
        bound = "at most" if self.at_most else "at least"
        verdict = "met" if self.met else "**missed**"
        return f"{self.words}: {bound} {self.wanted:g}{self.unit}, found {self.found:.3g}{self.unit}, {verdict}."


@dataclass(frozen=True)
class Section:
    """A heading, a table, what the table means, and the aims."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]
    notes: str
    aims: list[Aim] = field(default_factory=list)

    def __str__(self) -> str:
        """The part of the page."""
        aims = "\n".join(f"- {aim}" for aim in self.aims)
        return "\n\n".join(part for part in (f"## {self.title}", in_markdown(self.heads, self.rows), self.notes, aims) if part)


Part = Callable[[bool, Say], Section]
"""Measures one part, shortened where the first argument is true, and says how far it is by the second."""
