"""Training a model with Splink, on DuckDB, from the records of files. The only place that calls Splink."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Self

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, block_on
from splink.internals.splink_dataframe import SplinkDataFrame

from lodestar.core.identity import template
from lodestar.core.identity.model import completed, pairs_thought
from lodestar.core.identity.record import COLUMNS, Record
from lodestar.core.identity.scoring import Commonness
from lodestar.doors.feeds.linking.sums import cheaper

TEXTS = pa.list_(pa.string())
TYPES = {"year": pa.int64(), "postcodes": TEXTS, "keys": TEXTS, "schemes": TEXTS}
SAMPLE = 2_000_000  # pairs taken at random to learn how often strangers agree
FEWEST = 200
MOST_LEARNT = 100_000  # records that a model is learnt from: the pairs of a block grow with the square, what they teach does not
CHUNK = 20_000
EVERY = "COLUMNS(lambda name: name NOT IN ('unique_id', 'n'))"  # every column of a record, without its numbers


class Stored:
    """Records in a table of DuckDB's own, ``statements``: however many there are, Python holds a chunk of them at a time."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Take in every record, one after the other."""
        waiting = iter(records)
        self._take_in(arrow_of(chunk) for chunk in iter(lambda: list(islice(waiting, CHUNK)), []))

    @classmethod
    def of(cls, tables: Iterable[pa.Table]) -> Self:
        """Take in records that stand in tables as ``arrow_of`` makes them, one table after the other."""
        made = cls.__new__(cls)
        made._take_in(tables)
        return made

    def _take_in(self, tables: Iterable[pa.Table]) -> None:
        self.engine = duckdb.connect(":memory:")
        self.api, self.count, self.in_order = DuckDBAPI(connection=self.engine), 0, False
        for table in tables:
            self.engine.register("incoming", table)
            self.run("INSERT INTO statements SELECT * FROM incoming" if self.count else "CREATE TABLE statements AS SELECT * FROM incoming")
            self.engine.unregister("incoming")
            self.count += len(table)

    def run(self, statement: str, values: Sequence[Any] = ()) -> duckdb.DuckDBPyConnection:
        """Run a statement of SQL."""
        return self.engine.execute(statement, values)

    def one(self, statement: str) -> tuple[Any, ...]:
        """The only row of an answer."""
        return self.run(statement).fetchall()[0]  # type: ignore[no-any-return]

    def records(self, numbers: str, values: Sequence[Any] = (), *, columns: Sequence[str] = (EVERY,)) -> dict[str, Record]:
        """The records whose numbers a statement gives, by number; whole, or so many columns of them."""
        asked = self.run(f"SELECT unique_id, {', '.join(columns)} FROM statements WHERE unique_id IN ({numbers})", values)
        names = [column[0] for column in asked.description or ()][1:]
        several, found = [place for place, name in enumerate(names) if TYPES.get(name) == TEXTS], {}
        for number, *cells in asked.fetchall():
            for place in several:
                if cells[place] is not None:
                    cells[place] = tuple(cells[place])
            found[number] = Record.of(number, dict(zip(names, cells, strict=True)))
        return found

    def keep(self, table: str, columns: Mapping[str, Sequence[Any]], types: Sequence[pa.DataType]) -> None:
        """A table of these columns."""
        made = {name: pa.array(values, of) for (name, values), of in zip(columns.items(), types, strict=True)}
        self.engine.register("incoming", pa.table(made))
        self.run(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM incoming")
        self.engine.unregister("incoming")

    def keep_pairs(self, table: str, pairs: Sequence[tuple[str, str]]) -> None:
        """A table of pairs of records that were put in order, each by that."""
        self.keep("named", {"l": [one for one, _ in pairs], "r": [other for _, other in pairs]}, (pa.string(), pa.string()))
        joined = "FROM named JOIN statements x ON x.unique_id = l JOIN statements y ON y.unique_id = r"
        self.run(f"CREATE OR REPLACE TABLE {table} AS SELECT x.n AS a, y.n AS b {joined}")

    def put_in_order(self) -> None:
        """Number every record, ``n``, in the order of their own numbers: pairs of very many are told apart by it at a lower price."""
        if not self.in_order:
            self.run("CREATE TABLE places AS SELECT unique_id, (row_number() OVER (ORDER BY unique_id))::INTEGER AS n FROM statements")
            self.run("CREATE TABLE ordered AS SELECT n, statements.* FROM statements JOIN places USING (unique_id)")
            self.run("DROP TABLE statements")
            self.run("DROP TABLE places")
            self.run("ALTER TABLE ordered RENAME TO statements")
            self.in_order = True

    def numbers(self) -> Iterator[str]:
        """The number of every record."""
        return (number for (number,) in self.run("SELECT unique_id FROM statements").fetchall())

    def commonness(self, columns: Iterable[str]) -> Commonness:
        """How often each value of each column stands among the records that have one, as a share."""
        asked = "SELECT {0}, count(*) / (SELECT count({0}) FROM statements) FROM statements WHERE {0} IS NOT NULL GROUP BY {0}"
        return {column: dict(self.run(asked.format(column)).fetchall()) for column in columns}

    def digest(self) -> str:
        """What these records are known by: the same ones in any order give the same digest."""
        rows = f"(SELECT unique_id, {EVERY} FROM statements)"
        (found,) = self.one(f"SELECT sha256(string_agg(md5(one::VARCHAR), '' ORDER BY unique_id)) FROM {rows} AS one")
        return str(found)


def trained(records: Iterable[Record], *, recall: float = 0.5, seed: int = 1, sample: int = SAMPLE) -> dict[str, Any]:
    """A model learnt without labels from these records; see ``trained_on``."""
    return trained_on(Stored(records), recall=recall, seed=seed, sample=sample)


def trained_on(stored: Stored, *, recall: float = 0.5, seed: int = 1, sample: int = SAMPLE, as_written: bool = False) -> dict[str, Any]:
    """A model learnt without labels: the JSON that Splink saves, where what training never met, or next to never, is worth what it shows.

    ``recall`` is how many of the true pairs the certain rules are thought to find. Of more than ``MOST_LEARNT`` records so many
    are drawn by ``seed``: in them a pair taken at random is as often of one person as among all, and so it is in each block.
    Conditions are put so that DuckDB answers them at a lower price, unless they are to be asked ``as_written``; the model has
    them as they are written. Raises ``ValueError`` for fewer than 200 records, or where the certain rules find no pair: from
    that nothing can be learnt, and Splink itself would not say so.
    """
    if stored.count < FEWEST:
        raise ValueError(f"At least {FEWEST} records are needed to train a model; there are {stored.count}.")
    drawn = f"ORDER BY hash(unique_id || '{seed}') LIMIT {MOST_LEARNT}" if stored.count > MOST_LEARNT else ""
    stored.run(f"CREATE OR REPLACE TABLE learnt_from AS SELECT * FROM statements {drawn}")
    apart = DuckDBAPI(connection=stored.engine)  # what Splink puts aside for training is gone before anything is weighed
    settings = template.settings()
    linker = _linker(apart.register("learnt_from"), settings if as_written else _put_otherwise(settings, cheaper))
    linker.training.estimate_probability_two_random_records_match([block_on(*block) for block in template.CERTAIN], recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=sample, seed=seed)
    for block in template.TRAINING:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*block))
    written = iter(level["sql_condition"] for one in settings["comparisons"] for level in one["comparison_levels"])
    learnt = linker.misc.save_model_to_json()
    linker.table_management.delete_tables_created_by_splink_from_db()
    prior = learnt["probability_two_random_records_match"]
    if prior <= 0:
        raise ValueError("No two records agree on name and birth date, so nothing can be learnt without labels.")
    pairs = pairs_thought(prior=prior, records=min(stored.count, MOST_LEARNT))
    return {**_put_otherwise(completed(learnt, pairs=pairs), lambda _: next(written)), "trained_on": stored.count}


