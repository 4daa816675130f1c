"""What the benchmark of live linkage does with Django set up, in a process of its own: fill, resolve, ask Splink the same.

Run as ``python -m bench.identity.inside WHAT JSON``; the last line printed is the answer as JSON.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lodestar.config.settings")
django.setup()
logging.getLogger("splink").setLevel(logging.ERROR)

from django.core.management.color import no_style  # noqa: E402 - Django must be set up first
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from splink import DuckDBAPI, Linker  # noqa: E402
from splink.internals.realtime import compare_records  # noqa: E402

from bench.identity import ministry  # noqa: E402
from bench.identity.engagements import Known, population, stated  # noqa: E402
from lodestar.actions.linking import recount  # noqa: E402
from lodestar.config.leftovers import settle  # noqa: E402
from lodestar.core.access.scope import system_actor  # noqa: E402
from lodestar.core.identity.blocks import block_numbers  # noqa: E402
from lodestar.core.identity.model import read_model  # noqa: E402
from lodestar.core.identity.packed import mark, pack  # noqa: E402
from lodestar.core.identity.record import Record, Statement  # noqa: E402
from lodestar.core.identity.weighing import Weigher, near  # noqa: E402
from lodestar.core.people.identity import Identity  # noqa: E402
from lodestar.core.people.reading import name_key  # noqa: E402
from lodestar.doors.feeds.demo.dice import Dice  # noqa: E402
from lodestar.doors.feeds.linking.training import OURS, arrow_of  # noqa: E402
from lodestar.store.models import BlockingKey, District, Person  # noqa: E402
from lodestar.store.queries import identity, linking  # noqa: E402
from lodestar.store.queries.identity_models import starting_document, weigher_at  # noqa: E402

SEED, PERSON_COLUMNS = 3, "id given_name family_name birth_date sex ethnicity address postcode phone looked_after authority district"
REST = ("name_key", "created_at", "version", "ready", "ready_of")


def fill(*, people: int) -> dict[str, Any]:
    """So many people on record with their blocks, copied straight into the tables: what is measured is how many there are."""
    begun, now = time.perf_counter(), timezone.now()
    first = (Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    district, authority = District.objects.values_list("code", "authority__code")[0]
    columns = (*PERSON_COLUMNS.split(), *REST)
    keys: list[tuple[int, int]] = []
    with transaction.atomic(), connection.cursor() as cursor:
        with cursor.copy(f"COPY {Person._meta.db_table} ({', '.join(columns)}) FROM STDIN") as copy:
            for known in population(people=people, seed=SEED):
                said, number = known.statement, first + known.number
                called = name_key(given_name=said.given_name, family_name=said.family_name)
                who = (number, said.given_name, said.family_name, said.birth_date, said.sex, "", "", said.postcodes[0], said.phone)
                record = linking.prepared(_identity(said), number=f"p{number}")
                copy.write_row((*who, None, authority, district, called, now, 1, pack(record), mark(1)))
                keys.extend((key, number) for key in block_numbers(record))
        with cursor.copy(f"COPY {BlockingKey._meta.db_table} (key, person_id) FROM STDIN") as copy:
            for row in keys:
                copy.write_row(row)
        for statement in connection.ops.sequence_reset_sql(no_style(), [Person, BlockingKey]):
            cursor.execute(statement)
    ministry.hold(
        (first + known.number, linking.prepared(_identity(known.statement), number="")) for known in population(people=people, seed=SEED)
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as it stands in daily use, on both sides: every index answers by itself
    recount(actor=system_actor("bench"), now=timezone.now(), always=True)
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")  # nothing of the filling is still to be written out while anybody is asked
    return {"people": Person.objects.count(), "keys": len(keys), "seconds": round(time.perf_counter() - begun)}


def ours(*, people: int, asked: int) -> dict[str, Any]:
    """New statements of people on record: blocks and scorer alone, then the whole look as intake makes it."""
    now, sizes = timezone.now(), []
    (weigher, _), most = weigher_at(at=now), linking.rules(at=now).block_most

    def alone(said: Identity) -> None:
        record, found = _in_blocks(said, most)
        sizes.append(sum(map(len, found.values())))
        near(record, found, weigher=weigher)

    def whole(said: Identity) -> None:
        linking.look(linking.prepared(said, number="r0"), among=identity.candidates(said), at=now)

    said = statements(people=people, asked=asked)
    alone_ms, sizes = timed(alone, said), sizes[-len(said) :]
    met = [size > 0 for size in sizes]  # who meets nobody is counted on no side
    return {
        "alone": list(compress(alone_ms, met)),
        "whole": list(compress(timed(whole, said), met)),
        "candidates": list(compress(sizes, met)),
    }


def same_blocks(*, people: int, asked: int) -> dict[str, Any]:
    """The same look-up in the same PostgreSQL, and Splink's own ``compare_records`` with its SQL kept, for the weights."""
    most = linking.rules(at=timezone.now()).block_most

    def blocks(said: Identity) -> tuple[Record, list[Record]]:
        record, found = _in_blocks(said, most)
        return record, [one for rows in found.values() for one in rows]

    return _compared(blocks, statements(people=people, asked=asked))


def own_blocks(*, people: int, asked: int) -> dict[str, Any]:
    """The Ministry of Justice's way whole: its own blocking rules in the same PostgreSQL, then Splink's ``compare_records``."""

    def blocks(said: Identity) -> tuple[Record, list[Record]]:
        record = linking.prepared(said, number="r0")
        return record, ministry.candidates(record)

    return _compared(blocks, statements(people=people, asked=asked))


