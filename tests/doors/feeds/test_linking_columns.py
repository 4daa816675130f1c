"""Very many rows made ready a column at a time: the same to the last letter as each by itself."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.identity.engagements import engagements, variants
from bench.identity.files import write
from lodestar.core.identity.bands import READ, banded
from lodestar.core.identity.index import index_of
from lodestar.core.identity.model import read_model
from lodestar.core.identity.record import Record, prepare, roots_of
from lodestar.core.identity.resolving import resolver
from lodestar.core.people.identifiers import Key
from lodestar.doors.cli.main import main
from lodestar.doors.feeds.linking import statements
from lodestar.doors.feeds.linking.models import bands_of
from lodestar.doors.feeds.linking.statements import people_in, tables_in
from lodestar.doors.feeds.linking.training import Stored, arrow_of

MODEL = Path(__file__).parents[3] / "docs" / "examples" / "identity" / "model.json"
HEADING = ["number", "given_name", "family_name", "birth_date", "birth_year", "sex", "postcode", "former_postcodes", "phone"]
HEADING += ["nhs_number", "la_child_id", "responsible_authority"]
ODD = [
    [
        "1",
        "Miss Zoë Anne",
        "O’Neill-Łuczak",
        "2011-05-06",
        "",
        "Female",
        "zz11aa",
        "ZZ2 2BB; zz1 1aa,nowhere",
        "+44 7700 900123",
        "",
        "",
        "",
    ],
    ["2", "", "", "", "", "", "", "", "", "", "", ""],
    ["3", "Alfie", "Marlowe", "6/5/2011", "1999", "M", "", "ZZ3 3CC", "07700 900 123 ext 4", "943 476 5919", "47 11", "cam"],
    ["4", "'=Alfie", "", "01/01/2010", "", "?", "ZZ1", ";", "123", "943 476 5918", "4711", ""],
    ["5", "alfie", "MARLOWE ", "", "2011", " male", "ZZ1 1AA", "", "+48 501 234 567", "", "", "CAM"],
    ["6", "Bo", "ß", "2011-12-31", "", "", "", "", "", "", "", ""],
]


def table_of(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEADING, *rows])
    return path


@pytest.mark.parametrize("at_once", [1, 4, 20_000])
def test_rows_are_made_ready_a_column_at_a_time_as_each_is_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(statements, "CHUNK", at_once)
    write(tmp_path / "many.csv", engagements(people=120, seed=3))
    files = [table_of(tmp_path / "odd.csv", ODD), tmp_path / "many.csv"]
    made = [table for table in tables_in(files, number="number")]
    records = people_in(files, number="number").records
    assert [row for table in made for row in table.to_pylist()] == arrow_of(records).to_pylist()
    assert Stored.of(made).digest() == Stored(records).digest()


def test_what_is_wrong_is_said_in_the_order_of_the_rows_however_many_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[str(number), "Ada", "Marlowe", *([""] * 9)] for number in range(9)]
    rows[2][3], rows[4][0], rows[7][4] = "31/02/2011", "1", "11"
    rows[5].append("too far")
    file = table_of(tmp_path / "people.csv", rows)
    said = set()
    for at_once in (1, 3, 20_000):
        monkeypatch.setattr(statements, "CHUNK", at_once)
        done = CliRunner().invoke(main, ["identity", "link", str(file), "--id", "number", "--model", str(MODEL)])
        assert done.exit_code == 2
        said.add(done.stderr)
    (told,) = said
    assert [line.split(",")[1] for line in told.splitlines()] == [" row 4", " row 6", " row 7", " row 9"]


def test_a_pair_is_banded_by_what_banding_reads() -> None:
    document = {**json.loads(MODEL.read_text()), "labels": 3_000, "link_from": 9.0}
    roots, bands = roots_of(variants()), bands_of(document)
    people = [one.statement for one in engagements(people=400, seed=29)]
    for place, person in enumerate(people[:40]):
        people[place] = person._replace(keys=(Key("pnc_id", str(place % 9)),))
    records = {person.id: prepare(person, roots=roots) for person in people}
    ready = resolver(
        model=read_model(document), index=index_of(list(records.values())), thresholds=bands, trained_on=document["trained_on"]
    )
    pairs = ready.pairs()
    assert len({one.vetoes for one in pairs}) > 4 and {one.band for one in pairs} == {"link", "review", "apart"}
    for one in pairs:
        left, right = (
            Record.of(number, {name: records[number].columns[name] for name in READ}) for number in (one.scored.left, one.scored.right)
        )
        assert banded(left, right, one.scored, thresholds=bands) == one
