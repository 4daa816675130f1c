"""A missing child from report to closure, through the real actions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lodestar.actions.matters import closing, finding
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.store.models import AuditRow, Change, Holding, Matter, Notice, Obligation, Report
from tests.actions.conftest import HOUR, NOW, Force


def owed(matter: Matter) -> dict[str, Obligation]:
    return {row.rule: row for row in Obligation.objects.filter(matter=matter, is_open=True).order_by("-due_at")}


def test_a_report_opens_a_matter_that_one_named_person_answers_for(force: Force) -> None:
    matter = force.report()
    assert matter.state == "reported"
    assert matter.holder == force.users["alder"], "the lead of the district's two sergeants on duty"
    assert Holding.objects.get(matter=matter).from_at == NOW


def test_obligations_exist_before_they_are_due(force: Force) -> None:
    rows = owed(force.report())
    assert {"MIS-FIRST-GRADE", "MIS-CHILDRENS-SERVICES", "MIS-UKMPU", "MIS-CIRCULATION"} <= set(rows)
    assert all(row.due_at > NOW for row in rows.values())
    assert rows["MIS-UKMPU"].due_at == NOW + 72 * HOUR


def test_the_same_report_twice_is_one_report(force: Force) -> None:
    first, again = force.report(), force.report()
    assert first.pk == again.pk
    assert Report.objects.count() == 1
    assert AuditRow.objects.filter(verb="report.repeated").count() == 1


def test_a_grade_makes_reviews_owed_in_advance(force: Force) -> None:
    matter = force.report()
    assert force.grade(matter, "medium")
    rows = owed(matter)
    assert "MIS-FIRST-GRADE" not in rows
    assert rows["MIS-LATEST-REVIEW"].due_at == NOW + 2 * HOUR
    assert "MIS-SUPERVISOR-REVIEW" in rows


def test_a_grade_is_refused_when_what_the_force_holds_was_not_read(force: Force) -> None:
    matter = force.report()
    with pytest.raises(Refused) as refused:
        force.grade(matter, saw="something older")
    assert [item.code for item in refused.value.refusals] == ["grade.not_seen"]
    assert AuditRow.objects.filter(verb="matter.graded", outcome="refused").count() == 1, "a refused write leaves a trace"


def test_lowering_a_grade_waits_for_a_second_person(force: Force) -> None:
    matter = force.report()
    force.grade(matter, "high")
    assert not force.grade(matter, "medium", reason="Seen on a bus by her aunt", at=NOW + HOUR)
    assert matter.level == "high"


def test_located_is_not_enough_to_be_back(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    finding.locate(
        actor=force.actor("alder"), matter_id=matter.pk, seen_version=matter.version, at=NOW, by="PC Rowan", where="Bus", now=NOW
    )
    matter.refresh_from_db()
    with pytest.raises(Refused) as refused:
        finding.record_return(actor=force.actor("alder"), matter_id=matter.pk, seen_version=matter.version, at=NOW, now=NOW)
    assert refused.value.refusals[0].code == "return.wellbeing_first"


def test_closing_is_refused_with_the_whole_list_of_what_is_missing(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    force.found(matter)
    with pytest.raises(Refused) as refused:
        force.close(matter)
    codes = {item.code for item in refused.value.refusals}
    assert codes == {"closing.interview", "closing.return_interview", "closing.referral", "closing.check"}


def test_with_everything_there_it_closes_and_the_return_interview_stays_owed(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    force.found(matter)
    assert owed(matter)["MIS-RHI-HELD"].due_at == NOW + HOUR + timedelta(hours=72)
    force.evidence(matter)
    force.close(matter)
    assert matter.state == "closed"
    assert not matter.is_open
    left = set(owed(matter))
    assert {"MIS-RHI-OFFERED", "MIS-RHI-HELD"} <= left
    assert "MIS-SUPERVISOR-REVIEW" not in left


def test_a_reopened_matter_keeps_its_original_clock(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    force.found(matter)
    force.evidence(matter)
    force.close(matter)
    later = NOW + 30 * HOUR
    closing.reopen_matter(
        actor=force.actor("hazel", later), matter_id=matter.pk, seen_version=matter.version, reason="It was her cousin", now=later
    )
    matter.refresh_from_db()
    assert (matter.state, matter.reported_at, matter.located_at) == ("active", NOW, None)
    assert "MIS-SUPERVISOR-REVIEW" in owed(matter)


def test_a_stale_page_changes_nothing(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    with pytest.raises(Conflict):
        finding.start_enquiries(actor=force.actor("alder"), matter_id=matter.pk, seen_version=matter.version - 1, now=NOW)
    assert AuditRow.objects.filter(verb="matter.started", outcome="conflict").count() == 1


def test_what_may_not_be_seen_looks_as_if_it_were_not_there(force: Force) -> None:
    matter = force.report()
    for who in ("birch", "oak", "yew"):
        with pytest.raises((NotVisible, Refused)):
            finding.start_enquiries(actor=force.actor(who), matter_id=matter.pk, seen_version=matter.version, now=NOW)
    matter.refresh_from_db()
    assert matter.state == "reported"


def test_every_step_wakes_the_boards_and_tells_whoever_answers(force: Force) -> None:
    matter = force.report()
    assert Change.objects.filter(matter_id=matter.pk).exists()
    assert Notice.objects.filter(user=force.users["alder"], kind="answers").count() == 1


def test_no_name_of_a_child_is_in_a_notice_or_an_audit_row(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    for text in (*Notice.objects.values_list("text", flat=True), *map(str, AuditRow.objects.values_list("detail", flat=True))):
        assert "Mina" not in text
        assert "Marsh" not in text


def test_a_report_is_taken_in_even_when_nobody_is_on_any_shift(force: Force) -> None:
    later = NOW + timedelta(days=60)
    matter = force.report(at=later)
    assert matter.holder == force.users["elm"], "the first duty inspector by name, until somebody is put on"
    assert "Nobody is on any shift" in Holding.objects.get(matter=matter).because
