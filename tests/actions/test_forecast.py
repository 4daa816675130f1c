"""Asking the forecast: posed from the line as it stands, kept whole, the same to the byte when it is asked again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from lodestar.actions import forecast
from lodestar.core.forecast.document import read_scenario
from lodestar.core.forecast.pose import Asked, LineCase, dispersion, standing
from lodestar.core.words import Refused
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, EarlierCount, ForecastRun, RoleGrant
from lodestar.store.queries import forecast as queries
from tests.actions.conftest import NOW, Force
from tests.actions.lines import DAY, LINE, fill_line

pytestmark = pytest.mark.django_db
ASKED = Asked(posts=2, from_day=NOW.date(), training="six_months", growth="none", discipline="priority", months=6)


def clock() -> float:
    return 0.0


def ask(force: Force, who: str = "hazel", **changes: Any) -> ForecastRun:
    asked = Asked(**{**{name: getattr(ASKED, name) for name in Asked.__slots__}, **changes})
    number = forecast.ask(actor=force.actor(who), line=LINE, asked=asked, now=NOW, clock=clock)
    return ForecastRun.objects.get(pk=number)


@pytest.fixture
def line(force: Force) -> Force:
    fill_line(holder=force.users["ash"].pk, now=NOW)
    return force


def test_the_line_is_what_the_records_say_of_it(line: Force) -> None:
    rules = queries.rules_of(LINE, at=NOW)
    found = queries.stands(rules, at=NOW)
    assert (len(found.waiting), found.begun, found.posts) == (10, (), 1)
    assert sum(found.counts.values()) == 34
    assert sorted(days for days, ended, _ in found.lengths if ended)[:4] == [2.0, 2.0, 2.0, 2.0]
    earlier = queries.stands(rules, at=NOW - 60 * DAY)  # a case that is ended now was in hand, or had not come
    assert len(earlier.waiting) + len(earlier.begun) < 34
    assert all(age >= 0 for _, age in earlier.waiting)


def test_an_answer_is_kept_with_its_question_inputs_and_hashes_and_leaves_a_row_in_the_audit(line: Force) -> None:
    row = ask(line)
    assert (row.asked_by_id, row.about, row.seed, row.runs) == (line.users["hazel"].pk, "plans", 20260302, 1000)
    assert row.question["posts"] == 2
    assert [plan["title"].split(" more")[0] for plan in row.answer["plans"]] == ["As now", "1", "2", "3"]
    assert row.answer["now"]["waiting"] == 10
    assert row.document_sha256 == read_scenario(row.document).sha256
    assert "Vane" not in str(row.document)
    audit = AuditRow.objects.get(verb="forecast.asked")
    assert (audit.subject_kind, audit.subject_id) == ("forecast_run", str(row.pk))


def test_asked_again_from_what_was_kept_the_answer_is_the_same_to_the_byte(line: Force) -> None:
    row = ask(line, months=3)
    assert forecast.again(actor=line.actor("pine"), number=row.pk, now=NOW) is True
    with writing():
        other = ForecastRun.objects.create(
            **{
                field.attname: getattr(row, field.attname)
                for field in ForecastRun._meta.concrete_fields
                if field.attname not in ("id", "answer_sha256")
            },
            answer_sha256="0" * 64,
        )
    assert forecast.again(actor=line.actor("pine"), number=other.pk, now=NOW) is False
    assert AuditRow.objects.filter(verb="forecast.asked_again").count() == 2


def test_nothing_is_answered_from_nothing(force: Force) -> None:
    fill_line(holder=force.users["ash"].pk, now=NOW, ended=5)
    with pytest.raises(Refused) as refused:
        ask(force)
    assert refused.value.refusals[0].sentence == "5 cases have been begun and ended; 8 are the fewest from which the work can be measured."
    assert not ForecastRun.objects.exists()


@pytest.mark.parametrize("who", ["rowan", "lime", "ivy"])
def test_only_those_who_read_measures_may_ask(line: Force, who: str) -> None:
    with pytest.raises(Refused):
        ask(line, who)


def test_demand_is_told_from_the_old_ledger_and_the_service_s_own_cases_and_told_again_alike(force: Force) -> None:
    assert forecast.foretell(actor=force.actor("pine"), line=LINE, now=NOW, clock=clock) is None
    fill_line(holder=force.users["ash"].pk, now=NOW, months=36)
    history, first = queries.received(queries.rules_of(LINE, at=NOW), at=NOW)
    assert first == date(2022, 9, 1)
    assert int(history.count.sum()) > 36 * 5
    number = forecast.foretell(actor=force.actor("pine"), line=LINE, now=NOW, clock=clock)
    assert number is not None
    row = ForecastRun.objects.get(pk=number)
    assert [one["horizon"] for one in row.answer["records"]] == [1, 3, 6, 12]
    assert {one["verdict"] for one in row.answer["records"]} == {"too_few"}  # 18 origins at most, and 24 are owed
    assert forecast.again(actor=force.actor("pine"), number=number, now=NOW) is True


def test_what_the_service_holds_itself_is_not_counted_twice(force: Force) -> None:
    rules = queries.rules_of(LINE, at=NOW)
    fill_line(holder=force.users["ash"].pk, now=NOW, months=36)
    history, _ = queries.received(rules, at=NOW)
    own = fill_line(holder=force.users["ash"].pk, now=NOW)  # the same days again, as cases
    again, _ = queries.received(rules, at=NOW)
    assert int(again.count.sum()) == int(history.count.sum()) + len(own)


def at(days: float) -> datetime:
    return NOW - days * DAY


def test_a_case_that_left_unbegun_neither_waits_nor_is_measured() -> None:
    rules = queries.rules_of(LINE, at=NOW)
    cases = [
        LineCase(at(50), "low", at(20), at(10)),
        LineCase(at(40), "low", left_at=at(5)),
        LineCase(at(30), "", begun_at=at(4)),
        LineCase(at(20), ""),
        LineCase(at(-3), "high"),
    ]
    found = standing(cases=cases, rules=rules, posts=2, at=NOW)
    assert found.waiting == (("high", 20.0),)  # without a level it stands with high; one that has not come is not there
    assert found.begun == (4.0,)
    assert found.lengths == ((10.0, True, "low"), (4.0, False, "high"))
    assert standing(cases=cases, rules=rules, posts=2, at=at(7)).waiting == (("low", 33.0), ("high", 23.0), ("high", 13.0))


def test_unevenness_is_never_below_chance_and_rises_with_waves() -> None:
    even = [at(number + 0.5) for number in range(364)]
    assert dispersion(even, at=NOW, days=364) == 1.0
    waves = [at(day + 0.5) for day in range(364) for _ in range(4 if (day // 28) % 2 else 0)]
    assert dispersion(waves, at=NOW, days=364) > 5


LEDGER = "received_on,recorded_on,level,count\n2024-03-01,2024-03-04,low,2\n2024-03-02,2024-03-02,,1\n"


def take(force: Force, text: str = LEDGER, source: str = "The old ledger", who: str = "pine") -> int:
    return forecast.take_counts(actor=force.actor(who), line=LINE, text=text, source=source, now=NOW)


def test_an_old_ledger_is_taken_over_whole_and_once(force: Force) -> None:
    assert take(force) == 2
    history, first = queries.received(queries.rules_of(LINE, at=NOW), at=NOW)
    assert (history.count.tolist(), first) == ([2, 1], date(2024, 3, 1))
    assert AuditRow.objects.get(verb="forecast.counts_taken").detail["rows"] == 2
    with pytest.raises(Refused) as refused:
        take(force)
    assert [one.code for one in refused.value.refusals] == ["ledger.taken"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["ledger.columns"]),
        ("received_on,count\n2024-03-01,1\n", ["ledger.columns"]),
        ("received_on,recorded_on,count\n", ["ledger.empty"]),
        (LEDGER + "2024-03-05,2024-03-04,low,1\n", ["ledger.order"]),
        (LEDGER + "31/03/2024,2024-04-01,low,1\n2024-03-01,2024-03-01,low,none\n", ["ledger.date", "ledger.count"]),
        (LEDGER + "2027-03-05,2027-03-05,low,1\n", ["ledger.future"]),
    ],
)
def test_one_bad_row_refuses_the_whole_ledger(force: Force, text: str, codes: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        take(force, text)
    assert [one.code for one in refused.value.refusals] == codes
    assert not EarlierCount.objects.exists()


def test_who_may_bring_no_files_in_may_bring_no_counts_in(force: Force) -> None:
    with pytest.raises(Refused):
        take(force, who="oak")


def test_the_engine_is_told_again_from_what_was_on_record_and_kept_with_its_history(force: Force) -> None:
    fill_line(holder=force.users["ash"].pk, now=NOW, ended=60, waiting=10)
    with writing():
        RoleGrant.objects.filter(role="polit_officer").update(from_at=NOW - 700 * DAY)
    number = forecast.retell(actor=force.actor("pine"), line=LINE, now=NOW, clock=clock)
    row = ForecastRun.objects.get(pk=number)
    assert (row.about, row.runs) == ("past", 300)
    assert {one["posts"] for one in row.answer["foretold"]} == {1}
    assert "Vane" not in str(row.document)
    assert AuditRow.objects.filter(verb="forecast.retold", subject_id=str(row.pk)).count() == 1
    assert forecast.again(actor=force.actor("pine"), number=row.pk, now=NOW + DAY) is True


def test_a_line_without_a_past_is_not_told_again_and_says_so_in_the_audit(force: Force) -> None:
    assert forecast.retell(actor=force.actor("pine"), line=LINE, now=NOW, clock=clock) is None
    assert AuditRow.objects.get(verb="forecast.retold").outcome == "nothing to tell from"
    assert not ForecastRun.objects.exists()


def test_a_person_s_grants_one_after_another_are_one_post(force: Force) -> None:
    rules, user = queries.rules_of(LINE, at=NOW), force.users["ash"]
    with writing():
        RoleGrant.objects.filter(role="polit_officer").update(role="analyst")
        for begin, until in ((-90, -60), (-60, -30), (-10, None)):
            RoleGrant.objects.create(
                user=user, role="polit_officer", from_at=NOW + begin * DAY, until_at=None if until is None else NOW + until * DAY
            )
    held = queries.past_of(rules).posts
    assert [(one.from_at, one.until_at) for one in held] == [(NOW - 90 * DAY, NOW - 30 * DAY), (NOW - 10 * DAY, None)]
