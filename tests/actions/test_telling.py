"""What came in before a matter spoke of somebody, or of something, is news there once it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from lodestar.actions.engagements import receiving
from lodestar.actions.matters import involving
from lodestar.actions.people import undo_link
from lodestar.core.engagements.draft import PersonSaid, ThingSaid
from lodestar.core.matters.involved import Statement
from lodestar.core.reports.draft import Subject
from lodestar.store.models import AuditRow, Matter, News, Notice, Report
from tests.actions.conftest import HOUR, NOW, Force
from tests.actions.networking import concern
from tests.actions.test_engagements import ADULT, DAY, MINA, STOPPED, hurt, take

BEN = Subject(given_name="Ben", family_name="Carter", birth_date=date(2010, 1, 2))
KNOWN = replace(ADULT, keys={"pnc_id": "2003/0062845E"})  # whoever has this number is one man, without anybody's word
SAID = Statement("opinion", "PC Elm", "2C")


def exploited(force: Force, subject: Subject, number: str = "R-1") -> Matter:
    """An open record of exploitation of a child: other people have roles in those."""
    force.report(external_id=number, subject=subject)
    return concern(force, subject, NOW)


def involved(force: Force, matter: Matter, role: str) -> None:
    given: dict[str, Any] = {"subject": KNOWN, "statement": SAID, "from_at": NOW, "now": NOW}
    involving.involve_person(actor=force.actor("hazel"), matter_id=matter.pk, role=role, **given)


def spoken_of(force: Force, matter: Matter, kind: str, value: str) -> None:
    given: dict[str, Any] = {"said": "Hers", "statement": SAID, "at": NOW, "now": NOW}
    involving.mention_thing(actor=force.actor("hazel"), matter_id=matter.pk, kind=kind, value=value, **given)


def met(force: Force, number: str, **changes: Any) -> receiving.Received:
    return take(force, hurt(number, **{**STOPPED, "people": (PersonSaid("driver", KNOWN, said="Drove off"),), "things": (), **changes}))


def test_where_somebody_was_met_lately_is_news_once_they_have_a_role_that_links(force: Force) -> None:
    matter, other = exploited(force, MINA), exploited(force, BEN, "R-2")
    made = met(force, "SS-1")
    met(force, "SS-2", happened_at=NOW - 29 * DAY)
    involved(force, matter, "professional")
    assert not News.objects.exists()
    involved(force, matter, "adult_of_concern")
    item = News.objects.get()
    assert (item.matter_id, item.engagement_id, item.state) == (matter.pk, made.engagement_id, "waiting")
    assert item.text.startswith("Stop and search, 2 March 2026 at 3am: Vic Thorne, here as adult of concern; a fact.\nDrove off\n")
    assert Notice.objects.filter(kind="news", subject_id=item.pk, user_id=matter.holder_id).exists()
    assert AuditRow.objects.filter(verb="matter.news_added", subject_id=str(item.pk)).exists()
    involved(force, matter, "suspect")
    assert News.objects.get() == item, "it is told once, whatever else they are"
    involved(force, other, "suspect")
    assert News.objects.get(matter=other).engagement_id == made.engagement_id


def test_what_was_seen_lately_is_news_once_a_matter_speaks_of_it_and_of_a_place_for_everybody_nothing(force: Force) -> None:
    matter = force.report(subject=MINA)
    things = (ThingSaid("vehicle", "AB12CDE", "Drove off"), ThingSaid("phone", "07700 900555"), ThingSaid("place", "Quay Street Infirmary"))
    made = met(force, "SS-1", things=things)
    spoken_of(force, matter, "place", "Quay Street Infirmary")
    assert not News.objects.exists()
    spoken_of(force, matter, "vehicle", "ab12 cde")
    item = News.objects.get(matter=matter)
    assert item.engagement_id == made.engagement_id
    assert "it names what this record speaks of.\nVehicle AB12CDE: a fact. Drove off.\n" in item.text
    spoken_of(force, matter, "phone", "07700 900555")
    assert News.objects.get() == item, "the matter has had it"


def test_what_was_met_very_often_is_told_of_the_newest_and_how_many_more_there_were(force: Force) -> None:
    matter = exploited(force, MINA)
    for day in range(12):
        met(force, f"SS-{day}", happened_at=NOW - day * DAY, things=(ThingSaid("phone", "07700 900555"),))
    spoken_of(force, matter, "phone", "07700 900555")
    told = list(News.objects.order_by("engagement__happened_at"))
    assert [item.engagement.external_id for item in told] == [f"SS-{day}" for day in reversed(range(10))]
    assert ["2 more came in before." in item.text for item in told] == [False] * 9 + [True]
    involved(force, matter, "adult_of_concern")
    assert News.objects.count() == 12, "and by the other way what was left"


def test_a_wrong_join_undone_takes_back_what_a_role_brought(force: Force) -> None:
    matter = exploited(force, MINA)
    met(force, "SS-1")
    involved(force, matter, "adult_of_concern")
    undo_link(actor=force.actor("holly"), report_id=Report.objects.get(external_id="SS-1/1").pk, reason="Another man", now=NOW + HOUR)
    assert News.objects.get().state == "withdrawn"
