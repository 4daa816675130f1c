"""`lodestar measures km`: curves from a file, and a file that cannot be used."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from lifelines import KaplanMeierFitter

from lodestar.doors.cli.measures import measures

# Freireich et al. 1963, weeks in remission on 6-MP: the textbook example of Kaplan-Meier.
WEEKS = (6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35)
RELAPSED = (1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0)


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(measures, ["km", str(path), "--time", "hours", "--event", "found", *options])


def figures(path: Path, *options: str) -> dict[str, Any]:
    result = run(path, *options, "--json")
    assert result.exit_code == 0, result.output

    def strict(text: str) -> None:
        raise AssertionError(f"{text} is not JSON")

    return dict(json.loads(result.stdout, parse_constant=strict))


@pytest.fixture
def remission(tmp_path: Path) -> Path:
    rows = "\n".join(f"{time},{mark}" for time, mark in zip(WEEKS, RELAPSED, strict=True))
    return written(tmp_path / "remission.csv", f"hours,found\n{rows}\n")


def test_the_textbook_curve_comes_out(remission: Path) -> None:
    (group,) = figures(remission)["groups"]
    assert (group["group"], group["n"], group["events"], group["censored"]) == (None, 21, 9, 12)
    printed = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    steps = {step["time"]: step for step in group["steps"]}
    assert {time: round(steps[time]["survival"], 4) for time in printed} == printed
    assert round(steps[6]["se"], 4) == 0.0764
    assert round(steps[23]["se"], 4) == 0.1346
    assert (group["median"]["value"], group["median"]["lower"]) == (23, 13)
    assert group["median"]["upper"] is None
    assert group["median"]["upper_reached"] is False


def test_every_time_has_a_row_so_that_a_reader_can_count_the_censored(remission: Path) -> None:
    (group,) = figures(remission)["groups"]
    assert [step["time"] for step in group["steps"]] == sorted(set(WEEKS))
    assert sum(step["censored"] for step in group["steps"]) == 12
    assert group["steps"][0] == pytest.approx(
        {"time": 6, "at_risk": 21, "events": 3, "censored": 1, "survival": 18 / 21}
        | {"se": math.sqrt((18 / 21) * (3 / 21) / 21), "lower": 0.6197180, "upper": 0.9515517},
        abs=1e-7,
    )


def test_each_group_agrees_with_lifelines(tmp_path: Path) -> None:
    rng = np.random.default_rng(20251026)
    data = {name: (rng.exponential(9, 80).round(1), rng.random(80) < 0.8) for name in ("North", "South", "Isle")}
    lines = [f"{t},{int(e)},{name}" for name, (times, ends) in data.items() for t, e in zip(times, ends, strict=True)]
    path = written(tmp_path / "f.csv", "hours,found,district\n" + "\n".join(lines))
    groups = figures(path, "--group", "district", "--at", "4,24")["groups"]
    assert [group["group"] for group in groups] == ["North", "South", "Isle"]
    for group in groups:
        times, ends = data[group["group"]]
        oracle = KaplanMeierFitter().fit(times, ends)
        band = oracle.confidence_interval_
        for step in group["steps"]:
            assert step["survival"] == pytest.approx(float(oracle.predict(step["time"])), abs=1e-12)
            if 0 < step["survival"] < 1:
                limits = band.loc[step["time"]].to_numpy()
                assert (step["lower"], step["upper"]) == pytest.approx(tuple(limits), abs=1e-12)
        assert group["at"][0]["survival"] == pytest.approx(float(oracle.predict(4)), abs=1e-12)


def test_a_time_of_nought_that_ended_counts(tmp_path: Path) -> None:
    (group,) = figures(written(tmp_path / "f.csv", "hours,found\n0,1\n2,0\n"), "--at", "0")["groups"]
    assert group["steps"][0]["survival"] == 0.5
    assert group["at"][0]["survival"] == 0.5


def bounds_of(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["survival"], row["se"], row["lower"], row["upper"])


def test_before_anything_ends_the_curve_and_both_bounds_are_one(tmp_path: Path) -> None:
    (group,) = figures(written(tmp_path / "f.csv", "hours,found\n2,0\n3,1\n4,0\n"), "--at", "1,2,2.5")["groups"]
    assert bounds_of(group["steps"][0]) == (1, 0, 1, 1)
    assert [bounds_of(row) for row in group["at"]] == [(1, 0, 1, 1)] * 3
    assert [row["at_risk"] for row in group["at"]] == [3, 3, 2]


def test_with_nothing_ended_at_all_a_time_past_the_last_is_still_marked_as_carried_forward(tmp_path: Path) -> None:
    (group,) = figures(written(tmp_path / "f.csv", "hours,found\n2,0\n3,0\n"), "--at", "3,4")["groups"]
    assert [(row["survival"], row["beyond"]) for row in group["at"]] == [(1, False), (1, True)]


def test_where_everything_has_ended_the_band_is_null_and_the_error_is_nought(tmp_path: Path) -> None:
    (group,) = figures(written(tmp_path / "f.csv", "hours,found\n1,0\n2,1\n"), "--at", "2,5")["groups"]
    for row in (group["steps"][-1], *group["at"]):
        assert bounds_of(row) == (0, 0, None, None)


def test_beyond_the_last_time_s_is_carried_forward_and_marked(tmp_path: Path) -> None:
    (group,) = figures(written(tmp_path / "f.csv", "hours,found\n1,1\n2,0\n"), "--at", "2", "--at", "24")["groups"]
    assert [(row["time"], row["survival"], row["beyond"]) for row in group["at"]] == [(2, 0.5, False), (24, 0.5, True)]


def test_a_flat_half_gives_the_middle_and_a_median_not_reached_is_null(tmp_path: Path) -> None:
    flat = figures(written(tmp_path / "flat.csv", "hours,found\n1,1\n2,1\n3,1\n4,1\n"))["groups"][0]["median"]
    assert (flat["value"], flat["reached"]) == (2.5, True)
    open_ones = figures(written(tmp_path / "open.csv", "hours,found\n1,0\n2,0\n"))["groups"][0]["median"]
    assert open_ones == {
        **{"value": None, "lower": None, "upper": None},
        **{"reached": False, "lower_reached": False, "upper_reached": False},
    }


def test_every_way_of_saying_yes_and_no_is_read(tmp_path: Path) -> None:
    text = "hours,found\n1,1\n2,TRUE\n3,Yes\n4,0\n5,False\n6,no\n"
    (group,) = figures(written(tmp_path / "f.csv", text))["groups"]
    assert (group["events"], group["censored"]) == (3, 3)


def test_a_spreadsheets_marks_do_not_disturb(tmp_path: Path) -> None:
    text = "\ufeffhours,found\r\n 1.5 ,1\r\n\r\n3,0\r\n"
    assert figures(written(tmp_path / "f.csv", text))["groups"][0]["n"] == 2


def test_the_readable_table_says_what_the_json_says(remission: Path) -> None:
    result = run(remission, "--at", "10", "--at", "50")
    assert result.exit_code == 0
    assert "All rows: n 21, events 9, censored 12" in result.stdout
    assert "Median 23 (95% 13 to not reached)" in result.stdout
    assert "S(10) = 0.7529" in result.stdout
    assert "carried forward" in result.stdout
    assert len([line for line in result.stdout.splitlines() if line.startswith("   ")]) == len(set(WEEKS)) + 1


BAD_FILES = {
    "an empty file": ("", "it is empty"),
    "a header and no rows": ("hours,found\n", "no rows"),
    "no such column": ("hour,found\n1,1\n", 'it has no column "hours"; its columns are hour, found.'),
    "semicolons": ("hours;found\n1;1\n", 'it has no column "found"'),
    "a column named twice": ("hours,found,hours\n1,1,2\n", 'names column "hours" twice'),
    "words for a time": ("hours,found\n1,1\nlong,1\n", 'row 3, column "hours": not a number'),
    "not-a-number": ("hours,found\nnan,1\n", 'row 2, column "hours": not a number'),
    "infinity": ("hours,found\ninf,1\n", 'row 2, column "hours": not a number'),
    "underscores": ("hours,found\n1_000,1\n", 'row 2, column "hours": not a number'),
    "too large": ("hours,found\n1e999,1\n", 'row 2, column "hours": too large'),
    "below nought": ("hours,found\n-1,1\n", 'row 2, column "hours": a time cannot be negative'),
    "an unknown mark": ("hours,found\n1,2\n", 'row 2, column "found": not an event mark'),
    "a blank time": ("hours,found\n,1\n", 'row 2, column "hours": the cell is blank'),
    "a blank mark": ("hours,found\n1, \n", 'row 2, column "found": the cell is blank'),
    "a short row": ("hours,found\n1\n", "row 2 has 1 cells and the header has 2"),
    "a long row": ("hours,found\n1,1,1\n", "row 2 has 3 cells"),
    "an old encoding": (b"hours,found,place\n1,1,ok\n2,1,caf\xe9\n", "row 3 is not UTF-8"),
    "a spreadsheet's UTF-16": ("hours,found\n1,1\n".encode("utf-16"), "row 1 is not UTF-8"),
    "a quotation never closed": ('hours,found\n1,"1\n', "is not CSV"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    text, sentence = BAD_FILES[name]
    result = run(written(tmp_path / "episodes.csv", text), "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert sentence in result.stderr
    assert all(line.startswith("episodes.csv: ") for line in result.stderr.splitlines())


def test_every_bad_row_is_named_and_a_cell_is_never_repeated(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "hours,found\nRowan Ash,1\n1,1\n2,maybe\n,\n")
    lines = run(path).stderr.splitlines()
    assert len(lines) == 4
    assert [line.split(",")[0] for line in lines] == ["f.csv: row 2", "f.csv: row 4", "f.csv: row 5", "f.csv: row 5"]
    assert "Rowan" not in "".join(lines)


def test_many_bad_rows_are_counted_after_the_first_twenty(tmp_path: Path) -> None:
    lines = run(written(tmp_path / "f.csv", "hours,found\n" + "x,1\n" * 30)).stderr.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "f.csv: and 10 more."


def test_a_blank_group_and_a_column_asked_for_twice_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "hours,found,district\n1,1,\n")
    assert 'row 2, column "district": the cell is blank' in run(path, "--group", "district").stderr
    assert 'column "hours" is asked for twice' in run(path, "--group", "hours").stderr


@pytest.mark.parametrize("asked", ["-1", "soon", "24,", "nan"])
def test_a_time_asked_for_must_be_a_time(asked: str, remission: Path) -> None:
    result = run(remission, f"--at={asked}")
    assert result.exit_code == 2
    assert "is not a time of 0 or more" in result.stderr


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path / "none.csv").exit_code == 2


def test_neither_django_nor_the_store_is_loaded() -> None:
    code = "import sys, lodestar.doors.cli.measures.km; print([m for m in sys.modules if m.split('.')[0] in {'django', 'scipy'}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
