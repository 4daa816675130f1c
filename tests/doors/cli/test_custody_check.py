"""`lodestar custody check`: every acceptance vector through the command, the text for people, and files that cannot be used."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lodestar.core.matters.custody import casefile
from lodestar.doors.cli.custody import custody
from tests.core.matters.custody.vectors import DAY, SNOW, VECTORS, Vector, case

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "docs" / "examples" / "custody"
REFERENCE = ROOT / "docs" / "reference" / "custody-case-file.md"


def written(tmp_path: Path, whole: object) -> Path:
    path = tmp_path / "case.json"
    path.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    return path


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(custody, ["check", str(path), *options])


def report(path: Path, code: int = 0) -> dict[str, Any]:
    result = run(path, "--json")
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_the_command_says_of_the_case_what_the_law_does(tmp_path: Path, vector: Vector) -> None:
    found = report(written(tmp_path, vector.case), 1 if vector.refused else 0)
    assert found["state"] == vector.state
    assert {one["code"] for one in found["refusals"]} == set(vector.refused)
    assert set(found["outcomes"]) == set(vector.outcomes)
    due = {one["code"]: datetime.fromisoformat(one["due_at"]) for one in found["owed"]}
    assert {code: due.get(code) for code in vector.due} == {code: datetime.fromisoformat(at) for code, at in vector.due.items()}
    assert all(one["sentence"] and one["authority"] and one["where"] for one in found["refusals"])


def test_the_text_for_people_says_the_same_in_london_time(tmp_path: Path) -> None:
    no_bed = {"at": f"{DAY}18:00:00+01:00", "limb": "a", "reason": "no_secure_bed", "circumstances": "There is no secure bed tonight"}
    result = run(written(tmp_path, case(certificates=[no_bed])))
    assert result.exit_code == 1
    text = result.stdout
    assert text.startswith("At 4 June 2026 at 6pm: kept.\n")
    assert "Outcome: no request." in text
    assert "4 June 2026 at 11:30pm: Review of detention after charge" in text
    assert "certificates[0]: Having no secure place does not make a move impracticable. Ask for a place that is not secure." in text
    assert "[custody.certificate_no_secure_bed; PACE Code C note 16D]" in text
    assert "  Place asked for\n" in text.split("May be done next:")[1].split("Not yet, or not at all:")[0]
    assert "Child moved to local authority accommodation: Which request? There is none to choose yet." in text


def test_what_the_law_closes_to_this_child_is_not_among_the_allowed_steps(tmp_path: Path) -> None:
    secure = {
        "at": f"{DAY}17:00:00+01:00",
        "authority": "Shire",
        "answer": {"at": f"{DAY}17:30:00+01:00", "answer": "refused", "reason": "None"},
    }
    found = report(written(tmp_path, case(age=11, requests=[secure])))
    assert "certified_serious_harm" not in {step["step"] for step in found["allowed"]}
    assert "custody.b_age" in {step["code"] for step in found["blocked"]}
    assert "place_requested" in {step["step"] for step in found["allowed"]}
    assert {"title", "authority"} <= found["allowed"][0].keys()


def test_what_is_owed_says_by_when_by_whom_why_and_whether_it_is_late_or_not_verified(tmp_path: Path) -> None:
    found = report(written(tmp_path, case(now=f"{DAY}23:45:00+01:00")))
    owed = {one["code"]: one for one in found["owed"]}
    assert owed["CUS-REVIEW-CHARGED"]["late"] is True and owed["CUS-REVIEW-CHARGED"]["verified"] is True
    assert owed["CUS-FIRST-COURT"]["late"] is False
    assert (owed["CUS-TRANSFER"]["owed_by"], owed["CUS-TRANSFER"]["verified"]) == ("custody_officer", False)
    assert owed["CUS-TRANSFER"]["authority"].startswith("PACE 1984 s.38(6)")


def test_the_example_that_ships_is_refused_for_what_it_is_about() -> None:
    found = report(EXAMPLES / "secure-refused.json", 1)
    assert found["state"] == "answered"
    assert [one["code"] for one in found["refusals"]] == ["custody.certificate_no_secure_bed", "custody.second_question"]
    assert "SECOND_QUESTION_OPEN" in found["outcomes"]


def test_the_other_example_that_ships_goes_from_detention_to_court_without_a_refusal() -> None:
    found = report(EXAMPLES / "moved-overnight.json")
    assert (found["state"], found["refusals"], found["outcomes"]) == ("at_court", [], [])


@pytest.mark.parametrize(("whole", "told"), [
    ("{", "line 1 is not JSON"),
    ("[" * 100_000, "nested too deeply"),
    ("[]", "the file must hold one object"),
    (case(age="fifteen"), "age: give a whole number of years"),
    (case(bale={}), "bale: this is no field of a case file. Did you mean bail?"),
    (case(times={}), "times.detention_authorised_at: this is needed"),
    (case(moved={"at": f"{DAY}19:00:00+01:00", "request": "first"}), "moved.request: write the place of a request"),
    (case(certificates=[{**SNOW, "at": "tonight"}]), "certificates[0].at: give a date and time with its zone"),
])  # fmt: skip
def test_a_file_that_cannot_be_used_is_said_in_one_sentence_with_its_field(tmp_path: Path, whole: object, told: str) -> None:
    result = run(written(tmp_path, whole))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("case.json: ") and told in result.stderr
    assert "Traceback" not in result.output


def test_a_file_that_is_not_text_or_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(b"\xff\xfe\x00{")
    assert run(path).exit_code == 2 and "UTF-8" in run(path).stderr
    assert run(tmp_path / "none.json").exit_code == 2


def test_it_needs_neither_django_nor_a_database() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from lodestar.doors.cli.main import main;"
        f"result = CliRunner().invoke(main, ['custody', 'check', {str(EXAMPLES / 'secure-refused.json')!r}, '--json']);"
        "assert result.exit_code == 1, result.output;"
        "print(sorted(name for name in sys.modules if name == 'django' or name.startswith('lodestar.store.models')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_outcome_and_every_field_the_reader_knows_is_in_the_reference() -> None:

    page = REFERENCE.read_text(encoding="utf-8")
    for name in (*casefile.TOP.split(), *casefile.TRANSFER, *casefile.ACCEPTED, *casefile.REFUSED, *casefile.GROUNDS, *casefile.EXCUSES):
        assert f"`{name}" in page, name
    for vector in VECTORS:
        assert all(f"`{outcome}`" in page for outcome in vector.outcomes)
