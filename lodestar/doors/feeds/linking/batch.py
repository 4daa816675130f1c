"""Very many records weighed at once: they stand in a table of DuckDB, their pairs are weighed there, and only what is shown comes out.

The same pairs, weights, bands and groups as the index and the live scorer give (a test compares them), at another price: no
record and no pair of strangers is ever an object here, so that memory follows what is found and not how many are on file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, starmap
from math import inf
from typing import Any, Self

import pyarrow as pa

from lodestar.core.identity.bands import Banded, Thresholds
from lodestar.core.identity.clusters import Groups, Link, Pair, Said, grouped, ordered, reached
from lodestar.core.identity.index import BLOCK_MOST
from lodestar.core.identity.model import prior_at, read_model
from lodestar.core.identity.template import BLOCKS, KEY_BLOCK
from lodestar.core.identity.weighing import Weigher
from lodestar.doors.feeds.linking.accounts import Accounts
from lodestar.doors.feeds.linking.sums import columns_of, summed
from lodestar.doors.feeds.linking.training import Stored

NEAR = 1e-6  # bits by which Splink's sum may lie below ours: such a pair is kept too, and its band is told by ours


class Batch:
    """A model set to records that stand in a table, where every pair worth a look is weighed and judged."""

    def __init__(self, stored: Stored, document: Mapping[str, Any], thresholds: Thresholds, *, most: int = BLOCK_MOST) -> None:
        """Weigh and judge the pairs that share a block of at most so many."""
        prior = prior_at(prior=read_model(document).prior, trained_on=document["trained_on"], size=max(stored.count, 1))
        self._set(stored, document, thresholds, prior)
        for column in self.model.terms:
            stored.run(_COMMON.format(column=column))
        self._find_pairs(most)
        self._weigh_pairs()

    @classmethod
    def of_people(cls, stored: Stored, document: Mapping[str, Any], *, weigher: Weigher, most: int) -> Self:
        """The same among statements whose people are kept: pairs of two people's only, weighed as ``weigher`` weighs them."""
        made = cls.__new__(cls)
        made._set(stored, document, weigher.thresholds, weigher.prior)
        for column in made.model.terms:
            shares = weigher.commonness.get(column, {})
            values = [value for (value,) in stored.run(f"SELECT DISTINCT {column} FROM statements WHERE {column} IS NOT NULL").fetchall()]
            known = {value: share for value in values if (share := shares.get(value)) is not None}
            stored.keep(f"common_{column}", {column: list(known), "share": list(known.values())}, (pa.string(), pa.float64()))
        stored.run(_WHOSE)
        made._find_pairs(most, **_OF_TWO)
        made._weigh_pairs()
        return made

    def _set(self, stored: Stored, document: Mapping[str, Any], thresholds: Thresholds, prior: float) -> None:
        self.stored, self.thresholds, self.model = stored, thresholds, read_model(document)
        start = self.model.starting_weight(prior)
        self.sums = summed(self.model, start=start, household_most=thresholds.household_most)
        self.accounts = Accounts(stored, self.model, start, thresholds)
        stored.put_in_order()

    def _find_pairs(self, most: int, *, of: str = "", where: str = "") -> None:
        self.stored.run(_KEYED)
        self.stored.run(_BLOCKS)
        self.passed_over: dict[str, int] = dict(self.stored.run(_PASSED_OVER.format(most=most)).fetchall())
        self.stored.run(_PAIRS.format(most=most, of=of, where=where))
        self.stored.run("DROP TABLE keyed")
        self.stored.run("DROP TABLE blocks")
        (self.weighed,) = self.stored.one("SELECT count(*) FROM pairs")

    def _weigh_pairs(self) -> None:
        counted = [f"common_{column}.share AS common_{column}" for column in self.model.terms]
        beside = " ".join(f"LEFT JOIN common_{column} USING ({column})" for column in self.model.terms)
        read = ", ".join(("n", *columns_of(self.model), *counted))
        self.stored.run(f"CREATE OR REPLACE VIEW compared AS SELECT {read} FROM statements {beside}")
        self._weigh("pairs", least=self.thresholds.least - NEAR)
        self.stored.run(_STRICT)  # whatever they weigh
        self._weigh("strict", more=True)
        self.accounts.judge("judged")

    def shown(self) -> Iterator[Banded]:
        """Every pair that is joined or shown to a person, the weightiest first."""
        return self.accounts.shown("judged")

    def written(self) -> Iterator[list[str]]:
        """The same as strict JSON, so many at a time."""
        return self.accounts.written("judged")

    def groups(self, said: Iterable[Said]) -> Groups:
        """The records of each person who has more than one; pairs within reach of each other that share no block are weighed now."""
        told, links = list(said), self._links("judged")
        within = _within_reach(links, told)
        standing = within.intersection(self._standing("judged"))
        self.stored.keep_pairs("reached", sorted(within - standing))
        self._weigh("reached")
        self.accounts.judge("judged_later")
        links, standing = links + self._links("judged_later"), standing.union(self._standing("judged_later"))
        return grouped(
            {number for one in (*links, *told) for number in one.pair},
            links=links,
            said=told,
            may_stand=lambda left, right: ordered(left, right) in standing,
            most=self.thresholds.cluster_most,
        )

    def _links(self, table: str) -> list[Link]:
        return list(starmap(Link, self.stored.run(f"SELECT l, r, held_weight FROM {table} WHERE band = 'link'").fetchall()))

    def _standing(self, table: str) -> list[Pair]:
        """The pairs that may be of one person without anybody's word."""
        asked = f"SELECT l, r FROM {table} WHERE NOT stopped AND held_weight >= {self.thresholds.fracture}"
        return self.stored.run(asked).fetchall()

    def _weigh(self, pairs: str, *, least: float = -inf, more: bool = False) -> None:
        """Weigh a table of pairs, and keep in ``weighed`` those held to be worth ``least``; ``more`` adds to it."""
        chosen = self.sums.format(pairs=pairs, least=f"'{least!r}'::DOUBLE")
        self.stored.run(f"INSERT INTO weighed {chosen}" if more else f"CREATE OR REPLACE TABLE weighed AS {chosen}")


