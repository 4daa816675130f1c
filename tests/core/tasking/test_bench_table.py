"""The page of measurements says what falls short of its aim as plainly as what is met."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bench.tasking.measuring import Again, Found, Proven, tighter
from bench.tasking.proof import Proven as Proof
from bench.tasking.proof import put, section
from bench.tasking.table import Measured, page

OURS = Found("Lodestar", "50x250", 10, 1, 10.0, 9.0, {0: 10.0, 1: 9.0}, 5, 100)
PROVEN = Proven("50x250", 1, 1, {0: 10.0, 1: 10.0}, 20.0, "each task alone")


def written(*, plans: list[Found], side: list[Found], again: Again) -> str:
    found = Measured(plans=plans, side=side, proofs={"50x250": PROVEN}, again=[again], compiled=(30, 25))
    return page(found, now=datetime(2026, 6, 4), seconds=120, loads=(1.0, 2.0), length="quick")


def test_what_is_met_says_so() -> None:
    text = written(
        plans=[OURS, replace(OURS, seed=2)],
        side=[OURS, replace(OURS, who="VROOM", by_tier={0: 5.0})],
        again=Again("50x250", [100.0], [400.0], [90.0], [0.01], 1),
    )
    assert "**falls short**" not in text
    assert "ahead at each" in text
    assert "shortened by `--quick`" in text


def test_the_whole_value_is_judged_by_what_keeps_the_higher_tiers_and_both_bounds_are_said() -> None:
    found = Measured(plans=[OURS], side=[OURS], proofs={"50x250": replace(PROVEN, total=30.0)}, compiled=(30, 25))
    told = {"now": datetime(2026, 6, 4), "seconds": 120, "loads": (1.0, 2.0), "length": "quick"}
    assert "| 63.3% of the bound on every plan, at 10 s | **falls short** |" in page(found, **told)
    found.kept = {"50x250": replace(PROVEN, by_tier=OURS.by_tier, total=19.5)}
    text = page(found, **told)
    assert "| 97.4% with the higher tiers kept, at 10 s; 63.3% of the bound on every plan | met |" in text
    assert "| 63.3% | 97.4% | – |" in text
    found.kept = {"50x250": replace(PROVEN, by_tier=OURS.by_tier, total=20.5)}
    assert "| 92.7% with the higher tiers kept, at 10 s; 63.3% of the bound on every plan | **falls short** |" in page(found, **told)


def test_what_no_plan_exceeds_none_that_keeps_the_higher_tiers_does() -> None:
    kept = replace(PROVEN, by_tier=OURS.by_tier, total=19.5)
    assert tighter(kept, PROVEN) == kept
    assert tighter(kept, replace(PROVEN, total=19.2, method="other")) == replace(kept, total=19.2, method="other")


def test_what_falls_short_says_so_with_whom_and_where() -> None:
    poor = replace(OURS, by_tier={0: 9.0, 1: 5.0})
    slow = Again("50x250", [100.0, 900.0], [400.0, 999.0], [90.0, 99.0], [0.0, 0.05], 2)
    text = written(plans=[OURS, poor], side=[OURS, replace(OURS, who="VROOM", by_tier={0: 25.0})], again=slow)
    assert "behind VROOM at 10 s (50x250) | **falls short**" in text
    assert "90.00% of it, the worst seed | **falls short**" in text
    assert "900 ms; whole answer 999 ms | **falls short**" in text
    assert "5.00% at most | **falls short**" in text


def test_a_whole_answer_that_is_late_falls_short_though_its_search_is_not() -> None:
    text = written(plans=[OURS], side=[OURS], again=Again("50x250", [100.0], [501.0], [90.0], [0.01], 1))
    assert "search 100 ms; whole answer 501 ms | **falls short**" in text


def test_a_proof_measured_again_takes_the_place_of_the_one_before_and_of_nothing_else() -> None:
    one = Proof("50x250", 60, 19.0, 20.0, 7, 600, 500, (1.0, 2.0))
    first = put("# Page\n\n## First use\n\nText.\n", section([one], datetime(2026, 6, 4)))
    assert "| 50x250 | 60 s | 19.0 | 20.0 | 95.00% | 7 | 600 | 500 | 1.0 to 2.0 | at least 95%: met |" in first
    again = put(first, section([replace(one, most=21.0)], datetime(2026, 6, 5)))
    assert "90.48% | 7 | 600 | 500 | 1.0 to 2.0 | at least 95%: **falls short** |" in again
    assert again.count("measured by themselves") == again.count("## First use") == again.count("Text.") == 1
    assert again.startswith("# Page\n\n## The plan and its proof")
