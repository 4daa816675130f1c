"""An engagement is kept as it came, each of its people is resolved, and what it changes is somebody's at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lodestar.actions.engagements import looks, mappings, receiving
from lodestar.actions.matters import news
from lodestar.actions.people import undo_link
from lodestar.core.engagements.draft import EngagementDraft, PersonSaid, ThingSaid, canonical
from lodestar.core.matters.involved import key_of
from lodestar.core.matters.news import TAKEN_BACK
from lodestar.core.reports.draft import Subject
from lodestar.core.words import NotVisible, Refused
from lodestar.store.guard import writing
from lodestar.store.models import (
    AuditRow,
    Change,
    Engagement,
    EngagementLook,
    EngagementMapping,
    EngagementPerson,
    Involvement,
    Link,
    LinkQuestion,
    Matter,
    Mention,
    News,
    Notice,
    Obligation,
    Person,
    Report,
    Sighting,
    Thing,
)
from lodestar.store.queries import engagements as queries
from lodestar.store.queries.mappings import document_of, source
from lodestar.store.queries.timeline import timeline
from tests.actions.conftest import HOUR, NOW, Force
from tests.actions.test_identity import settle

BORN = date(2011, 5, 4)
DAY = timedelta(days=1)
MINA = Subject(given_name="Mina", family_name="Marsh", birth_date=BORN, address="4 Osier Row", postcode="CB1 1ZX", phone="07700 900100")
ADULT = Subject(given_name="Vic", family_name="Thorne", birth_date=date(1990, 1, 2))


def hurt(number: str = "ED-1", **changes: Any) -> EngagementDraft:
    whole = EngagementDraft(
        kind="hospital",
        source="ENG-HOSPITAL",
        source_title="The hospital's emergency department",
        mapping_version="2026.1",
        external_id=number,
        happened_at=NOW - 6 * HOUR,
        people=(PersonSaid("subject", MINA), PersonSaid("with", ADULT, said="Said he was an uncle", nature="opinion")),
        things=(ThingSaid("phone", "07700 900555", "The companion's"),),
        district="north",
        reason="injury",
        circumstances="Cut to the arm",
    )
    return replace(whole, **changes)


def take(force: Force, draft: EngagementDraft, by: str = "holly") -> receiving.Received:
    return receiving.receive(actor=force.actor(by), draft=draft, raw=canonical({"n": draft.external_id}), now=NOW)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [item.code for item in refused.value.refusals]


def test_everything_it_states_is_kept_with_its_source_nature_and_grading(force: Force) -> None:
    made = take(force, hurt())
    engagement = Engagement.objects.get(pk=made.engagement_id)
    assert (engagement.kind, engagement.source, engagement.reason, engagement.door) == ("hospital", "ENG-HOSPITAL", "injury", "test")
    first, second = EngagementPerson.objects.filter(engagement=engagement).order_by("number")
    assert (first.role, first.nature, first.report.kind, first.report.external_id) == ("subject", "fact", "hospital", "ED-1/1")
    assert (second.role, second.nature, second.said) == ("with", "opinion", "Said he was an uncle")
    assert {row.person.family_name for row in Link.objects.filter(report__stated__engagement=engagement)} == {"Marsh", "Thorne"}
    sighting = Sighting.objects.get(engagement=engagement)
    assert (sighting.thing.kind, sighting.thing.key, sighting.at) == ("phone", "07700900555", engagement.happened_at)
    assert not Matter.objects.exists()


def test_where_the_source_names_no_district_who_else_is_named_lies_where_the_child_does(force: Force) -> None:
    force.report(subject=MINA)
    take(force, hurt(district=""))
    assert Person.objects.get(family_name="Thorne").district == "north"


def test_the_same_number_again_changes_nothing_and_other_words_are_refused(force: Force) -> None:
    first = take(force, hurt())
    before = {model: model.objects.count() for model in (Engagement, EngagementPerson, Report, Person, Thing, Sighting, Obligation)}
    again = take(force, hurt())
    assert (again.engagement_id, again.repeated) == (first.engagement_id, True)
    with pytest.raises(Refused) as refused:
        receiving.receive(actor=force.actor("holly"), draft=hurt(), raw=canonical({"n": "other words"}), now=NOW)
    assert codes(refused) == ["engagement.number_twice"]
    assert {model: model.objects.count() for model in before} == before


def test_the_same_thing_written_otherwise_is_one_thing(force: Force) -> None:
    take(force, hurt())
    take(force, hurt("ED-2", things=(ThingSaid("phone", "+44 7700 900555"), ThingSaid("vehicle", "ab12 cde"))))
    assert Thing.objects.filter(kind="phone").count() == 1
    assert Sighting.objects.filter(thing__kind="phone").count() == 2


def test_about_a_child_with_an_open_matter_it_is_news_there_and_the_board_moves(force: Force) -> None:
    matter = force.report(subject=MINA)
    before = Change.objects.filter(matter_id=matter.pk).count()
    made = take(force, hurt(happened_at=NOW - HOUR))
    assert made.news_on == (matter.pk,)
    item = News.objects.get(matter=matter)
    assert (item.engagement_id, item.from_whom, item.state) == (made.engagement_id, "Health: hospital attendance", "waiting")
    assert "Cut to the arm" in item.text
    assert "a fact" in item.text
    assert Change.objects.filter(matter_id=matter.pk).count() > before
    assert Notice.objects.filter(kind="news", user_id=matter.holder_id).exists()
    assert not EngagementLook.objects.exists()


def with_vic(force: Force, role: str = "adult_of_concern") -> tuple[Matter, Person]:
    """A matter of a child, and Vic Thorne, known to another, who has a role in it."""
    matter = force.report(subject=MINA)
    take(force, hurt("ED-0", happened_at=NOW - 40 * DAY, things=(), people=(PersonSaid("with", ADULT),)))
    vic = Person.objects.get(family_name="Thorne")
    row = {"nature": "opinion", "source": "PC Elm", "from_at": NOW, "recorded_at": NOW}
    with writing():
        Involvement.objects.create(matter=matter, person=vic, role=role, **row)
    return matter, vic


STOPPED = {"kind": "stop_search", "source": "ENG-STOP", "reason": "drugs", "circumstances": "With Ben Carter"}


def test_that_an_adult_of_concern_was_met_is_news_on_the_matter_and_what_is_said_of_others_is_not_in_it(force: Force) -> None:
    matter, _ = with_vic(force)
    born = replace(ADULT, postcode="CB1 4ZX")
    take(force, hurt("SS-0", happened_at=NOW - 40 * DAY, people=(PersonSaid("with", born),), things=()))
    link = Link.objects.filter(report__external_id="SS-0/1").latest("number")
    with writing():
        Involvement.objects.update(person=link.person)
    made = take(force, hurt("SS-1", **STOPPED, people=(PersonSaid("driver", born, said="Drove off"),), things=()))
    assert made.news_on == (matter.pk,)
    text = News.objects.get(matter=matter).text
    assert text.startswith("Stop and search, 2 March 2026 at 3am: ")
    assert "Vic Thorne, here as adult of concern; a fact.\nDrove off\n" in text
    assert "Ben Carter" not in text
    assert Notice.objects.filter(kind="news", user_id=matter.holder_id).exists()


def test_of_a_carer_or_a_professional_or_a_role_that_ended_nobody_is_told(force: Force) -> None:
    matter, vic = with_vic(force, "professional")
    assert queries.concerned_in(vic, at=NOW) == {}
    with writing():
        Involvement.objects.update(role="suspect")
    assert queries.concerned_in(vic, at=NOW) == {matter.pk: "suspect"}
    with writing():
        Involvement.objects.update(until_at=NOW)
    assert queries.concerned_in(vic, at=NOW) == {}


def mentioned(matter: Matter, kind: str, value: str) -> None:
    with writing():
        thing, _ = Thing.objects.get_or_create(kind=kind, key=key_of(kind=kind, value=value), defaults={"value": value, "created_at": NOW})
        Mention.objects.create(matter=matter, thing=thing, said="Seen", nature="fact", source="PC Elm", at=NOW, recorded_at=NOW)


def test_that_a_vehicle_a_phone_or_a_place_of_an_open_matter_was_seen_is_news_there_once(force: Force) -> None:
    matter = force.report(subject=MINA)
    other = force.report(external_id="R-2", subject=Subject(given_name="Ben", family_name="Carter", birth_date=date(2010, 1, 2)))
    mentioned(matter, "vehicle", "ab12 cde")
    mentioned(matter, "phone", "+44 7700 900555")
    mentioned(other, "place", "Quay Street Infirmary")
    things = (ThingSaid("vehicle", "AB12CDE", "Drove off"), ThingSaid("phone", "07700 900555"), ThingSaid("place", "Quay Street Infirmary"))
    people = (PersonSaid("driver", ADULT),)
    made = take(force, hurt("SS-1", **STOPPED, people=people, things=things))
    assert made.news_on == (matter.pk,), "everybody passes through a hospital"
    text = News.objects.get(matter=matter).text
    assert "it names what this record speaks of.\nVehicle ab12 cde: a fact. Drove off.\nPhone +44 7700 900555: a fact.\n" in text
    assert "Ben Carter" not in text
    assert take(force, hurt("SS-1", **STOPPED, people=people, things=things)).repeated
    assert take(force, hurt("SS-2", **STOPPED, people=people, things=things, happened_at=NOW - 29 * DAY)).news_on == ()
    with writing():
        Matter.objects.filter(pk=matter.pk).update(is_open=False)
    assert take(force, hurt("SS-3", **STOPPED, people=people, things=things)).news_on == ()


def test_what_is_seen_with_the_child_of_the_matter_is_told_there_once(force: Force) -> None:
    matter = force.report(subject=MINA)
    mentioned(matter, "phone", "07700 900555")
    assert take(force, hurt()).news_on == (matter.pk,)
    assert News.objects.filter(matter=matter).count() == 1


def test_intelligence_is_not_written_where_those_read_it_who_may_not(force: Force) -> None:
    matter = force.report(subject=MINA)
    log = hurt(kind="intelligence", source="ENG-INTELLIGENCE", reason="exploitation", grading="2B", circumstances="SECRET WORDS")
    log = replace(log, people=(PersonSaid("victim", MINA, nature="opinion", grading="2B"),))
    take(force, log)
    text = News.objects.get(matter=matter).text
    assert "graded 2B" in text
    assert "opinion" in text
    assert "SECRET" not in text


def test_high_harm_to_a_child_with_nothing_open_is_owed_by_a_named_person_by_a_time(force: Force) -> None:
    made = take(force, hurt())
    assert made.looks == 1
    look = EngagementLook.objects.get(stated__engagement_id=made.engagement_id)
    clock = Obligation.objects.get(subject_kind="engagement_look", subject_id=look.pk)
    assert (clock.rule, clock.due_at, clock.is_open) == ("ENGAGEMENT-LOOK", NOW + 8 * HOUR, True)
    assert clock.owed_by.username in ("alder", "cedar")  # of the child's district


@pytest.mark.parametrize(
    "changes",
    [
        {"happened_at": NOW - 29 * DAY},
        {"reason": "other"},
        {"people": (PersonSaid("subject", ADULT),)},
    ],
)
def test_history_and_what_is_no_harm_to_a_child_owes_nothing(force: Force, changes: dict[str, Any]) -> None:
    made = take(force, hurt(**changes))
    assert (made.looks, made.news_on, EngagementLook.objects.count()) == (0, (), 0)


def test_an_old_engagement_about_a_child_with_an_open_matter_is_nobody_s_news(force: Force) -> None:
    force.report(subject=MINA)
    assert take(force, hurt(happened_at=NOW - 200 * DAY)).news_on == ()
    assert not News.objects.exists()


def test_a_missing_report_starts_a_search_and_one_that_ended_does_not(force: Force) -> None:
    said = {"kind": "missing", "source": "ENG-MISSING", "reason": "", "people": (PersonSaid("subject", MINA),), "things": ()}
    assert take(force, hurt("M-1", **said, ended=True)).matter_id is None
    assert Report.objects.get().kind == "past"
    made = take(force, hurt("M-2", **said))
    matter = Matter.objects.get()
    assert (made.matter_id, matter.kind, matter.is_open) == (matter.pk, "missing", True)
    assert not News.objects.exists()


def test_once_a_person_says_who_it_is_the_open_matter_has_the_news_and_the_look_lapses(force: Force) -> None:
    matter = force.report(subject=MINA)
    made = take(force, hurt(people=(PersonSaid("subject", replace(MINA, birth_date=None, address="", postcode="", phone="")),)))
    assert (made.unsure, made.news_on, made.looks) == (1, (), 1)
    question = LinkQuestion.objects.get(report__stated__engagement_id=made.engagement_id)
    settle(force, question, matter.person_id)
    assert News.objects.get(matter=matter).engagement_id == made.engagement_id
    look = EngagementLook.objects.get()
    assert look.state == "lapsed"
    assert not Obligation.objects.get(subject_kind="engagement_look", subject_id=look.pk).is_open


def test_a_wrong_join_undone_takes_its_news_back_and_the_look_that_lapsed_for_it_is_owed_again(force: Force) -> None:
    matter = force.report(subject=MINA)
    made = take(force, hurt(people=(PersonSaid("subject", replace(MINA, birth_date=None, address="", postcode="", phone="")),)))
    question = LinkQuestion.objects.get(report__stated__engagement_id=made.engagement_id)
    settle(force, question, matter.person_id)
    undo_link(actor=force.actor("holly"), report_id=question.report_id, reason="Another family of that name", now=NOW + HOUR)
    item = News.objects.get(matter=matter)
    assert item.state == "withdrawn"
    assert not Obligation.objects.filter(subject_kind="news", subject_id=item.pk, is_open=True).exists()
    said = {"assessment": "Low", "reply_given": "Thanks", "now": NOW + 2 * HOUR}
    with pytest.raises(Refused) as refused:
        news.assess_news(actor=force.actor("cedar"), news_id=item.pk, seen_version=item.version, **said)
    assert codes(refused) == ["news.withdrawn"]
    told = [line for line in timeline([matter]) if line.title.startswith("News from")]
    assert [line.detail for line in told] == [(("Withdrawn", TAKEN_BACK),)]
    look = EngagementLook.objects.get()
    assert (look.state, look.asked_at) == ("waiting", NOW + HOUR)
    assert Obligation.objects.get(subject_kind="engagement_look", subject_id=look.pk, is_open=True).started_at == NOW + HOUR


@pytest.mark.parametrize("gives", ["a thing", "another person"])
def test_news_that_a_thing_or_another_person_of_the_engagement_gives_too_stays(force: Force, gives: str) -> None:
    born = replace(ADULT, postcode="CB1 4ZX")
    matter, _ = with_vic(force)
    take(force, hurt("SS-0", happened_at=NOW - 40 * DAY, people=(PersonSaid("with", born),), things=()))
    with writing():
        Involvement.objects.update(person=Link.objects.filter(report__external_id="SS-0/1").latest("number").person)
    if gives == "a thing":
        mentioned(matter, "phone", "07700 900555")
    companions = () if gives == "a thing" else (PersonSaid("with", born),)
    made = take(force, hurt(people=(PersonSaid("subject", MINA), *companions)))
    item = News.objects.get(engagement=made.engagement_id, matter=matter)
    report = Report.objects.get(stated__engagement_id=made.engagement_id, stated__role="subject")
    undo_link(actor=force.actor("holly"), report_id=report.pk, reason="Another child", now=NOW + HOUR)
    item.refresh_from_db()
    assert item.state == "waiting"


def test_a_look_is_answered_by_name_and_a_matter_is_believed_only_where_one_is_open(force: Force) -> None:
    take(force, hurt())
    look = EngagementLook.objects.get()
    said = {"actor": force.actor("holly"), "look_id": look.pk, "seen_version": look.version, "now": NOW + HOUR}
    with pytest.raises(Refused) as refused:
        looks.answer_look(**said, answer="matter_opened", finding="Opened")
    assert codes(refused) == ["look.no_matter"]
    looks.answer_look(**said, answer="nothing_more", finding="Spoke to her mother: fell off a wall")
    look.refresh_from_db()
    assert (look.state, look.looked_by_id) == ("looked", force.users["holly"].pk)
    assert Obligation.objects.get(subject_kind="engagement_look").done_by_id == force.users["holly"].pk


def test_a_look_out_of_reach_is_not_there(force: Force) -> None:
    take(force, hurt())
    look = EngagementLook.objects.get()
    with pytest.raises(NotVisible):
        looks.open_look(actor=force.actor("birch"), look_id=look.pk, now=NOW)
    assert looks.open_look(actor=force.actor("alder"), look_id=look.pk, now=NOW) == look
    assert AuditRow.objects.filter(verb="engagement.look_seen", outcome="seen").exists()


def test_who_may_not_receive_is_refused(force: Force) -> None:
    with pytest.raises(Refused):
        take(force, hurt(), by="oak")


def test_an_unknown_kind_role_or_reason_is_refused(force: Force) -> None:
    for changes, code in (
        ({"kind": "picnic"}, "engagement.kind"),
        ({"people": (PersonSaid("king", MINA),)}, "engagement.role"),
        ({"reason": "boredom"}, "engagement.reason"),
        ({"people": (), "things": ()}, "engagement.nobody"),
    ):
        with pytest.raises(Refused) as refused:
            take(force, hurt(**changes))
        assert codes(refused) == [code]


def test_a_mapping_is_drafted_tried_and_approved_by_another_and_then_holds(force: Force) -> None:
    table = document_of(code="ENG-HOSPITAL", at=NOW)
    assert table is not None
    with pytest.raises(Refused) as refused:
        mappings.draft(actor=force.actor("pine"), document={**table, "time_zone": "Mars"}, reason="New", now=NOW)
    assert codes(refused) == ["mapping.fault"]
    number = mappings.draft(actor=force.actor("pine"), document={**table, "title": "The infirmary"}, reason="Renamed", now=NOW)
    row = EngagementMapping.objects.get(number=number)
    said = {"number": number, "reason": "Looks right", "in_force_from": NOW.date(), "now": NOW}
    with pytest.raises(Refused):  # not tried yet
        mappings.approve(actor=force.actor("elm"), seen_version=row.version, **said)
    sample = mappings.Sample(row.code, "0" * 64, (hurt(), hurt("ED-2")), bad=1)
    mappings.try_sample(actor=force.actor("pine"), sample=sample, now=NOW, number=number, seen_version=1)
    row.refresh_from_db()
    assert (row.state, row.tried["rows"]) == ("tried", 3)
    mappings.approve(actor=force.actor("elm"), seen_version=row.version, **said)
    held = source(code="ENG-HOSPITAL", at=NOW)
    before = source(code="ENG-HOSPITAL", at=NOW - DAY)
    assert held is not None
    assert before is not None
    assert (held.title, before.title) == ("The infirmary", "The hospital's emergency department")


def test_who_drafted_a_mapping_does_not_approve_it(force: Force) -> None:
    table = document_of(code="ENG-STOP", at=NOW)
    assert table is not None
    number = mappings.draft(actor=force.actor("hazel"), document={**table, "title": "Stops"}, reason="Renamed", now=NOW)
    mappings.try_sample(
        actor=force.actor("hazel"), sample=mappings.Sample("ENG-STOP", "0" * 64, (), 0), now=NOW, number=number, seen_version=1
    )
    with pytest.raises(Refused) as refused:
        mappings.approve(actor=force.actor("hazel"), number=number, seen_version=2, reason="Mine", in_force_from=NOW.date(), now=NOW)
    assert codes(refused) == ["mapping.same_person"]


def test_whom_a_row_may_be_about_is_counted_and_nothing_is_written(force: Force) -> None:
    force.report(subject=MINA)
    vague = replace(MINA, birth_date=None, address="", postcode="", phone="")
    drafts = tuple(hurt(f"ED-{number}", people=(PersonSaid("subject", said),)) for number, said in enumerate((MINA, vague, ADULT)))
    rows = Person.objects.count(), Report.objects.count(), LinkQuestion.objects.count()
    tried = mappings.try_sample(actor=force.actor("pine"), sample=mappings.Sample("ENG-HOSPITAL", "0" * 64, drafts, bad=2), now=NOW)
    assert tried.who == ((mappings.Who("sure", 1),), (mappings.Who("unsure", 1),), (mappings.Who("new", 0),))
    assert tried.counts == {"sure": 1, "unsure": 1, "new": 1, "rows": 5, "bad": 2}
    assert (Person.objects.count(), Report.objects.count(), LinkQuestion.objects.count()) == rows
    assert AuditRow.objects.get(verb="engagements.tried").outcome == "seen"
