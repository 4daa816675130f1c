"""The forecast's pages: the line now, a question asked and answered, the file that runs it elsewhere, and demand told in words."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from lodestar.doors.cli.forecast import forecast as command
from lodestar.doors.cli.forecast_past import forecast_past as past_command
from lodestar.store.guard import writing
from lodestar.store.models import ForecastRun, RoleGrant
from tests.actions.conftest import Force
from tests.actions.lines import asked_of_the_forecast, fill_line

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(force: Force, who: str) -> Client:
    client = Client()
    client.force_login(force.users[who], backend=BACKEND)
    return client


def test_the_page_says_what_waits_by_class_and_answers_a_question_with_the_same_bytes_as_the_command(force: Force) -> None:
    fill_line(holder=force.users["ash"].pk, now=timezone.now())
    client = signed_in(force, "spruce")
    page = client.get("/forecast/").content.decode()
    assert "10 cases wait for a post" in page
    assert "What it cannot know" in page
    today = timezone.localdate()
    sent = {"posts": 2, "from_day": f"{today:%d/%m/%Y}", "training": "none", "discipline": "deadline", "growth": "none", "months": 12}
    answer = client.post("/forecast/", sent)
    row = ForecastRun.objects.get()
    assert answer["Location"] == f"/forecast/{row.pk}/"
    shown = client.get(f"/forecast/{row.pk}/").content.decode()
    for words in (
        "What 2 more posts would do",
        "The earliest deadline first",
        "With no more posts",
        "<svg",
        "Run it again from what was kept",
    ):
        assert words in shown
    scenario = client.get(f"/forecast/{row.pk}/scenario.json").content.decode()
    assert "Vane" not in scenario
    ran = CliRunner().invoke(command, ["-", "--runs", str(row.runs), "--seed", str(row.seed), "--json"], input=scenario)
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    assert told.pop("scenario_sha256") == row.document_sha256
    assert told == row.answer
    again = client.post(f"/forecast/{row.pk}/", follow=True).content.decode()
    assert "the same answer, to the byte" in again


def test_what_cannot_be_asked_is_said_beside_the_question(force: Force) -> None:
    client = signed_in(force, "spruce")
    assert "0 cases have been begun and ended" in client.get("/forecast/").content.decode()
    fill_line(holder=force.users["ash"].pk, now=timezone.now())
    sent = {"posts": 2, "from_day": "1/1/2020", "training": "none", "discipline": "priority", "growth": "none", "months": 12}
    refused = client.post("/forecast/", sent)
    assert refused.status_code == 422
    assert "what has been cannot be staffed again" in refused.content.decode()
    assert not ForecastRun.objects.exists()


def test_demand_is_told_with_its_back_test_and_says_when_it_is_no_better(force: Force) -> None:
    client = signed_in(force, "pine")
    assert "Not told yet" in client.get("/forecast/demand/").content.decode()
    client.post("/forecast/demand/now/")
    assert not ForecastRun.objects.exists()
    asked_of_the_forecast(force, timezone.now())
    page = client.get("/forecast/demand/").content.decode()
    for words in (
        "Last year&#39;s counts are shown",
        "Told again from the first day of every month since",
        "Cases received in a month",
        "<svg",
    ):
        assert words in page
    assert client.post("/forecast/demand/now/").status_code == 302
    assert ForecastRun.objects.filter(about="demand").count() == 2


@pytest.mark.parametrize("who", ["rowan", "lime", "yew"])
def test_who_reads_no_measures_finds_no_forecast(force: Force, who: str) -> None:
    number = asked_of_the_forecast(force, timezone.now())
    client = signed_in(force, who)
    assert {client.get(path).status_code for path in ("/forecast/", "/forecast/demand/", f"/forecast/{number}/")} == {404}


def test_the_page_of_the_past_says_how_the_engine_did_and_tells_it_again_by_a_button(force: Force) -> None:
    client = signed_in(force, "pine")
    assert "Not told yet" in client.get("/forecast/past/").content.decode()
    assert "No past month can be told again yet" in client.post("/forecast/past/", follow=True).content.decode()
    fill_line(holder=force.users["ash"].pk, now=timezone.now(), ended=60)
    with writing():
        RoleGrant.objects.filter(role="polit_officer").update(from_at=timezone.now() - timedelta(days=700))
    shown = client.post("/forecast/past/", follow=True).content.decode()
    for words in ("1 month ahead: told again from", "It can be judged from 24 months", "Horizon by horizon", "<svg", "Months left out"):
        assert words in shown, words
    assert "Can these answers be leant on?" in client.get("/forecast/").content.decode()


def test_the_command_reads_what_it_writes_and_refuses_a_file_that_is_none(force: Force, tmp_path: Path) -> None:
    fill_line(holder=force.users["ash"].pk, now=timezone.now(), ended=60)
    with writing():
        RoleGrant.objects.filter(role="polit_officer").update(from_at=timezone.now() - timedelta(days=700))
    written = CliRunner().invoke(past_command, ["--write-history"])
    assert written.exit_code == 0 and "Vane" not in written.stdout
    file = tmp_path / "past.json"
    file.write_text(written.stdout, encoding="utf-8")
    from_file, from_records = (CliRunner().invoke(past_command, [*words, "--json", "--runs", "30"]) for words in ((str(file),), ()))
    assert json.loads(from_file.stdout) == json.loads(from_records.stdout)
    assert "Told from" in CliRunner().invoke(past_command, [str(file), "--runs", "30"]).stdout
    file.write_text('{"cases": [{}], "posts": []}', encoding="utf-8")
    refused = CliRunner().invoke(past_command, [str(file)])
    assert refused.exit_code == 2 and "cases[0]: lacks received" in refused.output
    assert CliRunner().invoke(past_command, ["--line", "NONE"]).exit_code == 2
