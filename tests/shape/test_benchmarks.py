"""The pages of benchmarks: an aim says whether it was met, and one part can be measured again by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.identity import aims, batch, live, networks, undoing
from bench.measures.__main__ import PARTS, page, parts_of
from bench.measures.kaplan_meier import columns, ours, scan
from bench.measures.section import Aim, Section


def test_an_aim_says_in_words_whether_it_was_met() -> None:
    assert str(Aim("Faster than a peer", 30, 29.9)) == "Faster than a peer: at least 30 times, found 29.9 times, **missed**."
    assert str(Aim("Beside the scan", 60, 25, at_most=True)) == "Beside the scan: at most 60 times, found 25 times, met."
    assert str(Aim("The pack", 10, 4.2, at_most=True, unit=" s")).endswith("found 4.2 s, met.")


def test_a_network_stands_in_its_table_beside_ours() -> None:
    ours = networks.Times([{"ms": [4.0, 1.0, 2.0], "spent": 1.25}])
    assert len(networks._row(100, "ours: two steps", ours, 2.0)) == len(networks.HEAD)
    theirs = networks.Times([{"ms": [4.0]}, {"ms": [9.0]}, {"ms": [1.0]}])
    assert networks._row(100, "networkx", theirs, 2.0) == ["100", "networkx", "1", "4.00", "4.00", "4.00", "", "2.00"], (
        "the run in the middle"
    )


def test_the_goal_of_networks_is_worked_out_from_the_rows_and_says_where_it_is_missed() -> None:
    size = networks.Size(100_000, read=[1.0], elements=9, lead_on=8, opened=3)
    size.add(networks.QUESTION, {"ms": [4.0] * 90 + [6.0] * 10})
    size.add(networks.WHOLE, {"ms": [5.1] * 100})
    size.add(networks.OF_USE, {"ms": [39.0]})
    size.add(networks.ALONE, {"ms": [40.0]})
    found = networks.goals(size)
    assert [met for *_, met in found] == ["yes", "**no**", "**no**", "**no**", "yes", "**no**", "yes", "**no**"]
    assert found[4][3] == "259.75 times"
    assert "fewer than the million" in networks.page([size], 1.0)
    assert "8 of 9 do; 3 records opened" in networks.page([size], 1.0)


def test_what_stands_on_a_page_of_a_network_is_counted_with_what_leads_to_its_record() -> None:
    text = (
        b'<a href="/engagements/7/" tabindex="-1"><line x1="0"/></a><line x1="1"/>'
        b'<a href="/people/3/"><g class="lodestar-network__node"></g></a><g class="lodestar-network__node lodestar-network__centre">'
        b'<th data-label="Record"><a class="govuk-link" href="/matters/9/">M-9</a></th><th data-label="Record">M-8</th>'
    )
    assert [(len(re.findall(there, text)), len(re.findall(linked, text))) for there, linked in networks.ELEMENTS] == [(2, 1)] * 3


def test_measuring_one_part_again_leaves_the_others_as_they_are() -> None:
    one, other = (str(Section(title, ("a", "b"), [("1", "2")], "Notes.", [Aim("x", 1, 2)])) for title in ("Curves", "Queue"))
    whole = page({"Curves": one, "Queue": other})
    assert parts_of(whole) == {"Curves": one, "Queue": other}
    again = page({**parts_of(whole), "Curves": one.replace("Notes.", "Newer.")})
    assert "Newer." in again
    assert parts_of(again)["Queue"] == other
    assert "curves" in PARTS


def test_what_is_measured_finds_a_figure_for_every_group() -> None:
    drawn = columns(2000)
    assert scan(drawn)() == []
    assert ours(drawn, until=7 * 1440)() == ours(drawn, until=None)()
    assert len(ours(drawn, until=None)()) == 40
    assert sum(column.nbytes for column in drawn) == 2000 * 6


def test_the_goals_of_live_linkage_are_worked_out_from_the_rows_and_the_better_peer_is_the_one_to_beat() -> None:
    shown = {
        live.OURS: [0.5] * 99 + [1.0],
        live.OWN_RULES: [26.0] * 100,
        live.OUR_BLOCKS: [24.0] * 100,
        live.INCREMENTAL: [435.0],
        live.SERVER: [25.0] * 50 + [23.0] * 50,
        live.SEARCH_SERVER: [23.0] * 99 + [45.0],
    }
    smaller = {**shown, live.OURS: [0.15] * 100}
    found = {name: met for name, *_, met in live.goals({100_000: smaller, 1_000_000: shown})}
    assert list(found.values()) == ["**no**", "yes", "yes", "**no**", "yes", "yes", "yes", "yes", "**no**", "yes"]
    assert "48.0 times" in live.page({1_000_000: shown}, 1.0)
    assert "Splink 4 was not measured" in live.page({1_000_000: shown}, 1.0)


def test_the_pattern_to_beat_has_a_look_up_in_it_and_a_comparing_alone_stands_beside_it_and_is_their_bare_scoring() -> None:
    shown = {
        live.OURS: [0.5] * 100,
        live.OWN_RULES: [26.0] * 100,
        live.OUR_BLOCKS: [25.5] * 100,
        live.SPLINK4_LOOKED: [25.0] * 100,
        live.SPLINK4: [24.5] * 100,
        live.INCREMENTAL: [435.0],
        live.SERVER: [24.8] * 100,
        live.SEARCH_SERVER: [24.6] * 100,
    }
    found = {name: (here, met) for name, _, _, here, met in live.goals({1_000_000: shown})}
    assert found["L1 blocks and scorer beside the Ministry's pattern, p50"] == ("50.0 times", "yes")
    assert found["L1 beside Splink 4's comparing alone, without a look-up, p50"] == ("49.0 times", "-")
    assert found["L2 a report through the API beside their bare scoring, p50"] == ("24.8 ms beside 24.5 ms", "**no**")
    assert found["L2 a stop and search through the API beside their bare scoring, p50"] == ("24.6 ms beside 24.5 ms", "**no**")
    assert "timed in this Python, statement by statement" in live.page({1_000_000: shown}, 1.0)


def test_the_goals_of_linkage_are_gathered_from_their_pages_in_order_each_with_its_day(tmp_path: Path) -> None:
    whole, live_page, networks_page = aims.FROM
    of = "Measured by `python -m x` on {}: 2 cores.\n\n| Goal | Met |\n| --- | --- |\n{}\n"
    (tmp_path / whole).write_text(
        of.format("1 May 2026", "| L5 recall | 2 times | 1.9 | 2.1 times | yes |")
        + of.format("3 May 2026", "| L10 undone | 1% | 30 µs | 2% | **no** |")
    )
    (tmp_path / live_page).write_text(of.format("2 May 2026", "| L1 p50 | 50 | 30 | 51 | yes |\n| L1 besides | no goal | – | 7 | - |"))
    (tmp_path / networks_page).write_text(of.format("2 May 2026", "| L14 page | 5 ms | 1.0 | 4 ms | yes |"))
    found = aims.rows(tmp_path)
    assert [row[0] for row in found] == ["L1 p50", "L5 recall", "L10 undone", "L14 page"], "what has no goal stands on its own page alone"
    assert [row[-1] for row in found][:3] == [f"[2 May 2026]({live_page})", f"[1 May 2026]({whole})", f"[3 May 2026]({whole})"]
    said = aims.text(found)
    assert "3 of 4 are met; short in part: L10; not measured: L2, L3, L4, L6, L7, L8, L9, L11, L12, L13." in said


def test_the_page_of_all_goals_says_what_the_pages_say_and_leaves_none_out() -> None:
    found = aims.rows()
    assert aims.PAGE.read_text(encoding="utf-8") == aims.text(found)
    assert {int(row[0].split()[0][1:]) for row in found} == set(range(1, aims.GOALS + 1))


def test_the_goals_of_undoing_and_of_many_records_are_worked_out_from_their_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    undone = undoing._row(2000, 3966, "nothing", {"ms": [2.0] * 200, "processor": [1.0] * 200}, {"whole": 150.0, "most": 287.0, "pairs": 9})
    assert undoing.goal(undone)[1:] == ["1% at most", aims.BEST_BEFORE["L10"], "1.33%", "**no**"]
    asked: list[str] = []

    def alone(part: str, _: Path) -> tuple[float, float, str]:
        asked.append(part)
        return (float(len(asked)), 100.0 - len(asked), "")

    monkeypatch.setattr(batch, "alone", alone)
    found = batch.in_turn(dict.fromkeys(("bare", "ours", "written"), tmp_path))
    assert asked == ["bare", "ours", "written", "bare", "ours", "bare", "ours"]
    assert found == {"bare": (4.0, 96.0), "ours": (5.0, 95.0), "written": (3.0, 97.0)}, "the run in the middle"
    used = {"ours": (11.5, 100.0), "bare": (10.0, 100.0)}
    assert [row[3:] for row in batch._goals(99, used)] == [["1.15 times", "**no**"], ["1.00 times", "yes"]]
