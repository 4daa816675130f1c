"""An agency's file is brought in whole, once: good rows are engagements, bad rows wait for a person, nothing is lost."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from lodestar.actions import access
from lodestar.core.access.scope import system_actor
from lodestar.core.words import Refused
from lodestar.doors.feeds.bringing import Brought, bring_in, mend_row
from lodestar.doors.feeds.commands import imports
from lodestar.doors.feeds.sheet import Limits
from lodestar.doors.feeds.tables import read_table
from lodestar.store.models import BadRow, Engagement, EngagementPerson, ImportRun, Obligation, Report
from tests.actions.conftest import NOW, Force, make_force

HEADING = (
    "Attendance ID",
    "Arrival time",
    "Attendance reason",
    "Presenting complaint",
    "Patient forename",
    "Patient surname",
    "Patient DOB",
)
GOOD = ("ED-1", "02/03/2026 03:10", "Assault", "Cut to the arm", "Mina", "Marsh", "04/05/2011")
OTHER = ("ED-2", "01/03/2026 22:00", "Alcohol", "Found asleep", "Kit", "Fenn", "09/09/2012")
BAD = ("ED-3", "last night", "Fell over", "", "Una", "Reed", "")


@pytest.fixture
def force(db: None) -> Force:
    """The small force."""
    return make_force()


def csv(*rows: Sequence[str]) -> bytes:
    return "\r\n".join(",".join(row) for row in (HEADING, *rows)).encode()


def records(*rows: Sequence[str]) -> bytes:
    return json.dumps([dict(zip(HEADING, row, strict=True)) for row in rows]).encode()


def book(*rows: Sequence[str]) -> bytes:
    made = openpyxl.Workbook()
    for row in (HEADING, *rows):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def bring(force: Force, content: bytes, name: str = "ed.csv", by: str = "hazel") -> Brought:
    return bring_in(actor=force.actor(by), kind="engagement", source="ENG-HOSPITAL", file_name=name, content=content, now=NOW)


def test_good_rows_are_taken_in_and_bad_ones_wait_with_every_reason_and_a_clock(force: Force) -> None:
    done = bring(force, csv(GOOD, OTHER, BAD))
    assert (done.rows, done.new, done.repeated, done.bad) == (3, 2, 0, 1)
    row = BadRow.objects.get()
    assert [(fault["column"], fault["code"]) for fault in row.faults] == [
        ("Arrival time", "engagement.date"),
        ("Attendance reason", "engagement.unknown_code"),
    ]
    assert row.raw["Patient surname"] == "Reed"
    assert Obligation.objects.filter(rule="IMPORT-BAD-ROW", subject_id=row.pk, is_open=True).exists()
    engagement = Engagement.objects.get(external_id="ED-1")
    assert (engagement.import_run_id, engagement.row_number, engagement.kind) == (done.run_id, 2, "hospital")
    run = ImportRun.objects.get(pk=done.run_id)
    assert run.rows == run.new + run.repeated + run.bad


@pytest.mark.parametrize(("make", "name"), [(csv, "a.csv"), (book, "a.xlsx"), (records, "a.json")])
def test_whichever_way_it_comes_again_nothing_changes(force: Force, make: Any, name: str) -> None:
    bring(force, csv(GOOD, OTHER, BAD))
    before = {model: model.objects.count() for model in (Engagement, EngagementPerson, Report, BadRow)}
    done = bring(force, make(GOOD, OTHER, BAD), name)
    assert (done.new, done.repeated, done.bad) == (0, 2, 1)
    assert {model: model.objects.count() for model in before} == before


def test_a_number_with_other_words_is_parked_in_the_same_file_and_in_a_later_one(force: Force) -> None:
    changed = (*GOOD[:3], "Cut to the face", *GOOD[4:])
    assert bring(force, csv(GOOD, changed)).bad == 1
    assert bring(force, csv(changed)).bad == 1
    row = BadRow.objects.get()  # the same cells are one row to settle
    assert [(fault["column"], fault["code"]) for fault in row.faults] == [("Attendance ID", "engagement.number_twice")]
    assert Engagement.objects.get().circumstances.endswith("Cut to the arm")


def test_a_mended_row_is_taken_in_and_settled(force: Force) -> None:
    bring(force, records(BAD), "ed.json")
    row = BadRow.objects.select_related("import_run").get()
    mend_row(
        actor=force.actor("hazel"), row=row, values={**row.raw, "Arrival time": "01/03/2026 23:00", "Attendance reason": "Injury"}, now=NOW
    )
    row.refresh_from_db()
    assert (row.state, row.report.stated.engagement.external_id) == ("mended", "ED-3")


def test_a_file_that_lacks_a_column_or_names_no_source_is_refused_whole(force: Force) -> None:
    with pytest.raises(Refused) as refused:
        bring(force, b"Arrival time,Patient forename\r\n02/03/2026 03:10,Mina\r\n")
    assert "“Attendance ID”" in refused.value.refusals[0].sentence
    with pytest.raises(Refused) as refused:
        bring_in(actor=force.actor("hazel"), kind="engagement", source="ENG-NONE", file_name="a.csv", content=csv(GOOD), now=NOW)
    assert "ENG-HOSPITAL" in refused.value.refusals[0].sentence
    assert not ImportRun.objects.exists()


def test_the_command_brings_a_file_in_and_says_what_is_not_read(force: Force, tmp_path: Path) -> None:
    file = tmp_path / "ed.csv"
    file.write_bytes(csv(GOOD).replace(b"Presenting complaint", b"Shoe size"))
    done = CliRunner().invoke(imports, ["engagements", str(file), "--source", "ENG-HOSPITAL"])
    assert done.exit_code == 0, done.output
    assert "1 rows, 1 new" in done.stdout
    assert "“Shoe size”" in done.stderr


def post(key: str, body: Any) -> Any:
    return Client().post(
        "/api/v1/engagements", json.dumps(body), content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )


def test_the_api_and_a_file_take_one_row_for_one_engagement(force: Force) -> None:
    now = timezone.now()
    key = access.add_api_client(actor=system_actor("test"), name="trust", user_id=force.users["hazel"].pk, now=now)
    body = {"source": "ENG-HOSPITAL", "row": dict(zip(HEADING, GOOD, strict=True))}
    first, again = post(key, body), post(key, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["engagement"] == again.json()["engagement"]
    assert bring(force, csv(GOOD)).repeated == 1
    other = post(key, {**body, "row": {**body["row"], "Presenting complaint": "Cut to the face"}})
    assert (other.status_code, other.json()["refusals"][0]["code"]) == (422, "engagement.number_twice")


def test_the_api_names_every_fault_by_its_column_and_keeps_nothing(force: Force) -> None:
    now = timezone.now()
    key = access.add_api_client(actor=system_actor("test"), name="trust", user_id=force.users["hazel"].pk, now=now)
    found = post(key, {"source": "ENG-HOSPITAL", "row": dict(zip(HEADING, BAD, strict=True))})
    assert found.status_code == 422
    assert [one["field"] for one in found.json()["refusals"]] == ["Arrival time", "Attendance reason"]
    assert post(key, {"source": "ENG-NONE", "row": {"a": "b"}}).json()["refusals"][0]["code"] == "engagement.source"
    assert post(key, {"source": "ENG-HOSPITAL", "row": {"Attendance ID": "1" * 10_001}}).status_code == 422
    assert not Engagement.objects.exists()
    oak = access.add_api_client(actor=system_actor("test"), name="reader", user_id=force.users["oak"].pk, now=now)
    assert post(oak, {"source": "ENG-HOSPITAL", "row": dict(zip(HEADING, GOOD, strict=True))}).status_code == 422
    assert not Engagement.objects.exists()


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ('[{"a": 1, "b": {"c": true}}]', ("a", "b.c")),
        ('{"rows": [{"a": null, "b": "2"}]}', ("a", "b")),
        ('[{"people": [{"n": "x"}, {"n": "y"}], "cars": ["AB", "CD"]}]', ("people.1.n", "people.2.n", "cars")),
    ],
)
def test_json_is_a_table_with_whatever_is_nested_flattened(text: str, columns: tuple[str, ...]) -> None:
    table = read_table(text.encode(), file="a.json")
    assert not isinstance(table, tuple), table
    assert table.columns == columns


@pytest.mark.parametrize("text", ["[1, 2]", "{", '{"a": 1}', "[]", "[[1]]"])
def test_what_is_no_list_of_records_is_refused(text: str) -> None:
    found = read_table(text.encode(), file="a.json")
    assert isinstance(found, tuple)
    assert found[0].code.startswith("table.")


def test_half_a_character_is_kept_as_a_question_mark() -> None:
    table = read_table(rb'[{"a": "x\ud800"}]', file="a.json")
    assert not isinstance(table, tuple)
    assert table.rows[0].text("a") == "x?"


def test_a_list_of_too_many_records_is_refused() -> None:
    found = read_table(b'[{"a": "1"}, {"a": "2"}]', file="a.json", limits=Limits(rows=1))
    assert isinstance(found, tuple)
    assert found[0].code == "table.too_many_rows"
