"""The board at eight on a Monday morning."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from lodestar.doors.feeds.demo.children import age_on, local_day
from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.episode import Episode
from lodestar.doors.feeds.demo.generate import generate
from lodestar.doors.feeds.demo.scenes import SCENES


def _scene(demo: Demo, name: str) -> Episode:
    return next(item for item in demo.live if item.scene == name)


def _age(demo: Demo, item: Episode) -> int:
    born = next(child.birth_date for child in demo.children if child.key == item.child)
    return age_on(born, local_day(demo.as_of))


def test_twelve_to_eighteen_matters_are_open_and_each_is_another_child(seeds: list[Demo]) -> None:
    for demo in seeds:
        assert 12 <= len(demo.live) <= 18
        assert len({item.child for item in demo.live}) == len(demo.live)
        assert {item.scene for item in demo.live} == {scene.name for scene in SCENES}


def test_states_and_levels_are_a_mixture(demo: Demo) -> None:
    states = Counter(item.state for item in demo.live)
    assert states["reported"] == 1
    assert states["located"] == 1
    assert states["returned"] == 3
    levels = Counter(item.grades[-1].level for item in demo.live if item.grades)
    assert levels["high"] == 2
    assert levels["medium"] > levels["high"]


def test_a_high_child_of_14_with_a_handover_nobody_has_accepted_since_before_the_shift(seeds: list[Demo]) -> None:
    for demo in seeds:
        item = _scene(demo, "high_aged_14")
        assert _age(demo, item) == 14
        offer = item.handovers[-1]
        assert (offer.state, offer.answered_at) == ("offered", None)
        assert offer.offered_at == datetime(2026, 11, 23, 6, 55, tzinfo=UTC)
        assert offer.giver == item.holdings[-1].username != offer.receiver


def test_a_high_child_under_13(seeds: list[Demo]) -> None:
    for demo in seeds:
        assert _age(demo, _scene(demo, "high_under_13")) < 13


def test_one_long_missing_and_one_located_whose_wellbeing_nobody_confirmed(demo: Demo) -> None:
    assert demo.as_of - _scene(demo, "over_7_days").reported_at > timedelta(days=7)
    located = _scene(demo, "located_not_seen_well")
    assert located.located is not None
    assert located.wellbeing is None


def test_reviews_are_due_this_shift_and_some_are_late(demo: Demo) -> None:
    open_reviews = [review for item in demo.live for review in item.reviews if review.done_at is None]
    assert sum(review.due_at > demo.as_of for review in open_reviews) >= 5
    assert sum(review.due_at <= demo.as_of for review in open_reviews) >= 3
    lead = {shift.username for shift in demo.shifts if shift.lead and shift.from_at <= demo.as_of < shift.until_at}
    assert all(review.owed_by in lead for review in open_reviews if review.due_at > demo.as_of)


def test_tasks_are_open_issued_blocked_and_done(demo: Demo) -> None:
    tasks = [task for item in demo.live for task in item.tasks]
    assert set(Counter(task.state for task in tasks)) == {"open", "issued", "blocked", "done"}
    on_duty = {shift.username for shift in demo.shifts if shift.from_at <= demo.as_of < shift.until_at}
    assert all(task.assignee in on_duty for task in tasks if task.state == "issued")
    assert all(task.blocked_by for task in tasks if task.state == "blocked")
    assert all(task.created_at <= demo.as_of for task in tasks)


def test_two_reports_are_unsure_and_each_could_be_either_of_two_children(demo: Demo) -> None:
    children = {item.key: item for item in demo.children}
    unsure = [item for item in demo.live if item.unsure]
    assert len(unsure) == 2
    for item in unsure:
        one, two = (children[key] for key in item.unsure.candidates)
        assert one.key != two.key
        assert one.given_name == two.given_name == item.reports[0].subject.given_name
        assert not item.reports[0].subject.family_name


def test_news_on_a_closed_matter_waits_and_a_transfer_is_on_offer(demo: Demo) -> None:
    waiting = [(item, news) for item in demo.episodes for news in item.news if news.assessed_at is None]
    assert len(waiting) == 1
    assert waiting[0][0].state == "closed"
    assert waiting[0][1].received_at < demo.as_of
    assert _scene(demo, "transfer_offered").transfers[0].state == "offered"


def test_return_interviews_are_owed_by_the_authorities_some_of_them_late(demo: Demo) -> None:
    owed = [item.return_interview for item in demo.episodes if item.return_interview and item.return_interview.outcome == "owed"]
    assert len({item.authority for item in owed}) == 2
    assert any(item.due_at < demo.as_of for item in owed)
    assert any(item.due_at > demo.as_of for item in owed)


def test_nothing_has_happened_after_the_data_cut(seeds: list[Demo]) -> None:
    for demo in seeds:
        for item in demo.episodes:
            stamps = [item.recorded_at, item.closed_at, *(grade.at for grade in item.grades), *(deed.at for deed in item.deeds)]
            stamps += [holding.from_at for holding in item.holdings] + [review.done_at for review in item.reviews]
            stamps += [report.recorded_at for report in item.reports] + [news.received_at for news in item.news]
            assert all(stamp <= demo.as_of for stamp in stamps if stamp), item.key


@pytest.mark.parametrize("hour", [0, 5, 7, 15, 23])
def test_the_live_day_stands_at_any_hour_and_on_a_clock_change_day(hour: int) -> None:
    for day in (datetime(2026, 3, 29, hour, 3, tzinfo=UTC), datetime(2026, 10, 25, hour, 3, tzinfo=UTC)):
        demo = generate(3, day, scale=0.1)
        assert len(demo.live) == len(SCENES)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        generate(1, datetime(2026, 11, 23, 8))
