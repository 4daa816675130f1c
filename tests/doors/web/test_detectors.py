"""What the detectors found, in the browser: seen by those who may see the matter, owned by name, and set aside with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lodestar.actions import detectors
from lodestar.core.access.scope import system_actor
from lodestar.store.models import AuditRow, Hit, Matter
from tests.actions.conftest import HOUR, Force

PageOf = Callable[[str], Client]
MISSING = "no photograph is ready to use"


@pytest.fixture
def hit(force: Force) -> Hit:
    """A child at high risk for three hours, and no photograph; their sergeant owns it."""
    at = timezone.now() - 3 * HOUR
    matter = force.report(at=at, since_from=at, since_to=at)
    force.grade(matter, "high", by="hazel", at=at)
    detectors.look(actor=system_actor("test"), now=timezone.now())
    return Hit.objects.get()


def aside(hit: Hit) -> str:
    return f"/detectors/findings/{hit.pk}/set-aside/"


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_it_is_on_the_list_the_matter_and_the_child_with_its_owner_and_how_late_it_is(page_of: PageOf, hit: Hit) -> None:
    hazel = page_of("hazel")
    for path in ("/detectors/", f"/matters/{hit.matter_id}/", f"/people/{hit.person_id}/"):
        told = words(hazel, path)
        assert MISSING in told
        assert "Sgt Maud Alder" in told
        assert "1 hour late" in told
    assert f"/matters/{hit.matter_id}/done/photograph_referred_to/" in words(hazel, f"/matters/{hit.matter_id}/")
    assert "(1 open)" in words(hazel, "/duty/")
    assert "(1 open, 1 yours)" in words(page_of("alder"), "/desks/")


def test_whoever_may_not_see_the_matter_sees_nothing_of_it(page_of: PageOf, hit: Hit) -> None:
    birch = page_of("birch")  # the other district's sergeant
    told = words(birch, "/detectors/")
    assert MISSING not in told
    assert "Marsh" not in told
    assert "open)" not in words(birch, "/duty/")
    for path in (aside(hit), f"/matters/{hit.matter_id}/", f"/people/{hit.person_id}/"):
        assert birch.get(path).status_code == 404
    assert birch.post(aside(hit), {"seen_version": 1, "reason": "Not mine"}).status_code == 404
    hit.refresh_from_db()
    assert hit.state == "open"


def test_a_governance_reader_sees_every_rule_and_its_counts_and_no_child(page_of: PageOf, hit: Hit) -> None:
    told = words(page_of("oak"), "/detectors/")
    for part in (
        "Child at high risk without a photograph",
        "Duty sergeant",
        "not verified",
        "31 December 2027",
        "<strong>1</strong> found",
    ):
        assert part in told
    assert "Marsh" not in told
    assert hit.matter.reference not in told


def test_the_page_is_not_there_for_those_without_duty(page_of: PageOf, hit: Hit) -> None:
    assert page_of("yew").get("/detectors/").status_code == 404
    assert page_of("holly").get(aside(hit)).status_code == 404


def test_looking_at_the_list_and_at_the_form_leaves_who_looked(page_of: PageOf, hit: Hit) -> None:
    hazel = page_of("hazel")
    words(hazel, "/detectors/")
    assert AuditRow.objects.get(verb="detectors.seen").detail["ids"] == [hit.matter_id]
    words(hazel, aside(hit))
    assert AuditRow.objects.filter(verb="matter.seen", subject_id=str(hit.matter_id)).count() == 1


def test_a_reason_is_asked_for_once_and_stands_on_the_matter_for_others_to_read(page_of: PageOf, hit: Hit) -> None:
    alder, reason = page_of("alder"), "The home holds none, and her mother has none"
    answer = alder.post(aside(hit), {"seen_version": 1, "reason": " "})
    assert answer.status_code == 422
    assert "“Why is this no concern here?” needs an answer." in answer.content.decode()
    stale = alder.post(aside(hit), {"seen_version": 9, "reason": reason})
    assert stale.status_code == 409
    assert reason in stale.content.decode()
    done = alder.post(aside(hit), {"seen_version": 1, "reason": reason}, follow=True)
    told = done.content.decode()
    assert done.status_code == 200
    assert "Set aside. Your reason stands on record" in told
    assert reason in told
    assert "Set aside by a person: Sgt Maud Alder" in told
    assert Matter.objects.get(pk=hit.matter_id).is_open
    assert MISSING not in words(page_of("hazel"), f"/people/{hit.person_id}/")
    assert "Set aside by a person: 1" in words(page_of("oak"), "/detectors/")


def test_a_second_person_is_told_that_it_has_ended_and_no_form_is_shown(page_of: PageOf, hit: Hit, force: Force) -> None:
    asked = {"hit_id": hit.pk, "seen_version": 1, "reason": "None is held", "now": timezone.now()}
    detectors.set_aside(actor=force.actor("alder"), **asked)
    hazel = page_of("hazel")
    told = words(hazel, aside(hit))
    assert "This has ended already" in told
    assert "<textarea" not in told
    answer = hazel.post(aside(hit), {"seen_version": 2, "reason": "None is held"})
    assert answer.status_code == 422
    assert "This has ended already. Nothing more is needed." in answer.content.decode()


def test_the_list_can_be_asked_for_one_rule_and_for_one_s_own(page_of: PageOf, hit: Hit) -> None:
    hazel = page_of("hazel")
    assert MISSING in words(hazel, "/detectors/?rule=DET-HIGH-RISK-PHOTOGRAPH")
    assert MISSING not in words(hazel, "/detectors/?rule=DET-REPEAT-STRATEGY")
    assert MISSING not in words(hazel, "/detectors/?mine=on")
    assert MISSING in words(page_of("alder"), "/detectors/?mine=on")
    assert MISSING in words(hazel, "/detectors/?rule=no-such-rule")


def test_a_notice_of_it_leads_to_the_matter(page_of: PageOf, hit: Hit) -> None:
    alder = page_of("alder")
    notice = hit.owner.notices.get(kind="detector")
    assert "Marsh" not in notice.text
    assert alder.post(f"/notices/{notice.pk}/")["Location"] == f"/matters/{hit.matter_id}/"


def test_what_is_mended_is_told_as_put_right(page_of: PageOf, hit: Hit) -> None:
    hazel, at = page_of("hazel"), timezone.now()
    said = {"seen_version": 9, "at": f"{timezone.localtime(at):%d/%m/%Y %H:%M}", "reference": "N-4411", "likeness": "January; good"}
    assert hazel.post(f"/matters/{hit.matter_id}/done/photograph_referred_to/", said).status_code == 302
    detectors.look(actor=system_actor("test"), now=at + timedelta(minutes=1))
    told = words(hazel, f"/matters/{hit.matter_id}/")
    assert "Put right" in told
    assert "Nothing now." in told
