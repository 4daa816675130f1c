"""What the detectors find is one hit with one owner, ends as it should, and moves nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lodestar.actions import access, detectors, sweeping
from lodestar.actions.matters import deeds
from lodestar.core.access.scope import system_actor
from lodestar.core.reports.draft import Subject
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, Hit, Matter, Notice, Shift, User
from lodestar.store.queries import detectors as queries
from tests.actions.conftest import HOUR, NOW, Force

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test")
DAY = timedelta(days=1)
PHOTOGRAPH = {"reference": "Custody system, N-4411", "likeness": "Taken in January; a good likeness"}


def high(force: Force, at: datetime = NOW, **changes: object) -> Matter:
    """A child at high risk since the report; children's services told, so that nothing else is absent."""
    matter = force.report(at=at, **changes)
    force.grade(matter, "high", by="hazel", at=at)
    told = {"person_told": "Una Lime, duty worker", "what": "Missing, high", "power": "Children Act 2004 s.11"}
    record(force, matter, "told_children_services", at, **told)
    return matter


def record(force: Force, matter: Matter, code: str, at: datetime, by: str = "hazel", **said: str) -> None:
    deeds.record_deed(actor=force.actor(by, at), matter_id=matter.pk, code=code, at=at, said=said, now=at)


def look(at: datetime) -> int:
    return detectors.look(actor=SYSTEM, now=at)


def test_nothing_is_found_before_its_time_and_one_hit_after_it(force: Force) -> None:
    matter = high(force)
    assert look(NOW + HOUR) == 0
    assert look(NOW + 3 * HOUR) == 1
    hit = Hit.objects.get()
    assert (hit.detector, hit.matter_id, hit.state, hit.wanted_from) == ("DET-HIGH-RISK-PHOTOGRAPH", matter.pk, "open", NOW)
    assert hit.owner == force.users["alder"], "the rule's post is the duty sergeant of the child's district"
    assert hit.expires_at == datetime(2028, 1, 1, tzinfo=UTC)
    assert Notice.objects.filter(user=hit.owner, kind="detector").count() == 1
    assert not {"Mina", "Marsh"} & set(Notice.objects.get(kind="detector").text.replace(":", " ").split())


def test_a_second_look_changes_nothing(force: Force) -> None:
    high(force)
    look(NOW + 3 * HOUR)
    before = list(Hit.objects.values())
    assert (look(NOW + 3 * HOUR), look(NOW + 4 * HOUR)) == (0, 0)
    assert list(Hit.objects.values()) == before
    assert AuditRow.objects.filter(verb="hit.found").count() == 1


def test_two_looks_at_once_keep_one_hit(force: Force) -> None:
    high(force)
    first, second = queries.changes(at=NOW + 3 * HOUR), queries.changes(at=NOW + 3 * HOUR)
    assert [detectors.carry_out(actor=SYSTEM, change=one, now=NOW + 3 * HOUR) for one in (*first, *second)] == [True, False]
    assert Hit.objects.count() == 1


def test_the_database_itself_refuses_a_second_open_hit_and_a_state_outside_the_table(force: Force) -> None:
    high(force)
    look(NOW + 3 * HOUR)
    for changes in ({}, {"state": "dismissed"}):
        row = Hit.objects.get()
        row.pk = None
        for name, value in changes.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic(), writing():
            row.save(force_insert=True)


def test_a_hit_ends_by_itself_when_the_absence_is_mended(force: Force) -> None:
    matter = high(force)
    look(NOW + 3 * HOUR)
    record(force, matter, "photograph_referred_to", NOW + 4 * HOUR, **PHOTOGRAPH)
    assert look(NOW + 4 * HOUR) == 1
    hit = Hit.objects.get()
    assert (hit.state, hit.settled_at, hit.settled_by) == ("made_good", NOW + 4 * HOUR, None)
    assert look(NOW + 4 * HOUR) == look(NOW + 5 * HOUR) == 0


def test_what_was_never_done_has_lapsed_when_the_child_is_found(force: Force) -> None:
    matter = high(force)
    look(NOW + 3 * HOUR)
    force.found(matter, at=NOW + 5 * HOUR)
    look(NOW + 6 * HOUR)
    assert Hit.objects.get().state == "lapsed"


