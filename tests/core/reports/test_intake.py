"""What a report needs before it is taken in, and what is only worth a person's look."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.playbook import read
from lodestar.core.reports.draft import ASKED_DECLINED, LONGEST, AlertSaid, ReportDraft, RiskAnswer, Subject
from lodestar.core.reports.intake import Questions, examine, question_sets, raw_digest, same_report
from lodestar.core.words import Allowed

NOW = datetime(2026, 6, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SUBJECT = Subject("Ada", "Marlowe", date(2011, 5, 6), "female", "White British", "1 Osier Row", "CB1 2AB", "07700 900123", False, "ACC")
DRAFT = ReportDraft(
    source="control room",
    external_id="MP/26/1",
    reported_at=NOW - HOUR,
    recorded_at=NOW - HOUR,
    subject=SUBJECT,
    reporter_name="Mara Haddow",
    reporter_relationship="mother",
    reporter_contact="01632 960001",
    district="HAR",
    since_from=NOW - 4 * HOUR,
    since_to=NOW - 3 * HOUR,
)
ASKED = RiskAnswer("suicide", "2", "unknown", "", "Mara Haddow", NOW - HOUR)
THREAT = AlertSaid("threat", "Messages from somebody older.", "Mara Haddow", NOW - HOUR)
PLAYBOOK = read(
    tomllib.loads(
        """
