"""How the tests put a case file to the rules, and read the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lodestar.core.matters.custody.casefile import read
from lodestar.core.matters.custody.check import Checked, check
from lodestar.store.playbooks import calendars, clock_rules
from tests.core.matters.custody.vectors import DAY, INADEQUATE, LIMB_B, ROBBERY, SECURE, case

NEXT = "2026-06-05T"
ASKED = {"at": f"{DAY}17:00:00+01:00", "authority": "Shire"}
OFFERED = {"at": f"{DAY}17:30:00+01:00", "answer": "offered"}
COURT = {"at": f"{NEXT}10:00:00+01:00", "court": "Harford"}


def asked(**parts: Any) -> Checked:
    return check(case=read(case(**parts)), rules_on=clock_rules, calendars_on=calendars)


def due(found: Checked, code: str) -> datetime:
    return next(clock.due_at for clock in found.owed if clock.rule.code == code)


def owed(found: Checked) -> set[str]:
    return {clock.rule.code for clock in found.owed}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def codes(found: Checked) -> set[str]:
    return {one.refusal.code for one in found.refused}


def blocked(found: Checked) -> dict[str, set[str]]:
    return {step.code: {gap.code for gap in step.against} for step in found.blocked}


def step(code: str, when: str, **answers: str) -> dict[str, Any]:
    return {"step": code, "at": when, "answers": answers}


def secure_case(**parts: Any) -> Checked:
    return asked(**{"age": 16, "charges": [ROBBERY], "requests": [SECURE], "adequacy": [INADEQUATE], "certificates": [LIMB_B], **parts})