def test_a_hit_moves_nothing_on_its_matter(force: Force) -> None:
    matter = high(force)
    at = NOW + 3 * HOUR
    before = Matter.objects.filter(pk=matter.pk).values().get()
    look(at)
    detectors.set_aside(actor=force.actor("hazel", at), hit_id=Hit.objects.get().pk, seen_version=1, reason="None is held", now=at)
    assert Matter.objects.filter(pk=matter.pk).values().get() == before


def test_set_aside_with_a_reason_it_is_not_found_again_while_it_lasts(force: Force) -> None:
    high(force)
    at = NOW + 3 * HOUR
    look(at)
    hit = Hit.objects.get()
    detectors.set_aside(actor=force.actor("alder", at), hit_id=hit.pk, seen_version=1, reason=" None is held anywhere ", now=at)
    hit.refresh_from_db()
    assert (hit.state, hit.settled_by, hit.settled_reason) == ("set_aside", force.users["alder"], "None is held anywhere")
    assert look(at + HOUR) == 0
    assert AuditRow.objects.get(verb="hit.put_aside").subject_id == str(hit.pk)


def test_setting_aside_is_refused_without_a_reason_to_a_stale_page_and_once_it_has_ended(force: Force) -> None:
    high(force)
    at = NOW + 3 * HOUR
    look(at)
    asked = {"actor": force.actor("alder", at), "hit_id": Hit.objects.get().pk, "now": at}
    with pytest.raises(Refused) as refused:
        detectors.set_aside(**asked, seen_version=1, reason="  ")
    assert [one.field for one in refused.value.refusals] == ["reason"]
    with pytest.raises(Conflict):
        detectors.set_aside(**asked, seen_version=7, reason="None is held")
    detectors.set_aside(**asked, seen_version=1, reason="None is held")
    with pytest.raises(Refused) as refused:
        detectors.set_aside(**asked, seen_version=2, reason="None is held")
    assert [one.code for one in refused.value.refusals] == ["detector.ended"]
    assert AuditRow.objects.filter(verb="hit.put_aside", outcome="refused").count() == 2


def test_only_somebody_with_the_permission_in_reach_sets_a_hit_aside(force: Force) -> None:
    high(force)
    at = NOW + 3 * HOUR
    look(at)
    asked = {"hit_id": Hit.objects.get().pk, "seen_version": 1, "reason": "None is held", "now": at}
    for who, error in (("holly", Refused), ("oak", Refused), ("birch", NotVisible)):
        with pytest.raises(error):
            detectors.set_aside(actor=force.actor(who, at), **asked)
    assert Hit.objects.get().state == "open"


def test_a_hit_falls_to_whoever_is_on_duty_when_its_owner_leaves_and_comes_to_rest_there(force: Force) -> None:
    high(force)
    with writing():
        Shift.objects.filter(user=force.users["alder"], from_at__gt=NOW).update(called_off_at=NOW)
        Shift.objects.filter(user=force.users["alder"], from_at__lte=NOW, until_at__gt=NOW).update(until_at=NOW + 4 * HOUR)
    look(NOW + 3 * HOUR)
    assert Hit.objects.get().owner.username == "alder"
    assert look(NOW + 5 * HOUR) == 1
    hit = Hit.objects.get()
    assert (hit.owner.username, hit.state) == ("cedar", "open")
    assert hit.because
    assert Notice.objects.filter(user=hit.owner, kind="detector").count() == 1
    assert AuditRow.objects.get(verb="hit.fell_to").detail["to"] == hit.owner_id
    assert look(NOW + 5 * HOUR) == look(NOW + 6 * HOUR) == 0


def test_with_nobody_on_duty_it_stays_with_somebody_and_does_not_go_round(force: Force) -> None:
    high(force)
    look(NOW + 3 * HOUR)
    with writing():
        Shift.objects.update(called_off_at=NOW + 4 * HOUR)
    look(NOW + 5 * HOUR)
    assert Hit.objects.get().owner_id
    assert look(NOW + 5 * HOUR) == look(NOW + 6 * HOUR) == 0


def test_an_open_hit_speaks_against_closing_its_owner_s_account_until_it_has_fallen_to_another(force: Force) -> None:
    matter = high(force)
    look(NOW + 3 * HOUR)
    owner = Hit.objects.get().owner
    with pytest.raises(Refused) as refused:
        access.close_account(actor=force.actor("yew"), user_id=owner.pk, now=NOW + 3 * HOUR)
    said = next(one.sentence for one in refused.value.refusals if one.code == "leaving.hits")
    assert said.startswith(f"What the detectors found on {matter.reference} is theirs.")
    with writing():
        Shift.objects.filter(user=owner).update(called_off_at=NOW + 3 * HOUR)
    look(NOW + 4 * HOUR)
    with pytest.raises(Refused) as refused:
        access.close_account(actor=force.actor("yew"), user_id=owner.pk, now=NOW + 4 * HOUR)
    assert "leaving.hits" not in {one.code for one in refused.value.refusals}