def handed_over(*, people: int, asked: int, path: str) -> dict[str, Any]:
    """What another Python needs to compare the same statements with the same candidates, written to a file.

    Returns the milliseconds of looking each of them up, which is left out where nobody is found.
    """
    now, found = timezone.now(), []
    (weigher, _), most = weigher_at(at=now), linking.rules(at=now).block_most

    def look_up(said: Identity) -> None:
        record, held = _in_blocks(said, most)
        found.append((record, [one for rows in held.values() for one in rows]))

    ms = timed(look_up, said := statements(people=people, asked=asked))
    kept = found[-len(said) :]
    pairs = [[_with_terms(one, weigher).to_pylist() for one in ([record], others)] for record, others in kept if others]
    settings = {name: value for name, value in _splinks().items() if name != "match_weight_column_prefix"}  # Splink 4 knows it not
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"settings": settings, "asked": pairs}, file)
    return {"ms": list(compress(ms, (others for _, others in kept)))}


def _in_blocks(said: Identity, most: int) -> tuple[Record, dict[int, list[Record]]]:
    record = linking.prepared(said, number="r0")
    return record, linking.sharing(record, most=most)()[0]


def _compared(blocks: Callable[[Identity], tuple[Record, list[Record]]], said: Sequence[Identity]) -> dict[str, Any]:
    """Milliseconds of finding and of comparing, and how many were compared; who has no candidate is not counted."""
    weigher, _ = weigher_at(at=timezone.now())
    document, engine, sizes = _splinks(), DuckDBAPI(), []

    def ask(one: Identity) -> None:
        record, others = blocks(one)
        sizes.append(len(others))
        if others:
            answer = compare_records(_with_terms([record], weigher), _with_terms(others, weigher), document, engine, sql_cache_key="live")
            answer.as_record_list()
            engine.delete_table_from_database(answer.physical_name)

    found = timed(ask, said)
    kept = sizes[-len(said) :]
    return {"ms": list(compress(found, kept)), "candidates": [size for size in kept if size]}


def incremental(*, people: int, asked: int) -> dict[str, Any]:
    """Splink's own incremental call against everybody, in a table of DuckDB's own."""
    engine, turns = DuckDBAPI(), itertools.count()
    records = [linking.prepared(_identity(known.statement), number=f"p{known.number}") for known in population(people=people, seed=SEED)]
    engine._con.register("incoming", arrow_of(records))
    engine._con.execute("CREATE TABLE everybody AS SELECT * FROM incoming")
    table = engine.register("everybody")
    linker = Linker(table, _splinks(), log_level=logging.ERROR)
    for column in read_model(starting_document()).terms:
        linker.table_management.compute_tf_table(column)

    def ask(said: Identity) -> None:
        new = engine.register(arrow_of([linking.prepared(said, number="r0")]), table_name=f"new_{next(turns)}")
        linker.inference.predict_between(new, table).as_record_list()

    return {"ms": timed(ask, statements(people=people, asked=asked))}


def _splinks() -> dict[str, Any]:
    """The model in force on an empty index, as Splink wrote it."""
    return {name: value for name, value in starting_document().items() if name not in OURS}


def subjects(*, people: int, asked: int) -> list[dict[str, Any]]:
    """The same statements as the API takes them."""
    found = []
    for said in statements(people=people, asked=asked):
        born = said.birth_date.isoformat() if said.birth_date else None
        found.append({"given_name": said.given_name, "family_name": said.family_name, "birth_date": born, "sex": said.sex,
                      "postcode": said.postcode, "phone": said.phone})  # fmt: skip
    return found


def statements(*, people: int, asked: int) -> list[Identity]:
    """What sources newly say of people evenly drawn from everybody, with their slips and gaps."""
    dice, every = Dice(SEED, "asked"), max(1, people // asked)
    return [_identity(stated(known, dice)) for known in _every(population(people=people, seed=SEED), every)][:asked]


def _every(known: Iterator[Known], step: int) -> Iterator[Known]:
    return (one for one in known if one.number % step == step - 1)


def _identity(said: Statement) -> Identity:
    place = said.postcodes[0] if said.postcodes else ""
    return Identity(said.given_name, said.family_name, said.birth_date, said.sex, "", place, said.phone)


def _with_terms(records: Sequence[Record], weigher: Weigher) -> Any:
    table = arrow_of(records)
    for column, shares in weigher.commonness.items():
        table = table.append_column(f"tf_{column}", [[shares.get(record.text(column)) for record in records]])
    return table


def timed(ask: Callable[[Identity], None], said: Sequence[Identity]) -> list[float]:
    """Milliseconds of each, after a tenth of them unmeasured to warm everything up."""
    for one in said[: max(5, len(said) // 10)]:
        ask(one)
    found = []
    for one in said:
        begun = time.perf_counter()
        ask(one)
        found.append((time.perf_counter() - begun) * 1000)
    return found


if __name__ == "__main__":
    what, given = sys.argv[1], json.loads(sys.argv[2])
    settle()  # on every side, as the server does that asks on ours
    parts = (fill, ours, same_blocks, own_blocks, handed_over, incremental, subjects)
    print(json.dumps({part.__name__: part for part in parts}[what](**given)))
