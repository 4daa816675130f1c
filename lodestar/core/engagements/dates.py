"""Dates as a source writes them: its own forms, tried in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache

from lodestar.core.words import listed

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PARTS = {
    "YYYY": r"(?P<y>\d{4})",
    "MON": r"(?P<name>[A-Za-z]{3})[a-z]*",
    "MM": r"(?P<mo>\d{1,2})",
    "DD": r"(?P<d>\d{1,2})",
    "hh": r"(?P<h>\d{1,2})",
    "mm": r"(?P<mi>\d{2})",
    "ss": r"(?P<s>\d{2})",
}
_TOKEN = re.compile("|".join(PARTS))
EARLIEST = 1900


class NotADate(ValueError):  # noqa: N818 - names what is so
    """A cell is in none of the mapping's forms, or names a day that never was."""


def wall(value: str | date | datetime, forms: Sequence[str]) -> date | datetime:
    """What a cell says: a day, or a time as the source's clocks showed it.

    It stays without a zone: whether it happened twice or never is for whoever reads it in the source's. ``forms`` are such as
    ``DD/MM/YYYY hh:mm``. Raises ``NotADate``.
    """
    return value if isinstance(value, date) else _read(value.strip(), forms)


def _read(text: str, forms: Sequence[str]) -> date | datetime:
    for form in forms:
        match = _pattern(form).fullmatch(text)
        if match is not None:
            return _made(match.groupdict(), text)
    raise NotADate(f"“{text[:30]}” is not a date as this source writes it: {listed(forms)}.")


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """A form as a pattern; whatever is not a part of a date stands for itself."""
    out, at = [], 0
    for token in _TOKEN.finditer(form):
        out += [re.escape(form[at : token.start()]), PARTS[token.group()]]
        at = token.end()
    return re.compile("".join([*out, re.escape(form[at:])]))


def _made(parts: dict[str, str | None], text: str) -> date | datetime:
    name = parts.get("name")
    try:
        month = MONTHS.index(name.lower()) + 1 if name else int(parts.get("mo") or 0)
        day = date(int(parts.get("y") or 0), month, int(parts.get("d") or 0))
        if day.year < EARLIEST:
            raise ValueError(text)
        if parts.get("h") is None:
            return day
        return datetime(day.year, day.month, day.day, int(parts["h"] or 0), int(parts.get("mi") or 0), int(parts.get("s") or 0))  # noqa: DTZ001
    except ValueError as fault:
        raise NotADate(f"“{text[:30]}” is no real date.") from fault
