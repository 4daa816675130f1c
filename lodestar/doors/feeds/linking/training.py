"""Training a model with Splink, on DuckDB, from the records of files. The only place that calls Splink."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from splink import DuckDBAPI, Linker, block_on

from lodestar.core.identity import template
from lodestar.core.identity.model import completed
from lodestar.core.identity.record import Record

TEXTS = pa.list_(pa.string())
TYPES = {"year": pa.int64(), "postcodes": TEXTS, "keys": TEXTS, "schemes": TEXTS}
SAMPLE = 2_000_000  # pairs taken at random to learn how often strangers agree
FEWEST = 200


def trained(records: Sequence[Record], *, recall: float = 0.5, seed: int = 1, sample: int = SAMPLE) -> dict[str, Any]:
    """A model learnt without labels: the JSON that Splink saves, with what training never met made worth nothing.

    ``recall`` is how many of the true pairs the certain rules are thought to find. Raises ``ValueError`` for fewer than 200
    records, or where the certain rules find no pair: from that nothing can be learnt, and Splink itself would not say so.
    """
    if len(records) < FEWEST:
        raise ValueError(f"At least {FEWEST} records are needed to train a model; there are {len(records)}.")
    linker = linker_on(records, template.settings())
    linker.training.estimate_probability_two_random_records_match([block_on(*block) for block in template.CERTAIN], recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=sample, seed=seed)
    for block in template.TRAINING:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*block))
    document = completed(linker.misc.save_model_to_json())
    if document["probability_two_random_records_match"] <= 0:
        raise ValueError("No two records agree on name and birth date, so nothing can be learnt without labels.")
    return {**document, "trained_on": len(records)}


def linker_on(records: Sequence[Record], settings: dict[str, Any]) -> Linker:
    """A linker of Splink's over these records, quiet."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own = {name: value for name, value in settings.items() if name not in OURS}
        return Linker(DuckDBAPI().register(arrow_of(records)), own, log_level=logging.ERROR)


OURS = ("trained_on", "snapshot", "labels", "link_from", "made_at")  # what we write beside Splink's own keys


def arrow_of(records: Sequence[Record]) -> pa.Table:
    """The records as one table, a column for each name that the model's conditions read."""
    names = list(records[0].columns)
    columns = {name: [_plain(record.columns[name]) for record in records] for name in names}
    typed = {name: pa.array(values, TYPES.get(name, pa.string())) for name, values in columns.items()}
    return pa.table({"unique_id": pa.array([record.id for record in records], pa.string()), **typed})


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
