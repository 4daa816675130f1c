"""What stops a join, asked of a table of pairs: the same as of the two records, and where a table may err they are looked at."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from rapidfuzz.distance import JaroWinkler

from bench.identity.engagements import engagements, variants
from lodestar.core.identity.bands import strictly_same
from lodestar.core.identity.record import Record, Statement, prepare, roots_of
from lodestar.core.identity.vetoes import TWO_NAMES, vetoes
from lodestar.core.people.identifiers import Key
from lodestar.doors.feeds.linking.seeing import TOLD, Stops, told_of
from lodestar.doors.feeds.linking.training import Stored

HOME = {"postcodes": ("ZZ1 1AA",), "birth_date": date(2011, 5, 6)}
ODD = (
    Statement("o1", "Дарья", "Marlowe", **HOME),  # type: ignore[arg-type]
    Statement("o2", "Дария", "Marlowe", **HOME),  # type: ignore[arg-type]
    Statement("o3", "", "Marlowe", date(2011, 6, 5), phone="07700900123"),
    Statement("o4", "Marlowe", "Finley", date(2011, 5, 6), sex="M", keys=(Key("pnc_id", "1"),)),
    Statement("o5", "Finley", "Marlowe", date(2011, 6, 5), sex="F", keys=(Key("pnc_id", "2"),)),
    Statement("o6", "Finlie", "Marlow", date(2011, 5, 6), sex="F", phone="07700900123"),
    Statement("o7", "Finlie", "", None, sex="M"),
)


def every_pair(records: list[Record]) -> list[tuple[str, str, int | None]]:
    stored = Stored(records)
    stored.put_in_order()
    asked = f"SELECT a.unique_id, b.unique_id, {TOLD} FROM statements a JOIN statements b ON a.n < b.n"
    return stored.run(asked).fetchall()


def people() -> list[Record]:
    roots = roots_of(variants())
    some = [one.statement for one in engagements(people=110, seed=41)]
    for place, one in enumerate(some[:60]):
        some[place] = one._replace(keys=(Key("pnc_id", str(place % 7)),))
    return [prepare(one, roots=roots) for one in (*some, *ODD)]


def test_a_table_answers_of_every_pair_what_the_rules_find_in_the_two_records() -> None:
    records = {one.id: one for one in people()}
    stops, asked = Stops(), every_pair(list(records.values()))
    assert {frozenset((left, right)) for left, right, _ in asked} == set(map(frozenset, combinations(records, 2)))
    for left, right, told in asked:
        if told is not None:
            pair = records[left], records[right]
            assert stops[told] == (strictly_same(*pair), vetoes(*pair))
            assert stops[told] == stops[told_of(*pair)]
    assert len({veto for _, several in stops.values() for veto in several}) == 6, "every veto is met"


def test_only_names_outside_plain_letters_and_names_on_the_border_are_looked_at_themselves() -> None:
    records = {one.id: one for one in people()}
    not_told = [(records[left], records[right]) for left, right, told in every_pair(list(records.values())) if told is None]
    assert {"o1", "o2"} in [{left.id, right.id} for left, right in not_told]
    for left, right in not_told:
        names = [(left.text(name), right.text(name)) for name in ("forename", "surname")]
        likeness = [JaroWinkler.similarity(*pair) for pair in names if all(pair)]
        assert {left.id, right.id} & {"o1", "o2"} or TWO_NAMES in [round(one, 9) for one in likeness]
