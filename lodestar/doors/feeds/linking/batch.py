"""Very many records weighed at once: they stand in a table of DuckDB, Splink weighs their pairs there, and only what is shown comes out.

The same pairs, weights, bands and groups as the index and the live scorer give (a test compares them), at another price: no
record and no pair of strangers is ever an object here, so that memory follows what is found and not how many are on file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Self

import pyarrow as pa
from splink import Linker

from lodestar.core.identity.bands import READ, Banded, Thresholds, banded
from lodestar.core.identity.clusters import Groups, Link, Pair, Said, grouped, ordered, reached
from lodestar.core.identity.index import BLOCK_MOST
from lodestar.core.identity.model import Comparison, prior_at, read_model
from lodestar.core.identity.scoring import Line, Scored
from lodestar.core.identity.template import BLOCKS, HOUSEHOLD, KEY_BLOCK
from lodestar.core.identity.weighing import Weigher
from lodestar.doors.feeds.linking.training import Stored, linker_over

AT_ONCE = 500_000  # pairs weighed at once
SHOWN = 20_000  # rows taken out at once
NEAR = 1e-6  # bits by which the database's sum may lie below ours: such a pair comes out too, and is banded here
KEPT = {"retain_intermediate_calculation_columns": True, "retain_matching_columns": True, "match_weight_column_prefix": "mw_"}


@dataclass(slots=True)
class Found:
    """What weighing leaves to be grouped: the links, and the pairs that may stand together."""

    links: list[Link] = field(default_factory=list)
    standing: set[Pair] = field(default_factory=set)

    def add(self, one: Banded, *, may_stand: bool) -> None:
        """Keep what grouping asks of one pair."""
        pair = ordered(one.scored.left, one.scored.right)
        if may_stand:
            self.standing.add(pair)
        if one.band == "link":
            self.links.append(Link(*pair, weight=one.weight))


class Batch:
    """A model set to records that stand in a table."""

    def __init__(self, stored: Stored, document: Mapping[str, Any], thresholds: Thresholds, *, most: int = BLOCK_MOST) -> None:
        """Find the pairs that share a block of at most so many; nothing is weighed yet."""
        prior = prior_at(prior=read_model(document).prior, trained_on=document["trained_on"], size=max(stored.count, 1))
        self._set(stored, document, thresholds, prior)
        self._find_pairs(most, "", "")

    @classmethod
    def of_people(cls, stored: Stored, document: Mapping[str, Any], *, weigher: Weigher, most: int) -> Self:
        """The same among statements whose people are kept: pairs of two people's only, weighed as ``weigher`` weighs them."""
        made = cls.__new__(cls)
        made._set(stored, document, weigher.thresholds, weigher.prior)
        for column in made.model.terms:
            shares = weigher.commonness.get(column, {})
            values = [value for (value,) in stored.run(f"SELECT DISTINCT {column} FROM statements WHERE {column} IS NOT NULL").fetchall()]
            known = {value: share for value in values if (share := shares.get(value)) is not None}
            stored.keep(f"common_{column}", {column: list(known), f"tf_{column}": list(known.values())}, (pa.string(), pa.float64()))
            made.linker.table_management.register_term_frequency_lookup(stored.table(f"common_{column}"), column)
        made._find_pairs(most, _OF_TWO, "AND p.person <> q.person")
        return made

    def _set(self, stored: Stored, document: Mapping[str, Any], thresholds: Thresholds, prior: float) -> None:
        self.stored, self.thresholds, self.model = stored, thresholds, read_model(document)
        self.start = self.model.starting_weight(prior)
        self.linker: Linker = linker_over(stored, {**document, **KEPT, "probability_two_random_records_match": prior})

    def _find_pairs(self, most: int, joined: str, where: str) -> None:
        self.stored.run(_KEYED)
        self.passed_over: dict[str, int] = dict(self.stored.run(_PASSED_OVER.format(most=most, texts=_TEXTS)).fetchall())
        self.stored.run(_PAIRS.format(most=most, joined=joined, where=where))
        self.stored.run("DROP TABLE keyed")
        (self.weighed,) = self.stored.one("SELECT count(*) FROM pairs")

    def shown(self, found: Found) -> Iterator[Banded]:
        """Every pair that is joined or shown to a person, the weightiest first; what grouping asks is put into ``found``."""
        self._weigh("pairs", f"held >= {self.thresholds.review_from - NEAR} OR strict")
        for one in self._taken_out():
            found.add(one, may_stand=self._may_stand(one))
            if one.band != "apart":
                yield one

    def groups(self, found: Found, said: Iterable[Said]) -> Groups:
        """The records of each person who has more than one; pairs within reach of each other that share no block are weighed now."""
        told = list(said)
        self.stored.keep_pairs("reached", sorted(_within_reach(found.links, told) - found.standing))
        self._weigh("reached", "true")
        for one in self._taken_out():
            found.add(one, may_stand=self._may_stand(one))
        return grouped(
            {number for one in (*found.links, *told) for number in one.pair},
            links=found.links,
            said=told,
            may_stand=lambda left, right: ordered(left, right) in found.standing,
            most=self.thresholds.cluster_most,
        )

    def _may_stand(self, one: Banded) -> bool:
        return not one.vetoes and one.weight >= self.thresholds.fracture

    def _weigh(self, pairs: str, kept: str) -> None:
        """Weigh a table of pairs, so many at once, and keep in the table ``shown`` those of which ``kept`` holds."""
        columns = "".join(f", {name}" for name in self._columns() if name != "NULL")
        home = " + ".join(f"greatest({self._bits(one)}, 0)" for one in self.model.comparisons if one.name in HOUSEHOLD) or "0"
        held = f"match_weight - greatest(({home}) - {self.thresholds.household_most}, 0)"
        (total,) = self.stored.one(f"SELECT count(*) FROM {pairs}")
        self.stored.run("DROP TABLE IF EXISTS shown")
        for first in range(0, max(total, 1), AT_ONCE):
            self.stored.run(_BLOCKED.format(pairs=pairs, first=first, last=first + AT_ONCE))
            self.linker.table_management.register_blocked_pairs_for_predict(self.stored.table("blocked"))
            weighed = self.linker.inference.predict(warning_mode="never")
            chosen = _CHOSEN.format(columns=columns, held=held, weighed=weighed.physical_name, kept=kept)
            self.stored.run(f"CREATE TABLE shown AS {chosen}" if not first else f"INSERT INTO shown {chosen}")
            weighed.drop_table_from_database_and_remove_from_cache()
        self.stored.run("CREATE OR REPLACE TABLE ranked AS SELECT * FROM shown ORDER BY held DESC, l, r")
        self.stored.run("DROP TABLE shown")

    def _taken_out(self) -> Iterator[Banded]:
        (total,) = self.stored.one("SELECT count(*) FROM ranked")
        names, lines = ", ".join(("l", "r", *self._columns())), [_Lines(one) for one in self.model.comparisons]
        for first in range(0, total, SHOWN):
            here = f"ranked.rowid >= {first} AND ranked.rowid < {first + SHOWN}"
            of = self.stored.records(f"SELECT unnest([l, r]) FROM ranked WHERE {here}", columns=READ)
            rows = self.stored.run(f"SELECT {names} FROM ranked WHERE {here} ORDER BY rowid").fetchall()
            for left, right, *fell in rows:
                told = tuple([known[gamma, term] for known, gamma, term in zip(lines, fell[::2], fell[1::2], strict=True)])
                yield banded(of[left], of[right], Scored(left, right, self.start, told), thresholds=self.thresholds)

    def _columns(self) -> list[str]:
        """The columns of Splink's answer that the waterfall is made of: of each comparison its level, and the bits of its term."""
        pairs = [(f"gamma_{one.name}", f"mw_tf_adj_{one.name}" if _has_term(one) else "NULL") for one in self.model.comparisons]
        return [column for pair in pairs for column in pair]

    def _bits(self, one: Comparison) -> str:
        return f"mw_{one.name}" + (f" + mw_tf_adj_{one.name}" if _has_term(one) else "")


