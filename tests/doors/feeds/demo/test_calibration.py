"""The invented year looks like the published ones (measures.md section 7), whatever the seed."""

from collections import Counter
from datetime import datetime, timedelta
from statistics import median

import pytest

from lodestar.doors.feeds.demo.children import age_on, local_day
from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.generate import generate
from lodestar.doors.feeds.demo.rota import LONDON
from lodestar.doors.feeds.demo.shapes import SHAPES
from lodestar.doors.feeds.demo.truth import band

HOUR = timedelta(hours=1)


def _true_hours(demo: Demo) -> list[float]:
    return [(item.truth.ended_at - item.truth.started_at) / HOUR for item in demo.episodes]


def test_residents_and_districts_are_those_of_the_force(demo: Demo) -> None:
    assert sum(item.residents for item in demo.districts) == 894_500
    assert len(demo.districts) == 6
    assert len(demo.authorities) == 2


def test_about_two_thousand_episodes_of_about_six_hundred_and_sixty_children(seeds: list[Demo]) -> None:
    for demo in seeds:
        assert 1900 <= len(demo.episodes) <= 2100
        assert 2.8 <= len(demo.episodes) / demo.truth.happened.children <= 3.2


def test_ages_are_7_35_and_58_in_a_hundred(seeds: list[Demo]) -> None:
    for demo in seeds:
        born = {item.key: item.birth_date for item in demo.children}
        ages = Counter(band(age_on(born[item.child], local_day(item.reported_at))) for item in demo.episodes)
        shares = {name: count / len(demo.episodes) for name, count in ages.items()}
        assert shares["0-11"] == pytest.approx(0.07, abs=0.015)
        assert shares["12-14"] == pytest.approx(0.35, abs=0.04)
        assert shares["15-17"] == pytest.approx(0.58, abs=0.04)


def test_every_start_is_under_eighteen_and_from_seven(seeds: list[Demo]) -> None:
    for demo in seeds:
        born = {item.key: item.birth_date for item in demo.children}
        ages = {age_on(born[item.child], local_day(item.reported_at)) for item in demo.episodes}
        assert min(ages) >= 7
        assert max(ages) == 17


def test_times_missing_follow_the_national_shape(seeds: list[Demo]) -> None:
    spent = [value for demo in seeds for value in _true_hours(demo)]
    for hours, share in ((8, 0.525), (24, 0.761), (48, 0.868), (168, 0.968)):
        assert sum(value <= hours for value in spent) / len(spent) == pytest.approx(share, abs=0.02)
    assert median(spent) == pytest.approx(7.2, abs=0.6)


@pytest.mark.parametrize(("shape", "share", "middle"), [("national", 0.761, 7.2), ("scottish", 0.85, 6.1), ("as_claimed", 0.90, 3.7)])
def test_each_named_shape_is_the_published_one(shape: str, share: float, middle: float, as_of: datetime) -> None:
    assert SHAPES[shape].share_within(24) == pytest.approx(share, abs=0.006)
    assert SHAPES[shape].median == pytest.approx(middle, abs=0.06)
    assert generate(4, as_of, shape=shape).truth.happened.share_within_24h == pytest.approx(share, abs=0.03)


def test_an_unknown_shape_is_refused(as_of: datetime) -> None:
    with pytest.raises(ValueError, match="no such shape"):
        generate(1, as_of, shape="hopeful")


def test_repeats_are_as_concentrated_as_published(seeds: list[Demo]) -> None:
    for demo in seeds:
        counts = sorted(Counter(item.child for item in demo.episodes).values(), reverse=True)
        assert sum(counts[: round(0.06 * len(counts))]) / sum(counts) == pytest.approx(0.336, abs=0.03)
        assert demo.truth.happened.repeat_r1 == pytest.approx(0.67, abs=0.03)
        assert demo.truth.happened.repeat_r2 == pytest.approx(0.84, abs=0.03)
        assert demo.truth.happened.repeat_r3 == pytest.approx(0.51, abs=0.04)


