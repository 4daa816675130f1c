"""What somebody types while a caller speaks: a name, an age, a birth date, a postcode, a telephone number, an identifier.

One box, any order. Each piece is read as everything that it may be, and what was read is said back, so that the person at the
telephone sees at once where Lodestar took a word for something else. Nothing typed is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import jellyfish

from lodestar.core.people.identifiers import SCHEMES, local_id
from lodestar.core.people.reading import fold, phone, postcode
from lodestar.core.times import say_date

LEAST = 3  # letters of a name before anything is looked for
MOST_NAMES = 5
OLDEST = 25  # a bare number up to this is an age: the box is about children and the young
LONGEST = 200
CENTURY = 100
# What callers say around what they mean: none of it is anybody's name in this box.
NOISE = frozenset({
    "a", "about", "age", "aged", "aka", "also", "and", "around", "at", "born", "boy", "called", "child", "dob", "from", "girl",
    "goes", "he", "her", "his", "in", "is", "known", "lives", "mobile", "name", "named", "of", "old", "on", "or", "phone",
    "pnc", "postcode", "nhs", "number", "she", "tel", "the", "they", "upn", "year", "years", "yo", "yrs",
})  # fmt: skip
MONTHS = MappingProxyType(
    {
        word: number
        for number, month in enumerate(
            ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"),
            start=1,
        )
        for word in (month, month[:3])
    }
)
_SOFT = "aeiouwy"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text may mean. Names are folded; ``begun`` is the last one where it may not be typed to its end."""

    names: tuple[str, ...] = ()
    begun: str = ""
    born: tuple[date, ...] = ()
    years: tuple[int, ...] = ()  # of birth, where only an age or a year was said
    postcodes: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()  # the first half of a postcode
    phones: tuple[str, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()  # scheme and value as it is compared
    matters: tuple[int, ...] = ()
    said: tuple[str, ...] = ()  # what each piece was read as, in words

    @property
    def is_enough(self) -> bool:
        """True where there is something to look for."""
        exact = self.born or self.postcodes or self.phones or self.keys or self.matters
        return bool(exact) or any(len(name) >= LEAST for name in self.names)


class _Text:
    """The text as far as it has not been read yet."""

    def __init__(self, text: str) -> None:
        self.left, self.said = text[:LONGEST], list[str]()

    def take(self, pattern: str, read: Callable[[re.Match[str]], str]) -> None:
        """Whatever the pattern finds and ``read`` can say is taken out; what it cannot say stays for the next reader."""

        def one(match: re.Match[str]) -> str:
            words = read(match)
            if words:
                self.said.append(words)
            return " | " if words else match.group()

        self.left = re.sub(pattern, one, self.left, flags=re.IGNORECASE)


def read(*, text: str, on: date) -> Asked:
    """Everything that the words may be, on a day; an empty text is nothing asked."""
    rest = _Text(text)
    matters, keys, phones = _numbers(rest)
    born, years = _times(rest, on)
    postcodes, districts = _places(rest)
    words = [word for word in re.findall(r"[^\s|,;]+", rest.left) if re.search(r"\w", word)]
    for word in words:
        if re.search(r"\d", word) and re.search(r"\w{3}", word):
            keys += [(scheme, local_id(word)) for scheme in ("force_person_id", "la_child_id")]
            rest.said.append(f"a local number, {word}")
    spoken = [(word, fold(word)) for word in words if not re.search(r"\d", word)]
    names = tuple(dict.fromkeys(part for _, folded in spoken for part in folded.split() if part not in NOISE))[:MOST_NAMES]
    rest.said += [f"name, {name.capitalize()}" for name in names]
    typing = bool(spoken) and text[:LONGEST].endswith(spoken[-1][0])
    return Asked(
        names=names,
        begun=names[-1] if names and typing and len(names[-1]) >= LEAST else "",
        born=tuple(born),
        years=tuple(years),
        postcodes=tuple(postcodes),
        districts=tuple(districts),
        phones=tuple(phones),
        keys=tuple(dict.fromkeys(keys)),
        matters=tuple(matters),
        said=tuple(rest.said),
    )


def _numbers(rest: _Text) -> tuple[list[int], list[tuple[str, str]], list[str]]:
    matters: list[int] = []
    keys: list[tuple[str, str]] = []
    phones: list[str] = []

    def matter(match: re.Match[str]) -> str:
        matters.append(int(match[1]))
        return f"matter M-{match[1]}"

    def key(scheme: str) -> Callable[[re.Match[str]], str]:
        def one(match: re.Match[str]) -> str:
            value = SCHEMES[scheme].read(match.group())
            keys.extend([(scheme, value)] if value else [])
            return f"{SCHEMES[scheme].title}, {match.group().strip()}" if value else ""

        return one

    def telephone(match: re.Match[str]) -> str:
        value = phone(match.group())
        phones.extend([value] if value else [])
        return f"telephone, {value}" if value else ""

    rest.take(r"\bM-?(\d{1,12})\b", matter)
    rest.take(r"\b\d{2,4}/\d{1,7}[A-Z]\b", key("pnc_id"))
    rest.take(r"\b[A-Z]\d{11}[0-9A-Z]\b", key("upn"))
    rest.take(r"(?<![\d/.-])(?:\+44[\s(]*0?\)?|0044|0)(?:[\s()-]*\d){9,10}(?![\d/])", telephone)
    rest.take(r"(?<![\d/.-])\d{3}[\s-]?\d{3}[\s-]?\d{4}(?![\d/])", key("nhs_number"))
    return matters, keys, phones


def _times(rest: _Text, on: date) -> tuple[list[date], list[int]]:
    born: list[date] = []
    years: list[int] = []

    def day(match: re.Match[str]) -> str:
        figures = match.groupdict()
        month = MONTHS.get(figures["month"].casefold()) or int(figures["month"])
        with suppress(ValueError):
            born.append(date(_year(figures["year"], on), month, int(figures["day"])))
            return f"born {say_date(born[-1])}"
        return ""

    def year(match: re.Match[str]) -> str:
        years.append(int(match[1]))
        return f"born in {match[1]}"

    def age(match: re.Match[str]) -> str:
        low, high = int(match["low"]), int(match["high"] or match["low"])
        if not 0 <= low <= high <= OLDEST:
            return ""
        years.extend(range(on.year - high - 1, on.year - low + 1))
        return f"aged about {low}" if low == high else f"aged {low} to {high}"

    rest.take(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b", day)
    rest.take(r"\b(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4}|\d{2})\b", day)
    rest.take(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\s+(?P<year>\d{{4}}|\d{{2}})\b", day)
    rest.take(r"\b((?:19|20)\d\d)\b", year)
    rest.take(r"(?<![\w/.-])(?P<low>\d{1,2})(?:\s*(?:-|to|or)\s*(?P<high>\d{1,2}))?(?:ish|\s*(?:yo|yrs?|years?))?(?![\w/.-])", age)
    return born, sorted(set(years))


def _year(figures: str, on: date) -> int:
    """A year of two figures is the latest that is not ahead."""
    year = int(figures)
    if len(figures) > 2:
        return year
    now = on.year - on.year % CENTURY + year
    return now if now <= on.year else now - CENTURY


def _places(rest: _Text) -> tuple[list[str], list[str]]:
    postcodes: list[str] = []
    districts: list[str] = []

    def whole(match: re.Match[str]) -> str:
        value = postcode(match.group())
        postcodes.extend([value] if value else [])
        return f"postcode, {value}" if value else ""

    def half(match: re.Match[str]) -> str:
        districts.append(match.group().upper())
        return f"a postcode that begins {match.group().upper()}"

    rest.take(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", whole)
    rest.take(r"\b[A-Z]{1,2}\d[A-Z\d]?\b", half)
    return postcodes, districts


def sound(name: str) -> str:
    """How a folded name sounds, its last vowels apart ("marlow" and "marlowe"); empty where nothing of it does."""
    return jellyfish.metaphone(name.rstrip(_SOFT) or name).replace(" ", "")


def words_of(subject: dict[str, object]) -> tuple[str, ...]:
    """The words by which a report is found again, from who it says it is about: each with a letter that says what it is."""
    return tuple(dict.fromkeys(word for word in _words(subject) if len(word) > 2))


def _words(subject: dict[str, object]) -> Iterator[str]:
    def text(name: str) -> str:
        return str(subject.get(name) or "")

    for name in ("given_name", "family_name"):
        for part in fold(text(name)).split()[:MOST_NAMES]:
            yield name_word(part)
            yield sound_word(part)
    if born := text("birth_date")[:10]:
        yield f"b:{born}"
        yield f"y:{born[:4]}"
    code = postcode(text("postcode"))
    if code:
        yield f"p:{code}"
        yield f"o:{code.split()[0]}"
    yield f"t:{phone(text('phone'))}"


def name_word(name: str) -> str:
    """The word by which a folded name is found."""
    return f"n:{name}"[:40]


def sound_word(name: str) -> str:
    """The word by which whatever sounds like a folded name is found."""
    return f"s:{sound(name)}"[:40]


def forms_of(name: str, variants: Iterable[frozenset[str]]) -> tuple[str, ...]:
    """A folded name and every other form of it in the list of names that are one ("ollie" and "oliver")."""
    return tuple(dict.fromkeys([name, *sorted(other for names in variants if name in names for other in names)]))