def _within_reach(links: Iterable[Link], said: Iterable[Said]) -> set[Pair]:
    """Every two records that links and answers lead from one to the other: whatever grouping may ask of."""
    near: dict[str, list[str]] = {}
    for told in (*links, *said):
        near.setdefault(told.left, []).append(told.right)
        near.setdefault(told.right, []).append(told.left)
    found, seen = set[Pair](), set[str]()
    for one in near:
        if one not in seen:
            together = reached(one, near)
            seen |= together
            found.update(combinations(sorted(together), 2))
    return found


def _keyed(number: int, block: Sequence[str]) -> str:
    known = " AND ".join(f"{one} IS NOT NULL" for one in block)
    return f"SELECT n, {number}::TINYINT AS kind, hash({number}, {', '.join(block)}) AS block FROM statements WHERE {known}"


def _text(number: int, block: Sequence[str]) -> str:
    text = " || '|' || ".join((f"'{number}'", *block))
    return f"WHEN {number} THEN {text}"


_OF_KEYS = f"SELECT n, {len(BLOCKS)}::TINYINT, hash({len(BLOCKS)}, one) FROM (SELECT n, unnest({KEY_BLOCK}) AS one FROM statements)"
_KEYED = "CREATE OR REPLACE TABLE keyed AS " + " UNION ALL ".join((*starmap(_keyed, enumerate(BLOCKS)), _OF_KEYS))
_BLOCKS = "CREATE OR REPLACE TABLE blocks AS SELECT block, list(n) AS records FROM keyed GROUP BY block HAVING count(*) > 1"
# The texts are made of the few records that stand in a block too full, and of no other.
_PASSED_OVER = f"""
    WITH full_up AS (SELECT n, kind, block FROM keyed SEMI JOIN (SELECT block FROM blocks WHERE len(records) > {{most}}) USING (block)),
         told AS (
            SELECT CASE kind {" ".join(starmap(_text, enumerate(BLOCKS)))} END AS text
            FROM full_up JOIN statements USING (n) WHERE kind < {len(BLOCKS)}
            UNION ALL
            SELECT 'k|' || one FROM (
                SELECT block, unnest({KEY_BLOCK}) AS one FROM full_up JOIN statements USING (n) WHERE kind = {len(BLOCKS)}
            ) WHERE hash({len(BLOCKS)}, one) = block
         )
    SELECT text, count(*) FROM told GROUP BY text ORDER BY text
"""
_PAIRS = """
    CREATE OR REPLACE TABLE pairs AS
    WITH placed AS (
            SELECT records, unnest(records) AS one, unnest(range(1, len(records) + 1)) AS place FROM blocks WHERE len(records) <= {most}
         ),
         met AS (SELECT one, unnest(records[place + 1:]) AS other FROM placed)
    SELECT DISTINCT least(one, other) AS a, greatest(one, other) AS b FROM met {of} WHERE one <> other {where}
"""
_OF_TWO = {"of": "JOIN whose p ON p.n = one JOIN whose q ON q.n = other", "where": "AND p.person <> q.person"}
_WHOSE = "CREATE OR REPLACE TABLE whose AS SELECT n, person FROM standing JOIN statements ON number = unique_id"
_STRICT = """
    CREATE OR REPLACE TABLE strict AS
    SELECT a.n AS a, b.n AS b FROM statements a JOIN statements b USING (forename, surname, dob)
    SEMI JOIN pairs ON pairs.a = a.n AND pairs.b = b.n ANTI JOIN weighed ON weighed.a = a.n AND weighed.b = b.n
    WHERE a.n < b.n
"""
_COMMON = """
    CREATE OR REPLACE TABLE common_{column} AS
    SELECT {column}, cast(count(*) AS float8) / (SELECT count({column}) FROM statements) AS share
    FROM statements WHERE {column} IS NOT NULL GROUP BY {column}
"""
