"""Very many records weighed at once: they stand in a table of DuckDB, Splink weighs their pairs there, and only what is shown comes out.

The same pairs, weights, bands and groups as the index and the live scorer give (a test compares them), at another price: no
record and no pair of strangers is ever an object here, so that memory follows what is found and not how many are on file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, starmap
from typing import Any, Self

import pyarrow as pa
from splink import Linker

from lodestar.core.identity.bands import READ, Banded, Thresholds, banded, decided
from lodestar.core.identity.clusters import Groups, Link, Pair, Said, grouped, ordered, reached
from lodestar.core.identity.index import BLOCK_MOST
from lodestar.core.identity.model import Comparison, Level, Model, prior_at, read_model
from lodestar.core.identity.record import Record
from lodestar.core.identity.scoring import Line, Scored
from lodestar.core.identity.template import BLOCKS, HOUSEHOLD, KEY_BLOCK
from lodestar.core.identity.weighing import Weigher
from lodestar.doors.feeds.linking.seeing import TOLD, Stops
from lodestar.doors.feeds.linking.training import Stored, linker_over

AT_ONCE = 8_000_000  # pairs weighed at once: for each lot Splink reads every record again
SHOWN = 20_000  # rows taken out at once
NEAR = 1e-6  # bits by which the database's sum may lie below ours: such a pair comes out too, and is banded here
KEPT = {
    **{"retain_intermediate_calculation_columns": True, "retain_matching_columns": True, "match_weight_column_prefix": "mw_"},
    **{"unique_id_column_name": "n", "blocking_rules_to_generate_predictions": []},  # the pairs are found here
}


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
        stored.run(_WHOSE)
        made._find_pairs(most, _OF_TWO, "AND p.person <> q.person")
        return made

    def _set(self, stored: Stored, document: Mapping[str, Any], thresholds: Thresholds, prior: float) -> None:
        self.stored, self.thresholds, self.model = stored, thresholds, read_model(document)
        self.start = self.model.starting_weight(prior)
        stored.put_in_order()
        read = sorted({name for one in self.model.comparisons for level in one.levels for name in _columns_of(level)})
        stored.run(f"CREATE OR REPLACE VIEW compared AS SELECT n, {', '.join(read)} FROM statements")
        settings = {**document, **KEPT, "probability_two_random_records_match": prior}
        self.linker: Linker = linker_over(stored, settings, table="compared")

    def _find_pairs(self, most: int, joined: str, where: str) -> None:
        self.stored.run(_KEYED)
        self.stored.run(_SIZED)
        self.passed_over: dict[str, int] = dict(self.stored.run(_PASSED_OVER.format(most=most)).fetchall())
        self.stored.run(_PAIRS.format(most=most, joined=joined, where=where))
        self.stored.run("DROP TABLE keyed")
        self.stored.run("DROP TABLE sized")
        (self.weighed,) = self.stored.one("SELECT count(*) FROM pairs")

    def shown(self, found: Found) -> Iterator[Banded]:
        """Every pair that is joined or shown to a person, the weightiest first; what grouping asks is put into ``found``."""
        least = self.thresholds.review_from - NEAR
        self._weigh("pairs", least=least)
        self.stored.run(_STRICT)  # whatever they weigh
        self._weigh("strict", least=None, more=True)
        for one in self._taken_out():
            found.add(one, may_stand=self._may_stand(one))
            if one.band != "apart":
                yield one

    def groups(self, found: Found, said: Iterable[Said]) -> Groups:
        """The records of each person who has more than one; pairs within reach of each other that share no block are weighed now."""
        told = list(said)
        self.stored.keep_pairs("reached", sorted(_within_reach(found.links, told) - found.standing))
        self._weigh("reached", least=None)
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

    def _weigh(self, pairs: str, *, least: float | None, more: bool = False) -> None:
        """Weigh a table of pairs, so many at once, and keep in ``weighed`` those held to be worth ``least``; ``more`` adds to it."""
        columns = "".join(f", {name}" for name in self._columns())
        home = " + ".join(f"greatest({self._bits(one)}, 0)" for one in self.model.comparisons if one.name in HOUSEHOLD) or "0"
        held = f"match_weight - greatest(({home}) - {self.thresholds.household_most}, 0)"
        kept = "true" if least is None else f"{held} >= {least}"
        (total,) = self.stored.one(f"SELECT count(*) FROM {pairs}")
        for first in range(0, max(total, 1), AT_ONCE):
            self.stored.run(_BLOCKED.format(pairs=pairs, first=first, last=first + AT_ONCE))
            self.linker.table_management.register_blocked_pairs_for_predict(self.stored.table("blocked"))
            weighed = self.linker.inference.predict(threshold_match_weight=least, warning_mode="never")  # a cap only takes away
            chosen = _CHOSEN.format(columns=columns, held=held, weighed=weighed.physical_name, kept=kept)
            self.stored.run(f"INSERT INTO weighed {chosen}" if first or more else f"CREATE OR REPLACE TABLE weighed AS {chosen}")
            weighed.drop_table_from_database_and_remove_from_cache()

    def _taken_out(self) -> Iterator[Banded]:
        """Every pair that was weighed, the weightiest first, with its band; they come out of the table so many at a time."""
        accounts, stops = _Accounts(self.model.comparisons), Stops()
        asked = self.stored.engine.cursor().execute(_RANKED.format(told=TOLD, levels=self._levels(), terms=self._terms()))
        while rows := asked.fetchmany(SHOWN):
            of = self._looked_at([number for told, *pair in rows if told is None for number in pair[:2]])
            for told, left, right, *fell in rows:
                scored = Scored(left, right, self.start, accounts.of(fell))
                if told is None:
                    yield banded(of[left], of[right], scored, thresholds=self.thresholds)
                else:
                    yield decided(scored, *stops[told], thresholds=self.thresholds)

    def _looked_at(self, numbers: list[str]) -> dict[str, Record]:
        return self.stored.records(", ".join("?" * len(numbers)), numbers, columns=READ) if numbers else {}

    def _columns(self) -> list[str]:
        """The columns of Splink's answer that the account is made of: of each comparison its level, and the bits of its term."""
        return [f"gamma_{one.name}" for one in self.model.comparisons] + [f"mw_tf_adj_{one.name}" for one in _with_term(self.model)]

    def _levels(self) -> str:
        return f"concat_ws(',', {', '.join(f'gamma_{one.name}' for one in self.model.comparisons)})"

    def _terms(self) -> str:
        return "".join(f", mw_tf_adj_{one.name}" for one in _with_term(self.model))

    def _bits(self, one: Comparison) -> str:
        return f"mw_{one.name}" + (f" + mw_tf_adj_{one.name}" if _has_term(one) else "")


