"""The measures' playbooks are sound and their examples come out as they say."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lodestar.core.measures.definition import Definition
from lodestar.core.playbook import NotInForce, Playbook, faults, read
from tests.core.measures.examples import run_measure

FOLDER = Path(__file__).parents[3] / "lodestar" / "playbooks" / "measures"
BOOKS = [read(tomllib.loads(path.read_text())) for path in sorted(FOLDER.glob("*.toml"))]
BY_CODE = {book.code: book for book in BOOKS}
EXAMPLES = [pytest.param(book, row, id=f"{book.code}: {row['name']}") for book in BOOKS for row in book.examples]


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.code)
def test_the_playbook_is_sound(book: Playbook) -> None:
    assert faults(book) == ()


@pytest.mark.parametrize(("book", "example"), EXAMPLES)
def test_the_example_comes_out_as_it_says(book: Playbook, example: Mapping[str, Any]) -> None:
    assert run_measure(book, example["given"]) == dict(example["expect"])


def test_a_definition_carries_its_version_and_the_hash_of_its_content() -> None:
    definition = Definition.from_playbook(BY_CODE["M1"], on=date(2026, 6, 1))
    assert (definition.code, definition.version, definition.hours) == ("M1", "2020-01-01", 24)
    assert definition.content_hash == BY_CODE["M1"].content_hash
    assert definition.says_left_out == "left out and counted: opened in error, no start and age not known"


def test_before_the_first_block_there_is_no_definition() -> None:
    with pytest.raises(NotInForce):
        Definition.from_playbook(BY_CODE["M1"], on=date(2019, 12, 31))


def test_a_clock_nobody_knows_is_refused() -> None:
    table = tomllib.loads((FOLDER / "M1.toml").read_text())
    table["in_force"][0]["clock"] = "closing"
    with pytest.raises(ValueError, match="clock must be one of"):
        Definition.from_playbook(table, on=date(2026, 6, 1))


def test_the_bands_meet_without_gap_or_overlap() -> None:
    bands = Definition.from_playbook(BY_CODE["M2"], on=date(2026, 6, 1)).bands
    for age in range(120):
        assert sum(band.holds(age) for band in bands) == 1
