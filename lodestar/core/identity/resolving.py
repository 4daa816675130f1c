"""The whole of it for a set of records: pairs weighed and banded, and the groups that hold together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lodestar.core.identity.bands import Banded, Thresholds
from lodestar.core.identity.clusters import Groups, Link, Said, grouped
from lodestar.core.identity.index import Index
from lodestar.core.identity.model import Model, prior_at
from lodestar.core.identity.record import Record
from lodestar.core.identity.scoring import commonness_of
from lodestar.core.identity.weighing import Weigher


@dataclass(frozen=True, slots=True)
class Resolver:
    """A model at work on an index that it holds."""

    weigher: Weigher
    index: Index

    @property
    def model(self) -> Model:
        """The model at work."""
        return self.weigher.model

    def weigh(self, left: Record, right: Record) -> Banded:
        """Two records, weighed and banded."""
        return self.weigher.weigh(left, right)

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
            return self.weigher.may_stand(self.weigh(self.index.records[left], self.index.records[right]))

        most = self.weigher.thresholds.cluster_most
        return grouped(self.index.records, links=links, said=said, may_stand=may_stand, most=most)


def resolver(*, model: Model, index: Index, thresholds: Thresholds, trained_on: int) -> Resolver:
    """A model set to an index: its prior for that size, and the commonness of names and places counted there."""
    commonness = commonness_of(list(index.records.values()), model.terms)
    prior = prior_at(prior=model.prior, trained_on=trained_on, size=max(len(index.records), 1))
    return Resolver(Weigher(model, commonness, prior, thresholds), index)