def _has_term(one: Comparison) -> bool:
    return any(level.term for level in one.levels)


def _with_term(model: Model) -> list[Comparison]:
    return [one for one in model.comparisons if _has_term(one)]


class _Accounts(dict[str, list[Line]]):
    """The accounts of pairs, made of lines that are made once: pairs are many, the levels and how common values are few."""

    def __init__(self, comparisons: Sequence[Comparison]) -> None:
        super().__init__()
        self.comparisons = comparisons
        self.with_term: list[tuple[int, dict[tuple[int, float], Line]]] = [
            (place, {}) for place, one in enumerate(comparisons) if _has_term(one)
        ]

    def of(self, fell: Sequence[Any]) -> tuple[Line, ...]:
        """The lines of a pair: the levels in which its comparisons fell, then the bits of each that has a term."""
        lines = self[fell[0]].copy()
        for (place, known), bits in zip(self.with_term, fell[1:], strict=True):
            if bits:
                line = lines[place]
                key = (line.place, bits)
                lines[place] = known.get(key) or known.setdefault(key, self._with(line, place, bits))
        return tuple(lines)

    def _with(self, line: Line, place: int, bits: float) -> Line:
        term = self.comparisons[place].levels[line.place].term
        return replace(line, term_weight=bits) if term else line

    def __missing__(self, levels: str) -> list[Line]:
        made = self[levels] = [_line(one, int(gamma)) for one, gamma in zip(self.comparisons, levels.split(","), strict=True)]
        return made


