"""What the cells of a row say of a person: a day, a year, postcodes, identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from lodestar.core.people.identifiers import SCHEMES, Key, read_key
from lodestar.doors.feeds.sheet import Value, as_text

ISSUER = "responsible_authority"
FIRST_YEAR, LAST_YEAR = 1900, 2100
_DAYS = (re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"), re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"))


def day_in(cell: Value) -> date | None:
    """A day, None where it is blank. Raises ``ValueError``, with the sentence, where it is none."""
    if isinstance(cell, date):
        return cell
    text = as_text(cell).strip()
    if not text:
        return None
    try:
        found = next(parts for form in _DAYS if (parts := form.fullmatch(text)))
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except (StopIteration, ValueError):
        raise ValueError(f"{text!r} is no day. Write 2011-05-06 or 06/05/2011, or leave it blank and give birth_year.") from None


def year_in(text: str) -> int | None:
    """A year of birth, None where it is blank. Raises ``ValueError``, with the sentence, where it is none."""
    if not text:
        return None
    if not text.isdigit() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise ValueError(f"{text!r} is no year. Write it with four figures, or leave it blank.")
    return int(text)


def postcodes_in(present: str, former: str) -> tuple[str, ...]:
    """The present postcode, then the former ones."""
    return tuple(part for part in (present, *re.split(r"[;,]", former)) if part.strip())


def keys_in(cells: Sequence[Value], issuer: str) -> Iterator[Key]:
    """Identifiers that pass their check, from a cell for each scheme; one that does not is left out, as everywhere, and links nothing."""
    for scheme, cell in zip(SCHEMES, cells, strict=True):
        if (text := as_text(cell).strip()) and isinstance(read := read_key(scheme=scheme, text=text, issuer=issuer), Key):
            yield read
