"""Names, postcodes and telephone numbers as they are compared. What was given is kept elsewhere, word for word.

Folding loses on purpose: two spellings that fold alike are compared as one, and are never shown folded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache

import phonenumbers

# Letters that Unicode does not take apart into a letter and a mark.
_WHOLE_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ŧ": "t", "ħ": "h"})
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_NOT_NAME = re.compile(r"[^\w]+|_+")
_POSTCODE = re.compile(r"(?P<out>[A-Z]{1,2}[0-9][A-Z0-9]?)(?P<in>[0-9][ABD-HJLNP-UW-Z]{2})$")
_AS_WRITTEN = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][ABD-HJLNP-UW-Z]{2}")  # a postcode in the form that is given back
_AS_HELD = re.compile(r"0[1-9][0-9]{8,9}")  # a number of the United Kingdom in the form in which it is kept
_DIALLED = re.compile(r"(?:\+44|0044|0)([1-9][0-9]{8,9})")  # the same as it is dialled from here or from abroad
_EXTENSION = re.compile(r"(?:\s*(?:ext?\.?|extension|x)\s*\d+)\s*$", re.IGNORECASE)
REGION, HERE, LEAST_DIGITS = "GB", 44, 7  # numbers are read as dialled here; fewer figures are no number
E164 = phonenumbers.PhoneNumberFormat.E164
KEY_LENGTH = 160  # as long as the column that holds a name key


# One statement stands beside dozens of people of the same names and the same home, so most parts were read a moment ago.
_recent = lru_cache(maxsize=20_000)


@_recent
def fold(text: str) -> str:
    """A name without case, accents, apostrophes or joins: "O’Neill-Łuczak" and "ONEILL LUCZAK" fold alike."""
    if text.isascii() and text.isalpha():
        return text.lower()  # as most names are: nothing in it but its case to take off
    lowered = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold().translate(_WHOLE_LETTERS)
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(mark))
    return " ".join(_NOT_NAME.sub(" ", plain).split())


def name_key(*, given_name: str, family_name: str) -> str:
    """What people are found by: folded family name, a bar, folded given name; empty where neither is known."""
    family, given = fold(family_name), fold(given_name)
    return f"{family}|{given}"[:KEY_LENGTH] if family or given else ""


def postcode(text: str) -> str:
    """A full postcode in capitals with one space ("CB1 2AB"), or nothing where it is partial or not one."""
    return text if _AS_WRITTEN.fullmatch(text) else _postcode(text)


@_recent
def _postcode(text: str) -> str:
    match = _POSTCODE.match(re.sub(r"[^A-Za-z0-9]", "", text).upper())
    return f"{match['out']} {match['in']}" if match else ""


def phone(text: str) -> str:
    """A telephone number in one form, or nothing where it is not a whole one.

    A number of the United Kingdom is its digits from the nought ("07700900123"), one of another country stands in
    international form ("+48501234567"). Read as dialled here; an extension is left out.
    """
    dialled = _DIALLED.fullmatch(text.replace(" ", ""))
    return f"0{dialled[1]}" if dialled else _phone(text)


@_recent
def _phone(text: str) -> str:
    plain = _EXTENSION.sub("", text).replace("(0)", "")
    if len(re.sub(r"\D", "", plain)) < LEAST_DIGITS:
        return ""
    try:
        parsed = phonenumbers.parse(plain, REGION)
    except phonenumbers.NumberParseException:
        return ""
    if parsed.country_code != HERE:
        return str(phonenumbers.format_number(parsed, E164)) if phonenumbers.is_possible_number(parsed) else ""
    digits = f"0{parsed.national_number}"
    return digits if _AS_HELD.fullmatch(digits) else ""


@lru_cache(maxsize=1_000)
def near_birth_dates(birth_date: date) -> tuple[date, ...]:
    """Other days that one slip of the pen makes of a birth date: day and month swapped, or one figure wrong."""
    return tuple(dict.fromkeys(day for day in _slips(birth_date) if day != birth_date))


def _slips(on: date) -> Iterator[date]:
    written = on.isoformat().replace("-", "")
    swapped = f"{written[:4]}{written[6:]}{written[4:6]}"
    wrong = (f"{written[:place]}{figure}{written[place + 1 :]}" for place in range(len(written)) for figure in "0123456789")
    for slipped in (swapped, *wrong):
        if "01" <= slipped[4:6] <= "12" and "01" <= slipped[6:] <= "31":  # most are no day, and to be refused takes longer than to look
            with suppress(ValueError):
                yield date.fromisoformat(slipped)
