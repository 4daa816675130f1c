"""The records of each desk, read as the facts that the rules look at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lodestar.core.detectors.reading import READ, TOLD, charged, high_risk, incidents
from lodestar.core.detectors.rules import Incident
from lodestar.core.matters.desk import Done, Involved, Story
from lodestar.core.matters.kinds import DESKS

AT = datetime(2026, 6, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def done(number: int, code: str, hours: float, **said: str) -> Done:
    return Done(number, code, AT + hours * HOUR, AT + hours * HOUR, 1, said)


def story(kind: str, *deeds: Done, state: str = "", **more: object) -> Story:
    return Story(kind, state, AT, AT, done=deeds, **more)  # type: ignore[arg-type]


def read(told: Story, known_at: dict[int, datetime] | None = None) -> list[Incident]:
    return list(incidents(matter=5, child=7, story=told, known_at=known_at or {}))


def test_whatever_tells_children_s_services_on_a_desk_is_a_notice() -> None:
    for kind, codes in TOLD.items():
        assert codes
        for code in codes:
            (one,) = read(story(kind, done(1, code, 2)))
            assert (one.matter, one.child, one.at, one.noticed_at) == (5, 7, AT, AT + 2 * HOUR)


def test_a_missing_report_about_which_nobody_was_told_is_an_incident_without_notice() -> None:
    (one,) = read(story("missing", done(1, "circulated", 2)))
    assert (one.noticed_at, one.over_at) == (None, None)


def test_what_was_opened_in_error_or_passed_to_another_force_wants_no_notice_of_ours_any_more() -> None:
    for kind in TOLD:
        for state, over_at in (("opened_in_error", AT + HOUR), ("transferred", AT + HOUR), ("closed", None)):
            (one,) = read(story(kind, state=state, closed_at=AT + HOUR))
            assert one.over_at == over_at


def test_a_stay_in_custody_has_a_rule_of_its_own() -> None:
    assert read(story("custody")) == []


CHILD = Involved(31, 70, "child_in_household", "fact", AT - 400 * HOUR)
ADULT = Involved(32, 71, "victim", "fact", AT, is_child=False)
KNOWN = {31: AT + HOUR, 32: AT}


def test_each_child_known_in_an_online_case_is_an_incident_from_when_it_was_written_down() -> None:
    (one,) = read(story("online", involved=(CHILD, ADULT)), KNOWN)
    assert (one.id, one.child, one.at, one.noticed_at, one.over_at) == ("link-31", 70, AT + HOUR, None, None)


def test_a_decision_to_share_is_no_notice_until_it_is_shared_and_a_reasoned_no_ends_it() -> None:
    decided = done(1, "share_decided", 2, child="31", decision="share")
    shared = done(2, "child_shared", 3, child="31")
    no = done(1, "share_decided", 2, child="31", decision="not_share")
    (waiting,) = read(story("online", decided, involved=(CHILD,)), KNOWN)
    (told,) = read(story("online", decided, shared, involved=(CHILD,)), KNOWN)
    (refused,) = read(story("online", no, involved=(CHILD,)), KNOWN)
    assert (waiting.noticed_at, waiting.over_at) == (None, None)
    assert told.noticed_at == AT + 3 * HOUR
    assert (refused.noticed_at, refused.over_at) == (None, AT + 2 * HOUR)


def test_a_child_kept_after_charge_is_read_from_the_last_refusal_of_bail() -> None:
    assert charged(matter=5, child=7, story=story("custody", done(1, "child_charged", 0))) is None
    kept = charged(matter=5, child=7, story=story("custody", done(1, "bail_refused", 1), done(2, "place_requested", 2)))
    assert kept is not None
    assert (kept.refused_bail_at, kept.asked_at, kept.left_at) == (AT + HOUR, (AT + 2 * HOUR,), None)


def test_a_child_who_comes_back_is_asked_for_again() -> None:
    told = story(
        "custody", done(1, "bail_refused", 1), done(2, "place_requested", 2), done(3, "child_moved", 3), done(4, "child_came_back", 5)
    )
    kept = charged(matter=5, child=7, story=told)
    assert kept is not None
    assert (kept.refused_bail_at, kept.asked_at, kept.left_at) == (AT + 5 * HOUR, (), None)


def test_a_child_brought_to_court_has_left_the_cells() -> None:
    kept = charged(matter=5, child=7, story=story("custody", done(1, "bail_refused", 1), done(2, "brought_to_court", 14)))
    assert kept is not None
    assert kept.left_at == AT + 14 * HOUR


def grades(*levels: str) -> list[tuple[str, datetime]]:
    return [(level, AT + place * HOUR) for place, level in enumerate(levels)]


def test_high_risk_is_the_last_unbroken_stretch_at_high() -> None:
    assert high_risk(matter=5, child=7, grades=grades("medium"), photographed_at=None, found_at=None) is None
    one = high_risk(matter=5, child=7, grades=grades("high", "medium", "high", "high"), photographed_at=None, found_at=None)
    assert one is not None
    assert (one.since, one.until) == (AT + 2 * HOUR, None)


def test_it_is_over_when_the_grade_is_lowered_or_the_child_is_found_whichever_is_first() -> None:
    for levels, found_at, until in ((("high", "low"), None, AT + HOUR), (("high",), AT + HOUR / 2, AT + HOUR / 2)):
        one = high_risk(matter=5, child=7, grades=grades(*levels), photographed_at=None, found_at=found_at)
        assert one is not None
        assert one.until == until


def test_every_deed_that_a_rule_looks_at_is_one_that_some_desk_knows() -> None:
    assert {code for desk in DESKS.values() for code in desk.deeds} >= READ
