"""Joining and parting by hand: who may, and that a reason is owed."""

from __future__ import annotations

import pytest

from lodestar.core.people.undoing import link_by_hand, unlink
from lodestar.core.words import Allowed

MAY = frozenset({"people.link"})


def test_a_person_who_may_joins_a_report_to_a_record_that_was_shown() -> None:
    verdict = link_by_hand(permissions=MAY, person=7, offered=(7, 9), reason="Same mother, same scar.")
    assert verdict == Allowed(7)


def test_a_person_may_say_that_it_is_somebody_new() -> None:
    assert link_by_hand(permissions=MAY, person=None, offered=(7,), reason="Another school.") == Allowed(None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"permissions": frozenset()}, "people.not_permitted"),
        ({"reason": "  "}, "people.reason_owed"),
        ({"person": 8}, "people.not_offered"),
        ({"waiting": False}, "people.already_settled"),
    ],
)
def test_joining_by_hand_is_refused(change: dict[str, object], code: str) -> None:
    asked: dict[str, object] = {"permissions": MAY, "person": 7, "offered": (7,), "reason": "Same mother."}
    verdict = link_by_hand(**{**asked, **change})  # type: ignore[arg-type]
    assert not isinstance(verdict, Allowed)
    assert [one.code for one in verdict] == [code]


def test_a_link_is_undone_with_a_reason() -> None:
    assert unlink(permissions=MAY, linked=True, reason=" A cousin. ") == Allowed("A cousin.")


def test_every_reason_against_undoing_is_given_at_once() -> None:
    verdict = unlink(permissions=(), linked=False, reason="")
    assert not isinstance(verdict, Allowed)
    assert [one.code for one in verdict] == ["people.not_permitted", "people.reason_owed", "people.not_linked"]
