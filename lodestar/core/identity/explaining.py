"""Why two records are where they are, in words and figures that anybody can check by hand: the waterfall.

The figures add up: ``start`` and the bits of every line are the weight. What a whole home shares is capped in a line of its
own. Each line has a sentence in plain words, and says how many others on the index share what is shared, where that was
counted. It is kept with the decision and the question as it stands here, and never worked out again later.
Source: domain/linkage.md section 5, "Explanation".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lodestar.core.identity.bands import Banded
from lodestar.core.identity.scoring import Line
from lodestar.core.identity.template import HOUSEHOLD
from lodestar.core.words import listed

HOME = "home"  # the line that caps what a whole home shares
NOT_MET = " (not met in training)"
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# Bits of evidence, and what they are called. One bit makes it twice as likely as it was.
STRENGTHS = ((8.0, "counts strongly"), (4.0, "counts"), (1.0, "counts a little"))
CALLED: Mapping[str, str] = {
    "forename": "given name",
    "surname": "family name",
    "birth_date": "birth date",
    "sex": "sex",
    "postcode": "postcode",
    "phone": "telephone number",
    "keys": "identifier",
}
SAID: Mapping[tuple[str, str], str] = {
    ("forename", "two forms of one name"): "The given names are two forms of one name",
    ("forename", "given and family name swapped"): "Given and family name are swapped",
    ("surname", "counted with the forename"): "The swapped family name is counted with the given name",
    ("birth_date", "the same, but 1 January is often a guess"): "The birth date is the same, but 1 January is often a guess",
    ("birth_date", "day and month swapped"): "The birth dates have day and month swapped",
    ("birth_date", "an age that fits"): "One of them has only an age, and it fits",
    ("birth_date", "the same year"): "Only the year of birth is the same",
    ("postcode", "a former address shared"): "A former address is shared",
    ("postcode", "the same part of town"): "They live in the same part of town",
    ("postcode", "the same postal town"): "They live in the same postal district",
    ("keys", "an identifier shared"): "They share an identifier",
    ("keys", "identifiers of one kind differ"): "They have identifiers of one kind, and these differ",
    ("keys", "no kind of identifier in common"): "They have no kind of identifier in common",
}


def explained(one: Banded, *, model: str, others: Mapping[str, int] | None = None) -> dict[str, Any]:
    """A weighed and banded pair as the JSON that is kept with it: weight, start, band, rule, lines, vetoes, model.

    ``others`` says how many further people on the index share a value that both records have, by field ("surname": 41),
    and under "home" how many share family name and postcode both. ``model`` is the digest of the model that weighed.
    """
    counts = others or {}
    return {
        "weight": _bits(one.weight),
        "start": _bits(one.scored.start),
        "band": one.band,
        "rule": one.rule,
        "lines": list(_lines(one, counts)),
        "vetoes": [{"code": veto.code, "sentence": veto.sentence} for veto in one.vetoes],
        "model": model,
    }


def sentences(explanation: Mapping[str, Any], *, most: int = 3) -> tuple[str, ...]:
    """The vetoes, then the lines that count most either way: what somebody with a minute needs."""
    lines = sorted(explanation["lines"], key=lambda line: -abs(line["bits"]))
    return (
        *(veto["sentence"] for veto in explanation["vetoes"]),
        *(line["sentence"] for line in lines[:most] if abs(line["bits"]) >= STRENGTHS[-1][0]),
    )


def starting_odds(start: float) -> str:
    """What the start alone says, from the stored figure, to two places: -13.6 bits are "about one in 12,000"."""
    against = max(float(f"{2**-start:.2g}"), 1.0)
    return f"Before anything is compared, about one in {against:,.0f}: nearly everybody on record is somebody else"


def _lines(one: Banded, others: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for line in one.scored.lines:
        yield _line(line.field, line.label, line.bits, f"{_told(line)}{_strength(line)}{_sharing(line, others)}.")
    capped = one.weight - one.scored.weight
    if round(capped, 9):
        yield _line(HOME, "what a whole home shares, capped", capped, _home(one, others))


def _line(field: str, label: str, bits: float, sentence: str) -> dict[str, Any]:
    return {"field": field, "label": label, "bits": _bits(bits), "sentence": sentence}


def _told(line: Line) -> str:
    """What was found of a field, as the start of a sentence."""
    label, name = line.label.removesuffix(NOT_MET), CALLED.get(line.field, line.field.replace("_", " "))
    if said := SAID.get((line.field, label)):
        return said
    if not line.known:
        return f"The {name} is known for one of them at most"
    plain = {
        "the same": f"The {name} is the same",
        "sounds the same": f"The {name}s sound the same",
        "one slip of the pen apart": f"The {name}s are one slip of the pen apart",
        "differs": f"The {name}s differ" if line.field != "sex" else "The sex differs",
    }
    if label.startswith("spelt alike"):
        return f"The {name}s are spelt alike"
    return plain.get(label, f"{name.capitalize()}: {label}")


def _strength(line: Line) -> str:
    if not line.known:
        return ": it counts neither for nor against"
    for least, words in STRENGTHS:
        if abs(line.bits) >= least:
            return f", which {words} {'for' if line.bits > 0 else 'against'} their being one person"
    return ", which counts for next to nothing"


def _sharing(line: Line, others: Mapping[str, int]) -> str:
    if line.field not in others or not _is_same(line):
        return ""
    return f": {_people(others[line.field])} {'has' if others[line.field] == 1 else 'have'} it too"


def _home(one: Banded, others: Mapping[str, int]) -> str:
    names = [CALLED[line.field] for line in one.scored.lines if line.field in HOUSEHOLD and line.bits > 0]
    start = f"{listed(names).capitalize()} are what a whole home shares, so together they count little"
    if HOME not in others:
        return f"{start}."
    return f"{start}: {_people(others[HOME])} {'shares' if others[HOME] == 1 else 'share'} both family name and postcode."


def _people(count: int) -> str:
    return f"{WORDS[count] if count < len(WORDS) else format(count, ',')} {'other' if count == 1 else 'others'} on record"


def _is_same(line: Line) -> bool:
    return line.known and line.label.removesuffix(NOT_MET) == "the same"


def _bits(value: float) -> float:
    return round(value, 9) + 0.0  # no minus nought