def _has_term(one: Comparison) -> bool:
    return any(level.term for level in one.levels)


class _Lines(dict[tuple[int, float | None], Line]):
    """The lines that one comparison gives, each made once: pairs are many, the levels and how common values are few."""

    def __init__(self, one: Comparison) -> None:
        super().__init__()
        self.one = one

    def __missing__(self, fell: tuple[int, float | None]) -> Line:
        """From the number that Splink gives a level, and the term's bits: the levels count down to nought, not known is -1."""
        (gamma, bits), levels = fell, self.one.levels
        known = [place for place, level in enumerate(levels) if not level.is_null]
        place = known[len(known) - 1 - gamma] if gamma >= 0 else next(place for place, level in enumerate(levels) if level.is_null)
        level = levels[place]
        made = Line(self.one.name, level.label, place, level.weight, float(bits or 0.0) if level.term else 0.0, not level.is_null)
        self[fell] = made
        return made


def _within_reach(links: Iterable[Link], said: Iterable[Said]) -> set[Pair]:
    """Every two records that links and answers lead from one to the other: whatever grouping may ask of."""
    near: dict[str, list[str]] = {}
    for one in (*links, *said):
        near.setdefault(one.left, []).append(one.right)
        near.setdefault(one.right, []).append(one.left)
    waiting, found = set(near), set()
    while waiting:
        together = reached(next(iter(waiting)), near)
        waiting -= together
        found |= {ordered(*pair) for pair in combinations(together, 2)}
    return found


