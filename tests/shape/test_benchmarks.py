"""The page of the measures' benchmarks: an aim says whether it was met, and one part can be measured again by itself."""

from __future__ import annotations

from bench.measures.__main__ import PARTS, page, parts_of
from bench.measures.kaplan_meier import columns, ours, scan
from bench.measures.section import Aim, Section


def test_an_aim_says_in_words_whether_it_was_met() -> None:
    assert str(Aim("Faster than a peer", 30, 29.9)) == "Faster than a peer: at least 30 times, found 29.9 times, **missed**."
    assert str(Aim("Beside the scan", 60, 25, at_most=True)) == "Beside the scan: at most 60 times, found 25 times, met."
    assert str(Aim("The pack", 10, 4.2, at_most=True, unit=" s")).endswith("found 4.2 s, met.")


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
