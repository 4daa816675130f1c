"""A file is brought in as often as it comes: nothing twice, and nothing that it says for the first time is lost."""

from __future__ import annotations

import pytest

from lodestar.doors.feeds.bringing import Brought, bring_in
from lodestar.doors.feeds.returning import error_table
from lodestar.store.models import Matter, News
from tests.actions.conftest import HOUR, NOW, Force, make_force

HEADING = "Report reference,Given name,Surname,Date of birth,Date reported,Reported by,District,Date traced,How returned"
OPEN_ROW = "F/1,Mina,Marsh,04/05/2011,{reported},Joan Marsh,north,,"
FOUND_ROW = "F/1,Mina,Marsh,04/05/2011,{reported},Joan Marsh,north,{traced},By family"
BAD_ROW = "F/2,Kit,Fenn,04/05/2011,31/02/2026 10:00,Lena Dunn,north,,"


@pytest.fixture
def force(db: None) -> Force:
    """The small force."""
    return make_force()


def bring(force: Force, *rows: str) -> Brought:
    """Bring a file of these rows in, reported an hour ago and traced half an hour ago."""
    times = {"reported": f"{NOW - HOUR:%Y-%m-%d %H:%M}Z", "traced": f"{NOW - HOUR / 2:%Y-%m-%d %H:%M}Z"}
    text = "\r\n".join((HEADING, *(row.format(**times) for row in rows)))
    actor = force.actor("hazel", NOW)
    return bring_in(actor=actor, kind="missing", source="the force", file_name="one.csv", content=text.encode(), now=NOW)


def test_an_end_that_comes_with_a_later_file_is_told_once_and_closes_nothing(force: Force) -> None:
    assert bring(force, OPEN_ROW).new == 1
    matter = Matter.objects.get()
    assert not News.objects.filter(matter=matter).exists()
    for _ in range(2):
        assert bring(force, FOUND_ROW).repeated == 1
    told = News.objects.get(matter=matter)
    assert "says the child was traced" in told.text and "By family" in told.text
    matter.refresh_from_db()
    assert matter.is_open and matter.located_at is None


def test_an_end_that_came_with_the_first_file_is_not_told_again(force: Force) -> None:
    bring(force, FOUND_ROW)
    bring(force, FOUND_ROW)
    assert News.objects.count() == 1


def test_a_file_that_comes_again_names_its_bad_rows_again(force: Force) -> None:
    first, again = bring(force, OPEN_ROW, BAD_ROW), bring(force, OPEN_ROW, BAD_ROW)
    assert [item.row.number for item in again.unread] == [3] and again.bad == 1
    assert error_table(again.unread) == error_table(first.unread)
