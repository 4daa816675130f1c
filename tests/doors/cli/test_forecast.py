"""`lodestar forecast`: a file in, sentences or a document out, no database, and a file that is none refused by path and reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lodestar.doors.cli import forecast as module
from lodestar.doors.cli.forecast import forecast

ROOT = Path(__file__).parents[3]
ONLINE = ROOT / "docs" / "examples" / "forecast" / "online.json"


def run(*words: object, given: str = "") -> Result:
    return CliRunner().invoke(forecast, [str(word) for word in words], input=given)


def test_the_same_file_seed_and_runs_give_the_same_bytes_from_a_file_or_from_standard_input() -> None:
    first, second = run(ONLINE, "--runs", 60, "--json"), run("-", "--runs", 60, "--json", given=ONLINE.read_text(encoding="utf-8"))
    assert first.exit_code == second.exit_code == 0
    assert first.stdout == second.stdout
    said = json.loads(first.stdout)
    assert next(plan["title"] for plan in said["plans"]) == "As now"
    assert (said["runs"], said["seed"], said["now"]["waiting"]) == (60, 1, 122)


def test_the_text_for_people_has_sentences_the_tables_and_the_bound_named_as_one() -> None:
    found = run(ONLINE, "--runs", 60)
    assert found.exit_code == 0
    assert found.stdout.startswith("122 cases wait today")
    for words in (
        "Past the deadline: the middle future",
        "a bound for the eye, not a forecast",
        "By class after 24 months",
        "+3 from day 180",
    ):
        assert words in found.stdout


def test_a_long_answer_shows_how_far_it_is_on_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(ONLINE, "--runs", 20, "--json").stderr == ""
    monkeypatch.setattr(module, "LONG", 0)
    found = run(ONLINE, "--runs", 20, "--json")
    assert "20 futures" in found.stderr
    assert json.loads(found.stdout)["runs"] == 20


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "line 1 is not JSON"),
        ("{}", "classes: it is missing"),
        (ONLINE.read_text(encoding="utf-8").replace('"posts": [', '"posts": 3, "plan": [', 1), "plan: there is no such key"),
        ('{"classes": [], "classes": []}', "the key classes stands twice"),
    ],
)
def test_what_is_no_scenario_is_refused_by_path_and_reason(text: str, fault: str) -> None:
    found = run("-", given=text)
    assert (found.exit_code, found.stdout) == (2, "")
    assert fault in found.stderr


def test_it_needs_no_framework() -> None:
    asked = "import sys, lodestar.doors.cli.forecast; print('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "False"
