"""Models of linkage through the real actions: the gate, two people's word, from an instant on, and one step back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lodestar.actions import identity_models as actions
from lodestar.actions import linking
from lodestar.core.access.scope import system_actor
from lodestar.core.reports.draft import Subject
from lodestar.core.words import Refused
from lodestar.store.models import AuditRow, IdentityModel, Link
from lodestar.store.queries import identity_models as queries
from tests.actions.conftest import HOUR, NOW, Force

PASSED = {"gate": {"passed": True, "demands": [{"demand": "precision", "met": True, "measured": "0.9991"}]}}
FAILED = {"gate": {"passed": False, "demands": [{"demand": "twins joined", "met": False, "measured": "1"}]}}


def document(prior: float = 1e-4, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(queries.starting_document()))
    return {**made, "probability_two_random_records_match": prior, "labels": 3000, "link_from": 6.0, **more}


def proposed(force: Force, prior: float = 1e-4) -> IdentityModel:
    number = actions.propose(actor=force.actor("pine"), document=document(prior), report=PASSED, reason="Fitted to this year", now=NOW)
    return IdentityModel.objects.get(number=number)


def agree(force: Force, row: IdentityModel, *who: str) -> None:
    for name in who:
        row.refresh_from_db()
        actions.approve(actor=force.actor(name), number=row.number, seen_version=row.version, reason="Read the gate", now=NOW)
    row.refresh_from_db()


def codes(deed: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refused:
        deed()
    return [one.code for one in refused.value.refusals]


def test_a_model_that_fails_the_gate_is_refused_and_the_refusal_is_on_record(force: Force) -> None:
    wanted = {"actor": force.actor("pine"), "document": document(), "report": FAILED, "reason": "Try it", "now": NOW}
    assert codes(lambda: actions.propose(**wanted)) == ["identity.gate"]
    assert not IdentityModel.objects.exists()
    assert AuditRow.objects.get(verb="identity.model_proposed").detail == {"codes": ["identity.gate"]}


def test_two_others_agree_it_weighs_from_its_instant_and_each_decision_keeps_its_model(force: Force) -> None:
    row = proposed(force)
    agree(force, row, "maple")
    assert codes(lambda: agree(force, row, "maple")) == ["identity.agreed_already"]
    soon = {"actor": force.actor("maple"), "number": row.number, "reason": "Agreed", "now": NOW}
    assert codes(lambda: actions.activate(from_at=NOW, **soon)) == ["identity.not_approved"]
    agree(force, row, "spruce")
    assert row.state == "approved"
    actions.activate(from_at=NOW + 2 * HOUR, **soon)
    assert queries.model_in_force(at=NOW + HOUR).number is None
    assert queries.model_in_force(at=NOW + 2 * HOUR).number == row.number
    mina = Subject(given_name="Mina", family_name="Marsh", birth_date=date(2011, 5, 4), postcode="ZZ1 2AB")
    for number, hours in enumerate((0, 1, 3)):
        force.report(NOW + hours * HOUR, external_id=f"R-{number}", subject=mina)
    said = Link.objects.order_by("report_id").values_list("evidence__explanation__model", flat=True)
    assert list(said) == [None, queries.starting_model().digest, row.digest]


def test_one_command_goes_back_and_what_was_joined_stays(force: Force) -> None:
    row = proposed(force)
    agree(force, row, "maple", "spruce")
    actions.activate(actor=force.actor("maple"), number=row.number, from_at=NOW, reason="Agreed", now=NOW)
    assert actions.roll_back(actor=system_actor("cli"), reason="Sisters were joined", now=NOW + HOUR) is None
    assert queries.model_in_force(at=NOW + HOUR).number is None
    assert codes(lambda: actions.roll_back(actor=system_actor("cli"), reason="Again", now=NOW + HOUR)) == ["identity.nothing_before"]
    told = AuditRow.objects.get(verb="identity.model_rolled_back", outcome="done")
    assert told.detail == {"from": row.number, "to": None}


def test_until_two_thousand_answers_were_given_here_no_model_joins_by_itself(force: Force) -> None:
    row = proposed(force)
    agree(force, row, "maple", "spruce")
    actions.activate(actor=force.actor("maple"), number=row.number, from_at=NOW, reason="Agreed", now=NOW)
    force.report()
    linking.recount(actor=system_actor("jobs"), now=NOW)
    weigher, model = queries.weigher_at(at=NOW)
    assert (model.labels, weigher.thresholds.link_from) == (3000, None)


def test_nobody_who_may_not_read_or_approve_does(force: Force) -> None:
    row = proposed(force)
    assert codes(lambda: agree(force, row, "hazel")) == ["access.not_permitted"]
    assert codes(lambda: actions.roll_back(actor=force.actor("spruce"), reason="No", now=NOW)) == ["access.not_permitted"]
