"""A statement weighed against people, each of whom is a set of statements: the best fit decides, and all of them must stand.

One statement that fits is not enough to join by itself: a person is one child only where the new statement could stand beside
every other statement of theirs. What could not, goes to a person with the reason.
Source: domain/linkage.md section 5, "Three bands": the weakest pair inside a cluster, the size of a cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf

from lodestar.core.identity.bands import APART, Banded, Thresholds, banded, capped, strictly_same
from lodestar.core.identity.explaining import explained
from lodestar.core.identity.model import Model
from lodestar.core.identity.record import Record, Values
from lodestar.core.identity.scoring import Commonness, bits_against, score
from lodestar.core.identity.template import HOUSEHOLD
from lodestar.core.identity.vetoes import flag_veto
from lodestar.core.people.deciding import Veto, Weighed

WOULD_NOT_STAND = "identity.would_not_stand"
TOO_MANY = Veto("identity.too_many", "So many reports would be one person that somebody should look first.")


@dataclass(frozen=True, slots=True)
class Weigher:
    """A model at work on an index of some size, whoever holds the index: its prior there, how common values are, the bands."""

    model: Model
    commonness: Commonness
    prior: float
    thresholds: Thresholds

    def weigh(self, left: Record, right: Record, *, flags: Collection[str] = ()) -> Banded:
        """Two statements, weighed and banded."""
        scored = score(left, right, model=self.model, commonness=self.commonness, prior=self.prior)
        return banded(left, right, scored, thresholds=self.thresholds, flags=flags)

    def against(self, left: Record) -> Callable[[Values], float]:
        """The weight of a statement and any other as ``weigh`` finds it, and nothing else of it.

        Where the levels tell the weight, it is worked out once for all who fall in the same ones.
        """
        model, places = self.model, self.model.places(left.values)
        bits_of = bits_against(left, model=model, commonness=self.commonness)
        start, found = model.starting_weight(self.prior), dict[tuple[int, ...], float]()
        home = [place for place, one in enumerate(model.comparisons) if one.name in HOUSEHOLD]

        def weight(right: Values) -> float:
            fell = places(right)
            whole = found.get(fell)
            if whole is None:
                bits = bits_of(fell, right)
                whole = capped(start + sum(bits), home=[bits[place] for place in home], most=self.thresholds.household_most)
                if model.told_by_levels:
                    found[fell] = whole
            return whole

        return weight

    def may_stand(self, one: Banded) -> bool:
        """Whether two statements could be of one person without anybody's word: no veto, and not below the fracture."""
        return not one.vetoes and one.weight >= self.thresholds.fracture


@dataclass(frozen=True, slots=True)
class Fit:
    """How a statement fits one person: the best of their statements, banded as the whole person is."""

    person: int
    best: Banded
    flags: tuple[str, ...] = ()

    def weighed(self, *, model: str, others: Mapping[str, int] | None = None) -> Weighed:
        """The same as ``decide`` takes it, with the account that is kept of whoever is shown."""
        account = partial(explained, self.best, model=model, others=others)
        return Weighed(self.person, self.best.band, self.best.rule, account, _stops(self.flags))


def kept_apart(person: int, account: Callable[[], Weighed], *, flags: tuple[str, ...] = ()) -> Weighed:
    """Somebody whom ``near`` leaves out, as ``fits`` would have them: their ``account`` is worked out only where it is shown."""
    return Weighed(person, *APART, lambda: account().explain(), _stops(flags))


def _stops(flags: tuple[str, ...]) -> tuple[Veto, ...]:
    return (flag_veto(flags),) if flags else ()


def near(statement: Record, people: Mapping[int, Sequence[Record]], *, weigher: Weigher) -> list[tuple[int, float]]:
    """Each person who may be the one, with the weight, the best first: as ``fits`` has them, without those who are kept apart.

    Of hundreds who share a block a few are left, so all are only weighed. A veto is asked for only where it says which of several
    statements fits best, or whether somebody is shown at all: no account is kept of any.
    """
    bands, weigh, found = weigher.thresholds, weigher.against(statement), []
    least = bands.least
    for person, held in people.items():
        alone = len(held) == 1
        most = weigh(held[0].values) if alone else max([weigh(other.values) for other in held], default=-inf)
        if alone and most >= bands.review_from:
            found.append((person, most))
        elif most >= least or any([strictly_same(statement, other) for other in held]):
            best = _fit(statement, person, held, weigher, ()).best
            if best.band != "apart":
                found.append((person, best.weight))
    return sorted(found, key=lambda one: (-one[1], one[0]))


def fits(
    statement: Record, people: Mapping[int, Sequence[Record]], *, weigher: Weigher, flags: Mapping[int, tuple[str, ...]] | None = None
) -> tuple[Fit, ...]:
    """How a statement fits each person, the best first. ``people`` are the live statements of each; ``flags`` what a join puts on them."""
    would = flags or {}
    found = (_fit(statement, person, held, weigher, would.get(person, ())) for person, held in people.items() if held)
    return tuple(sorted(found, key=lambda one: (-one.best.weight, one.person)))


def _fit(statement: Record, person: int, held: Sequence[Record], weigher: Weigher, flags: tuple[str, ...]) -> Fit:
    pairs = [weigher.weigh(statement, other, flags=flags) for other in held]
    best = max(pairs, key=lambda one: (one.band == "link", one.weight, one.scored.right))
    if best.band != "link":
        return Fit(person, best, flags)
    against = tuple(_against(pairs, weigher, len(held)))
    return Fit(person, replace(best, band="review", rule="a person decides", vetoes=against) if against else best, flags)


def _against(pairs: Iterable[Banded], weigher: Weigher, size: int) -> Iterator[Veto]:
    """Why a whole person stops what one of their statements would join."""
    bad = next((one for one in pairs if not weigher.may_stand(one)), None)
    if bad is not None:
        why = bad.vetoes[0].sentence if bad.vetoes else "Too little of it agrees."
        yield Veto(WOULD_NOT_STAND, f"Another report of this person would not stand beside it. {why}")
    if size + 1 > weigher.thresholds.cluster_most:
        yield TOO_MANY