def test_a_hit_whose_owner_has_no_account_any_more_falls_to_another(force: Force) -> None:
    high(force)
    look(NOW + 3 * HOUR)
    owner = Hit.objects.get().owner
    with writing():
        User.objects.filter(pk=owner.pk).update(is_active=False)
        Shift.objects.filter(user=owner).update(called_off_at=NOW + 3 * HOUR)
    look(NOW + 4 * HOUR)
    assert Hit.objects.get().owner != owner


def test_after_the_rule_s_last_day_its_open_hits_end_as_that_and_no_new_ones_begin(force: Force) -> None:
    high(force)
    look(NOW + 3 * HOUR)
    late = datetime(2028, 1, 1, 12, tzinfo=UTC)
    look(late)
    assert Hit.objects.get().state == "detector_expired"
    assert look(late + HOUR) == 0


def test_the_minute_s_sweep_looks(force: Force) -> None:
    high(force)
    assert sweeping.sweep(actor=SYSTEM, now=NOW + 3 * HOUR).hits == 1
    assert Hit.objects.filter(detector="DET-HIGH-RISK-PHOTOGRAPH", state="open").count() == 1


MINA = Subject("Mina", "Marsh", date(2011, 5, 4), responsible_authority="shire", keys={"nhs_number": "9434765919"})


def report(force: Force, number: int, at: datetime) -> Matter:
    matter = force.report(at=at, external_id=f"R-{number}", since_from=at, since_to=at, subject=MINA)
    told = {"person_told": "Una Lime, duty worker", "what": "Missing", "power": "Children Act 2004 s.11"}
    record(force, matter, "told_children_services", at, **told)
    return matter


def again_and_again(force: Force, times: int) -> tuple[Matter, datetime]:
    """A child missing so many times, three days apart, each matter ended before the next; the last one and its time."""
    at = NOW
    for number in range(times):
        at = NOW + number * 3 * DAY
        matter = report(force, number, at)
        if number + 1 < times:
            with writing():
                Matter.objects.filter(pk=matter.pk).update(is_open=False, state="closed", closed_at=at + HOUR)
    return matter, at


def strategy(force: Force) -> Hit:
    return Hit.objects.get(detector="DET-REPEAT-STRATEGY")


def test_missing_three_times_without_a_discussion_is_one_hit_on_the_newest_matter_for_as_long_as_it_lasts(force: Force) -> None:
    matter, at = again_and_again(force, 3)
    look(at + 23 * HOUR)
    assert not Hit.objects.filter(detector="DET-REPEAT-STRATEGY").exists()
    look(at + 25 * HOUR)
    hit = strategy(force)
    assert (hit.matter_id, hit.wanted_from, hit.owner.username) == (matter.pk, at, "hazel")
    for days in (30, 100, 300):  # nobody mends it by waiting
        look(at + days * DAY)
        assert strategy(force).state == "open"
    record(force, matter, "multi_agency_meeting_held", at + 300 * DAY, attended="All three", decided="A plan")
    look(at + 300 * DAY)
    assert strategy(force).state == "made_good"


def test_another_report_does_not_make_a_second_hit_of_the_same_absence(force: Force) -> None:
    _, at = again_and_again(force, 3)
    look(at + 25 * HOUR)
    with writing():
        Matter.objects.update(is_open=False, state="closed", closed_at=at + 26 * HOUR)
    report(force, 9, at + 5 * DAY)
    look(at + 7 * DAY)
    assert strategy(force).wanted_from == at


def test_looking_takes_as_many_queries_for_many_matters_as_for_one(force: Force) -> None:
    def taken() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            queries.changes(at=NOW + 30 * HOUR)
        return len(caught)

    high(force)
    few = taken()
    for number in range(6):
        born = date(2010, 1, 1 + number)
        high(force, external_id=f"Q-{number}", subject=Subject(given_name=f"Ola{number}", family_name=f"Quarry{number}", birth_date=born))
    assert Matter.objects.count() == 7
    assert taken() == few <= 12
    look(NOW + 30 * HOUR)
    assert Hit.objects.count() == 7
    assert taken() <= few + 1