def test_half_of_first_repeats_come_within_about_four_weeks(seeds: list[Demo]) -> None:
    gaps = []
    for demo in seeds:
        seen: dict[str, list[object]] = {}
        for item in demo.episodes:
            seen.setdefault(item.child, []).append(item.truth)
        gaps += [(spans[1].started_at - spans[0].ended_at) / HOUR / 24 for spans in seen.values() if len(spans) > 1]
    assert 20 <= median(gaps) <= 30
    assert sum(gap < 28 for gap in gaps) / len(gaps) == pytest.approx(0.52, abs=0.05)


def test_a_third_of_episodes_are_of_looked_after_children_who_have_the_authoritys_number(seeds: list[Demo]) -> None:
    for demo in seeds:
        assert 0.30 <= sum(item.looked_after for item in demo.episodes) / len(demo.episodes) <= 0.36
        assert all(bool(item.local_authority_id) == item.looked_after for item in demo.children)
        homes = {home.code for home in demo.homes}
        assert {item.home for item in demo.children if item.home} <= homes


def test_first_grades_are_mixed_as_published(seeds: list[Demo]) -> None:
    levels = Counter(item.grades[0].level for demo in seeds for item in demo.episodes if item.grades)
    total = levels.total()
    assert 0.10 <= levels["high"] / total <= 0.15
    assert 0.73 <= levels["medium"] / total <= 0.80
    assert 0.04 <= levels["low"] / total <= 0.10
    assert 0.03 <= levels["very_low"] / total <= 0.07


def test_reports_come_in_the_afternoon_and_around_midnight(demo: Demo) -> None:
    hours = Counter(item.reported_at.astimezone(LONDON).hour for item in demo.episodes)
    afternoon = sum(hours[hour] for hour in (16, 17, 18))
    late = sum(hours[hour] for hour in (22, 23, 0))
    assert afternoon / len(demo.episodes) > 0.30
    assert late / len(demo.episodes) > 0.22
    assert max(hours[20], hours[5], hours[10]) < min(hours[17], hours[23]) / 2


def test_summer_is_busier_than_december_and_february(seeds: list[Demo]) -> None:
    months = Counter(item.reported_at.month for demo in seeds for item in demo.episodes)
    assert months[5] + months[6] + months[7] > 1.1 * (months[12] + months[1] + months[2])


def test_the_delay_since_last_seen_has_a_median_of_three_hours(demo: Demo) -> None:
    delays = [(item.reported_at - item.since_to) / HOUR for item in demo.episodes if item.since_to]
    assert median(delays) == pytest.approx(3.0, abs=0.4)
    assert all(item.since_from <= item.since_to <= item.reported_at for item in demo.episodes)


def test_return_interviews_are_offered_held_and_in_time_as_published(seeds: list[Demo]) -> None:
    old = [
        item.return_interview
        for demo in seeds
        for item in demo.episodes
        if item.return_interview and item.return_interview.due_at < demo.as_of - timedelta(days=15)
    ]
    held = [item for item in old if item.held_at]
    assert sum(item.offered_at is not None for item in old) / len(old) == pytest.approx(0.70, abs=0.03)
    assert len(held) / len(old) == pytest.approx(0.50, abs=0.03)
    assert sum(item.held_at <= item.due_at for item in held) / len(held) == pytest.approx(0.63, abs=0.05)
    assert {item.outcome for item in old} == {"held", "declined", "not_held"}


def test_outcomes_are_no_harm_for_nearly_all(seeds: list[Demo]) -> None:
    outcomes = Counter(item.outcome for demo in seeds for item in demo.episodes if item.closed_at)
    assert outcomes["found_harmed"] / outcomes.total() == pytest.approx(0.033, abs=0.012)
    assert set(outcomes) == {"found_safe", "found_harmed"}
