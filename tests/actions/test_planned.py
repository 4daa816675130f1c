"""A question that is planned once finds what it finds asked anew: an instant is the same one written in the words or bound."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.db import DataError, OperationalError, transaction

from lodestar.store.guard import writing
from lodestar.store.models import RoleGrant
from lodestar.store.queries.journeys import on_postgresql, send, together
from lodestar.store.queries.plain_sql import among, ask, ask_planned, instant, listed, name_for, put_planned
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


SAID = ["plain", "", "it's", 'a "b"', "back\\slash", "{a,b}", "100% %s $1", "NULL", None, "ünï\u2028", " "]
ANYWHERE = [*(("text", said) for said in SAID), ("bigint", -(2**63)), ("double precision", 0.1)]
ON_POSTGRESQL = [
    ("text[]", SAID),
    ("text[]", []),
    ("bigint[]", [1, None, -(2**62)]),
    ("boolean[]", [True, None, False]),
    ("timestamptz[]", [BEGINS, None]),
    ("date[]", [date(2011, 2, 3), None]),
    ("date", date(2011, 2, 3)),
    ("boolean", False),
    ("timestamptz", BEGINS.astimezone(ZoneInfo("America/New_York"))),
]


@pytest.mark.django_db
def test_a_value_is_found_again_as_it_was_asked() -> None:
    for kind, value in ANYWHERE + (ON_POSTGRESQL if on_postgresql() else []):
        words = f"SELECT CAST(%s AS {kind})"
        assert ask_planned(name_for("again", words), words, [value]) == [(value,)]


@pytest.mark.django_db
def test_as_much_as_no_line_holds_at_once_goes_and_comes_back_in_one_journey() -> None:
    said = [f"{number}" * 1_500_000 for number in range(8)]
    with together():
        asked = [put_planned("test_much", "SELECT CAST(%s AS text)", [one]) for one in said]
    assert [one.rows() for one in asked] == [[(one,)] for one in said]


@pytest.mark.django_db
def test_a_text_that_the_database_cannot_hold_is_refused_and_never_cut_short() -> None:
    cut, words = "a\0b", "SELECT CAST(%s AS text)"
    with pytest.raises(DataError, match="NUL") if on_postgresql() else nullcontext():
        assert ask_planned("cut_short", words, [cut]) == [(cut,)]
    assert ask_planned("cut_short", words, ["ab"]) == [("ab",)]


def cut_off() -> None:
    """PostgreSQL ends the connection in the middle of a journey; SQLite has none to end."""
    put_planned("one", "SELECT 1", ())
    put_planned("lost", "SELECT pg_terminate_backend(pg_backend_pid())" if on_postgresql() else "SELECT nothing", ())
    send()


@pytest.mark.django_db(transaction=True)
def test_a_line_that_is_lost_in_the_middle_is_told_of_and_the_next_question_has_a_new_one() -> None:
    with pytest.raises(OperationalError), transaction.atomic(), together():
        cut_off()
    assert ask_planned("one", "SELECT 1", ()) == [(1,)]
