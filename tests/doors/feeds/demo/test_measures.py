"""The figures of the demonstration's database are those its generator says are true, and lie where the published ones lie."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from lodestar.actions import measures as actions
from lodestar.core.access.scope import system_actor
from lodestar.core.measures.backlog import balances
from lodestar.core.measures.measure import Measure
from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.generate import generate
from lodestar.doors.feeds.demo.loading import load
from lodestar.store.models import Figure
from lodestar.store.queries import measures

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def loaded(as_of: datetime, django_db_setup: None, django_db_blocker: pytest.DjangoDbBlocker) -> Iterator[Demo]:
    """A small force in the database, for all of these tests; taken back afterwards."""
    made = generate(20261123, as_of, scale=0.05)
    with django_db_blocker.unblock(), transaction.atomic():
        load(demo=made, actor=system_actor("demo"), now=as_of, say=lambda _: None)
        yield made
        transaction.set_rollback(True)


def figures(code: str, at: datetime, *, days: int = 366) -> dict[str, Measure]:
    return {one.line: one for one in measures.figures_of(code, period=measures.last_days(days=days, at=at), at=at)}


def test_the_figures_are_the_published_truth(loaded: Demo, as_of: datetime) -> None:
    true, found = loaded.truth.recorded, figures("M1", as_of)
    transferred = sum(item.state == "transferred" for item in loaded.episodes)
    assert found["mature"].numerator == true.within_24h
    assert 0 <= (found["mature"].denominator or 0) - true.mature <= transferred, "those handed over are followed until then"
    assert found["mature"].lower is not None and found["mature"].upper is not None
    assert found["mature"].lower <= loaded.truth.happened.share_within_24h <= found["mature"].upper, "what happened, before any dirt"
    repeats = figures("M3", as_of)
    for line, value in (("R1", true.repeat_r1), ("R2", true.repeat_r2), ("R3", true.repeat_r3)):
        assert repeats[line].value == pytest.approx(value, abs=0.03)


def test_the_median_missing_time_covers_the_truth(loaded: Demo, as_of: datetime) -> None:
    """The upper end is the curve's, so open episodes are in it; the true ends of those are known here and nowhere else."""
    found, true = figures("M2", as_of)["all"], loaded.truth.happened
    assert found.lower is not None and found.upper is not None
    assert found.lower <= true.median_hours <= found.upper


def test_the_other_desks_figures_are_the_published_truth(loaded: Demo, as_of: datetime) -> None:
    true = loaded.truth.desks
    custody, scrutiny = figures("M8", as_of, days=365), figures("M10", as_of, days=365)
    assert custody["a detentions"].numerator == pytest.approx(true.detentions, abs=1)
    assert custody["d asked"].numerator == pytest.approx(true.detentions_asked, abs=1)
    assert custody["f moved"].numerator == true.detentions_moved
    assert (scrutiny["daily"].numerator or 0) <= true.detentions_looked_at
    online, backlog, charging = figures("M5", as_of, days=365), figures("M6", as_of), figures("M7", as_of, days=3650)
    assert online["shared median"].numerator == pytest.approx(true.referrals_shared, abs=2)
    within = online["shared within 72 hours"]
    assert within.numerator == pytest.approx(true.referrals_shared_in_72h, abs=2)
    assert backlog["open"].numerator == pytest.approx(true.cases_open, abs=3), "but for those of this morning"
    assert charging["median"].numerator == pytest.approx(true.files_decided, abs=1)
    if charging["median"].value is not None:
        assert charging["median"].value >= true.decision_median_days - 1, "those decided alone are short"


def test_sharing_is_due_wherever_a_child_is_known(loaded: Demo, as_of: datetime) -> None:
    recorded = figures("M9", as_of)["recorded ONL-SHARE"]
    assert (recorded.denominator or 0) > 0 and (recorded.numerator or 0) > 0


def test_interviews_are_counted_over_every_return(loaded: Demo, as_of: datetime) -> None:
    true, found = loaded.truth.recorded, figures("M4", as_of)
    assert found["held in time"].numerator == pytest.approx(true.interviews_held_in_72h, abs=2)
    assert found["held in time"].denominator == pytest.approx(true.returns, abs=3)
    assert 0.2 < (found["held in time"].value or 0) < 0.45, "about a third of all returns, where two thirds of those held are printed"
    assert (found["held in time of held"].value or 0) > (found["held in time"].value or 0) + 0.15


def test_the_backlog_adds_up_and_custody_shows_what_inspectors_saw(loaded: Demo, as_of: datetime) -> None:
    drawn = measures.drawn_of("M6", period=measures.last_days(days=91, at=as_of), at=as_of)
    assert balances(drawn)
    custody = figures("M8", as_of)
    detentions = custody["a detentions"].numerator or 0
    assert custody["d asked"].denominator == detentions and (custody["d asked"].numerator or 0) <= detentions
    assert (custody["f moved"].numerator or 0) <= (custody["g accepted"].numerator or 0)


def test_what_is_known_of_the_past_grows_and_never_runs_ahead(loaded: Demo, as_of: datetime) -> None:
    """Vintages for a back-test: as known at an earlier day, no later report leaks in, and what has come late since is missing."""
    then = as_of - timedelta(days=60)
    period = measures.last_days(days=30, at=then)
    known = next(one for one in measures.figures_of("M1", period=period, at=then, known_at=then) if one.line == "live")
    now = next(one for one in measures.figures_of("M1", period=period, at=then) if one.line == "live")
    assert 0 < (known.denominator or 0) <= (now.denominator or 0)
    assert (known.numerator or 0) <= (now.numerator or 0)


def test_the_night_keeps_the_whole_catalogue_and_each_figure_comes_out_again(loaded: Demo, as_of: datetime) -> None:
    now = as_of + timedelta(minutes=5)
    count = actions.compute(actor=system_actor("jobs"), period=measures.last_days(days=365, at=now), now=now)
    rows = Figure.objects.filter(computed_at=now)
    assert rows.count() == count > 80
    assert {row.code for row in rows} == set(measures.codes())
    assert all(row.known_at == now - actions.SETTLED and len(row.content_hash) == 64 for row in rows)
    for code in measures.codes():
        assert actions.rebuild(rows.filter(code=code)[0]).same, code
