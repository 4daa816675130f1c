"""A lead from the records to a task: raised once, owned, decided by name, cut by reach, told when a record is parted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lodestar.actions import access, leads, people
from lodestar.actions.leads import Becomes
from lodestar.core.access.scope import system_actor
from lodestar.core.networks.facts import PERSON, THING, Node
from lodestar.core.reports.draft import Subject
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, Lead, Matter, Notice, Obligation, Person, Report, Shift, Task, Thing
from lodestar.store.queries import leads as queries
from lodestar.store.queries import networks, presences
from tests.actions.conftest import NOW, Force
from tests.actions.networking import a_man_and_three_children, child, concern, man, missing, named, seen_at

SYSTEM = system_actor("test")
DAY = timedelta(days=1)
WHY = "The school and housing both name him, and two of them know the hotel"


def look(days: float = 0) -> int:
    return leads.look(actor=SYSTEM, now=NOW + DAY * days)


def adult_lead() -> Lead:
    return Lead.objects.get(kind="adult")


def becomes(choice: str) -> Becomes:
    return Becomes(choice, "disruption_visit", "Visit him with the licensing officer", NOW + DAY)


def test_the_night_raises_a_lead_about_the_adult_once_with_one_owner_who_is_told(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    assert look() > 0
    lead = adult_lead()
    assert lead.person is not None
    assert (lead.person.given_name, lead.person.family_name) == ("Denis", "CrakeVale")
    assert set(lead.facts["children"]) == {matter.person_id for matter in made}
    assert lead.reason.startswith("An adult linked to 3 missing children in 3 episodes, by 3 events from")
    assert lead.owner.username == "hazel"
    assert Notice.objects.filter(kind="lead", subject_id=lead.pk, user=lead.owner).exists()
    before = Lead.objects.count()
    assert look() == 0
    assert look(0.5) == 0
    assert Lead.objects.count() == before
    assert not Lead.objects.filter(person__in=[matter.person_id for matter in made]).exists(), "no lead is about a child"


def test_a_lead_that_waits_follows_its_facts_and_lapses_when_they_are_no_more(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    look()
    lead = adult_lead()
    named(force, made[2], the_man(lead), NOW, source="Her aunt")
    look(0.1)
    lead.refresh_from_db()
    assert "Her aunt" in lead.facts["sources"]
    assert lead.version == 2
    look(800)
    lead.refresh_from_db()
    assert (lead.state, lead.decided_by) == ("lapsed", None)


def the_man(lead: Lead) -> Subject:
    assert lead.person is not None
    return man(lead.person.family_name)


def test_accepted_it_is_a_task_on_the_record_that_was_chosen_and_is_not_raised_again(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    look()
    lead = adult_lead()
    codes = [one.code for one in queries.choices(row=lead, actor=force.actor("hazel"))]
    assert f"matter-{made[0].pk}" in codes
    task = leads.accept(
        actor=force.actor("hazel"), lead_id=lead.pk, seen_version=lead.version, reason=WHY, becomes=becomes(f"matter-{made[0].pk}"), now=NOW
    )
    lead.refresh_from_db()
    assert (lead.state, lead.decided_by, lead.decided_reason, lead.task_id, lead.matter_id) == (
        "accepted", force.users["hazel"], WHY, task, made[0].pk,
    )  # fmt: skip
    work = Task.objects.get(pk=task)
    assert (work.matter_id, work.kind, work.due_at, work.is_open) == (made[0].pk, "disruption_visit", NOW + DAY, True)
    assert work.matter.holder_id is not None
    assert AuditRow.objects.filter(verb="lead.accepted", subject_id=str(lead.pk), outcome="done").exists()
    look(1)
    assert Lead.objects.filter(kind="adult").count() == 1


def test_for_a_child_without_a_record_one_is_opened_by_the_action_that_opens_any(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    look()
    lead = adult_lead()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_matter SET is_open = %s WHERE id = %s", [False, made[2].pk])
    choice = f"child-{made[2].person_id}"
    assert choice in [one.code for one in queries.choices(row=lead, actor=force.actor("hazel"))]
    wanted = Becomes(choice, "hotel_check", "", NOW + DAY, safe_now="yes")
    leads.accept(actor=force.actor("hazel"), lead_id=lead.pk, seen_version=lead.version, reason=WHY, becomes=wanted, now=NOW)
    lead.refresh_from_db()
    opened = Matter.objects.get(pk=lead.matter_id)
    assert (opened.kind, opened.person_id, opened.is_open) == ("exploitation", made[2].person_id, True)
    assert opened.holder_id is not None


def test_dismissed_with_a_reason_it_comes_again_only_for_a_child_nobody_named(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    look()
    lead = adult_lead()
    leads.dismiss(actor=force.actor("hazel"), lead_id=lead.pk, seen_version=lead.version, reason="He is the hotel's porter", now=NOW)
    named(force, made[2], the_man(lead), NOW, source="Her aunt")
    look(1)
    assert Lead.objects.filter(kind="adult").count() == 1
    missing(force, child("Tess"), NOW)
    named(force, concern(force, child("Tess"), NOW), the_man(lead), NOW, source="Her youth worker")
    look(1.5)
    assert Lead.objects.filter(kind="adult").order_by("pk").values_list("state", flat=True)[1] == "raised"


def test_what_is_refused(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    look()
    lead = adult_lead()
    asked = {"lead_id": lead.pk, "seen_version": lead.version, "now": NOW}
    good = becomes(f"matter-{made[0].pk}")
    for who, reason, choice in (("hazel", " ", good), ("hazel", WHY, becomes("matter-0")), ("holly", WHY, good)):
        with pytest.raises(Refused):
            leads.accept(actor=force.actor(who), reason=reason, becomes=choice, **asked)
    for who in ("alder", "ash", "lime", "ivy"):
        with pytest.raises((Refused, NotVisible)):
            leads.open_lead(actor=force.actor(who), lead_id=lead.pk, now=NOW)
    with pytest.raises(Conflict):
        leads.dismiss(actor=force.actor("hazel"), lead_id=lead.pk, seen_version=99, reason=WHY, now=NOW)
    assert not Task.objects.filter(detail__startswith="Lead").exists()
    leads.dismiss(actor=force.actor("hazel"), reason=WHY, **asked)
    with pytest.raises(Refused):
        leads.accept(actor=force.actor("hazel"), reason=WHY, becomes=good, **asked)


def test_whoever_has_a_lead_is_told_when_a_record_it_rests_on_is_parted(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    look()
    lead = adult_lead()
    report = Report.objects.filter(in_matters__matter=made[0]).earliest("pk")
    people.undo_link(actor=force.actor("holly", NOW), report_id=report.pk, reason="Another Nell", now=NOW)
    lead.refresh_from_db()
    assert lead.attention.startswith("A record that this rests on has been parted")
    assert Notice.objects.filter(user=lead.owner, kind="lead", text__contains="parted").exists()


def test_opening_a_lead_leaves_who_looked_and_at_whom(force: Force) -> None:
    a_man_and_three_children(force, NOW)
    look()
    lead = adult_lead()
    leads.open_lead(actor=force.actor("hazel"), lead_id=lead.pk, now=NOW)
    seen = AuditRow.objects.get(verb="lead.seen")
    assert set(seen.detail["people"]) == set(lead.people.values_list("person_id", flat=True))


def test_what_somebody_says_an_object_is_outranks_its_words(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    hotel = Thing.objects.get(kind="place")
    rules = networks.rules(at=NOW)
    node = Node(THING, hotel.pk)
    world = networks.network(centre=[node], at=NOW, rules=rules, actor=force.actor("hazel")).world
    assert world.objects[hotel.pk] == "hotel"
    assert {one.node.id for one in world.presences if one.node.kind == PERSON} >= {made[1].person_id, made[2].person_id}
    leads.say_what(
        actor=force.actor("hazel"), thing_id=hotel.pk, kind="care_placement", reason="The authority rents its top floor", now=NOW
    )
    assert networks.network(centre=[node], at=NOW, rules=rules, actor=force.actor("hazel")).world.objects[hotel.pk] == "care_placement"


def test_a_place_is_read_with_its_postcode_so_that_nobody_is_linked_by_their_own_home(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    home = Person.objects.get(pk=made[1].person_id).postcode
    assert home
    seen_at(force, made[1], f"4 Osier Row, {home}", NOW, source="Her")
    thing = Thing.objects.get(value__startswith="4 Osier Row")
    world = networks.network(centre=[Node(THING, thing.pk)], at=NOW + DAY, rules=networks.rules(at=NOW), actor=force.actor("hazel")).world
    assert world.places[thing.pk] == home
    assert world.is_home(made[1].person_id, thing.pk)


def test_a_network_shows_only_what_its_reader_may_see(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    rules = networks.rules(at=NOW)
    centre = [Node(PERSON, made[0].person_id)]
    all_of_it = networks.network(centre=centre, at=NOW, rules=rules, actor=force.actor("hazel"))
    assert f"M-{made[0].pk}" in all_of_it.world.by_event
    custody = networks.network(centre=centre, at=NOW, rules=rules, actor=force.actor("fir"))
    assert all(Matter.objects.get(pk=int(event.removeprefix("M-"))).kind in ("missing", "custody") for event in custody.world.by_event)


def test_two_steps_are_a_bounded_number_of_queries(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    rules = networks.rules(at=NOW)
    actor = force.actor("hazel")
    networks.network(centre=[Node(PERSON, made[1].person_id)], at=NOW, rules=rules, actor=actor)  # PostgreSQL is told the words once
    with CaptureQueriesContext(connection) as asked:
        networks.network(centre=[Node(PERSON, made[1].person_id)], at=NOW, rules=rules, actor=actor)
    for number in range(4):
        seen_at(force, made[1], f"{number} High Row, CB1 1A{'BDEF'[number]}", NOW, source="Her")
    with CaptureQueriesContext(connection) as again:
        networks.network(centre=[Node(PERSON, made[1].person_id)], at=NOW, rules=rules, actor=actor)
    assert len(again) == len(asked) == 2, "one a step"


def test_no_query_of_a_network_reads_ethnicity(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    with CaptureQueriesContext(connection) as asked:
        networks.network(centre=[Node(PERSON, made[0].person_id)], at=NOW, rules=networks.rules(at=NOW), actor=force.actor("hazel"))
        queries.changes(at=NOW)
        presences.all_presences(rules=networks.rules(at=NOW), at=NOW)
    read = [one["sql"] for one in asked] + [presences.NEWEST, presences.IN_EVENTS]
    assert [sql for sql in read if "ethnicity" in sql.lower() and "store_lead" not in sql.lower()] == []


def test_family_named_in_a_matter_raises_nothing(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    mother = Subject(given_name="Rue", family_name="Vale", birth_date=date(1985, 1, 2), postcode="CB9 9QZ")
    for matter in made:
        named(force, matter, mother, NOW - DAY, source=f"Source {matter.pk}", role="family")
    look()
    assert Person.objects.filter(given_name="Rue").count() == 1
    assert adult_lead().person != Person.objects.get(given_name="Rue")


def test_a_lead_falls_to_whoever_is_on_duty_and_speaks_against_closing_its_owner_s_account_until_then(force: Force) -> None:
    a_man_and_three_children(force, NOW)
    look()
    lead = adult_lead()
    owner = lead.owner
    assert leads.follow_duty(actor=SYSTEM, now=NOW) == 0, "its owner is on shift"
    with pytest.raises(Refused) as refused:
        access.close_account(actor=force.actor("yew"), user_id=owner.pk, now=NOW)
    said = next(one.sentence for one in refused.value.refusals if one.code == "leaving.leads")
    assert f"lead {lead.pk}" in said
    with writing():
        Shift.objects.filter(user=owner).update(called_off_at=NOW)
    waiting = Lead.objects.filter(state="raised").count()
    assert leads.follow_duty(actor=SYSTEM, now=NOW) == waiting
    lead.refresh_from_db()
    assert lead.owner != owner
    assert lead.because
    assert Notice.objects.filter(kind="lead", subject_id=lead.pk, user=lead.owner).count() == 1
    assert AuditRow.objects.get(verb="lead.fell_to", subject_id=str(lead.pk)).detail == {"from": owner.pk, "to": lead.owner_id}
    assert leads.follow_duty(actor=SYSTEM, now=NOW) == 0
    access.close_account(actor=force.actor("yew"), user_id=owner.pk, now=NOW)
    owner.refresh_from_db()
    assert not owner.is_active


def test_with_nobody_on_duty_a_lead_stays_with_somebody_and_does_not_go_round(force: Force) -> None:
    a_man_and_three_children(force, NOW)
    look()
    with writing():
        Shift.objects.update(called_off_at=NOW)
    leads.follow_duty(actor=SYSTEM, now=NOW + DAY)
    assert adult_lead().owner_id
    assert leads.follow_duty(actor=SYSTEM, now=NOW + DAY) == leads.follow_duty(actor=SYSTEM, now=NOW + 2 * DAY) == 0


def missed_lead() -> Lead:
    return Lead.objects.get(kind="missed", key="missed:MIS-CHILDRENS-SERVICES:district:north")


def test_a_duty_missed_for_three_children_of_a_district_is_a_lead_about_the_duty_with_every_date(force: Force) -> None:
    made = a_man_and_three_children(force, NOW)
    look()
    lead = missed_lead()
    gone = list(Obligation.objects.filter(rule="MIS-CHILDRENS-SERVICES").order_by("due_at"))
    assert lead.reason.startswith("Children's services told, owed by North: missed for 3 of the 3 children it was owed to, 3 times of 3")
    assert (lead.person, lead.thing, lead.owner.username, lead.missing) == (None, None, "hazel", 3)
    assert (set(lead.facts["children"]), lead.facts["missed"]) == ({one.person_id for one in made}, [one.pk for one in gone])
    assert set(lead.facts["events"]) == {f"M-{one.matter_id}" for one in gone}
    page = queries.page(row=lead, actor=force.actor("hazel"), at=NOW)
    assert page.duty is not None
    assert [(one.number, one.due_at, one.done_at) for one in page.duty.lines] == [(one.pk, one.due_at, None) for one in gone]
    assert set(page.duty.owed_to.values()) == {(1, 1)}
    assert (page.hidden, page.about) == (0, "Children's services told, owed by North")
    custody = queries.page(row=lead, actor=force.actor("rowan"), at=NOW)
    assert custody.duty is not None
    assert (custody.duty.lines, custody.hidden) == ((), 3), "who may see none of the records is told how many there are"


def test_what_was_missed_is_taken_up_on_the_record_where_it_was_owed_and_its_worth_is_that_it_was_done(force: Force) -> None:
    a_man_and_three_children(force, NOW)
    look()
    lead = missed_lead()
    gone = Obligation.objects.filter(rule="MIS-CHILDRENS-SERVICES").earliest("due_at")
    offered = [one.code for one in queries.choices(row=lead, actor=force.actor("hazel"))]
    assert f"matter-{gone.matter_id}" in offered
    assert not [code for code in offered if code.startswith("child-")], "no record of exploitation is opened because of it"
    wanted = Becomes(f"matter-{gone.matter_id}", "family_contact", "Ask who was told, and tell them now", NOW + DAY)
    leads.accept(actor=force.actor("hazel"), lead_id=lead.pk, seen_version=lead.version, reason=WHY, becomes=wanted, now=NOW)
    lead.refresh_from_db()
    assert (lead.state, lead.matter_id) == ("accepted", gone.matter_id)
    rules, later = networks.rules(at=NOW), NOW + 91 * DAY
    assert (queries.worth_of(at=later, rules=rules).ripe, queries.worth_of(at=later, rules=rules).acted) == (1, 0)
    with writing():
        Obligation.objects.filter(pk=gone.pk).update(done_at=NOW + 5 * DAY, is_open=False)
    assert queries.worth_of(at=later, rules=rules).acted == 1
    look(0.2)
    assert not Lead.objects.filter(kind="missed", key=lead.key, state="raised").exists(), "it comes again only with a child it did not name"
