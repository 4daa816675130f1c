"""What would put a flag on a child: by kind, by role, by reason, from the day that each rule holds."""

from __future__ import annotations

from datetime import date

import pytest

from lodestar.core.identity.live import Told, live_rules
from lodestar.core.playbook import read
from lodestar.store.playbooks import playbook

BOOK = playbook("IDENTITY-LIVE")
NOW = live_rules(BOOK, on=date(2026, 11, 29))
KINDS = playbook("ENGAGEMENT-KINDS").blocks[-1].values["kinds"]


@pytest.mark.parametrize(
    ("told", "flags"),
    [
        (Told("exploitation"), ("exploitation",)),
        (Told("custody"), ("custody",)),
        (Told("custody_record", "subject", "theft"), ("custody",)),
        (Told("custody_record", "carer", "theft"), ()),
        (Told("intelligence", "victim", "exploitation"), ("exploitation",)),
        (Told("intelligence", "subject", "exploitation"), ("exploitation",)),
        (Told("intelligence", "subject", "weapons"), ("suspect",)),
        (Told("intelligence", "subject", "other"), ()),
        (Told("intelligence", "suspect", "exploitation"), ("suspect",)),
        (Told("intelligence", "with", "drugs"), ()),
        (Told("crime", "suspect", "violence"), ("suspect",)),
        (Told("crime", "victim", "trafficking"), ("exploitation",)),
        (Told("crime", "victim", "sexual"), ()),
        (Told("crime", "witness", "exploitation"), ()),
        (Told("social_care", "subject", "exploitation"), ("exploitation",)),
        (Told("social_care", "subject", "neglect"), ()),
        (Told("social_care", "carer", "exploitation"), ()),
        (Told("stop_search", "subject", "drugs"), ()),
        (Told("hospital", "subject", "injury"), ()),
        (Told("school_exclusion", "subject", "fixed"), ()),
        (Told("missing", "subject"), ()),
        (Told("online"), ()),
        (Told("", "adult_of_concern"), ("suspect",)),
        (Told("", "exploited_child"), ("exploitation",)),
    ],
)
def test_what_is_told_puts_its_flag_and_no_other(told: Told, flags: tuple[str, ...]) -> None:
    assert NOW.flags(told) == flags
    assert NOW.flags(told, carried=flags) == ()


def test_every_mark_names_kinds_roles_and_reasons_that_there_are() -> None:
    roles = {role for kind in KINDS.values() for role in kind["roles"]} | {"exploited_child", "adult_of_concern", "exploiter"}
    reasons = {reason for kind in KINDS.values() for reason in kind.get("reasons", {})}
    for mark in NOW.marks:
        assert mark.kinds <= KINDS.keys() | {"exploitation", "custody"}
        assert mark.roles <= roles
        assert mark.reasons <= reasons


def test_a_flag_that_would_be_on_everybody_is_refused() -> None:
    values = {"block_most": 500, "shown_most": 8, "recount_share": 0.01, "flags": [{"flag": "late"}]}
    block = {"from": date(2026, 1, 1), "authority": "A", "verified": True, **values}
    book = read({"code": "X", "title": "X", "noun": "identity_live", "in_force": [block]})
    with pytest.raises(ValueError, match="puts late on everybody"):
        live_rules(book, on=date(2026, 1, 1))
