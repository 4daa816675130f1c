"""`lodestar measures competing`, `mcf` and `km --entry`: figures from a file, and files that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lodestar.doors.cli.measures import measures
from tests.core.measures.valve_seats import ENGINES


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(measures, [str(word) for word in words])


def figures(*words: object) -> dict[str, Any]:
    result = run(*words)
    assert result.exit_code == 0, result.output

    def strict(text: str) -> None:
        raise AssertionError(f"{text} is not JSON")

    return dict(json.loads(result.stdout, parse_constant=strict))


@pytest.fixture
def outcomes(tmp_path: Path) -> Path:
    """The published example, with the causes in words."""
    words = ["", "found", "died", "moved"]
    times = (1, 1, 2, 4, 4, 4, 6, 6, 7, 8, 9, 9, 9, 1, 2, 2, 4, 4)
    causes = (1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    rows = "\n".join(
        f"{time},{words[cause]},{'a' if row % 2 else 'b'}" for row, (time, cause) in enumerate(zip(times, causes, strict=True))
    )
    return written(tmp_path / "outcomes.csv", f"hours,how,district\n{rows}\n")


def test_the_published_shares_come_out_by_name(outcomes: Path) -> None:
    report = figures("competing", outcomes, "--time", "hours", "--cause", "how", "--at", "6,20")
    assert report["causes"] == ["found", "died", "moved"]
    (group,) = report["groups"]
    assert (group["n"], group["censored"], group["ended"]) == (18, 9, {"found": 3, "died": 3, "moved": 3})
    at_six, later = group["at"]
    assert {cause: round(line["share"], 8) for cause, line in at_six["causes"].items()} == {
        "found": 0.17037037,
        "died": 0.20740741,
        "moved": 0.17777778,
    }
    assert round(at_six["causes"]["moved"]["se"], 8) == 0.11196147
    assert (at_six["at_risk"], at_six["beyond"], later["at_risk"], later["beyond"]) == (7, False, 0, True)
    for step in group["steps"]:
        assert sum(line["share"] for line in step["causes"].values()) + step["survival"] == pytest.approx(1, abs=1e-12)


def test_each_group_is_worked_by_itself_and_a_share_of_nought_has_null_bounds(outcomes: Path) -> None:
    report = figures("competing", outcomes, "--time", "hours", "--cause", "how", "--group", "district", "--at", "0.5")
    assert [group["group"] for group in report["groups"]] == ["b", "a"]
    assert sum(group["n"] for group in report["groups"]) == 18
    before = report["groups"][0]["at"][0]["causes"]["found"]
    assert before == {"share": 0.0, "se": 0.0, "lower": None, "upper": None}


def test_the_table_for_reading_says_the_same(outcomes: Path) -> None:
    told = run("competing", outcomes, "--time", "hours", "--cause", "how", "--at", "6", "--text").stdout
    assert "found 3, died 3, moved 3" in told
    assert "0.1704 (se 0.0898)" in told


def test_blank_nought_and_words_for_open_are_all_not_ended_yet(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "t,c\n1,\n2,0\n3,Open\n4,censored\n5,found\n")
    (group,) = figures("competing", path, "--time", "t", "--cause", "c")["groups"]
    assert (group["censored"], group["ended"]) == (4, {"found": 1})


def test_valve_seats_from_a_file_are_replaced_1_5427_times_by_653_days(tmp_path: Path) -> None:
    rows = [f"{engine},{day},{last}" for engine, days, last in ENGINES for day in (days or ("",))]
    path = written(tmp_path / "valves.csv", "\n".join(["engine,day,last", *rows]))
    report = figures("mcf", path, "--id", "engine", "--time", "day", "--end", "last", "--at", "653", "--at", "50,1000")
    assert (report["persons"], report["events"]) == (41, 48)
    assert [round(line["mean"], 4) for line in report["at"]] == [1.5427, 0, 1.5427]
    assert [line["beyond"] for line in report["at"]] == [False, False, True]
    assert report["at"][0]["lower"] < report["at"][0]["mean"] < report["at"][0]["upper"]


def test_nobody_missing_is_at_risk_of_going_missing(tmp_path: Path) -> None:
    text = "child,gone,back,seen\nA,2,6,10\nB,4,5,10\nC,,,10\n"
    report = figures(
        "mcf", written(tmp_path / "f.csv", text), "--id", "child", "--time", "gone", "--end", "seen", "--returned", "back", "--at", "5"
    )
    assert [step["at_risk"] for step in report["steps"]] == [3, 2]
    assert report["at"][0]["at_risk"] == 1  # A and B are missing
    assert report["steps"][-1]["mean"] == pytest.approx(1 / 3 + 1 / 2)
    instant = figures("mcf", tmp_path / "f.csv", "--id", "child", "--time", "gone", "--end", "seen")
    assert [step["at_risk"] for step in instant["steps"]] == [3, 3]


def test_where_all_were_watched_until_one_day_the_end_is_the_return(tmp_path: Path) -> None:
    text = "child,gone,back,seen\nA,2,6,10\nA,8,,10\nB,4,5,10\nC,,,10\n"
    path = written(tmp_path / "f.csv", text)
    one = figures("mcf", path, "--id", "child", "--time", "gone", "--end", "back", "--until", "10")
    other = figures("mcf", path, "--id", "child", "--time", "gone", "--end", "seen", "--returned", "back")
    assert one["steps"] == other["steps"]
    assert [step["at_risk"] for step in one["steps"]] == [3, 2, 3]
    both = run("mcf", path, "--id", "child", "--time", "gone", "--end", "back", "--until", "10", "--returned", "seen")
    assert (both.exit_code, "not both" in both.stderr) == (2, True)


def test_back_before_gone_is_named(tmp_path: Path) -> None:
    result = run("mcf", written(tmp_path / "f.csv", "c,t,e\nA,3,2\n"), "--id", "c", "--time", "t", "--end", "e", "--until", "9")
    assert (result.exit_code, result.stderr.split(": ")[1]) == (2, "row 2")


def test_rows_of_one_child_that_contradict_each_other_are_named(tmp_path: Path) -> None:
    text = "child,gone,back,seen\nA,2,6,10\nA,4,7,10\nB,1,2,9\nB,3,4,8\nC,12,13,10\n"
    result = run("mcf", written(tmp_path / "f.csv", text), "--id", "child", "--time", "gone", "--end", "seen", "--returned", "back")
    assert result.exit_code == 2
    assert [line.split(":")[1].split(" and")[0].strip() for line in result.stderr.splitlines()] == ["row 2", "row 5", "row 6"]


def test_a_child_watched_late_is_at_risk_only_from_then(tmp_path: Path) -> None:
    text = "child,gone,seen,first\nA,2,10,\nA,7,10,\nB,8,10,5\n"
    report = figures("mcf", written(tmp_path / "f.csv", text), "--id", "child", "--time", "gone", "--end", "seen", "--begin", "first")
    assert [step["at_risk"] for step in report["steps"]] == [1, 2, 2]


def test_cases_open_before_recording_began_enter_late(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "days,done,from\n4,1,0\n6,1,5\n8,0,0\n9,1,5\n")
    (group,) = figures("km", path, "--time", "days", "--event", "done", "--entry", "from", "--json")["groups"]
    assert [step["at_risk"] for step in group["steps"]] == [2, 3, 2, 1]
    assert [step["entered"] for step in group["steps"]] == [2, 2, 0, 0]
    assert [step["survival"] for step in group["steps"]] == pytest.approx([1 / 2, 1 / 3, 1 / 3, 0])
    assert group["nobody_left"] is None
    plain = figures("km", path, "--time", "days", "--event", "done", "--json")
    assert "entry" not in plain
    assert "entered" not in plain["groups"][0]["steps"][0]


def test_a_curve_that_fell_to_nought_before_others_came_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "days,done,from\n1,1,0\n6,1,5\n8,0,5\n")
    (group,) = figures("km", path, "--time", "days", "--event", "done", "--entry", "from", "--json")["groups"]
    assert group["nobody_left"] == 1
    assert "Nobody was left at 1" in run("km", path, "--time", "days", "--event", "done", "--entry", "from").stdout


def test_an_entry_that_is_not_before_its_time_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "days,done,from\n4,1,4\n6,1,9\n8,0,0\n")
    result = run("km", path, "--time", "days", "--event", "done", "--entry", "from")
    assert result.exit_code == 2
    assert [line[:14] for line in result.stderr.splitlines()] == ["f.csv: row 2: ", "f.csv: row 3: "]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("competing", "--time", "hours", "--cause", "how"), 'row 3, column "hours": not a number'),
        (("mcf", "--id", "how", "--time", "hours", "--end", "hours"), 'column "hours" is asked for twice'),
        (("mcf", "--id", "who", "--time", "hours", "--end", "how"), 'it has no column "who"'),
    ],
)
def test_a_bad_file_is_refused_by_row(words: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "hours,how\n1,found\nlong,found\n")
    result = run(words[0], path, *words[1:])
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


@pytest.mark.parametrize("name", ["km", "competing", "mcf", "spc", "tchart", "gchart", "funnel", "interval"])
def test_every_manual_says_the_shape_of_its_json(name: str) -> None:
    told = run(name, "--help").stdout
    assert "JSON" in told
    assert run("--help").stdout.count(f"\n  {name} ") == 1
