"""`lodestar measures spc`, `tchart`, `gchart`, `funnel` and `interval`: what the files say, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lodestar.core.measures.spc.rare import t_factors
from lodestar.doors.cli.measures import measures

VIGNETTE = (1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def column(path: Path, head: str, values: object) -> Path:
    return written(path, "\n".join([head, *(str(value) for value in values)]) + "\n")  # type: ignore[attr-defined]


def run(*words: object) -> Result:
    return CliRunner().invoke(measures, [str(word) for word in words])


def figures(*words: object) -> dict[str, Any]:
    result = run(*words)
    assert result.exit_code == 0, result.output

    def strict(text: str) -> None:
        raise AssertionError(f"{text} is not JSON")

    return dict(json.loads(result.stdout, parse_constant=strict))


@pytest.mark.parametrize(("rules", "upper"), [("mdc-7-7-screened", 4.60), ("mdc-7-7", 6.95)])
def test_the_two_rulesets_give_their_two_printed_limits(rules: str, upper: float, tmp_path: Path) -> None:
    path = column(tmp_path / "f.csv", "share", VIGNETTE)
    report = figures("spc", path, "--value", "share", "--improvement", "decrease", "--ruleset", rules, "--target", 0)
    assert (report["ruleset"]["id"], round(report["upper"], 2), report["n"]) == (rules, upper, 18)
    assert report["points"][4] | {"says": ""} == report["points"][4] | {
        **{"number": 5, "value": 10.0, "label": "outside", "way": "high", "meaning": "concern", "says": ""},
    }
    assert report["variation"] == {"code": "common_cause", "words": "No change beyond chance"}
    assert report["assurance"]["code"] == "hit_or_miss"
    assert 0.01 < report["false_flags"] < 0.02
    assert report["trial"] is False


@pytest.mark.parametrize("how", [("--rebase", "13", "19"), ("--rebase", "13,19"), ("--rebase", "13", "--rebase", "19")])
def test_points_to_rebase_at_are_given_in_any_of_three_ways(how: tuple[str, ...], tmp_path: Path) -> None:
    path = column(tmp_path / "f.csv", "share", [*[1, 2] * 6, *[11, 12] * 3, *[21, 22] * 3])
    report = figures("spc", path, "--value", "share", "--improvement", "increase", *how, "--baseline", "6")
    assert [(segment["first"], segment["mean"]) for segment in report["segments"]] == [(1, 1.5), (13, 11.5), (19, 21.5)]
    assert (report["rebase"], report["baseline"], report["trial"], report["mean"]) == ([13, 19], 6, True, 21.5)


def test_a_constant_series_says_no_variation_and_has_no_limits(tmp_path: Path) -> None:
    path = column(tmp_path / "f.csv", "share", [0.9] * 15)
    report = figures("spc", path, "--value", "share", "--improvement", "increase")
    assert (report["lower"], report["upper"], report["no_variation"], report["variation"]["code"]) == (None, None, True, "no_variation")


def test_shares_of_uneven_months_have_limits_of_their_own(tmp_path: Path) -> None:
    rows = [f"{month},{hits},{total}" for month, (hits, total) in enumerate([(90, 100), (170, 200), (45, 50)] * 5)]
    path = written(tmp_path / "f.csv", "\n".join(["month,found,episodes", *rows]))
    report = figures("spc", path, "--value", "found", "--total", "episodes", "--name", "month", "--improvement", "increase")
    assert report["kind"] == "p-prime"
    assert [point["name"] for point in report["points"][:3]] == ["0", "1", "2"]
    widths = [point["upper"] - point["mean"] for point in report["points"][:2]]
    assert widths[1] < widths[0]
    refused = run("spc", path, "--value", "found", "--total", "episodes", "--improvement", "increase", "--rebase", "5")
    assert (refused.exit_code, "takes no rebase" in refused.stderr) == (2, True)


def test_the_chart_in_words(tmp_path: Path) -> None:
    path = column(tmp_path / "f.csv", "share", VIGNETTE[:10])
    told = run("spc", path, "--value", "share", "--improvement", "increase", "--target", "50", "--text").stdout
    assert "The target is missed whatever chance gives" in told
    assert "Trial limits" in told


def test_gaps_between_dates_are_days_and_events_of_one_day_are_set_apart(tmp_path: Path) -> None:
    path = column(tmp_path / "f.csv", "charged", ["2026-01-01", "2026-01-11", "2026-01-11", "2026-01-31"])
    report = figures("tchart", path, "--time", "charged", "--until", "2026-03-02")
    assert [point["value"] for point in report["points"]] == [10.25, 0.5, 19.25]
    assert (report["spread_out"], report["gaps"], report["open_gap"]) == (2, 3, {"time": 30.0, "beyond": False})
    assert (report["median"], report["upper"]) == pytest.approx((10 * t_factors(3)[1], 10 * t_factors(3)[2]))
    assert "Since the last event: 30, no longer" in run("tchart", path, "--time", "charged", "--until", "2026-03-02", "--text").stdout


def test_gaps_themselves_may_be_given(tmp_path: Path) -> None:
    path = column(tmp_path / "f.csv", "days", [*[4, 6] * 8, 90])
    report = figures("tchart", path, "--gap", "days", "--baseline", "16")
    assert (report["points"][-1]["label"], report["variation"]["code"]) == ("outside", "improvement_high")


def test_opportunities_are_counted_between_events(tmp_path: Path) -> None:
    path = column(tmp_path / "f.csv", "held", ["0", "1", "0", "0", "1", "1", "0", "1", "0"])
    report = figures("gchart", path, "--event", "held")
    assert [point["value"] for point in report["points"]] == [2, 0, 1]
    given = figures("gchart", column(tmp_path / "g.csv", "between", [2, 0, 1]), "--gap", "between")
    assert given["points"] == report["points"]


REFUSED = {
    "a gap of nought": ("days\n3\n0\n", ("tchart", "--gap", "days"), 'row 3, column "days": it must be more than nought'),
    "one event": ("at\n2026-01-01\n", ("tchart", "--time", "at"), "fewer than two events"),
    "dates and numbers": ("at\n2026-01-01\n3\n", ("tchart", "--time", "at"), "mixes dates and numbers"),
    "offsets in some": ("at\n2026-01-01T01:00\n2026-01-01T02:00Z\n", ("tchart", "--time", "at"), "without an offset"),
    "numbers at one time": ("at\n3\n3\n", ("tchart", "--time", "at"), "say --resolution"),
    "no time at all": ("at\nMonday\n", ("tchart", "--time", "at"), 'row 2, column "at": not a time'),
    "part of an opportunity": ("n\n2.5\n", ("gchart", "--gap", "n"), 'row 2, column "n": not a whole number'),
    "one mark": ("n\n1\n0\n", ("gchart", "--event", "n"), "fewer than two events"),
    "words in a series": ("n\n1\nmany\n", ("spc", "--value", "n", "--improvement", "increase"), 'row 3, column "n": not a number'),
    "a rebase past the end": ("n\n1\n2\n", ("spc", "--value", "n", "--improvement", "increase", "--rebase", "9"), "from 2 to 2"),
    "more hits": ("u,r,n\na,3,2\n", ("funnel", "--unit", "u", "--hits", "r", "--total", "n"), "row 2: there are more hits"),
    "six to widen": (
        "u,r,n\n" + "a,8,10\n" * 6,
        ("funnel", "--unit", "u", "--hits", "r", "--total", "n", "--overdispersed"),
        "needs at least 10",
    ),
    "one child": ("y,c\n1,A\n0,A\n", ("interval", "clustered", "--hit", "y", "--cluster", "c"), "at least two children"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    text, words, sentence = REFUSED[name]
    path = written(tmp_path / "f.csv", text)
    command = words[:2] if words[0] == "interval" else words[:1]
    result = run(*command, path, *words[len(command) :])
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert all(line.startswith("f.csv: ") for line in result.stderr.splitlines())


@pytest.mark.parametrize(
    "words",
    [
        ("tchart",),
        ("gchart",),
        ("tchart", "--gap", "n", "--time", "n"),
        ("funnel", "--unit", "n"),
        ("spc", "--value", "n", "--improvement", "up"),
        ("spc", "--value", "n", "--improvement", "increase", "--rebase"),
    ],
)
def test_a_command_half_asked_says_what_to_give(words: tuple[str, ...], tmp_path: Path) -> None:
    result = run(words[0], column(tmp_path / "f.csv", "n", [1, 2]), *words[1:])
    assert result.exit_code == 2
    assert "Error: " in result.stderr


def test_districts_are_placed_and_none_is_ranked(tmp_path: Path) -> None:
    text = "district,found,episodes\nNorth,270,300\nSouth,420,540\nIsle,200,230\n"
    report = figures("funnel", written(tmp_path / "f.csv", text), "--unit", "district", "--hits", "found", "--total", "episodes")
    assert [(unit["name"], unit["place"]) for unit in report["units"]] == [
        ("North", "above_99_8"),
        ("South", "below_99_8"),
        ("Isle", "within"),
    ]
    assert report["centre"] == pytest.approx(890 / 1070)
    ratios = "home,seen,due\nOne,30,15\nTwo,15,15\n"
    report = figures("funnel", written(tmp_path / "r.csv", ratios), "--unit", "home", "--observed", "seen", "--expected", "due")
    assert report["units"][1]["band"]["upper_95"] == pytest.approx(1.649348, abs=5e-7)
    assert report["units"][0]["place"] == "above_95"


INTERVALS: dict[tuple[object, ...], dict[str, object]] = {
    ("wilson", 2, 48): {"value": 2 / 48, "lower": 0.0115019, "upper": 0.1397566},
    ("clopper-pearson", 2, 48): {"value": 2 / 48, "lower": 0.0050865, "upper": 0.1425410},
    ("poisson", 5): {"value": 5, "lower": 1.6234864, "upper": 11.6683321},
    ("poisson", 5, "--exposure", 2): {"value": 2.5, "lower": 0.8117432, "upper": 5.834166},
    ("ratio", 11, 800, 21, 3011): {"value": 1.971488, "lower": 0.8584264, "upper": 4.2772659, "p": 0.0796686},
    ("ratio", 3, 1, 0, 1): {"value": None, "upper": None},
    ("fisher", 2, 48, 9, 48): {"p": 0.0505355},
    ("differs", 2, 48): {"above": 10, "p_nearly_above": 0.0505355, "below": None},
    ("rule-of-three", 30): {"lower": 0, "upper": 1 - 0.05 ** (1 / 30), "three_over_n": 0.1},
    ("effective", 0.9, "--se", 0.03): {"effective_n": 100, "lower": 0.8256343, "upper": 0.9447709},
}


@pytest.mark.parametrize("words", INTERVALS)
def test_intervals_from_counts(words: tuple[object, ...]) -> None:
    report = figures("interval", *words)
    for name, wanted in INTERVALS[words].items():
        assert report[name] == (wanted if wanted is None else pytest.approx(wanted, abs=5e-7)), name
    assert run("interval", *words, "--text").stdout.count("\n") == 1


def test_an_interval_by_child_from_a_file(tmp_path: Path) -> None:
    text = "found,child\n" + "".join(f"{int(row % 5 != 0)},{row // 3}\n" for row in range(60))
    report = figures("interval", "clustered", written(tmp_path / "f.csv", text), "--hit", "found", "--cluster", "child")
    assert (report["hits"], report["n"], report["clusters"]) == (48, 60, 20)
    assert report["lower"] < 0.8 < report["upper"]


@pytest.mark.parametrize("words", [("wilson", 3, 2), ("fisher", 3, 2, 1, 2), ("differs", 3, 2), ("ratio", 0, 1, 0, 1), ("wilson", -1, 2)])
def test_impossible_counts_are_refused(words: tuple[object, ...]) -> None:
    assert run("interval", *words).exit_code == 2
