"""Reads the playbooks from their files, once. Needs no database and no Django."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from lodestar.core.clocks.calendars import Calendars, calendars_from
from lodestar.core.clocks.rules import ClockRule, rules_on
from lodestar.core.playbook import BadPlaybook, Playbook, read

ENGLAND, SHIFTS = "CAL-ENGLAND", "CAL-SHIFTS"


def playbook(code: str) -> Playbook:
    """The playbook with this code; an unknown code raises ``KeyError``."""
    return _all()[code]


def all_of(noun: str) -> tuple[Playbook, ...]:
    """Every playbook of a noun, by code."""
    return tuple(book for book in _all().values() if book.noun == noun)


def everything() -> tuple[Playbook, ...]:
    """Every playbook there is, by code."""
    return tuple(_all().values())


@cache
def clock_rules(on: date) -> dict[str, ClockRule]:
    """Every clock rule in force on a London date, by code."""
    return {rule.code: rule for rule in rules_on(all_of("clock"), on=on)}


@cache
def calendars(on: date) -> Calendars:
    """England's working calendar and the shift pattern in force on a London date."""
    return calendars_from(england=playbook(ENGLAND), shifts=playbook(SHIFTS), on=on)


def load(folder: Traversable) -> dict[str, Playbook]:
    """Every playbook in a folder by code; a file that cannot be read, or a code used twice, stops the start."""
    found: dict[str, Playbook] = {}
    for path in _files(folder):
        try:
            book = read(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, BadPlaybook) as problem:
            raise BadPlaybook(f"{path.name}: {problem}") from problem
        if book.code in found:
            raise BadPlaybook(f"{path.name}: the code {book.code} is already taken")
        found[book.code] = book
    return dict(sorted(found.items()))


@cache
def _all() -> dict[str, Playbook]:
    return load(files("lodestar").joinpath("playbooks"))


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            yield from _files(entry)
        elif entry.name.endswith(".toml"):
            yield entry
