"""Meetings through the real actions: planned ahead with one name, prepared from what is due, held, decided, frozen, corrected."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lodestar.actions.packs import decisions, freezing, meetings
from lodestar.config.writers import WRITERS
from lodestar.core.access.scope import system_actor
from lodestar.core.packs.content import digest_of
from lodestar.core.packs.forms import differing, digests, rendering
from lodestar.core.packs.lifecycle import Wanted
from lodestar.core.packs.paper import paper_of
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, Deed, Figure, Matter, Meeting, MeetingAction, Notice, Obligation, Pack
from lodestar.store.queries import measures as measure_queries
from lodestar.store.queries import packs as queries
from tests.actions.conftest import NOW, Force
from tests.actions.test_hospital import detention, record

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SYSTEM = system_actor("test")
CHARGED = {
    "charges": "Theft from a shop, Theft Act 1968 s.1",
    "imprisonable": "yes",
    "specified": "no",
    "murder": "no",
    "section_25": "no",
    "sitting": (NOW + 24 * HOUR).isoformat(),
    "court": "Shire Youth Court",
}
KEPT = {
    "grounds": "will_not_answer_bail",
    "facts": "Missed court twice",
    "conditions": "Curfew: broken before",
    "package": "None",
    "representations": "None",
    "presence": "yes",
    "told_at": (NOW + 5 * HOUR).isoformat(),
    "adult_present": "yes",
}
WANTED = Wanted(
    "Why was nobody asked before ten?",
    "The desk was short",
    "A bed was asked for late",
    "Write the order of calls down",
    None,
    NOW + 9 * DAY,
)


@pytest.fixture
def matter(force: Force) -> Matter:
    """A child charged and kept."""
    row = detention(force)
    record(force, row, "child_charged", NOW + 4 * HOUR, **CHARGED)
    record(force, row, "bail_refused", NOW + 5 * HOUR, **KEPT)
    row.refresh_from_db()
    return row


def planned(code: str = "PACK-DAILY", number: int = 0) -> Meeting:
    meetings.plan(actor=SYSTEM, now=NOW)
    return Meeting.objects.filter(template=code).order_by("due_at")[number]


def begun(force: Force, row: Meeting, who: str = "elm") -> Meeting:
    actor, at = force.actor(who, row.due_at), row.due_at
    meetings.prepare(actor=actor, meeting_id=row.pk, seen_version=row.version, now=at)
    meetings.hold(actor=actor, meeting_id=row.pk, seen_version=row.version + 1, attended="Insp Elm, Sgt Hazel, Una Lime", now=at)
    row.refresh_from_db()
    return row


def wanted(force: Force, **changes: Any) -> Wanted:
    return replace(WANTED, owner=force.users["hazel"].pk, **changes)


def decide(force: Force, row: Meeting, matter: Matter, who: str = "elm", **changes: Any) -> int:
    return decisions.decide(
        actor=force.actor(who, row.due_at), meeting_id=row.pk, key=f"custody:{matter.pk}", wanted=wanted(force, **changes), now=row.due_at
    )


def freeze(force: Force, row: Meeting, who: str = "elm", at: datetime | None = None, reason: str = "") -> Pack:
    row.refresh_from_db()
    at = at or row.due_at + HOUR
    actor = force.actor(who, at)
    number = freezing.freeze(actor=actor, meeting_id=row.pk, seen_version=row.version, reason=reason, writers=WRITERS, now=at)
    row.refresh_from_db()
    return Pack.objects.get(pk=number)


def codes(deed: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refused:
        deed()
    return [one.code for one in refused.value.refusals]


def test_meetings_are_there_before_they_are_due_each_with_one_name_and_planning_twice_makes_none_twice(force: Force) -> None:
    made = meetings.plan(actor=SYSTEM, now=NOW)
    assert made == Meeting.objects.count() > 10
    assert set(Meeting.objects.values_list("template", flat=True)) == {one.code for one in queries.templates(on=NOW.date())}
    assert meetings.plan(actor=SYSTEM, now=NOW + HOUR) == 0
    owed = Obligation.objects.filter(subject_kind="meeting")
    assert owed.count() == made
    first = owed.filter(rule="PACK-DAILY-HELD").earliest("due_at")
    assert (first.owed_by, first.owed_post) == (force.users["elm"], "duty_inspector")
    assert first.due_at == Meeting.objects.get(pk=first.subject_id).due_at + 4 * HOUR


def test_whoever_the_rota_names_by_then_owes_the_meeting(force: Force) -> None:
    row = planned()
    owed = Obligation.objects.get(subject_kind="meeting", subject_id=row.pk)
    with_hazel = {"owed_by": force.users["hazel"]}
    with writing():
        Obligation.objects.filter(pk=owed.pk).update(**with_hazel)
    assert meetings.name_chairs(actor=SYSTEM, now=NOW) == 1
    owed.refresh_from_db()
    assert owed.owed_by == force.users["elm"]
    assert AuditRow.objects.filter(verb="meeting.chair_named").count() == 1


def test_the_agenda_is_what_is_due_and_an_agenda_alone_satisfies_nothing(force: Force, matter: Matter) -> None:
    row = begun(force, planned())
    (custody,) = (part for part in queries.agenda_of(row) if part.code == "custody")
    (item,) = custody.items
    assert (item.matter, item.child, item.owed) == (matter.pk, matter.person_id, True)
    assert ("Asked of the local authority", "Nothing is on record") in item.facts
    assert "Mina" not in json.dumps(row.agenda)
    assert Obligation.objects.get(matter=matter, rule="CUS-DAILY-MEETING").is_open


def test_a_decision_is_the_scrutiny_that_was_owed_and_its_action_runs_on_a_clock(force: Force, matter: Matter) -> None:
    row = begun(force, planned())
    decide(force, row, matter)
    owed = Obligation.objects.get(matter=matter, rule="CUS-DAILY-MEETING")
    assert (owed.is_open, owed.done_at) == (False, row.due_at)
    deed = Deed.objects.get(matter=matter, code="daily_meeting_scrutinised")
    assert deed.detail["asked"].startswith("Why was nobody asked before ten?")
    action = MeetingAction.objects.get()
    clock = Obligation.objects.get(subject_kind="meeting_action", subject_id=action.pk)
    assert (clock.owed_by, clock.due_at, clock.matter) == (force.users["hazel"], WANTED.due_at, matter)
    assert Notice.objects.filter(user=force.users["hazel"], kind="meeting_action").exists()
    decisions.finish_action(
        actor=force.actor("hazel", NOW + 3 * DAY), action_id=action.pk, seen_version=action.version, outcome="Written", now=NOW + 3 * DAY
    )
    clock.refresh_from_db()
    assert (clock.is_open, clock.done_at) == (False, NOW + 3 * DAY)


def test_only_the_owner_says_that_an_action_is_done(force: Force, matter: Matter) -> None:
    row = begun(force, planned())
    decide(force, row, matter)
    action = MeetingAction.objects.get()
    with pytest.raises(NotVisible):
        decisions.finish_action(actor=force.actor("elm"), action_id=action.pk, seen_version=1, outcome="Done", now=NOW + DAY)

    def says_nothing() -> None:
        decisions.finish_action(actor=force.actor("hazel"), action_id=action.pk, seen_version=1, outcome=" ", now=NOW + DAY)

    assert codes(says_nothing) == ["meeting_action.reason_owed"]
    later = planned(number=1)
    meetings.prepare(actor=force.actor("elm", later.due_at), meeting_id=later.pk, seen_version=1, now=later.due_at)
    later.refresh_from_db()
    (carried,) = (part for part in queries.agenda_of(later) if part.code == "actions")
    assert [one.matter for one in carried.items] == [matter.pk], "it is carried forward until it is done"


def test_what_names_the_child_is_kept_out_of_the_anonymised_words(force: Force, matter: Matter) -> None:
    row = begun(force, planned())
    assert codes(lambda: decide(force, row, matter, narrative="Marsh waited four hours")) == ["meeting.names"]
    assert not MeetingAction.objects.exists()


def test_decisions_are_recorded_only_while_the_meeting_is_held_and_by_those_who_chair(force: Force, matter: Matter) -> None:
    row = planned()
    assert codes(lambda: decide(force, row, matter))[0] == "meeting.not_being_held"
    begun(force, row)
    assert codes(lambda: decide(force, row, matter, who="holly")) == ["access.not_permitted"]


def test_a_pack_is_not_frozen_over_a_child_nobody_discussed_unless_it_says_why(force: Force, matter: Matter) -> None:
    row = begun(force, planned())
    assert codes(lambda: freeze(force, row)) == ["pack.left"]
    pack = freeze(force, row, reason="The custody suite had flooded")
    assert queries.content_of(pack)["meeting"]["left"] == "The custody suite had flooded"
    assert Obligation.objects.get(matter=matter, rule="CUS-DAILY-MEETING").is_open, "left is still owed"


def test_a_frozen_pack_has_two_renderings_and_the_anonymised_one_gives_nobody_away(force: Force, matter: Matter) -> None:
    row = begun(force, planned())
    decide(force, row, matter)
    content = queries.content_of(freeze(force, row))
    named = "\n".join(paper_of(content, rendering(content, "named")).lines())
    hidden = "\n".join(paper_of(content, rendering(content, "anonymised")).lines())
    for words in ("Mina Marsh, 14 (M-", "Theft from a shop", "The desk was short", "Write the order of calls down"):
        assert words in named
    for words in ("Mina", "Marsh", matter.reference, "Theft", "The desk was short", "order of calls", "2011", "late,"):
        assert words not in hidden, words
    assert "Child A" in hidden and "A bed was asked for late" in hidden


def test_a_partner_reads_names_only_of_children_their_authority_answers_for(force: Force, matter: Matter) -> None:
    row = begun(force, planned())
    decide(force, row, matter)
    pack = freeze(force, row)
    with pytest.raises(NotVisible):
        queries.pack(actor=force.actor("lime"), pack_id=pack.pk)
    freezing.publish(actor=force.actor("elm", NOW + DAY), meeting_id=row.pk, seen_version=row.version, now=NOW + DAY)
    content = queries.content_of(queries.pack(actor=force.actor("lime"), pack_id=pack.pk))
    view = queries.view_of(actor=force.actor("lime"), matters=[int(key) for key in content["cases"]])
    assert (view.named, view.exact) == (frozenset({matter.pk}), False)
    nobody = queries.view_of(actor=force.actor("oak"), matters=[matter.pk])
    assert (nobody.named, nobody.exact) == (frozenset(), False)
    assert queries.view_of(actor=force.actor("elm"), matters=[matter.pk]).exact


def test_a_frozen_pack_comes_out_again_to_the_same_bytes_and_its_figures_as_they_were_known(force: Force, matter: Matter) -> None:
    missing = force.report(NOW - 3 * DAY, since_from=NOW - 3 * DAY, since_to=NOW - 3 * DAY)
    row = begun(force, planned())
    decide(force, row, matter)
    pack = freeze(force, row)
    assert digest_of(pack.content) == pack.sha256
    content = queries.content_of(pack)
    assert differing(was=pack.forms, now=digests(content, WRITERS)) == ()
    assert differing(was={**pack.forms, "named.pdf": "0"}, now=digests(content, WRITERS)) == ("named.pdf",)
    numbers = [one["kept"] for part in content["sections"] for one in part["figures"]]
    assert numbers and Figure.objects.filter(pk__in=numbers).count() == len(numbers)
    force.found(missing, at=row.due_at + 3 * HOUR)
    assert all(measure_queries.rebuild(figure).same for figure in measure_queries.kept(numbers=numbers))


def test_a_correction_is_a_version_beside_the_old_with_the_same_letters_and_says_why(force: Force, matter: Matter) -> None:
    row = begun(force, planned())
    decide(force, row, matter)
    first = freeze(force, row)
    freezing.publish(actor=force.actor("elm", NOW + DAY), meeting_id=row.pk, seen_version=row.version, now=NOW + DAY)
    row.refresh_from_db()

    def correct(reason: str) -> int:
        actor, at = force.actor("elm", NOW + 2 * DAY), NOW + 2 * DAY
        return freezing.correct(actor=actor, meeting_id=row.pk, seen_version=row.version, reason=reason, writers=WRITERS, now=at)

    assert codes(lambda: correct("")) == ["meeting.reason_owed"]
    second = Pack.objects.get(pk=correct("A date of birth was wrong"))
    old, new = queries.content_of(first), queries.content_of(second)
    assert (second.version, new["frozen"]["replaces"], new["letters"]) == (2, first.sha256, old["letters"])
    row.refresh_from_db()
    assert (row.state, row.published_version) == ("frozen", 1)
    assert queries.newest_pack(row, published_only=True) == first
    with pytest.raises(TypeError, match="never changed"):
        first.save()


def test_a_meeting_not_held_says_why_and_what_was_due_stays_owed(force: Force, matter: Matter) -> None:
    row = planned()
    elm = force.actor("elm", row.due_at)

    def drop(reason: str) -> None:
        meetings.drop(actor=elm, meeting_id=row.pk, seen_version=row.version, reason=reason, now=row.due_at)

    assert codes(lambda: drop(" ")) == ["meeting.reason_owed"]
    drop("Nobody of the custody suite could come")
    row.refresh_from_db()
    owed = Obligation.objects.get(subject_kind="meeting", subject_id=row.pk)
    assert (row.state, owed.is_open, owed.done_at) == ("not_held", False, None)
    assert Obligation.objects.get(matter=matter, rule="CUS-DAILY-MEETING").is_open
    meetings.reinstate(actor=elm, meeting_id=row.pk, seen_version=row.version, reason="Held at noon", now=row.due_at + HOUR)
    owed.refresh_from_db()
    assert owed.is_open


def test_two_people_who_begin_one_meeting_are_told_and_one_wins(force: Force) -> None:
    row = planned()
    meetings.prepare(actor=force.actor("elm"), meeting_id=row.pk, seen_version=1, now=NOW)
    with pytest.raises(Conflict):
        meetings.prepare(actor=force.actor("hazel"), meeting_id=row.pk, seen_version=1, now=NOW)


def test_a_meeting_one_s_role_does_not_come_to_is_not_there(force: Force) -> None:
    row = planned()
    with pytest.raises(NotVisible):
        queries.meeting(actor=force.actor("oak"), meeting_id=row.pk)
    with pytest.raises(Refused):
        meetings.prepare(actor=force.actor("lime"), meeting_id=row.pk, seen_version=1, now=NOW)
