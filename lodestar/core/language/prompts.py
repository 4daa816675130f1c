"""Words that put a child's harm on the child, and what to say instead: a suggestion beside the text, never a bar.

Nothing here refuses or changes anything. What stands in quotation marks, and every field kept word for word, is left alone:
a child's own words are evidence. The principles: a child cannot consent to abuse; responsibility lies with whoever exploits;
vulnerability does not cause abuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lodestar.core.playbook import Playbook

# Each opening mark with what closes it. An apostrophe inside a word opens nothing.
_QUOTED = re.compile(r"\"[^\"]*\"?|“[^”]*”?|«[^»]*»?|(?<!\w)'[^\n]*?'(?!\w)|(?<!\w)‘[^\n]*?’(?!\w)")
VERBATIM = frozenset({"child_said", "child_view", "statement", "verbatim"})


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the dated list: why it harms, what to say instead, and who says so."""

    code: str
    term: str
    why: str
    instead: str
    source: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One place in a text where something else could be said; ``start`` and ``end`` count characters."""

    start: int
    end: int
    written: str
    term: Term
    field: str = ""


def terms(playbook: Playbook, *, on: date) -> tuple[Term, ...]:
    """The terms in force on a day, in the order of the list."""
    rows = playbook.in_force(on).values["terms"]
    return tuple(Term(code, row["term"], row["why"], row["instead"], row["source"]) for code, row in rows.items())


def prompts(*, text: str, terms: tuple[Term, ...], field: str = "", verbatim: frozenset[str] = VERBATIM) -> tuple[Prompt, ...]:
    """The suggestions for one text, in its order and none inside another; none within quotation marks or in a verbatim field."""
    if field in verbatim:
        return ()
    spoken = [match.span() for match in _QUOTED.finditer(text)]
    found = sorted(_found(text, terms, spoken, field), key=lambda one: (one.start, -one.end))
    kept: list[Prompt] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def prompts_in(*, said: Mapping[str, str], terms: tuple[Term, ...], verbatim: frozenset[str] = VERBATIM) -> tuple[Prompt, ...]:
    """The suggestions for every answer of a form, each with the name of its field."""
    return tuple(one for name, text in said.items() for one in prompts(text=text, terms=terms, field=name, verbatim=verbatim))


def _found(text: str, terms: tuple[Term, ...], spoken: list[tuple[int, int]], field: str) -> Iterator[Prompt]:
    for term in terms:
        for match in _pattern(term.term).finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in spoken):
                yield Prompt(match.start(), match.end(), match.group(), term, field)


def _pattern(term: str) -> re.Pattern[str]:
    """Whole words, any capitals, any white space or hyphen between, either apostrophe."""
    words = (re.escape(word).replace("'", "['’]") for word in re.split(r"[\s-]+", term.strip()))
    return re.compile(r"(?<!\w)" + r"[\s-]+".join(words) + r"(?!\w)", re.IGNORECASE)
