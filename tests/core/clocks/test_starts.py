"""Which clocks start when, by the playbooks in force."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lodestar.core.clocks.rules import ClockRule, clock_rule, rule_faults, rules_on
from lodestar.core.clocks.starts import Event, MatterFacts, Start, starts
from lodestar.core.playbook import BadPlaybook, NotInForce
from lodestar.store.playbooks import all_of, clock_rules, playbook
from tests.core.clocks.conftest import RuleMaker

AT = datetime(2026, 6, 4, 9, 0, tzinfo=UTC)
CHILD = MatterFacts(kind="missing", is_child=True)


def started(event: str, facts: MatterFacts = CHILD) -> dict[str, Start]:
    found = starts(event=Event(event, AT), matter_facts=facts, rules=clock_rules(date(2026, 6, 4)).values())
    return {start.rule.code: start for start in found}


@pytest.mark.parametrize(
    ("event", "codes"),
    [
        ("reported", {"MIS-FIRST-GRADE", "MIS-CHILDRENS-SERVICES", "MIS-UKMPU", "MIS-CIRCULATION"}),
        ("located", {"MIS-PREVENTION-INTERVIEW"}),
        ("returned", {"MIS-RHI-REQUEST", "MIS-RHI-OFFERED", "MIS-RHI-HELD"}),
        ("handover_offered", {"MIS-HANDOVER-ACK"}),
        ("transfer_offered", {"MIS-TRANSFER-ACK"}),
        ("transfer_disputed", {"MIS-TRANSFER-DISPUTE"}),
        ("news_on_closed", {"MIS-NEWS-ON-CLOSED"}),
        ("repeat_90", {"MIS-REPEAT-90"}),
        ("repeat_12m", {"MIS-REPEAT-12M"}),
        ("over_7_days", {"MIS-OVER-7-DAYS"}),
        ("task_issued", {"TASK-ACK"}),
        ("nothing_we_know", set()),
    ],
)
def test_each_event_on_a_missing_childs_matter_starts_its_clocks(event: str, codes: set[str]) -> None:
    assert started(event).keys() == codes


@pytest.mark.parametrize(("event", "code"), [("bad_row", "IMPORT-BAD-ROW"), ("link_unsure", "LINK-UNSURE")])
def test_what_belongs_to_no_matter_yet_starts_its_clock_too(event: str, code: str) -> None:
    assert started(event, MatterFacts()).keys() == {code}


def test_an_adult_starts_no_clock_that_is_about_children() -> None:
    adult = MatterFacts(kind="missing", is_child=False)
    assert started("reported", adult).keys() == {"MIS-FIRST-GRADE", "MIS-UKMPU", "MIS-CIRCULATION"}
    assert started("returned", adult).keys() == set()


def test_another_kind_of_matter_starts_none_of_these_but_tasks() -> None:
    other = MatterFacts(kind="online")
    assert started("reported", other) == {}
    assert started("task_issued", other).keys() == {"TASK-ACK"}


def test_grading_sets_the_latest_review_at_every_level() -> None:
    for level in ("high", "medium", "low", "very_low", "cannot_be_assessed"):
        facts = MatterFacts(kind="missing", level=level, previous_level=level)
        assert started("graded", facts)["MIS-LATEST-REVIEW"].level == level


def test_reaching_high_starts_the_sooner_clocks_once_and_confirming_it_does_not() -> None:
    raised = started("graded", MatterFacts(kind="missing", level="high", previous_level="medium"))
    assert raised.keys() == {"MIS-LATEST-REVIEW", "MIS-CHILDRENS-SERVICES", "MIS-UKMPU"}
    assert raised["MIS-UKMPU"].level == "high"
    confirmed = started("graded", MatterFacts(kind="missing", level="high", previous_level="high"))
    assert confirmed.keys() == {"MIS-LATEST-REVIEW"}


def test_repeating_clocks_are_left_to_the_reviews_that_are_made_in_advance() -> None:
    facts = MatterFacts(kind="missing", level="medium")
    assert "MIS-SUPERVISOR-REVIEW" not in started("graded", facts)


def test_the_same_event_told_twice_has_the_same_key_and_a_later_one_another() -> None:
    def keys(at: datetime) -> set[str]:
        rules = clock_rules(date(2026, 6, 4)).values()
        return {start.key for start in starts(event=Event("returned", at), matter_facts=CHILD, rules=rules)}

    assert keys(AT) == keys(AT.astimezone()) == {"returned@20260604T090000Z"}
    assert keys(AT) != keys(AT + timedelta(days=1))


def test_a_rule_is_read_with_the_block_of_the_day() -> None:
    with pytest.raises(NotInForce):
        clock_rule(playbook("MIS-UKMPU"), on=date(2019, 12, 31))
    ours = [book for book in all_of("clock") if book.body["applies"]["matter"] == "missing"]
    assert rules_on(ours, on=date(2019, 12, 31)) == ()
    assert len(rules_on(ours, on=date(2020, 1, 1))) == len(ours) > 0


def test_a_playbook_about_something_else_is_no_clock() -> None:
    with pytest.raises(BadPlaybook, match="not a clock"):
        clock_rule(playbook("LEVELS-MISSING"), on=date(2026, 6, 4))


def test_only_medium_is_verified_among_the_supervisors_rounds() -> None:
    rule = clock_rules(date(2026, 6, 4))["MIS-SUPERVISOR-REVIEW"]
    assert {level for level, span in rule.by_level.items() if span.verified} == {"medium"}
    assert all(span.note for span in rule.by_level.values())


@pytest.mark.parametrize(
    ("calendar", "values", "says"),
    [
        ("elapsed", {}, "length does not suit"),
        ("elapsed", {"working_days": 2}, "length does not suit"),
        ("working_days_england", {"hours": 2}, "length does not suit"),
        ("lunar", {"hours": 2}, "no calendar lunar"),
        ("chosen", {}, "needs a ceiling"),
        ("by_level", {}, "names none"),
        ("elapsed", {"hours": 1, "ladder": [{"minutes_after": 0, "tell": "the_mayor"}]}, "nobody is called the_mayor"),
        (
            "elapsed",
            {"hours": 1, "ladder": [{"minutes_after": 5, "tell": "holder"}, {"minutes_after": 0, "tell": "hub_officer"}]},
            "does not climb",
        ),
    ],
)
def test_a_rule_that_cannot_be_followed_says_why(make_rule: RuleMaker, calendar: str, values: dict[str, object], says: str) -> None:
    found = rule_faults(make_rule(calendar, **values))
    assert len(found) == 1 and says in found[0]


def test_the_ladder_and_warnings_come_from_the_playbook() -> None:
    rule: ClockRule = clock_rules(date(2026, 6, 4))["MIS-HANDOVER-ACK"]
    assert [(step.after, step.tell) for step in rule.ladder] == [
        (timedelta(0), "holder"),
        (timedelta(minutes=15), "duty_inspector"),
        (timedelta(minutes=60), "hub_sergeant"),
    ]
    assert rule.warn == (timedelta(minutes=10),)
    assert not rule.verified and "IOPC" in rule.authority
