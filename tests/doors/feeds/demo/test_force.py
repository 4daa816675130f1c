"""The people, the posts and the rota."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from lodestar.doors.feeds.demo import force
from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.records import Shift
from lodestar.doors.feeds.demo.rota import LONDON, rota

ROLES = {
    "call_handler", "response_sergeant", "response_officer", "duty_inspector", "hub_sergeant", "hub_officer", "analyst",
    "custody_officer", "polit_officer", "polit_sergeant", "local_authority_worker", "governance_reader", "tasking_governance",
    "system_administrator", "duty_superintendent", "youth_justice_worker", "health_worker",
    "inspection_lead", "governance_board",
}  # fmt: skip


def _by_post(demo: Demo, kinds: tuple[str, ...]) -> dict[str, list[Shift]]:
    kind = {post.code: post.kind for post in demo.posts}
    found = defaultdict(list)
    for shift in demo.shifts:
        if kind[shift.post] in kinds:
            found[shift.post].append(shift)
    return found


def test_every_role_has_somebody_to_sign_in_as_and_the_hub_sergeant_is_on_duty(demo: Demo) -> None:
    sign_ins = dict(demo.sign_ins)
    assert set(sign_ins) == ROLES
    on_duty = {item.username for item in demo.shifts if item.from_at <= demo.as_of < item.until_at}
    for role in (
        "hub_sergeant",
        "response_sergeant",
        "duty_inspector",
        "call_handler",
        "hub_officer",
        "local_authority_worker",
    ):
        assert sign_ins[role] in on_duty


def test_the_hub_is_one_sergeant_six_officers_and_one_for_early_intervention(demo: Demo) -> None:
    hub = Counter((item.role, item.team) for item in demo.staff if item.team.startswith("MET hub"))
    assert hub == {
        ("hub_sergeant", "MET hub"): 1,
        ("hub_officer", "MET hub"): 6,
        ("hub_officer", "MET hub early intervention"): 1,
    }


def test_sign_in_names_are_unique_and_everybody_on_the_rota_is_staff(demo: Demo) -> None:
    names = [item.username for item in demo.staff]
    assert len(names) == len(set(names))
    assert {item.username for item in demo.shifts} <= set(names)
    assert {item.post for item in demo.shifts} == {item.code for item in demo.posts}


def test_exactly_one_lead_sergeant_in_each_district_and_one_inspector_at_every_instant(demo: Demo) -> None:
    found = _by_post(demo, ("duty_sergeant", "duty_inspector"))
    assert len(found) == 7
    for shifts in found.values():
        leads = sorted((item for item in shifts if item.lead), key=lambda item: item.from_at)
        assert leads[0].from_at <= demo.as_of - timedelta(days=365)
        assert leads[-1].until_at >= demo.as_of + timedelta(days=14)
        assert all(one.until_at == two.from_at for one, two in pairwise(leads))


def test_two_sergeants_are_planned_for_each_shift_of_a_district_and_leave_takes_one_at_most(demo: Demo) -> None:
    for shifts in _by_post(demo, ("duty_sergeant",)).values():
        crews = Counter(item.from_at for item in shifts)
        assert set(crews.values()) == {1, 2}
        assert sum(count == 2 for count in crews.values()) / len(crews) > 0.8


def test_nobody_is_on_two_shifts_at_once_or_on_one_while_on_leave(demo: Demo) -> None:
    leave = {item.username: item.leave for item in demo.staff}
    by_person = defaultdict(list)
    for item in demo.shifts:
        by_person[item.username].append((item.from_at, item.until_at))
    for username, spans in by_person.items():
        spans.sort()
        assert all(one[1] <= two[0] for one, two in pairwise(spans)), username
        for away in leave[username]:
            assert not any(away.from_at <= from_at < away.until_at for from_at, _ in spans)


def test_some_people_are_on_leave_today(demo: Demo) -> None:
    away = [item for item in demo.staff if any(span.from_at <= demo.as_of < span.until_at for span in item.leave)]
    assert 5 <= len(away) <= 40


def test_children_services_answer_at_every_hour(demo: Demo) -> None:
    for code in ("ACC", "HCC"):
        spans = sorted(
            (item.from_at, item.until_at)
            for item in demo.shifts
            if item.post in (f"children_services.{code}", f"children_services_night.{code}")
        )
        reached = spans[0][1]
        for from_at, until_at in spans:
            assert from_at <= reached or from_at > demo.as_of + timedelta(days=14)
            reached = max(reached, until_at)


def test_nights_are_seven_and_nine_hours_long_when_the_clocks_change(demo: Demo) -> None:
    lengths = {item.from_at: item.until_at - item.from_at for item in demo.shifts if item.post == "duty_inspector"}
    assert lengths[datetime(2026, 3, 28, 23, tzinfo=UTC)] == timedelta(hours=7)
    assert lengths[datetime(2026, 10, 24, 22, tzinfo=UTC)] == timedelta(hours=9)
    assert {item.astimezone(LONDON).hour for item in lengths} == {7, 15, 23}


def test_asking_who_led_before_the_rota_begins_raises() -> None:
    as_of = datetime(2026, 6, 1, 7, tzinfo=UTC)
    duty = rota(staff=force.staff(seed=1), from_at=as_of - timedelta(days=2), as_of=as_of)
    with pytest.raises(LookupError, match="nobody leads duty_inspector"):
        duty.lead("duty_inspector", as_of - timedelta(days=30))