def _line(one: Comparison, gamma: int) -> Line:
    """From the number that Splink gives a level: the levels count down to nought, not known is -1."""
    known = [place for place, level in enumerate(one.levels) if not level.is_null]
    place = known[len(known) - 1 - gamma] if gamma >= 0 else next(place for place, level in enumerate(one.levels) if level.is_null)
    level = one.levels[place]
    return Line(one.name, level.label, place, level.weight, 0.0, not level.is_null)


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
            found |= {ordered(*pair) for pair in combinations(together, 2)}
    return found


def _columns_of(level: Level) -> set[str]:
    """The columns of a record that a level reads."""
    read = set(re.findall(r'"(\w+)_[lr]"', level.condition))
    return read | {level.term} if level.term else read


def _keyed(number: int, block: Sequence[str]) -> str:
    known = " AND ".join(f"{one} IS NOT NULL" for one in block)
    return f"SELECT n, {number}::TINYINT AS kind, hash({number}, {', '.join(block)}) AS block FROM statements WHERE {known}"


def _text(number: int, block: Sequence[str]) -> str:
    text = " || '|' || ".join((f"'{number}'", *block))
    return f"WHEN {number} THEN {text}"


_OF_KEYS = f"SELECT n, {len(BLOCKS)}::TINYINT, hash({len(BLOCKS)}, one) FROM (SELECT n, unnest({KEY_BLOCK}) AS one FROM statements)"
_KEYED = "CREATE OR REPLACE TABLE keyed AS " + " UNION ALL ".join((*starmap(_keyed, enumerate(BLOCKS)), _OF_KEYS))
_SIZED = "CREATE OR REPLACE TABLE sized AS SELECT block, count(*) AS records FROM keyed GROUP BY block HAVING count(*) > 1"
# The texts are made of the few records that stand in a block too full, and of no other.
_PASSED_OVER = f"""
    WITH full_up AS (SELECT n, kind, block FROM keyed SEMI JOIN (SELECT block FROM sized WHERE records > {{most}}) USING (block)),
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
    WITH kept AS (SELECT n, block FROM keyed SEMI JOIN (SELECT block FROM sized WHERE records <= {most}) USING (block))
    SELECT DISTINCT one.n AS a, other.n AS b FROM kept one JOIN kept other USING (block) {joined} WHERE one.n < other.n {where}
"""
_OF_TWO = "JOIN whose p ON p.n = one.n JOIN whose q ON q.n = other.n"
_WHOSE = "CREATE OR REPLACE TABLE whose AS SELECT n, person FROM standing JOIN statements ON number = unique_id"
_STRICT = """
    CREATE OR REPLACE TABLE strict AS
    SELECT a.n AS a, b.n AS b FROM statements a JOIN statements b USING (forename, surname, dob)
    SEMI JOIN pairs ON pairs.a = a.n AND pairs.b = b.n ANTI JOIN weighed ON weighed.a = a.n AND weighed.b = b.n
    WHERE a.n < b.n
"""
_BLOCKED = """
    CREATE OR REPLACE TABLE blocked AS
    SELECT '0' AS match_key, a AS join_key_l, b AS join_key_r FROM {pairs} p WHERE p.rowid >= {first} AND p.rowid < {last}
"""
_CHOSEN = "SELECT n_l AS a, n_r AS b, {held} AS held{columns} FROM {weighed} WHERE {kept}"
_RANKED = """
    SELECT {told}, a.unique_id, b.unique_id, {levels}{terms}
    FROM weighed w JOIN statements a ON a.n = w.a JOIN statements b ON b.n = w.b
    ORDER BY held DESC, w.a, w.b
"""
