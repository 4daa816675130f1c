"""Parting by hand: who may, and that a reason is owed."""

from __future__ import annotations

from lodestar.core.people.undoing import unlink
from lodestar.core.words import Allowed

MAY = frozenset({"people.link"})


def test_a_link_is_undone_with_a_reason() -> None:
    assert unlink(permissions=MAY, linked=True, reason=" A cousin. ") == Allowed("A cousin.")


def test_every_reason_against_undoing_is_given_at_once() -> None:
    verdict = unlink(permissions=(), linked=False, reason="")
    assert not isinstance(verdict, Allowed)
    assert [one.code for one in verdict] == ["people.not_permitted", "people.reason_owed", "people.not_linked"]
