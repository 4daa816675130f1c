"""What an engagement changes, and how a look at one is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lodestar.core.engagements.consequences import Changes, Stated, consequences, look_gaps
from lodestar.core.engagements.kinds import kinds_from
from lodestar.core.engagements.versions import MAPPING, approve_gaps, draft_gaps
from lodestar.store.playbooks import playbook

NOW = datetime(2026, 6, 4, 11, tzinfo=UTC)
KINDS = kinds_from(playbook("ENGAGEMENT-KINDS").in_force(NOW).values)
HURT = Stated("subject", "injury", is_child=True, happened_at=NOW - timedelta(hours=6), open_matters=())


def test_it_is_news_on_each_open_matter_once() -> None:
    stated = replace(HURT, open_matters=(4, 9))
    assert consequences(kind=KINDS["hospital"], stated=stated, told=(), now=NOW) == Changes(news_on=(4, 9))
    assert consequences(kind=KINDS["hospital"], stated=stated, told=(4,), now=NOW) == Changes(news_on=(9,))


def test_it_is_news_where_they_have_a_role_in_another_s_matter_and_a_look_at_the_child_is_still_owed() -> None:
    found = consequences(kind=KINDS["hospital"], stated=replace(HURT, concerned_in=(4, 9)), told=(9,), now=NOW)
    assert found.news_on == (4,)
    assert found.look is not None
    both = consequences(kind=KINDS["hospital"], stated=replace(HURT, open_matters=(4,), concerned_in=(4, 7)), told=(), now=NOW)
    assert both == Changes(news_on=(4, 7))


def test_high_harm_to_a_child_with_nothing_open_owes_a_look() -> None:
    found = consequences(kind=KINDS["hospital"], stated=HURT, told=(), now=NOW)
    assert found.look is not None
    assert found.look.because == "a child was hurt or in danger of their life"


@pytest.mark.parametrize(
    ("kind", "stated"),
    [
        ("hospital", replace(HURT, is_child=False)),
        ("hospital", replace(HURT, role="with")),
        ("hospital", replace(HURT, reason="other")),
        ("stop_search", replace(HURT, reason="drugs")),
        ("hospital", replace(HURT, happened_at=NOW - timedelta(days=29))),
        ("hospital", replace(HURT, happened_at=NOW - timedelta(days=29), open_matters=(4,), concerned_in=(7,))),
    ],
)
def test_what_is_no_harm_to_a_child_or_is_history_changes_nothing(kind: str, stated: Stated) -> None:
    assert consequences(kind=KINDS[kind], stated=stated, told=(), now=NOW) == Changes()


def test_every_kind_of_harm_names_roles_and_reasons_of_its_kind() -> None:
    values = {"kinds": {"x": {"title": "X", "agency": "A", "reader": "engagements.read", "fresh_days": 1, "roles": {"a": "A"},
                              "harms": [{"roles": ["b"], "because": "c"}]}}}  # fmt: skip
    with pytest.raises(ValueError, match="lacks: b"):
        kinds_from(values)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, []),
        ({"state": "looked"}, ["look.answered"]),
        ({"answer": "later"}, ["look.answer"]),
        ({"answer": "matter_opened"}, ["look.no_matter"]),
        ({"answer": "matter_opened", "has_open_matter": True}, []),
        ({"finding": " "}, ["look.finding"]),
    ],
)
def test_a_look_is_answered_once_with_what_was_found(said: dict[str, object], codes: list[str]) -> None:
    whole = {"state": "waiting", "answer": "nothing_more", "finding": "Fell off a wall", "has_open_matter": False, **said}
    assert [gap.code for gap in look_gaps(**whole)] == codes  # type: ignore[arg-type]


def test_a_mapping_is_tried_before_it_is_approved() -> None:
    assert "approve" not in MAPPING.verbs(state="drafted")
    assert "approve" in MAPPING.verbs(state="tried")
    assert MAPPING.verbs(state="approved") == ()


def test_a_draft_says_why_and_differs_and_can_be_followed() -> None:
    codes = [gap.code for gap in draft_gaps(code="", title="", reason="", faults=("it lacks dates",), same_as=3)]
    assert codes == ["mapping.fault", "mapping.source", "mapping.reason", "mapping.same"]
    assert draft_gaps(code="A", title="B", reason="C", faults=(), same_as=None) == ()


def test_another_person_approves_from_a_day_that_is_free() -> None:
    today = date(2026, 6, 4)
    said = {"drafted_by": 1, "approver": 2, "in_force_from": today, "today": today, "taken": frozenset()}
    assert approve_gaps(**said) == ()  # type: ignore[arg-type]
    for changes, code in (
        ({"approver": 1}, "mapping.same_person"),
        ({"in_force_from": None}, "mapping.from"),
        ({"in_force_from": date(2026, 6, 3)}, "mapping.from"),
        ({"taken": {today}}, "mapping.taken"),
    ):
        assert [gap.code for gap in approve_gaps(**{**said, **changes})] == [code]  # type: ignore[arg-type]
