"""`lodestar duty replay`: 49 early shifts, 16 reviews done, and the 33 that nobody did, each with one sergeant."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lodestar.doors.cli.duty import duty

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "reviews-replay.csv"
HEAD = "shift_start,shift_end,sergeant,lead,review_done_at,done_by\n"
ONE = "2021-09-15 07:00,2021-09-15 15:00,Sgt A,yes,2021-09-15 09:40,Sgt A\n"


def replay(path: Path, *options: str) -> Result:
    return CliRunner().invoke(duty, ["replay", str(path), *options])


def replayed(path: Path) -> dict[str, Any]:
    result = replay(path, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def written(tmp_path: Path, rows: str, head: str = HEAD) -> Path:
    path = tmp_path / "rota.csv"
    path.write_text(head + rows, encoding="utf-8")
    return path


def test_the_story_names_33_missed_reviews_of_49() -> None:
    found = replayed(EXAMPLE)
    assert (found["expected"], found["done"], found["late"], found["missed"]) == (49, 16, 0, 33)


def test_every_missed_review_has_exactly_one_sergeant_who_led_that_shift() -> None:
    with EXAMPLE.open(encoding="utf-8") as file:
        leads = {row["shift_start"]: row["sergeant"] for row in csv.DictReader(file) if row["lead"] == "yes"}
    missed = [review for review in replayed(EXAMPLE)["reviews"] if review["outcome"] == "missed"]
    in_order_of_shift = dict(zip(sorted(leads), (item["owed_by"] for item in replayed(EXAMPLE)["reviews"]), strict=True))
    assert in_order_of_shift == leads
    assert len(missed) == 33
    assert all(review["owed_by"] and review["done_by"] is None for review in missed)


def test_the_totals_for_each_sergeant_add_up_to_the_missed() -> None:
    found = replayed(EXAMPLE)
    assert sum(found["missed_by"].values()) == found["missed"]


def test_the_printed_ledger_says_each_missed_date_and_sergeant() -> None:
    printed = replay(EXAMPLE).stdout
    assert "expected   49" in printed
    assert "16 September 2021 7am to 3pm    Sgt C. Hathersage" in printed
    # Clocks went back on 31 October 2021: the shift still reads 7am to 3pm.
    assert "31 October 2021   7am to 3pm" in printed
    assert printed.count("7am to 3pm") == 33


def test_a_review_never_makes_up_for_a_shift_missed_before(tmp_path: Path) -> None:
    late = "2021-09-15 07:00,2021-09-15 15:00,Sgt A,yes,2021-09-16 09:00,Sgt A\n2021-09-16 07:00,2021-09-16 15:00,Sgt B,yes,,\n"
    outcomes = [review["outcome"] for review in replayed(written(tmp_path, late))["reviews"]]
    assert outcomes == ["missed", "done"]


def test_a_review_after_the_shift_and_before_the_next_is_late(tmp_path: Path) -> None:
    found = replayed(written(tmp_path, ONE.replace("09:40", "15:30")))
    assert (found["done"], found["late"], found["missed"]) == (0, 1, 0)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ONE.replace("2021-09-15 07:00", "soon"), "row 2, column shift_start: Enter a real date and time"),
        (ONE.replace("2021-09-15 07:00", "2021-09-15"), "row 2, column shift_start: 15 September 2021 has no time of day"),
        (ONE.replace("2021-09-15 07:00", "2021-03-28 01:30"), "did not happen: the clocks went forward"),
        (ONE.replace("2021-09-15 15:00", "2021-09-15 06:00"), "row 2, column shift_end: the shift ends before it begins"),
        (ONE.replace("yes", "perhaps"), "row 2, column lead: is 'perhaps'. Enter yes or no."),
        (ONE.replace("15:00,Sgt A", "15:00,"), "row 2, column sergeant: is empty"),
        (ONE.replace("09:40,Sgt A", "09:40,"), "row 2, column done_by: is empty"),
        (ONE.replace("2021-09-15 09:40", ""), "row 2, column review_done_at: is empty beside a name"),
        (ONE.replace("09:40", "06:40"), "row 2, column review_done_at: is before the shift began"),
        (ONE + ONE.replace("Sgt A", "Sgt B"), "has 2 leads. Mark one"),
        (ONE + ONE.replace("15:00", "16:00").replace("yes", "no"), "has two ends"),
        ("", "there is no shift in it"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_row_and_column(tmp_path: Path, row: str, said: str) -> None:
    result = replay(written(tmp_path, row))
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    result = replay(written(tmp_path, ONE, HEAD.replace("sergeant", "name")))
    assert (result.exit_code, "there is no column sergeant" in result.stderr) == (2, True)


def test_a_file_that_is_not_text_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "rota.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    result = replay(path)
    assert (result.exit_code, "Save it as CSV" in result.stderr) == (2, True)
