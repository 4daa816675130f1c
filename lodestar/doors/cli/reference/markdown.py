"""How the generated pages are written: tables, values and instants in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from lodestar.core.times import say, say_date

GENERATED = "*This page is written by `lodestar docs build` from the code and the playbooks. Change those, never this page.*"


def page(title: str, *parts: str) -> str:
    """A whole page: its title, how it was made, its parts."""
    return "\n\n".join((f"# {title}", GENERATED, *(part for part in parts if part))) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; an empty one says so."""
    lines = [f"| {' | '.join(_cell(item) for item in row)} |" for row in rows]
    if not lines:
        return "None."
    return "\n".join((f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *lines))


def code(word: object) -> str:
    """A word of the machinery, set as code; nothing where there is none."""
    return f"`{word}`" if str(word) else ""


def words(value: Any) -> str:
    """A value of a playbook in words: instants as London saw them, yes and no, lists with commas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return say(value)
    if isinstance(value, date):
        return say_date(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {words(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        parted = " / " if any(isinstance(inner, Mapping) for inner in value) else ", "
        return parted.join(words(inner) for inner in value) or "none"
    return str(value) if value != "" else "nothing"


def leaves(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a nested table with its path, in the file's order."""
    for name, value in values.items():
        path = f"{above}{name}"
        if isinstance(value, Mapping) and value:
            yield from leaves(value, f"{path}.")
        else:
            yield path, words(value)


def first_paragraph(text: str | None) -> str:
    """What a docstring says before its first empty line, on one line."""
    return " ".join((text or "").strip().split("\n\n")[0].split()).replace("``", "`")


def _cell(item: object) -> str:
    return str(item).replace("|", "\\|").replace("\n", " ")
