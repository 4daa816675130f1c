"""Partner agencies are asked, with a power to tell them what they need to know; they may decline, and are never ordered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lodestar.core.tasks.lifecycle import TASK
from lodestar.core.tasks.partners import AGENCIES, agencies_of, answer_gaps, ask_gaps, askable, role_of

NOW = datetime(2026, 6, 4, 9, 0, tzinfo=UTC)
WHOLE = {
    "agency": "youth_justice",
    "may": ("youth_justice",),
    "answering": 2,
    "needed": "He trusts his worker; ring his mother first",
    "power": "Children Act 2004 s.11",
    "reply_by": NOW + timedelta(hours=2),
    "now": NOW,
}


def codes(**changes: object) -> list[str]:
    return [gap.code for gap in ask_gaps(**{**WHOLE, **changes})]  # type: ignore[arg-type]


def test_a_whole_request_is_not_refused() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"agency": "health"}, "task.agency"),
        ({"agency": ""}, "task.agency"),
        ({"answering": 0}, "task.nobody_answers"),
        ({"needed": "  "}, "task.needed"),
        ({"power": ""}, "task.power"),
        ({"reply_by": None}, "task.reply_by"),
        ({"reply_by": NOW}, "task.reply_by"),
    ],
)
def test_a_request_says_who_what_under_which_power_and_by_when(changes: dict[str, object], code: str) -> None:
    assert codes(**changes) == [code]


def test_only_the_agencies_of_the_formula_may_be_asked_for_a_kind_of_work() -> None:
    partners = {"health": frozenset({"hospital_check"}), "local_authority": frozenset({"family_contact", "hospital_check"})}
    assert askable(kind="hospital_check", partners=partners) == ("local_authority", "health")
    assert askable(kind="area_search", partners=partners) == ()


def test_somebody_answers_for_the_agency_of_their_role_and_no_other() -> None:
    assert agencies_of(["health_worker", "analyst"]) == {"health"}
    assert agencies_of(["hub_sergeant"]) == frozenset()
    assert {role_of(agency) for agency in AGENCIES} == {"local_authority_worker", "youth_justice_worker", "health_worker"}


def test_a_yes_names_who_does_it() -> None:
    assert [gap.code for gap in answer_gaps(verb="accept", who=" ")] == ["task.who"]
    assert answer_gaps(verb="accept", who="Bo Briar") == answer_gaps(verb="decline", who="") == ()


def test_what_is_asked_is_never_issued_and_reaches_nobody_but_by_their_yes() -> None:
    assert set(TASK.verbs(state="asked")) == {"accept", "decline", "withdraw", "cancel"}
    assert [row.verb for row in TASK.rows if row.source == "asked" and row.target in ("issued", "acknowledged", "started")] == ["accept"]
    assert not any(row.verb == "issue" for row in TASK.rows if row.source == "asked")
