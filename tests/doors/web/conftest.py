"""Pages are asked for by the people of the small force, at the time it is now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.actions import conftest as small
from tests.actions.conftest import Force, make_force


@pytest.fixture
def force(db: None, monkeypatch: pytest.MonkeyPatch) -> Force:
    """The small force, on duty today: pages ask what the time is."""
    monkeypatch.setattr(small, "NOW", timezone.now().replace(second=0, microsecond=0) - timedelta(hours=4))
    return make_force()


@pytest.fixture
def page_of(force: Force) -> Callable[[str], Client]:
    """Somebody's browser, signed in."""

    def open_as(who: str) -> Client:
        client = Client()
        client.force_login(force.users[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_as


broken_audit = small.broken_audit