def _put_otherwise(document: Mapping[str, Any], put: Callable[[str], str]) -> dict[str, Any]:
    """A settings document with each condition put in other words, in order."""
    comparisons = [
        {**one, "comparison_levels": [{**level, "sql_condition": put(level["sql_condition"])} for level in one["comparison_levels"]]}
        for one in document["comparisons"]
    ]
    return {**document, "comparisons": comparisons}


def linker_on(records: Sequence[Record], settings: Mapping[str, Any]) -> Linker:
    """A linker of Splink's over these records, quiet."""
    return linker_over(Stored(records), settings)


def linker_over(stored: Stored, settings: Mapping[str, Any]) -> Linker:
    """A linker of Splink's over records that stand in a table."""
    return _linker(stored.api.register("statements"), settings)


def _linker(table: SplinkDataFrame, settings: Mapping[str, Any]) -> Linker:
    logging.getLogger("splink").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own = {name: value for name, value in settings.items() if name not in OURS}
        return Linker(table, own, log_level=logging.ERROR)


OURS = ("trained_on", "snapshot", "labels", "link_from", "made_at")  # what we write beside Splink's own keys


def arrow_of(records: Sequence[Record]) -> pa.Table:
    """The records as one table, a column for each name that the model's conditions read."""
    columns = zip(COLUMNS, zip(*[record.values for record in records], strict=True), strict=True)
    typed = {name: pa.array(map(_plain, values), TYPES.get(name, pa.string())) for name, values in columns}
    return pa.table({"unique_id": pa.array([record.id for record in records], pa.string()), **typed})


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
