"""The API's door: the same action as the form, with a machine's key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings

from lodestar.actions import access
from lodestar.core.access.scope import system_actor
from lodestar.store.models import ApiClient, AuditRow, Matter, Report
from tests.actions import conftest as small
from tests.actions.conftest import Force, make_force

broken_audit = small.broken_audit
SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture
def force(db: None, monkeypatch: pytest.MonkeyPatch) -> Force:
    monkeypatch.setattr(small, "NOW", timezone.now().replace(second=0, microsecond=0))
    return make_force()


@pytest.fixture
def key_of(force: Force) -> Callable[[str], str]:
    def make(who: str) -> str:
        return access.add_api_client(actor=system_actor("test"), name=f"of {who}", user_id=force.users[who].pk, now=timezone.now())

    return make


def body(**changes: Any) -> dict[str, Any]:
    whole = {
        "source": "cad",
        "external_id": "INC-1",
        "reported_at": timezone.now().isoformat(),
        "reporter_name": "Joan Marsh",
        "district": "north",
        "subject": {"given_name": "Mina", "family_name": "Marsh", "birth_date": "2012-05-04"},
    }
    return {**whole, **changes}


def send(key: str, sent: Any) -> Any:
    return Client().post("/api/v1/reports", json.dumps(sent), content_type="application/json", headers={"Authorization": f"Bearer {key}"})


def test_a_report_is_taken_in_once(key_of: Callable[[str], str]) -> None:
    key, sent = key_of("ivy"), body()
    first, again = send(key, sent), send(key, sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["repeated"]
    assert first.json()["matter"] == again.json()["matter"]
    assert (Report.objects.count(), Matter.objects.count()) == (1, 1)


def test_the_raw_input_is_kept_to_the_byte(key_of: Callable[[str], str]) -> None:
    sent = body(circumstances="Zoë said “back by ten”")
    send(key_of("ivy"), sent)
    assert Report.objects.get().raw == json.dumps(sent)


def test_an_unknown_or_revoked_key_opens_nothing(key_of: Callable[[str], str]) -> None:
    key = key_of("ivy")
    assert send("nonsense", body()).status_code == 401
    access.revoke_api_client(actor=system_actor("test"), client_id=ApiClient.objects.get().pk, now=timezone.now())
    assert send(key, body()).status_code == 401


def test_a_time_without_an_offset_is_refused_with_what_to_do(key_of: Callable[[str], str]) -> None:
    answer = send(key_of("ivy"), body(reported_at="2026-06-04T09:32:00"))
    assert answer.status_code == 422
    assert "offset" in answer.json()["refusals"][0]["sentence"]


def test_what_the_rules_refuse_comes_back_whole(key_of: Callable[[str], str]) -> None:
    answer = send(key_of("ivy"), body(reported_at="2099-01-01T00:00:00Z", subject={}))
    assert answer.status_code == 422
    assert {item["code"] for item in answer.json()["refusals"]} >= {"report.future", "report.no_subject"}
    assert AuditRow.objects.filter(verb="report.received", outcome="refused").exists()


def test_a_role_without_the_permission_is_refused(key_of: Callable[[str], str]) -> None:
    assert send(key_of("oak"), body()).status_code == 422
    listing = Client().get("/api/v1/matters", headers={"Authorization": f"Bearer {key_of('yew')}"})
    assert listing.status_code == 404


def test_the_board_is_what_the_caller_may_see_and_is_on_record(key_of: Callable[[str], str]) -> None:
    send(key_of("ivy"), body())
    north = Client().get("/api/v1/matters", headers={"Authorization": f"Bearer {key_of('alder')}"})
    south = Client().get("/api/v1/matters", headers={"Authorization": f"Bearer {key_of('birch')}"})
    assert (north.json()["total"], south.json()["total"]) == (1, 0)
    assert AuditRow.objects.filter(verb="board.seen", door="api").count() == 2


def test_no_audit_row_no_report(key_of: Callable[[str], str], broken_audit: Callable[[], Any]) -> None:
    key = key_of("ivy")
    with broken_audit():
        assert send(key, body()).status_code == 503
    assert Report.objects.count() == 0


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"source": "\x00"}', b"[" * 5000])
def test_whatever_comes_is_never_a_fault_of_ours(key_of: Callable[[str], str], raw: bytes) -> None:
    answer = Client().post("/api/v1/reports", raw, content_type="application/json", headers={"Authorization": f"Bearer {key_of('ivy')}"})
    assert 400 <= answer.status_code < 500


@pytest.fixture
def _connection_kept() -> Iterator[None]:
    """The app closes its connection after each request; here that would be the one the test's transaction is on."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.usefixtures("_connection_kept")
@SCHEMA.parametrize()
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_call_that_the_schema_allows_is_a_fault_of_ours(case: Any, force: Force) -> None:
    key = f"key-{force.users['hazel'].pk}"
    if not ApiClient.objects.filter(name="schema").exists():
        key = access.add_api_client(actor=system_actor("test"), name="schema", user_id=force.users["hazel"].pk, now=timezone.now())
        test_no_call_that_the_schema_allows_is_a_fault_of_ours.key = key  # type: ignore[attr-defined]
    key = test_no_call_that_the_schema_allows_is_a_fault_of_ours.key  # type: ignore[attr-defined]
    answer = case.call(headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code < 500, answer.text[:300]
