"""A question that is planned once finds what it finds asked anew: an instant is the same one written in the words or bound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from lodestar.store.guard import writing
from lodestar.store.models import RoleGrant
from lodestar.store.queries.plain_sql import among, ask, ask_planned, instant, listed
from tests.actions.conftest import Force

BEGINS = datetime(2026, 7, 4, 12, 33, 5, 123_456, tzinfo=UTC)


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Europe/London"), timezone(timedelta(hours=-5, minutes=-30))])
@pytest.mark.parametrize(("later", "found"), [(timedelta(microseconds=-1), 0), (timedelta(0), 1), (timedelta(days=9), 1)])
def test_an_instant_in_a_planned_question_is_that_instant(force: Force, zone: timezone | ZoneInfo, later: timedelta, found: int) -> None:
    user = force.users["hazel"]
    with writing():
        RoleGrant.objects.create(user=user, role="analyst", places=[], from_at=BEGINS)
    words = f"SELECT count(*) FROM store_rolegrant WHERE from_at <= %s AND user_id {among()} AND role = 'analyst'"
    values = [instant((BEGINS + later).astimezone(zone)), listed([user.pk, 0])]
    assert ask_planned("test_instants", words, values)[0][0] == ask(words, values)[0][0] == found
