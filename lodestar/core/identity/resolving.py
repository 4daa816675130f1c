"""The whole of it for a set of records: pairs weighed and banded, and the groups that hold together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lodestar.core.identity.bands import Banded, Thresholds, banded
from lodestar.core.identity.clusters import Groups, Link, Said, grouped
from lodestar.core.identity.index import Index
from lodestar.core.identity.model import Model, prior_at
from lodestar.core.identity.record import Record
from lodestar.core.identity.scoring import Commonness, commonness_of, score


@dataclass(frozen=True, slots=True)
class Resolver:
    """A model at work on an index: the prior at its size, how common each value is in it, and where the bands lie."""

    model: Model
    index: Index
    thresholds: Thresholds
    commonness: Commonness
    prior: float

    def weigh(self, left: Record, right: Record) -> Banded:
        """Two records, weighed and banded."""
        scored = score(left, right, model=self.model, commonness=self.commonness, prior=self.prior)
        return banded(left, right, scored, thresholds=self.thresholds)

    def resolve(self, record: Record) -> list[Banded]:
        """Everybody on the index whom a record may be about, the weightiest first; those kept apart are left out."""
        found = (self.weigh(record, other) for other in self.index.candidates(record))
        return sorted((one for one in found if one.band != "apart"), key=lambda one: (-one.weight, one.scored.right))

    def pairs(self) -> list[Banded]:
        """Every pair of the index that shares a block, weighed and banded."""
        return [self.weigh(left, right) for left, right in self.index.pairs()]

    def groups(self, pairs: Iterable[Banded], said: Iterable[Said] = ()) -> Groups:
        """The records of each person, from the pairs that join by themselves and what people said."""
        links = [Link(one.scored.left, one.scored.right, one.weight) for one in pairs if one.band == "link"]

        def may_stand(left: str, right: str) -> bool:
            one = self.weigh(self.index.records[left], self.index.records[right])
            return not one.vetoes and one.weight >= self.thresholds.fracture

        return grouped(self.index.records, links=links, said=said, may_stand=may_stand, most=self.thresholds.cluster_most)


def resolver(*, model: Model, index: Index, thresholds: Thresholds, trained_on: int) -> Resolver:
    """A model set to an index: its prior for that size, and the commonness of names and places counted there."""
    return Resolver(
        model,
        index,
        thresholds,
        commonness_of(list(index.records.values()), model.terms),
        prior_at(prior=model.prior, trained_on=trained_on, size=max(len(index.records), 1)),
    )
