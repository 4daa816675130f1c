"""Very many pairs weighed and said by a table: Splink's weight to the last bit, and each pair to the last letter as by itself."""

from __future__ import annotations

import json
from itertools import chain, product
from math import inf
from pathlib import Path

import duckdb
import pytest

from bench.identity.engagements import engagements, variants
from lodestar.core.identity.model import read_model
from lodestar.core.identity.record import Record, prepare, roots_of
from lodestar.core.people.identifiers import Key
from lodestar.doors.feeds.linking import saying
from lodestar.doors.feeds.linking.accounts import figure
from lodestar.doors.feeds.linking.batch import Batch
from lodestar.doors.feeds.linking.models import bands_of
from lodestar.doors.feeds.linking.sums import cheaper, levels_of
from lodestar.doors.feeds.linking.training import Stored, linker_on, trained_on

MODEL = Path(__file__).parents[3] / "docs" / "examples" / "identity" / "model.json"
WORDS = (
    None,
    "",
    "a",
    "ab",
    "ba",
    "abc",
    "acb",
    "bca",
    "abcd",
    "badc",
    "Zoë",
    "Zoé",
    "Zeo",
    "Zoe\u0308",
    "Łucz",
    "Łuzc",
    "Дарья",
    "Дария",
    "ДарьяДарья",
    "2011-05-06",
    "2011-06-05",
    "2011-05-60",
    "2011-0506",
)
LISTS = (None, [], ["a"], ["b"], ["a", "b"], ["c", "a"], ["c", "d"])


def people(count: int, seed: int) -> list[Record]:
    roots = roots_of(variants())
    some = [one.statement._replace(id=f'{one.statement.id}"é') for one in engagements(people=count, seed=seed)]
    for place, person in enumerate(some[:60]):
        some[place] = person._replace(keys=(Key("pnc_id", str(place % 9)),))
    some[60:62] = [one._replace(given_name=name, family_name="Łuczak") for one, name in zip(some[60:62], ("Дарья", "Дария"), strict=True)]
    return [prepare(one, roots=roots) for one in some]


@pytest.mark.parametrize(
    ("condition", "values", "kind"),
    [
        ('damerau_levenshtein("x_l", "x_r") <= 1', WORDS, "VARCHAR"),
        ('array_length(list_intersect("x_l", "x_r")) >= 1', LISTS, "VARCHAR[]"),
    ],
)
def test_a_condition_put_at_a_lower_price_gives_the_same_answer(condition: str, values: tuple[object, ...], kind: str) -> None:
    put = cheaper(condition)
    assert put != condition
    engine = duckdb.connect()
    engine.execute(f"CREATE TABLE pairs (x_l {kind}, x_r {kind})")
    engine.executemany("INSERT INTO pairs VALUES (?, ?)", [list(pair) for pair in product(values, values)])
    asked = f"SELECT count(*) FILTER ({condition}), count(*) FILTER (coalesce({condition}, false) <> coalesce({put}, false)) FROM pairs"
    held, differ = engine.execute(asked).fetchone() or (0, 1)
    assert held > 3 and differ == 0


def test_what_two_records_weigh_is_splinks_sum_to_the_last_bit() -> None:
    document, records = json.loads(MODEL.read_text()), people(900, seed=61)
    model = read_model(document)
    theirs = linker_on(records, {**document, "retain_intermediate_calculation_columns": True}).inference.predict().as_record_list()
    assert len(theirs) > 2_500

    free = {**document, "trained_on": len(records)}  # the prior as it was learnt
    bands = bands_of(document)
    batch = Batch(Stored(records), free, type(bands)(review_from=-inf, household_most=1e9))
    names = {number: one for one, number in batch.stored.run("SELECT unique_id, n FROM statements").fetchall()}
    assert len(names) == len(records)
    batch.stored.keep_pairs("asked", [tuple(sorted((row["unique_id_l"], row["unique_id_r"]))) for row in theirs])
    batch._weigh("asked")
    terms = ("forename", "surname", "postcode")
    asked = batch.stored.run(f"SELECT a, b, held, fell, {', '.join(f'term_{name}' for name in terms)} FROM weighed").fetchall()
    ours = {(names[a], names[b]): rest for a, b, *rest in asked}
    assert len(ours) == len(theirs)
    for row in theirs:
        held, fell, *bits = ours[row["unique_id_l"], row["unique_id_r"]]
        assert held == row["match_weight"]
        assert bits == [row[f"mw_tf_adj_{name}"] for name in terms]
        for one, place in zip(model.comparisons, levels_of(model, fell), strict=True):
            known = [at for at, level in enumerate(one.levels) if not level.is_null]
            gamma = row[f"gamma_{one.name}"]
            assert place == (known[len(known) - 1 - gamma] if gamma >= 0 else 0)


@pytest.mark.slow
def test_a_model_learnt_at_a_lower_price_is_the_model_learnt_as_its_conditions_are_written() -> None:
    records = people(1_500, seed=63)
    put, written = (trained_on(Stored(records), as_written=as_written) for as_written in (False, True))
    assert put["probability_two_random_records_match"] == pytest.approx(written["probability_two_random_records_match"], rel=1e-9)
    for ours, theirs in zip(put["comparisons"], written["comparisons"], strict=True):
        for one, other in zip(ours["comparison_levels"], theirs["comparison_levels"], strict=True):
            assert one.keys() == other.keys() and one["sql_condition"] == other["sql_condition"]
            for chance in ("m_probability", "u_probability"):
                assert one.get(chance, 0.0) == pytest.approx(other.get(chance, 0.0), rel=1e-9)


@pytest.mark.parametrize("link_from", [None, 9.0, 1.0])
def test_a_pair_is_written_letter_for_letter_as_json_writes_it(link_from: float | None) -> None:
    document = {**json.loads(MODEL.read_text()), "labels": 3_000, "link_from": link_from}
    batch = Batch(Stored(people(400, seed=29)), document, bands_of(document))
    shown = list(batch.shown())
    assert list(chain.from_iterable(batch.written())) == [
        json.dumps(saying.pair(one), allow_nan=False, ensure_ascii=False) for one in shown
    ]
    assert len({one.vetoes for one in shown}) > 4
    assert {one.rule for one in shown} == {"strict rule", "a person decides", *(["model"] if link_from else [])}


def test_figures_are_written_as_python_writes_them() -> None:
    figures = [0.0, -0.0, -1e-12, 4.9e-10, 5.1e-10, 5.3e-05, 9.99999999996e-05, 0.1, 12.0, -48.8251953125, 30.000000000499998, 1e9 / 7]
    engine = duckdb.connect()
    for one in figures:
        told = engine.execute("SELECT " + figure("?::DOUBLE"), [one]).fetchone()
        assert told == (repr(round(one, 9)),)
