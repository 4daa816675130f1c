"""Three bands: joined by itself, shown to a person, kept apart. The thresholds belong to a model and the size of the index.

Rule: until a force has as many labels of its own as the playbook asks, and the model has passed its gate, only the strict
rule joins: the same given name, family name and birth date, and one of postcode, telephone or identifier besides. After that
the model joins from its own threshold up. A veto outranks both. What a whole home shares is capped together, so that a
surname, an address and a telephone never make one child of two.
Source: domain/linkage.md section 5, "Three bands".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from lodestar.core.identity.judging import Demands
from lodestar.core.identity.record import Record
from lodestar.core.identity.scoring import Scored
from lodestar.core.identity.template import HOUSEHOLD
from lodestar.core.identity.vetoes import vetoes
from lodestar.core.people.deciding import Veto
from lodestar.core.playbook import Playbook

Band = Literal["link", "review", "apart"]
APART: tuple[Band, str] = ("apart", "too little agrees")
# All that ``banded`` reads of a record: whoever bands very many needs no more of them.
READ = (
    *("forename", "forename_root", "forename_sound", "surname", "surname_sound"),
    *("dob", "dob_swapped", "sex", "postcodes", "phone", "keys", "schemes"),
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the bands lie, in bits after the household's cap. ``link_from`` None: the model joins nothing by itself."""

    review_from: float
    link_from: float | None = None
    household_most: float = 12.0
    fracture: float = 0.0  # a cluster with a pair below this is not joined by itself
    cluster_most: int = 30

    @property
    def least(self) -> float:
        """The bits below which two statements are kept apart, where the strict rule does not hold of them."""
        return self.review_from if self.link_from is None else min(self.review_from, self.link_from)


@dataclass(frozen=True, slots=True)
class BandRules:
    """The values in force on a day: where bands lie, how many labels a model needs, and what it must show."""

    version: str
    labels_needed: int
    precision: float
    bands: Thresholds
    demands: Demands

    def thresholds(self, *, labels: int, link_from: float | None) -> Thresholds:
        """The bands for a model with so many labels behind it: below the number needed it joins nothing by itself."""
        return replace(self.bands, link_from=link_from if labels >= self.labels_needed else None)


def band_rules(book: Playbook, *, on: date) -> BandRules:
    """The rules of the bands in force on a day."""
    block = book.in_force(on)
    values = block.values
    return BandRules(
        version=f"{block.from_date.isoformat()} ({book.content_hash[:12]})",
        labels_needed=values["labels_needed"],
        precision=values["precision"],
        bands=Thresholds(values["review_from"], None, values["household_most"], values["fracture"], values["cluster_most"]),
        demands=Demands(**values["gate"]),
    )


@dataclass(frozen=True, slots=True)
class Banded:
    """Two records with their band, and why: the rule that joined them or what stopped it."""

    scored: Scored
    band: Band
    weight: float  # after the household's cap
    rule: str
    vetoes: tuple[Veto, ...]


def banded(left: Record, right: Record, scored: Scored, *, thresholds: Thresholds, flags: Collection[str] = ()) -> Banded:
    """The band of two records that were weighed."""
    return decided(scored, strictly_same(left, right), vetoes(left, right, flags=flags), thresholds=thresholds)


def decided(scored: Scored, strict: bool, stops: tuple[Veto, ...], *, thresholds: Thresholds) -> Banded:
    """The band of two records that were weighed, of which is known whether they are strictly the same and what stops a join."""
    weight = held_weight(scored, most=thresholds.household_most)
    band, rule = verdict(weight, strict, stops, thresholds=thresholds)
    return Banded(scored, band, weight, rule, stops)


def verdict(weight: float, strict: bool, stops: tuple[Veto, ...], *, thresholds: Thresholds) -> tuple[Band, str]:
    """The band of two records of this weight after the household's cap, and the rule that put them there."""
    if strict and not stops:
        return "link", "strict rule"
    if thresholds.link_from is not None and weight >= thresholds.link_from and not stops:
        return "link", "model"
    if strict or weight >= thresholds.review_from:
        return "review", "a person decides"
    return APART


def held_weight(scored: Scored, *, most: float) -> float:
    """The weight with everything that a whole home shares counted for at most so many bits together."""
    return capped(scored.weight, home=[line.bits for line in scored.lines if line.field in HOUSEHOLD], most=most)


def capped(weight: float, *, home: Iterable[float], most: float) -> float:
    """A weight less what the bits for a whole home, ``home``, come to above so many together."""
    return weight - max(0.0, sum([bits for bits in home if bits > 0]) - most)


def strictly_same(left: Record, right: Record) -> bool:
    """The strict rule: the whole name and birth date, and one of postcode, telephone or identifier."""
    if not (left.same(right, "forename") and left.same(right, "surname") and left.same(right, "dob")):
        return False
    return left.same(right, "phone") or left.shares(right, "postcodes") or left.shares(right, "keys")
