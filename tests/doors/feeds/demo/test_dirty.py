"""Each kind of dirt is there in its share when it is on, and gone when it is off."""

from datetime import UTC, datetime, timedelta

import pytest

from lodestar.doors.feeds.demo.children import age_on, local_day
from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.dirty import SHARES, Dirty
from lodestar.doors.feeds.demo.episode import Episode
from lodestar.doors.feeds.demo.generate import generate
from lodestar.doors.feeds.demo.rota import LONDON

HOUR = timedelta(hours=1)


def _gap_before(demo: Demo) -> dict[str, timedelta]:
    last: dict[str, Episode] = {}
    gaps = {}
    for item in demo.episodes:
        before = last.get(item.child)
        if before and before.returned_at:
            gaps[item.key] = item.reported_at - before.returned_at
        last[item.child] = item
    return gaps


def _by_fact(demo: Demo) -> dict[str, list[Episode]]:
    """Find each kind of dirt from the facts alone, not from the label."""
    born = {item.key: item.birth_date for item in demo.children}
    gaps = _gap_before(demo)
    ended = [item for item in demo.episodes if item.located]
    return {
        "backdated": [item for item in demo.episodes if item.recorded_at - item.reported_at > HOUR and not item.transfers],
        "found_before_record": [item for item in ended if item.located.at < item.reported_at],
        "unknown_end": [item for item in demo.episodes if item.located_from and not item.located],
        "reopened": [item for item in demo.episodes if any(step.verb == "correct" for step in item.steps)],
        "duplicates": [item for item in demo.episodes if len(item.reports) > 1],
        "missing_again_60min": [item for item in demo.episodes if gaps.get(item.key, HOUR) < HOUR],
        "cross_force": [item for item in demo.episodes if item.transfers and not item.is_open],
        "regraded": [item for item in demo.episodes if len(item.grades) > 1 and not item.is_open],
        "turns_18": [item for item in ended if age_on(born[item.child], local_day(item.located.at)) >= 18],
        "leap_births": [item for item in demo.episodes if (born[item.child].month, born[item.child].day) == (2, 29)],
        "dst_nights": [item for item in demo.episodes if _on_change_night(item.reported_at)],
    }


def _on_change_night(instant: datetime) -> bool:
    local = instant.astimezone(LONDON)
    if 5 <= local.hour < 22:
        return False
    noon = (local + (timedelta(hours=12) if local.hour >= 22 else timedelta())).date()
    before, after = (datetime(day.year, day.month, day.day, 12, tzinfo=LONDON) for day in (noon - timedelta(days=1), noon))
    return before.utcoffset() != after.utcoffset()


@pytest.mark.parametrize("name", [name for name in SHARES if name != "digit_preference"])
def test_a_switch_that_is_on_has_its_share(name: str, seeds: list[Demo]) -> None:
    for demo in seeds:
        assert len(_by_fact(demo)[name]) / len(demo.episodes) == pytest.approx(SHARES[name], abs=0.007)


@pytest.mark.parametrize(("name", "least"), [("turns_18", 2), ("leap_births", 4), ("dst_nights", 3)])
def test_what_must_be_there_is_there(name: str, least: int, seeds: list[Demo]) -> None:
    for demo in seeds:
        assert len(_by_fact(demo)[name]) >= least


def test_labels_agree_with_the_facts(demo: Demo) -> None:
    for name, found in _by_fact(demo).items():
        labelled = {item.key for item in demo.episodes if name in item.dirt}
        assert {item.key for item in found if not item.scene} == labelled, name


def test_a_switch_that_is_off_leaves_nothing(clean: Demo) -> None:
    found = {name: items for name, items in _by_fact(clean).items() if items}
    # A birthday on 29 February or an eighteenth may not come by chance either.
    assert found == {}
    assert all(not item.dirt for item in clean.episodes)


@pytest.mark.parametrize("name", Dirty.all().names())
def test_one_switch_alone_brings_only_its_own_dirt(name: str, as_of: datetime) -> None:
    demo = generate(7, as_of, scale=0.2, dirty=Dirty.only(name))
    touched = dict(demo.truth.dirt)
    assert touched[name] > 0
    assert all(count == 0 for other, count in touched.items() if other != name)


def test_two_fifths_of_minutes_are_quarters_when_on_and_one_in_fifteen_when_off(demo: Demo, clean: Demo) -> None:
    for made, share in ((demo, 0.40), (clean, 4 / 60)):
        closed = [item for item in made.episodes if item.closed_at and item.located]
        for minutes in ([item.reported_at.minute for item in closed], [item.located.at.minute for item in closed]):
            assert sum(minute % 15 == 0 for minute in minutes) / len(minutes) == pytest.approx(share, abs=0.05)


def test_both_change_nights_have_reports_one_in_the_hour_that_comes_twice(demo: Demo) -> None:
    nights = {local_day(item.reported_at) for item in _by_fact(demo)["dst_nights"]}
    assert datetime(2026, 3, 29, tzinfo=UTC).date() in nights
    assert datetime(2026, 10, 25, tzinfo=UTC).date() in nights
    twice = [
        item for item in demo.episodes if datetime(2026, 10, 25, 1, tzinfo=UTC) <= item.reported_at < datetime(2026, 10, 25, 2, tzinfo=UTC)
    ]
    assert any(item.reported_at.astimezone(LONDON).fold == 1 for item in twice)


def test_an_unknown_switch_is_refused() -> None:
    with pytest.raises(ValueError, match="no such switch: smudged"):
        Dirty.only("smudged")


def test_a_lower_grade_has_a_reason_and_a_second_person(demo: Demo) -> None:
    order = {"very_low": 1, "low": 2, "medium": 3, "cannot_be_assessed": 3, "high": 4}
    lowered = [
        (before, after)
        for item in demo.episodes
        for before, after in zip(item.grades, item.grades[1:], strict=False)
        if order[after.level] < order[before.level]
    ]
    assert lowered
    assert all(after.reason and after.second_person not in ("", after.by) for _, after in lowered)
