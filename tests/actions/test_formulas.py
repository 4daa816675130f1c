"""Versions of the formula through the real actions: drafted by one, approved by another, in force from a day, kept for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from lodestar.actions import formulas, tasks
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import system_actor
from lodestar.core.tasking.versions import FORMULA
from lodestar.core.words import Conflict, Refused
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, Formula, Task
from lodestar.store.queries import formulas as queries
from tests.actions.conftest import NOW, Force

TOMORROW = (NOW + timedelta(days=1)).date()


def text(**values: Any) -> dict[str, Any]:
    table: dict[str, Any] = queries.plain(queries.in_force(at=NOW).document)
    table["values"] |= values or {"travel_minute": 0}
    return table


def drafted(force: Force, who: str = "hazel", **values: Any) -> Formula:
    number = formulas.draft(actor=force.actor(who), document=text(**values), reason="Journeys are short", now=NOW)
    return Formula.objects.get(number=number)


def shadowed(row: Formula) -> Formula:
    """As the job leaves it; the run itself has tests of its own."""
    with perform("formulas.shadowed", actor=system_actor("jobs"), now=NOW, permission=P.JOBS_RUN) as act:
        act.move(row, state="shadowed", shadow={"days": 0, "changed": 0, "pieces": 0}, shadowed_at=NOW)
        act.record(row)
    return row


def approved(force: Force, row: Formula, who: str = "maple", day: date = TOMORROW) -> None:
    formulas.approve(actor=force.actor(who), number=row.number, seen_version=row.version, reason="Read", in_force_from=day, now=NOW)


def codes(deed: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refused:
        deed()
    return [one.code for one in refused.value.refusals]


def test_a_version_comes_into_force_on_its_day_and_every_day_before_keeps_its_own(force: Force) -> None:
    row = shadowed(drafted(force))
    approved(force, row)
    assert queries.in_force(at=NOW).row is None
    assert queries.in_force(at=NOW + timedelta(days=1)).row == row
    assert queries.in_force(at=NOW + timedelta(days=1)).formula.values["travel_minute"] == 0
    later = shadowed(drafted(force, travel_minute=1))
    approved(force, later, day=TOMORROW + timedelta(days=30))
    assert queries.in_force(at=NOW + timedelta(days=29)).row == row
    assert queries.in_force(at=NOW + timedelta(days=31)).row == later
    said = queries.standings(at=NOW + timedelta(days=31))
    assert said[row.number].startswith("superseded on ")
    assert said[later.number] == "in force"


def test_a_version_from_before_formulas_said_who_may_be_given_work_still_holds_and_is_drafted_from(force: Force) -> None:
    row = shadowed(drafted(force))
    approved(force, row)
    held = dict(row.document)
    held.pop("eligibility")
    held["limits"] = {key: value for key, value in held["limits"].items() if key != "moved_lines"}
    with writing():
        Formula.objects.filter(pk=row.pk).update(document=held)
    at = NOW + timedelta(days=1)
    assert queries.in_force(at=at).formula.free_moves(0) == 1
    changed = queries.to_change(at=at)
    assert queries.faults(changed) == ()
    assert changed["values"]["travel_minute"] == 0


def test_nobody_approves_what_they_drafted_or_what_was_not_run(force: Force) -> None:
    own = shadowed(drafted(force, "maple"))
    assert codes(lambda: approved(force, own)) == ["formula.same_person"]
    unseen = drafted(force, travel_minute=2)
    assert codes(lambda: approved(force, unseen)) != []
    assert Formula.objects.get(pk=unseen.pk).state == "drafted"


def test_only_governance_approves(force: Force) -> None:
    row = shadowed(drafted(force, "maple"))
    with pytest.raises(Refused):
        approved(force, row, "hazel")


def test_a_day_that_has_begun_or_is_taken_is_refused(force: Force) -> None:
    row = shadowed(drafted(force))
    assert codes(lambda: approved(force, row, day=NOW.date())) == ["formula.from"]
    approved(force, row)
    other = shadowed(drafted(force, travel_minute=3))
    assert codes(lambda: approved(force, other)) == ["formula.taken"]


def test_a_draft_that_cannot_be_followed_is_refused_with_every_reason(force: Force) -> None:
    broken = text()
    broken["posts"].append("tea_lady")
    broken["limits"]["speed_kmh"] = 0
    found = codes(lambda: formulas.draft(actor=force.actor("hazel"), document=broken, reason="", now=NOW))
    assert found == ["formula.fault", "formula.fault", "formula.reason"]
    assert not Formula.objects.exists()


def test_the_same_text_twice_is_one_version(force: Force) -> None:
    row = drafted(force)
    assert codes(lambda: drafted(force)) == ["formula.same"]
    formulas.drop(actor=force.actor("hazel"), number=row.number, seen_version=row.version, reason="Not now", now=NOW)
    assert drafted(force).number == row.number + 1


def test_a_stale_page_changes_nothing(force: Force) -> None:
    row = drafted(force)
    formulas.ask_for_shadow_run(actor=force.actor("hazel"), number=row.number, seen_version=row.version, now=NOW)
    with pytest.raises(Conflict):
        formulas.drop(actor=force.actor("hazel"), number=row.number, seen_version=row.version, reason="No", now=NOW)


def test_each_step_leaves_its_row(force: Force) -> None:
    row = drafted(force)
    formulas.ask_for_shadow_run(actor=force.actor("hazel"), number=row.number, seen_version=row.version, now=NOW)
    verbs = set(AuditRow.objects.filter(subject_kind="formula").values_list("verb", flat=True))
    assert verbs == {"formulas.drafted", "formulas.shadow_asked"}
    assert FORMULA.verbs(state="shadowing")


def test_a_draft_is_run_in_the_shadow_of_the_real_days_there_were_and_nothing_is_issued(force: Force) -> None:
    before = NOW - timedelta(days=3)
    matter = force.report(at=before, since_from=before, since_to=before)
    force.grade(matter, "medium", at=NOW - timedelta(days=3))
    asked = NOW - timedelta(days=2)
    wanted = {"kind": "premises_search", "detail": "", "earliest_at": asked, "due_at": asked + timedelta(hours=5)}
    number = tasks.ask_for_task(actor=force.actor("hazel", asked), matter_id=matter.pk, now=asked, **wanted)
    alone = text()
    alone["crews"]["premises_search"] = [["search"]]
    version = formulas.draft(actor=force.actor("hazel"), document=alone, reason="One is enough", now=NOW)
    row = Formula.objects.get(number=version)
    formulas.ask_for_shadow_run(actor=force.actor("hazel"), number=version, seen_version=row.version, now=NOW)
    assert formulas.run_shadows(actor=system_actor("jobs"), now=NOW) == 1
    assert formulas.run_shadows(actor=system_actor("jobs"), now=NOW) == 0
    row.refresh_from_db()
    assert (row.state, row.shadow["days"], row.shadow["pieces"], row.shadow["changed"]) == ("shadowed", 1, 1, 1)
    assert sum(line["old"] for line in row.shadow["load"]) == 2 * sum(line["new"] for line in row.shadow["load"]) == 120
    assert {line["children"] for line in row.shadow["effect"]} == {None}, "one child is never shown by herself"
    assert Task.objects.get(pk=number).state == "open"
