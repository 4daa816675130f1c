"""`lodestar custody funnel`: the published years by row, and a file that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lodestar.doors.cli.custody import custody
from tests.core.matters.custody.years import YEARS, Year, year_jsonl

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples" / "custody"
CAMBRIDGESHIRE, WEST_MIDLANDS = YEARS
AT = {"at": "2024-03-01T01:00:00Z"}
TIMES = {"detention_authorised_at": "2024-02-29T12:00:00Z", "charged_at": "2024-02-29T23:30:00Z"}
CASE: dict[str, Any] = {
    "id": "C-1",
    "age": 15,
    "times": TIMES,
    "charges": [{"offence": "Affray", "imprisonable": True}],
    "bail": {"at": "2024-02-29T23:45:00Z", "decision": "refused"},
    "requests": [{**AT, "type": "non_secure", "answer": {**AT, "answer": "offered"}}],
    "moved": {"at": "2024-03-01T02:00:00Z", "request": 0},
}
KEPT = {name: value for name, value in CASE.items() if name not in ("requests", "moved")}


def shipped(year: Year) -> Path:
    return EXAMPLES / f"{year.name}.jsonl"


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(custody, ["funnel", str(path), *options])


def report(path: Path, *options: str) -> dict[str, Any]:
    result = run(path, *options, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def counts(found: dict[str, Any]) -> dict[str, int]:
    groups = (*found["steps"], *found["lists"], *(out for step in found["steps"] for out in step["fell_out"]))
    assert all(group["count"] == len(set(group["ids"])) for group in groups)
    return {group["code"]: group["count"] for group in groups}


def ids(found: dict[str, Any], code: str) -> set[str]:
    groups = (*found["steps"], *found["lists"], *(out for step in found["steps"] for out in step["fell_out"]))
    return set(next(group["ids"] for group in groups if group["code"] == code))


def written(tmp_path: Path, *cases: object) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(f"{case if isinstance(case, str) else json.dumps(case)}\n" for case in cases), encoding="utf-8")
    return path


def refused(path: Path) -> str:
    result = run(path)
    assert result.exit_code == 2, result.output
    assert not result.stdout
    return result.stderr


@pytest.mark.parametrize("year", YEARS, ids=lambda year: year.name)
def test_the_files_that_ship_are_the_ones_the_tests_generate(year: Year) -> None:
    assert shipped(year).read_text(encoding="utf-8") == year_jsonl(year)


def test_of_48_refused_bail_33_were_asked_for_2_were_moved_and_the_15_with_no_request_are_a_list() -> None:
    found = report(shipped(CAMBRIDGESHIRE))
    assert counts(found) == {
        "charged": 48, "refused_bail": 48, "requested": 33, "offered": 4, "moved": 2,
        "released": 0, "undecided": 0, "straight_to_court": 0, "no_request": 15, "refused": 20, "no_answer": 9, "offered_not_moved": 2,
        "asked_secure": 12, "asked_non_secure": 21, "certificate_a": 19, "certificate_b": 12,
        "failed_to_provide": 17, "no_certificate": 15, "moved_unasked": 0,
    }  # fmt: skip
    assert found["requests"] == {"secure": 12, "non_secure": 21}
    assert ids(found, "no_request") == ids(found, "refused_bail") - ids(found, "requested")


def test_the_31_asked_for_and_not_moved_are_each_on_one_list_that_says_why() -> None:
    found = report(shipped(CAMBRIDGESHIRE))
    why = [ids(found, code) for code in ("refused", "no_answer", "offered_not_moved")]
    assert sum(len(group) for group in why) == 31
    assert set.union(*why) == ids(found, "requested") - ids(found, "moved")


def test_the_384_239_and_22_of_the_other_year_come_out_with_145_on_the_list() -> None:
    found = counts(report(shipped(WEST_MIDLANDS)))
    assert [found[code] for code in ("refused_bail", "requested", "offered", "moved")] == [384, 239, 22, 22]
    assert (found["no_request"], found["refused"], found["no_answer"]) == (145, 165, 52)


def test_the_readable_answer_names_each_of_the_15() -> None:
    text = run(shipped(CAMBRIDGESHIRE)).stdout
    assert "   48  Refused bail\n   33  Accommodation asked for\n       15 fell out: No request on record\n" in text
    listed = text.split("No request on record\n")[1].split("A place offered")[0]
    assert listed.count("CB-") == 15
    assert "    2  Moved to local authority accommodation" in text


def test_a_period_counts_by_london_s_days_with_both_ends_in(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        CASE,
        {**KEPT, "id": "C-2", "times": {**TIMES, "charged_at": "2024-03-31T23:30:00Z"}, "bail": {**AT, "decision": "refused"}},
    )  # 1 April in London
    assert ids(report(path), "charged") == {"C-1", "C-2"}
    assert ids(report(path, "--from", "2024-02-29", "--to", "2024-03-31"), "charged") == {"C-1"}
    assert ids(report(path, "--from", "2024-04-01"), "charged") == {"C-2"}
    assert run(path, "--from", "2024-04-02", "--to", "2024-04-01").exit_code == 2


def test_a_child_taken_straight_to_court_is_listed_and_not_counted_as_no_request(tmp_path: Path) -> None:
    kept = {**KEPT, "id": "C-2"}
    straight = {
        **KEPT,
        "id": "C-3",
        "court_production": {**AT, "court": "Fenmouth", "straight_to_court": {"sat_at": "2024-03-01T10:45:00Z"}},
    }
    found = report(written(tmp_path, CASE, kept, straight))
    assert (ids(found, "no_request"), ids(found, "straight_to_court")) == ({"C-2"}, {"C-3"})


@pytest.mark.parametrize(("answer", "stands"), [("partly", "offered_not_moved"), ("refused", "refused"), ("no_reply", "no_answer")])
def test_an_answer_is_read_as_the_desk_says_it(tmp_path: Path, answer: str, stands: str) -> None:
    case = {**KEPT, "requests": [{**AT, "type": "non_secure", "answer": {**AT, "answer": answer}}]}
    assert ids(report(written(tmp_path, case)), stands) == {"C-1"}


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "a case is a JSON object"),
        ({**CASE, "id": " "}, "id: this is needed"),
        ({**CASE, "times": {}}, "times.detention_authorised_at: this is needed"),
        ({**CASE, "times": {"detention_authorised_at": TIMES["charged_at"]}, "charges": []}, "times.charged_at: this is needed"),
        ({**CASE, "times": {**TIMES, "charged_at": "2024-02-29 23:30"}}, "times.charged_at: give a date and time with its zone"),
        ({**CASE, "times": "yesterday"}, "times: this must be an object"),
        ({**CASE, "bail": {**AT, "decision": "maybe"}}, "bail.decision: write refused or released"),
        ({**CASE, "requests": [{**AT, "type": "other"}]}, "requests[0].type: write secure or non_secure"),
        ({**CASE, "requests": {"type": "secure"}}, "requests: this must be a list"),
        ({**CASE, "certificates": [{**AT, "limb": "c"}]}, "certificates[0].limb: write a or b"),
        ({**CASE, "moved": {"at": "soon"}}, "moved.at: give a date and time"),
        ({**CASE, "moved": {**AT, "request": "first"}}, "moved.request: write the place of a request"),
        (CASE, "its id stands on an earlier line"),
    ],
)
def test_a_line_that_cannot_be_counted_is_named_and_refuses_the_file(tmp_path: Path, case: object, told: str) -> None:
    said = refused(written(tmp_path, CASE, case))
    assert said.startswith("cases.jsonl: line 2: ")
    assert told in said


def test_a_file_with_no_case_and_one_that_is_not_text_are_refused(tmp_path: Path) -> None:
    assert "holds no case" in refused(written(tmp_path))
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"\xff\xfe\x00{")
    assert "not UTF-8" in refused(path)


def test_at_most_twenty_faults_are_shown(tmp_path: Path) -> None:
    said = refused(written(tmp_path, *["{"] * 23)).splitlines()
    assert len(said) == 21
    assert said[-1] == "cases.jsonl: and 3 more."
