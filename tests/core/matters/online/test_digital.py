"""The digital queue: by band, then by age, references and counts only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lodestar.core.matters.online.digital import queue
from tests.core.matters.online.examples import AT, told
from tests.core.matters.online.replay import SERGEANT, Case, contacted

HOUR = timedelta(hours=1)


def seized(*bands: str) -> Case:
    case = contacted()
    for number, band in enumerate(bands, start=1):
        case.must("device_seized", exhibit=f"JH/{number}", band=band)
    return case


def test_the_most_pressing_band_comes_first_and_within_it_the_oldest() -> None:
    case = seized("low", "high", "very_high", "high")
    found = queue(stories=[case.story], now=case.now + HOUR)
    assert [(one.exhibit, one.band) for one in found] == [("JH/3", "very_high"), ("JH/2", "high"), ("JH/4", "high"), ("JH/1", "low")]
    assert [one.age for one in found] == [2 * HOUR, 3 * HOUR, HOUR, 4 * HOUR]


def test_a_device_leaves_the_queue_when_it_is_examined_or_triage_finds_nothing() -> None:
    case = seized("high", "high", "high")
    first, second, third = (str(done.id) for done in case.story.all("device_seized"))
    case.must("device_triaged", device=first)
    case.must("device_triaged", device=second, result="nothing_found")
    case.must("device_examined", device=third)
    assert [(one.exhibit, one.waits_for) for one in queue(stories=[case.story], now=case.now)] == [("JH/1", "examination")]


def test_a_supervisor_moves_a_device_to_another_band_with_a_reason() -> None:
    case = seized("high", "medium")
    assert [refusal.field for refusal in case.record("device_banded", by=SERGEANT, reason="")] == ["reason"]
    case.must("device_banded", by=SERGEANT, device=str(case.story.all("device_seized")[0].id), band="low")
    assert [one.exhibit for one in queue(stories=[case.story], now=case.now)] == ["JH/2", "JH/1"]


def test_a_device_whose_band_cannot_be_read_stands_with_the_most_pressing() -> None:
    case = seized("low")
    unread = replace(case.story.done[-1], said={"exhibit": "JH/9"})
    assert queue(stories=[replace(case.story, done=(unread,))], now=case.now)[0].band == "very_high"
    assert queue(stories=[told()], now=AT) == ()


@pytest.mark.parametrize("count", ["", "about 3", "-1", "3.5"])
def test_counts_are_whole_numbers(count: str) -> None:
    assert [refusal.field for refusal in seized("high").record("device_examined", category_b=count)] == ["category_b"]


def test_candidates_for_new_victims_have_gone_to_victim_identification_first() -> None:
    case = seized("high")
    refused = case.record("device_examined", new_victims="yes", identification="to follow")
    assert [refusal.code for refusal in refused] == ["online.victim_identification"]
    case.must("device_examined", new_victims="yes", identification="VID-4412")
