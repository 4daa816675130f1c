"""The pages of benchmarks: an aim says whether it was met, and one part can be measured again by itself."""

from __future__ import annotations

from bench.identity import live, networks
from bench.measures.__main__ import PARTS, page, parts_of
from bench.measures.kaplan_meier import columns, ours, scan
from bench.measures.section import Aim, Section


def test_an_aim_says_in_words_whether_it_was_met() -> None:
    assert str(Aim("Faster than a peer", 30, 29.9)) == "Faster than a peer: at least 30 times, found 29.9 times, **missed**."
    assert str(Aim("Beside the scan", 60, 25, at_most=True)) == "Beside the scan: at most 60 times, found 25 times, met."
    assert str(Aim("The pack", 10, 4.2, at_most=True, unit=" s")).endswith("found 4.2 s, met.")


def test_a_network_stands_in_its_table_beside_ours() -> None:
    assert len(networks._row(100, "ours: two steps", {"ms": [4.0, 1.0, 2.0], "spent": 1.25}, 2.0)) == len(networks.HEAD)
    assert networks._row(100, "networkx", {"ms": [4.0]}, 2.0) == ["100", "networkx", "1", "4.00", "4.00", "4.00", "", "2.00"]


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
    }
    smaller = {**shown, live.OURS: [0.15] * 100}
    found = {name: met for name, _, _, met in live.goals({100_000: smaller, 1_000_000: shown})}
    assert list(found.values()) == ["**no**", "yes", "yes", "**no**", "yes", "**no**", "yes"]
    assert "48 times" in live.page({1_000_000: shown}, 1.0)
    assert "Splink 4 was not measured" in live.page({1_000_000: shown}, 1.0)