_BLOCK_TEXTS = ", ".join(f"'{number}|' || " + " || '|' || ".join(block) for number, block in enumerate(BLOCKS))
_TEXTS = f"""
    SELECT rowid AS n, unnest(list_concat([{_BLOCK_TEXTS}], ['k|' || one FOR one IN coalesce({KEY_BLOCK}, [])])) AS text FROM statements
"""
_KEYED = f"CREATE OR REPLACE TABLE keyed AS SELECT n, hash(text) AS block FROM ({_TEXTS}) WHERE text IS NOT NULL"
_PASSED_OVER = """
    WITH full_up AS (SELECT block FROM keyed GROUP BY block HAVING count(*) > {most})
    SELECT text, count(*) FROM ({texts}) SEMI JOIN full_up ON hash(text) = block GROUP BY text ORDER BY text
"""
_PAIRS = """
    CREATE OR REPLACE TABLE pairs AS
    WITH sized AS (SELECT block FROM keyed GROUP BY block HAVING count(*) BETWEEN 2 AND {most}),
         kept AS (SELECT n, block FROM keyed SEMI JOIN sized USING (block))
    SELECT DISTINCT one.n AS a, other.n AS b FROM kept one JOIN kept other USING (block) {joined} WHERE one.n < other.n {where}
"""
_OF_TWO = "JOIN standing p ON p.rowid = one.n JOIN standing q ON q.rowid = other.n"
_BLOCKED = """
    CREATE OR REPLACE TABLE blocked AS
    SELECT '0' AS match_key, least(x.unique_id, y.unique_id) AS join_key_l, greatest(x.unique_id, y.unique_id) AS join_key_r
    FROM {pairs} p JOIN statements x ON x.rowid = p.a JOIN statements y ON y.rowid = p.b
    WHERE p.rowid >= {first} AND p.rowid < {last}
"""
_CHOSEN = """
    SELECT unique_id_l AS l, unique_id_r AS r, held{columns}
    FROM (
        SELECT w.*, {held} AS held, a.forename = b.forename AND a.surname = b.surname AND a.dob = b.dob AS strict
        FROM {weighed} w JOIN statements a ON a.unique_id = w.unique_id_l JOIN statements b ON b.unique_id = w.unique_id_r
    ) WHERE {kept}
"""
