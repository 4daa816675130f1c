"""The star schema: typed files that read back, cut to who takes them, with no name and no word that anybody wrote."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from lodestar.actions import star as actions
from lodestar.core import star
from lodestar.core.words import Refused
from lodestar.doors.feeds import commands
from lodestar.doors.feeds.star import packed, write_star
from lodestar.store.models import AuditRow, Matter
from lodestar.store.queries import star as queries
from tests.actions.conftest import HOUR, NOW, Force

pytestmark = pytest.mark.django_db
KINDS = {"VARCHAR": ("key", "text"), "BIGINT": ("integer",), "DOUBLE": ("number",), "BOOLEAN": ("boolean",), "DATE": ("date",)}


@pytest.fixture
def files(force: Force, matter: Matter) -> dict[str, bytes]:
    """Everything, as the analyst takes it."""
    missing = force.report(NOW, external_id="R-9")
    force.grade(missing)
    force.found(missing)
    made, _ = actions.take(actor=force.actor("pine"), write=write_star, now=NOW + 6 * HOUR)
    return made


def read(files: dict[str, bytes], name: str, folder: Path) -> tuple[list[tuple[str, str]], list[tuple[object, ...]]]:
    """A Parquet file read back: its columns with their kinds, and its rows."""
    path = folder / f"{name}.parquet"
    path.write_bytes(files[path.name])
    described = duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
    return [(row[0], row[1]) for row in described], duckdb.sql(f"SELECT * FROM '{path}'").fetchall()


def test_every_table_reads_back_with_the_columns_kinds_and_rows_it_declares(files: dict[str, bytes], tmp_path: Path) -> None:
    for name, table in star.TABLES.items():
        columns, rows = read(files, name, tmp_path)
        assert tuple(column for column, _ in columns) == table.columns
        for (column, found), declared in zip(columns, table.fields, strict=True):
            assert declared.kind in KINDS[found], (name, column, found)
        written = list(csv.reader(io.StringIO(files[f"{name}.csv"].decode())))
        assert len(rows) == len(written) - 1


def test_the_facts_are_those_on_record(files: dict[str, bytes], matter: Matter, tmp_path: Path) -> None:
    columns, rows = read(files, "fact_detentions", tmp_path)
    (detained,) = [dict(zip((name for name, _ in columns), row, strict=True)) for row in rows]
    assert (detained["matter_key"], detained["bail"], detained["requests"], detained["moved"]) == (matter.pk, "refused", 0, False)
    assert detained["age_band"] == "13 to 15"
    columns, rows = read(files, "fact_episodes", tmp_path)
    (episode,) = [dict(zip((name for name, _ in columns), row, strict=True)) for row in rows]
    assert (episode["hours_to_location"], episode["level_key"], episode["reported_on"]) == (1.0, "missing:medium", 20260302)


def test_every_key_leads_to_a_row_of_its_dimension(files: dict[str, bytes], tmp_path: Path) -> None:
    held = {}
    for name, table in star.TABLES.items():
        columns, rows = read(files, name, tmp_path)
        held[name] = {column: {row[place] for row in rows} - {None, ""} for place, (column, _) in enumerate(columns)}
        assert all(one.leads_to.split(".")[0] in star.TABLES for one in table.fields if one.leads_to)
    for name, table in star.TABLES.items():
        for one in table.fields:
            if one.leads_to:
                dimension, _, column = one.leads_to.partition(".")
                assert held[name][one.name] <= held[dimension][column], (name, one.name)


def test_no_name_no_birth_date_and_no_word_that_somebody_wrote_is_in_any_file(files: dict[str, bytes]) -> None:
    whole = b"\n".join(body for name, body in files.items() if name.endswith(".csv")).decode()
    for words in ("Mina", "Marsh", "2011-05-04", "Theft", "Missed court", "Bus station", "Joan", "Did not come home"):
        assert words not in whole, words


def test_what_is_out_of_reach_is_in_no_table_nor_is_its_child(force: Force, matter: Matter) -> None:
    force.report(NOW, external_id="R-9")
    assert queries.export(actor=force.actor("pine"), at=NOW + 6 * HOUR).counts["fact_detentions"] == 1
    narrow = queries.export(actor=force.actor("birch"), at=NOW + 6 * HOUR)  # the south; both matters are in the north
    assert {name: rows for name, rows in narrow.counts.items() if name.startswith("fact_")} == dict.fromkeys(
        [name for name in star.TABLES if name.startswith("fact_")], 0
    )
    assert narrow.counts["dim_person"] == 0
    with pytest.raises(Refused):
        actions.take(actor=force.actor("birch"), write=write_star, now=NOW)


def test_the_audit_says_how_much_was_taken(files: dict[str, bytes]) -> None:
    row = AuditRow.objects.get(verb="star.exported")
    assert row.detail["rows"]["fact_detentions"] == 1
    assert row.detail["sha256"].keys() == files.keys()


def test_the_same_export_is_the_same_bytes_and_one_file_holds_all(force: Force, matter: Matter, files: dict[str, bytes]) -> None:
    found = queries.export(actor=force.actor("pine"), at=NOW + 6 * HOUR)
    assert write_star(found) == write_star(found)
    assert write_star(found, forms=("csv",)).keys() == {name for name in files if name.endswith(".csv")}
    with zipfile.ZipFile(io.BytesIO(packed(files, at=NOW))) as pack:
        assert {name: pack.read(name) for name in pack.namelist()} == files


def test_a_pseudonym_is_the_same_for_a_child_and_another_under_another_key() -> None:
    one = star.pseudonym(person=7, key=b"a")
    assert one == star.pseudonym(person=7, key=b"a") != star.pseudonym(person=7, key=b"b")
    assert star.pseudonym(person=None, key=b"a") == ""


def test_days_bands_and_hours() -> None:
    assert star.date_key(datetime(2026, 6, 3, 23, 30, tzinfo=UTC)) == 20260604, "the day in London"
    assert [row[0] for row in star.dates([20260228, 20260302])] == [20260228, 20260301, 20260302]
    assert list(star.dates([])) == []
    assert next(iter(star.dates([20260604])))[1:4] == (date(2026, 6, 4), 2026, 2)
    assert [star.age_band(age) for age in (9, 10, 15, 17, 18, None)] == [
        "under 10", "10 to 12", "13 to 15", "16 to 17", "18 and over", "not known"
    ]  # fmt: skip
    assert star.hours_between(NOW, NOW + timedelta(minutes=90)) == 1.5


def test_the_command_writes_the_folder_for_an_account_that_may(force: Force, matter: Matter, tmp_path: Path) -> None:
    done = CliRunner().invoke(commands.exports, ["star", str(tmp_path / "out"), "--as", "pine"])
    assert done.exit_code == 0, done.output
    assert "fact_obligations" in done.output
    assert (tmp_path / "out" / "fact_detentions.parquet").stat().st_size > 0
    refused = CliRunner().invoke(commands.exports, ["star", str(tmp_path / "no"), "--as", "rowan"])
    assert refused.exit_code == 1
    assert not (tmp_path / "no").exists()
