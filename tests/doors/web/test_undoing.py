"""A join undone on its page: whoever reads an old page undoes no newer join, and what they wrote is not lost."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from lodestar.core.times import say_date
from lodestar.store.models import AuditRow, Link
from tests.actions.conftest import HOUR, Force

PageOf = Callable[[str], Client]
REASON = "The aunt says they are cousins"


def test_two_who_read_the_same_join_undo_it_once(page_of: PageOf, force: Force) -> None:
    at = timezone.now() - HOUR
    report = force.report(at=at, since_from=at, since_to=at).matter_reports.get().report
    path, said = f"/reports/{report.pk}/take-off/", {"reason": REASON, "seen_version": 1}
    hazel, holly = page_of("hazel"), page_of("holly")
    assert 'name="seen_version" value="1"' in hazel.get(path).content.decode()
    assert hazel.post(path, said).status_code == 302
    late = holly.post(path, said)
    shown = late.content.decode()
    assert late.status_code == 409
    assert "Somebody else changed this while you were working" in shown
    assert REASON in shown and 'name="seen_version" value="3"' in shown, "nothing typed is lost, and the join that counts now is shown"
    assert Link.objects.filter(report=report, joined=False).count() == 1
    assert holly.post(path, {**said, "seen_version": 3}).status_code == 302, "having read it, she may"
    assert Link.objects.filter(report=report, joined=False).count() == 2


def test_only_the_join_that_counts_can_be_undone_from_a_page(page_of: PageOf, force: Force) -> None:
    at = timezone.now() - HOUR
    matter = force.report(at=at, since_from=at, since_to=at)
    report, old, hazel = matter.matter_reports.get().report, matter.person_id, page_of("hazel")
    offered = f"the join of report {report.pk}"
    assert offered in hazel.get(f"/people/{old}/").content.decode()
    made = hazel.post(f"/reports/{report.pk}/take-off/", {"reason": REASON, "seen_version": 1})
    assert offered not in hazel.get(f"/people/{old}/").content.decode(), "from there it would take the report off somebody else"
    assert offered in hazel.get(made["Location"]).content.decode()


def test_the_page_sets_the_report_beside_the_record_and_leaves_who_looked_at_both(page_of: PageOf, force: Force) -> None:
    at = timezone.now() - HOUR
    matter = force.report(at=at, since_from=at, since_to=at)
    report, person = matter.matter_reports.get().report, matter.person
    shown = page_of("hazel").get(f"/reports/{report.pk}/take-off/").content.decode()
    assert f"Person {person.pk}, born {say_date(person.birth_date)}" in shown, "two of one name are told apart"
    assert f"Field by field: the report beside {person.given_name} {person.family_name}" in shown
    assert "Agrees" in shown
    seen = AuditRow.objects.filter(actor_id=force.users["hazel"].pk, outcome="seen").values_list("verb", "subject_kind", "subject_id")
    assert {("report.seen", "report", str(report.pk)), ("people.compared", "person", str(person.pk))} <= set(seen)
    assert "people compared" in page_of("holly").get(f"/people/{person.pk}/").content.decode(), "it stands on the child's page"
