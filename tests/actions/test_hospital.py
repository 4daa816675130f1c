"""A child in hospital, on the machinery that every desk shares: deeds hold the limits of the law, and nobody's wish does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lodestar.actions import clocks, reports, sweeping
from lodestar.actions.matters import deeds
from lodestar.core.access.scope import system_actor
from lodestar.core.clocks.standing import Standing
from lodestar.core.words import Refused
from lodestar.store.models import Breach, Matter, Obligation, Pause
from lodestar.store.queries.clocks import of_matter
from tests.actions.conftest import NOW, Force

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SYSTEM = system_actor("test")
TREATED = {"purpose": "treatment", "well_enough": "no", "who": "Harford General, with PC Elm"}


def detention(force: Force) -> Matter:
    draft = replace(force.draft(kind="custody", source="Lodestar, Custody", external_id="CR-1"), since_from=None, since_to=None)
    said = {
        "authorised_at": NOW.isoformat(),
        "relevant_time": NOW.isoformat(),
        "age_basis": "stated",
        "arrested_for": "Theft from a shop",
        "exploitation": "no",
    }
    made = reports.receive(actor=force.actor("fir"), draft=draft, raw="raw", now=NOW, opening=said)
    return Matter.objects.get(pk=made.matter_id)


def record(force: Force, matter: Matter, code: str, at: datetime, *, now: datetime | None = None, **said: Any) -> int:
    return deeds.record_deed(actor=force.actor("fir"), matter_id=matter.pk, code=code, at=at, said=said, now=now or at)


def limit(matter: Matter, rule: str = "CUS-24-HOURS") -> Obligation:
    return Obligation.objects.filter(matter=matter, rule=rule, cancelled_at=None).latest("pk")


def spans(row: Obligation) -> list[tuple[datetime, datetime | None]]:
    return list(Pause.objects.filter(obligation=row).order_by("from_at", "pk").values_list("from_at", "until_at"))


def test_the_24_hours_are_held_from_leaving_until_back_and_run_on_while_the_child_is_questioned(force: Force) -> None:
    matter = detention(force)
    row = limit(matter)
    record(force, matter, "gone_to_hospital", NOW + 2 * HOUR, **TREATED)
    assert spans(row) == [(NOW + 2 * HOUR, None)]
    (owed,) = (one for one in of_matter(matter, at=NOW + 40 * HOUR) if one.rule == "CUS-24-HOURS")
    assert (owed.standing, owed.held_words) == (Standing.PAUSED, "Held while in hospital")
    sweeping.sweep(actor=SYSTEM, now=NOW + 40 * HOUR)
    assert not Breach.objects.filter(obligation=row).exists(), "held, so nothing fell due"

    times = {"from_at": (NOW + 3 * HOUR).isoformat(), "until_at": (NOW + 4 * HOUR).isoformat()}
    record(force, matter, "questioned_in_hospital", NOW + 4 * HOUR, **times, who="DC Oak, with his mother")
    record(force, matter, "back_from_hospital", NOW + 6 * HOUR, who="Sgt Fir; discharged, no fracture")
    assert spans(row) == [(NOW + 2 * HOUR, NOW + 3 * HOUR), (NOW + 4 * HOUR, NOW + 6 * HOUR)]
    assert limit(matter).due_at == NOW + 27 * HOUR


def test_questioning_recorded_after_the_return_cuts_what_was_held(force: Force) -> None:
    matter = detention(force)
    record(force, matter, "gone_to_hospital", NOW + HOUR, **TREATED)
    record(force, matter, "back_from_hospital", NOW + 5 * HOUR, who="Sgt Fir")
    assert limit(matter).due_at == NOW + 28 * HOUR
    times = {"from_at": (NOW + 2 * HOUR).isoformat(), "until_at": (NOW + 3 * HOUR).isoformat()}
    record(force, matter, "questioned_in_hospital", NOW + 3 * HOUR, now=NOW + 6 * HOUR, **times, who="DC Oak")
    assert limit(matter).due_at == NOW + 27 * HOUR


def test_what_cannot_be_true_is_refused_and_leaves_nothing_behind(force: Force) -> None:
    matter = detention(force)
    with pytest.raises(Refused) as early:
        record(force, matter, "back_from_hospital", NOW + HOUR, who="Sgt Fir")
    record(force, matter, "gone_to_hospital", NOW + 2 * HOUR, **TREATED)
    with pytest.raises(Refused) as twice:
        record(force, matter, "gone_to_hospital", NOW + 3 * HOUR, **TREATED)
    with pytest.raises(Refused) as future:
        record(force, matter, "back_from_hospital", NOW + 5 * HOUR, now=NOW + 4 * HOUR, who="Sgt Fir")
    found = [refused.value.refusals[0].code for refused in (early, twice, future)]
    assert found == ["custody.not_in_hospital", "custody.in_hospital", "deed.future"]
    assert Pause.objects.filter(obligation__matter=matter, until_at=None).count() == 1


def test_nobody_holds_a_limit_of_the_law_by_hand_nor_lets_it_run(force: Force) -> None:
    matter = detention(force)
    row = limit(matter)
    with pytest.raises(Refused) as refused:
        clocks.pause_clock(actor=force.actor("alder"), obligation_id=row.pk, seen_version=row.version, reason="Busy", now=NOW)
    assert refused.value.refusals[0].code == "clock.held_by_deeds"
    record(force, matter, "gone_to_hospital", NOW + HOUR, **TREATED)
    row = limit(matter)
    with pytest.raises(Refused) as refused:
        clocks.resume_clock(actor=force.actor("alder"), obligation_id=row.pk, seen_version=row.version, now=NOW + 2 * HOUR)
    assert refused.value.refusals[0].code == "clock.held_by_deeds"


def test_the_court_that_passed_while_the_child_lay_unwell_is_owed_anew_and_never_counts_as_late(force: Force) -> None:
    matter = detention(force)
    sits, back = NOW + 20 * HOUR, NOW + 26 * HOUR
    charges = {"charges": "Theft", "imprisonable": "yes", "specified": "no", "murder": "no", "section_25": "no", "court": "Harford"}
    record(force, matter, "child_charged", NOW + HOUR, **charges, sitting=sits.isoformat())
    first = limit(matter, "CUS-FIRST-COURT")
    record(force, matter, "gone_to_hospital", NOW + 2 * HOUR, **TREATED)
    sweeping.sweep(actor=SYSTEM, now=sits + HOUR)
    again = back + 15 * HOUR
    record(force, matter, "back_from_hospital", back, who="Sgt Fir", sitting=again.isoformat())
    sweeping.sweep(actor=SYSTEM, now=back + HOUR)
    assert limit(matter, "CUS-FIRST-COURT").due_at == again
    first.refresh_from_db()
    assert first.cancelled_at == back and not Breach.objects.filter(obligation__matter=matter, obligation__rule=first.rule).exists()


def test_a_charge_passes_the_review_from_the_inspector_to_the_custody_officer(force: Force) -> None:
    matter = detention(force)
    first = limit(matter, "CUS-REVIEW-FIRST")
    assert first.owed_post == "duty_inspector"
    charges = {"charges": "Theft", "imprisonable": "yes", "specified": "no", "murder": "no", "section_25": "no", "court": "Harford"}
    record(force, matter, "child_charged", NOW + HOUR, **charges)
    first.refresh_from_db()
    passed = limit(matter, "CUS-REVIEW-FIRST-CHARGED")
    assert first.cancelled_at is not None and first.done_at is None
    assert (passed.owed_post, passed.due_at) == ("custody_officer", NOW + 6 * HOUR)
