"""`lodestar duty replay`: the missed reviews of a file, and a file that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lodestar.doors.cli.duty import COLUMNS, duty
from tests.core.duty.replay import replay_csv

SHIPPED = Path(__file__).parents[3] / "docs" / "examples" / "reviews-replay.csv"
HEADER = ",".join(COLUMNS)
ROW = "2021-03-15 07:00,2021-03-15 15:00,Sgt Leo Abara,yes,,"


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(duty, ["replay", str(path), *options])


def refused(tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "rota.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    result = run(path)
    assert result.exit_code == 2, result.output
    assert not result.stdout
    return result.stderr


def test_the_file_that_ships_is_the_one_the_tests_generate() -> None:
    assert SHIPPED.read_text(encoding="utf-8") == replay_csv()


def test_of_49_early_shifts_16_were_done_and_33_missed_each_with_one_sergeant() -> None:
    result = run(SHIPPED, "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert {name: report[name] for name in ("expected", "done", "late", "missed", "extra")} == {
        "expected": 49, "done": 16, "late": 0, "missed": 33, "extra": [],
    }  # fmt: skip
    missed = [line for line in report["lines"] if line["outcome"] == "missed"]
    assert len(missed) == 33 and all(line["owed_by"].startswith("Sgt ") and line["done_at"] is None for line in missed)
    assert sum(report["missed_by"].values()) == 33


def test_the_readable_answer_says_the_counts_the_days_and_the_totals() -> None:
    text = run(SHIPPED).stdout
    assert text.startswith("Reviews expected 49: done 16, missed 33.\n")
    assert sum("The lead of 3 on the shift." in line for line in text.splitlines()) == 33
    assert "16 March 2021 at 7am" in text
    assert "of the" in text.splitlines()[-1]


def test_the_clocks_going_forward_do_not_move_the_shift() -> None:
    lines = json.loads(run(SHIPPED, "--json").stdout)["lines"]
    assert {line["shift_start"][11:] for line in lines} == {"07:00:00Z", "06:00:00Z"}
    assert lines[13]["shift_start"] == "2021-03-28T06:00:00Z"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("2021-03-15,2021-03-15 15:00,A,yes,,", 'row 2, column "shift_start": Enter the time of day with the date.'),
        ("2021-03-28 01:30,2021-03-28 09:00,A,yes,,", "did not happen: the clocks went forward"),
        ("soon,2021-03-15 15:00,A,yes,,", "Enter a real date and time"),
        ("2021-03-15 15:00,2021-03-15 07:00,A,yes,,", "must end after it starts"),
        ("2021-03-15 07:00,2021-03-15 15:00,,yes,,", 'row 2, column "sergeant": the cell is blank'),
        ("2021-03-15 07:00,2021-03-15 15:00,A,maybe,,", 'column "lead": write yes or no.'),
        ("2021-03-15 07:00,2021-03-15 15:00,A,yes,2021-03-15 08:00,", "fill in both, or neither"),
        ("2021-03-15 07:00,2021-03-15 15:00,A,yes", "row 2 has 4 cells and the header has 6"),
        (f"{ROW}\n{ROW.replace('Leo Abara', 'Ruth Calloway')}", "the shift of 15 March 2021 at 7am has 2 leads; mark one."),
        (f"{ROW}\n{ROW.replace('yes', 'no')}", "has the same sergeant 2 times"),
        ("", "it has a header and no rows"),
    ],
)
def test_a_bad_row_refuses_the_file_and_is_named(tmp_path: Path, rows: str, says: str) -> None:
    said = refused(tmp_path, f"{HEADER}\n{rows}\n")
    assert said.startswith("rota.csv: ") and says in said
    assert "Abara" not in said


@pytest.mark.parametrize("text", ["", "shift_start,shift_end\n", f"{HEADER},{COLUMNS[0]}\n"])
def test_a_file_without_its_columns_is_refused_with_their_names(tmp_path: Path, text: str) -> None:
    assert "shift_start, shift_end, sergeant, lead, review_done_at, done_by" in refused(tmp_path, text)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    assert "UTF-8" in refused(tmp_path, HEADER.encode() + b"\n\xff\xfe\n")


def test_only_the_first_faults_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    said = refused(tmp_path, f"{HEADER}\n" + "x,y,,,,\n" * 30).splitlines()
    assert len(said) == 21 and said[-1].startswith("rota.csv: and ")


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "turned.csv"
    path.write_text("sergeant,lead,shift_start,shift_end,done_by,review_done_at\nA,,15/03/2021 07:00,15/03/2021 15:00,,\n")
    assert json.loads(run(path, "--json").stdout)["missed"] == 1