code = "RISK"
title = "Questions"
noun = "questions"
[[in_force]]
from = 2020-01-01
version = "1"
[in_force.questions]
suicide = "Suicide?"
unusual = "Unusual?"
[[in_force]]
from = 2026-02-01
version = "2"
[in_force.questions]
suicide = "Suicide?"
online = "Online?"
"""
    )
)
QUESTIONS = question_sets(PLAYBOOK, on=NOW.date())


def refused(draft: ReportDraft, questions: Questions = QUESTIONS) -> list[str]:
    verdict = examine(draft=draft, questions=questions, now=NOW)
    return [] if isinstance(verdict, Allowed) else [one.code for one in verdict]


def cautioned(draft: ReportDraft) -> list[str]:
    verdict = examine(draft=draft, questions=QUESTIONS, now=NOW)
    assert isinstance(verdict, Allowed)
    return [one.code for one in verdict.step.cautions]


def about(**changes: object) -> ReportDraft:
    return replace(DRAFT, subject=replace(SUBJECT, **changes))


def test_a_whole_report_is_taken_in_with_nothing_to_look_at() -> None:
    assert refused(DRAFT) == []
    assert cautioned(replace(DRAFT, risk_facts=(ASKED,), alerts=(THREAT,))) == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"source": " "}, "report.no_source", "source"),
        ({"external_id": ""}, "report.no_id", "external_id"),
        ({"reporter_name": ""}, "report.no_reporter", "reporter_name"),
        ({"subject": Subject(birth_date=date(2011, 5, 6))}, "report.no_subject", "given_name"),
        ({"reported_at": NOW + HOUR, "recorded_at": NOW + HOUR}, "report.future", "reported_at"),
        ({"recorded_at": NOW - 2 * HOUR}, "report.recorded_first", "recorded_at"),
        ({"since_from": NOW - 2 * HOUR}, "report.since_order", "since_from"),
        ({"since_to": NOW + HOUR}, "report.since_future", "since_to"),
        ({"since_from": NOW + HOUR, "since_to": None}, "report.since_future", "since_from"),
        ({"reporter_contact": "9" * 161}, "report.too_long", "reporter_contact"),
        ({"circumstances": "Left\x00home"}, "report.unreadable_text", "circumstances"),
    ],
)
def test_a_report_is_refused(change: dict[str, object], code: str, field: str) -> None:
    verdict = examine(draft=replace(DRAFT, **change), questions=QUESTIONS, now=NOW)  # type: ignore[arg-type]
    assert not isinstance(verdict, Allowed)
    assert [(one.code, one.field) for one in verdict] == [(code, field)]
    assert verdict[0].sentence.endswith(".")


def test_every_reason_is_given_and_not_only_the_first() -> None:
    assert refused(replace(DRAFT, source="", external_id="", reporter_name="")) == [
        "report.no_source",
        "report.no_id",
        "report.no_reporter",
    ]


def test_a_clock_two_minutes_fast_is_not_the_future() -> None:
    soon = NOW + timedelta(minutes=2)
    assert refused(replace(DRAFT, reported_at=soon, recorded_at=NOW)) == []
    later = soon + timedelta(seconds=1)
    assert "report.future" in refused(replace(DRAFT, reported_at=later, recorded_at=later))


def test_nobody_is_reported_before_the_day_they_were_born() -> None:
    assert refused(about(birth_date=date(2026, 6, 5))) == ["report.unborn"]
    assert refused(about(birth_date=date(2026, 6, 4))) == []


def test_a_name_or_an_identifier_is_enough_to_say_who() -> None:
    assert refused(replace(DRAFT, subject=Subject(family_name="Marlowe"))) == []
    assert refused(replace(DRAFT, subject=Subject(keys={"la_child_id": "4711"}))) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"said_by": " "}, "report.who_said_it"),
        ({"said_at": None}, "report.who_said_it"),
        ({"said_at": NOW + HOUR}, "report.said_future"),
        ({"answer": "maybe"}, "report.answer"),
        ({"code": "shoe_size"}, "report.unknown_question"),
        ({"version": "9"}, "report.retired_questions"),
    ],
)
def test_an_answer_about_risk_is_refused(change: dict[str, object], code: str) -> None:
    assert refused(replace(DRAFT, risk_facts=(replace(ASKED, **change),))) == [code]  # type: ignore[arg-type]


def test_unknown_is_an_answer() -> None:
    assert all(refused(replace(DRAFT, risk_facts=(replace(ASKED, answer=one),))) == [] for one in ("yes", "no", "unknown"))


def test_a_retired_set_cannot_be_answered_after_it_was_replaced() -> None:
    """Staff once used the old questions four months after new ones came in (IOPC Greater Manchester, June 2022)."""
    old = replace(ASKED, version="1", code="unusual")
    last_evening = datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert refused(replace(DRAFT, risk_facts=(replace(old, said_at=last_evening),))) == []
    assert refused(replace(DRAFT, risk_facts=(replace(old, said_at=last_evening + HOUR),))) == ["report.retired_questions"]


def test_an_answer_to_an_old_set_is_to_a_question_of_that_set() -> None:
    before = datetime(2025, 6, 1, tzinfo=UTC)
    asked = replace(ASKED, version="1", code="online", said_at=before)
    assert refused(replace(DRAFT, risk_facts=(asked,))) == ["report.unknown_question"]


def test_a_set_that_is_not_yet_in_force_cannot_be_answered() -> None:
    early = question_sets(PLAYBOOK, on=date(2025, 6, 1))
    assert (early.version, early.past) == ("1", ())
    assert refused(replace(DRAFT, risk_facts=(ASKED,)), early) == ["report.retired_questions"]


def test_an_alert_says_what_and_who_said_it_and_when() -> None:
    for change, code in (({"kind": "gossip"}, "report.alert"), ({"what": ""}, "report.alert"), ({"said_at": None}, "report.who_said_it")):
        assert refused(replace(DRAFT, alerts=(replace(THREAT, **change),))) == [code]


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(DRAFT, since_to=NOW - timedelta(minutes=30)), "report.since_after"),
        (replace(DRAFT, reported_at=NOW - 3 * HOUR, since_to=NOW - 4 * HOUR), "report.backdated"),
        (replace(DRAFT, reporter_contact=""), "report.no_contact"),
        (replace(DRAFT, district=""), "report.no_district"),
        (about(birth_date=None), "report.no_birth_date"),
        (about(birth_date=date(2008, 6, 4)), "report.adult"),
        (about(birth_date=date(1890, 2, 3)), "report.improbable_age"),
        (about(birth_date=date(2011, 1, 1)), "report.birth_guess"),
        (about(ethnicity=""), "report.ethnicity_not_asked"),
        (about(postcode="CB1"), "report.postcode"),
        (about(phone="ask the mother"), "report.phone"),
    ],
)
def test_a_report_is_taken_in_and_flagged(draft: ReportDraft, code: str) -> None:
    assert cautioned(draft) == [code]


def test_an_adult_is_recorded_as_well() -> None:
    assert refused(about(birth_date=date(1950, 3, 2))) == []


def test_the_day_before_the_eighteenth_birthday_is_still_a_child() -> None:
    assert cautioned(about(birth_date=date(2008, 6, 5))) == []


def test_asked_and_declined_is_an_answer_and_blank_is_not() -> None:
    assert cautioned(about(ethnicity=ASKED_DECLINED)) == []


def test_a_report_of_a_day_is_not_backdated_by_its_missing_time() -> None:
    day = datetime(2026, 6, 3, 23, tzinfo=UTC)
    draft = replace(DRAFT, reported_at=day, since_from=day, since_to=day, precision="date")
    assert cautioned(draft) == []


def test_what_the_door_saw_stays_with_the_report() -> None:
    once = examine(draft=about(ethnicity=""), questions=QUESTIONS, now=NOW)
    assert isinstance(once, Allowed)
    again = examine(draft=replace(DRAFT, cautions=once.step.cautions), questions=QUESTIONS, now=NOW)
    assert isinstance(again, Allowed)
    assert again.step.cautions == once.step.cautions


def test_the_same_source_and_number_is_the_same_report_whatever_else_it_says() -> None:
    assert same_report(DRAFT, replace(DRAFT, subject=Subject(family_name="Other")))
    assert not same_report(DRAFT, replace(DRAFT, source="another system"))


def test_the_digest_of_what_came_in_is_of_its_bytes() -> None:
    assert raw_digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert raw_digest("é".encode()) != raw_digest("é".encode("cp1252"))


def test_every_text_of_a_report_has_a_longest_length() -> None:
    for name in ("given_name", "family_name", "sex", "ethnicity", "address", "postcode", "phone", "responsible_authority"):
        assert refused(about(**{name: "x" * LONGEST[name]})) == []
        assert refused(about(**{name: "x" * (LONGEST[name] + 1)})) == ["report.too_long"]


@given(
    st.builds(
        replace,
        st.just(DRAFT),
        source=st.text(max_size=90),
        external_id=st.text(max_size=130),
        circumstances=st.text(max_size=60),
        reported_at=st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),
        since_to=st.none() | st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),
    )
)
def test_whatever_is_reported_is_taken_in_or_refused_with_a_sentence(draft: ReportDraft) -> None:
    verdict = examine(draft=draft, questions=QUESTIONS, now=NOW)
    if isinstance(verdict, Allowed):
        assert draft.reported_at <= NOW + timedelta(minutes=2)
    else:
        assert verdict
        assert all(one.code and one.sentence for one in verdict)
