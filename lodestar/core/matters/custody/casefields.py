"""The fields of a case file, read one by one: each in its form, or refused with its name and what to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from lodestar.core.matters.deeds import instant
from lodestar.core.times import local_date

OLDEST = 120


class BadCase(ValueError):
    """A case file that cannot be read: the sentence names the field and says what to write."""


def table(row: Mapping[str, Any], name: str, where: str = "") -> Mapping[str, Any]:
    """An object, or an empty one where nothing is said."""
    found = row.get(name, {})
    if not isinstance(found, Mapping):
        raise BadCase(f"{where or name}: this must be an object, in curly brackets.")
    return found


def items(row: Mapping[str, Any], name: str, where: str = "") -> Sequence[Any]:
    """A list, or an empty one where nothing is said."""
    found = row.get(name, [])
    if not isinstance(found, list | tuple):
        raise BadCase(f"{where or name}: this must be a list, in square brackets.")
    return found


def rows(row: Mapping[str, Any], name: str, where: str = "") -> Sequence[Mapping[str, Any]]:
    """A list of objects, or an empty one where nothing is said."""
    found = items(row, name, where)
    for place, item in enumerate(found):
        if not isinstance(item, Mapping):
            raise BadCase(f"{where or name}[{place}]: this must be an object, in curly brackets.")
    return found


def known(row: Mapping[str, Any], where: str, fields: str) -> None:
    """A field that nobody reads is refused: a slip of the finger is never taken for silence."""
    names = fields.split()
    for name in row:
        if name not in names:
            near = get_close_matches(str(name), names, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Write {', '.join(names)}."
            raise BadCase(f"{where}{'.' if where else ''}{name}: this is no field of a case file. {hint}")


def at(row: Mapping[str, Any], where: str) -> datetime:
    """An instant that is needed."""
    found = maybe_at(row, where)
    if found is None:
        raise BadCase(f"{where}: this is needed, like 2026-06-04T09:00:00+01:00.")
    return found


def maybe_at(row: Mapping[str, Any], where: str) -> datetime | None:
    """An instant, or None where nothing is said."""
    value = row.get(_last(where))
    return None if value is None else moment(value, where)


def moment(value: object, where: str) -> datetime:
    """What is written here as an instant with its zone."""
    found = instant(str(value))
    if found is None:
        raise BadCase(f"{where}: give a date and time with its zone, like 2026-06-04T09:00:00+01:00.")
    return found


def flag(row: Mapping[str, Any], where: str, *others: str) -> bool:
    """True or false; false where nothing is said. ``others`` are names it may also go by."""
    name = next((name for name in (_last(where), *others) if name in row), _last(where))
    value = row.get(name, False)
    if not isinstance(value, bool):
        raise BadCase(f"{where}: write true or false.")
    return value


def yes_or_why(row: Mapping[str, Any], where: str, choices: tuple[str, ...] = ()) -> tuple[str, str]:
    """Yes, or no with the reason: written ``true``, ``false`` or the reason itself."""
    value = row.get(_last(where), False)
    if isinstance(value, bool):
        return ("yes", "") if value else ("no", "")
    if not isinstance(value, str) or (choices and value not in choices):
        raise BadCase(f"{where}: write true, or the reason{': ' if choices else ''}{' or '.join(choices)}.")
    return "no", value


def choice(row: Mapping[str, Any], where: str, choices: Sequence[str], *, default: str = "") -> str:
    """One of these words."""
    value = row.get(_last(where), default)
    if not isinstance(value, str) or value not in choices:
        raise BadCase(f"{where}: write {' or '.join(choices)}.")
    return value


def text(row: Mapping[str, Any], where: str) -> str:
    """Words, or none."""
    value = row.get(_last(where), "")
    if not isinstance(value, str):
        raise BadCase(f"{where}: write it in words, in quotation marks.")
    return value


def place(row: Mapping[str, Any], where: str, total: int) -> int:
    """The place of a request in the file, from 0."""
    value = row.get(_last(where), 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < total:
        raise BadCase(f"{where}: write the place of a request in requests, from 0; the file has {total}.")
    return value


def born(case: Mapping[str, Any], on: datetime) -> date | None:
    """The date of birth; with an age alone, one that makes the child of that age all through."""
    dob, age = case.get("dob"), case.get("age")
    if dob is not None:
        return _birth(dob, on)
    if age is None:
        return None
    if not isinstance(age, int) or isinstance(age, bool) or not 0 <= age <= OLDEST:
        raise BadCase("age: give a whole number of years, or the date of birth in dob.")
    eve = local_date(on) - timedelta(days=1)
    return eve.replace(year=eve.year - age, day=min(eve.day, 28))


def _birth(dob: object, on: datetime) -> date:
    try:
        found = date.fromisoformat(str(dob))
    except ValueError:
        raise BadCase("dob: give the date of birth like 2010-06-04.") from None
    if found > local_date(on):
        raise BadCase("dob: this is after detention was authorised. Check both.")
    return found


def _last(where: str) -> str:
    return where.rsplit(".", maxsplit=1)[-1]
