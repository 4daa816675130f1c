"""One row of a force's export: what it becomes, and what is said of it where it becomes nothing."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lodestar
from lodestar.core.playbook import Playbook, read
from lodestar.core.reports.draft import ASKED_DECLINED
from lodestar.core.reports.force_mapping import Columns, ForceMapping, columns_of, force_mapping
from lodestar.core.reports.force_row import Understood, Value, understand
from lodestar.core.words import Allowed, Refusal

BOOKS = Path(lodestar.__file__).parent / "playbooks" / "reports"
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


def book(name: str) -> Playbook:
    return read(tomllib.loads((BOOKS / name).read_text(encoding="utf-8")))


EXPORT, QUESTIONS = book("force_export.toml"), book("risk_questions.toml")
MAPPING = force_mapping(EXPORT, on=NOW.date())
ROW: dict[str, Value] = {
    "reference": "MP/26/1",
    "given_name": "Ada",
    "family_name": "Marlowe",
    "birth_date": "06/05/2011",
    "reported_at": "04/06/2026 21:40",
    "since_to": "04/06/2026 19:00",
    "reporter_name": "Mara Haddow",
    "reporter_relationship": "mother",
}


def read_row(**changes: Value) -> Allowed[Understood] | tuple[Refusal, ...]:
    return understand(values={**ROW, **changes}, mapping=MAPPING, questions=QUESTIONS, source="force", now=NOW)


def good(**changes: Value) -> Understood:
    verdict = read_row(**changes)
    assert isinstance(verdict, Allowed), verdict
    return verdict.step


def faults(**changes: Value) -> list[tuple[str, str]]:
    verdict = read_row(**changes)
    return [] if isinstance(verdict, Allowed) else [(one.code, one.field) for one in verdict]


def flags(**changes: Value) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in good(**changes).draft.cautions]


def test_a_row_is_a_report_in_utc_by_the_clocks_in_london() -> None:
    draft = good().draft
    assert draft.reported_at == datetime(2026, 6, 4, 20, 40, tzinfo=UTC)
    assert draft.since_from == draft.since_to == datetime(2026, 6, 4, 18, tzinfo=UTC)
    assert draft.recorded_at == NOW
    assert (draft.subject.given_name, draft.subject.birth_date) == ("Ada", date(2011, 5, 6))
    assert draft.precision == "minute"


def test_a_spreadsheets_own_dates_and_times_are_read_as_such() -> None:
    draft = good(reported_at=datetime(2026, 6, 4, 21, 40), birth_date=date(2011, 5, 6)).draft
    assert draft.reported_at == good().draft.reported_at
    assert draft.subject.birth_date == date(2011, 5, 6)
    assert good(birth_date=datetime(2011, 5, 6)).draft.subject.birth_date == date(2011, 5, 6)


def test_a_time_that_did_not_happen_is_kept_by_the_fold_rule_and_flagged() -> None:
    row: dict[str, Value] = {"reported_at": "29/03/2026 01:30", "since_to": "28/03/2026 20:00"}
    assert good(**row).draft.reported_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert flags(**row) == [("time.nonexistent", "reported_at")]


def test_a_time_that_happened_twice_is_taken_as_the_first_and_flagged() -> None:
    row: dict[str, Value] = {"reported_at": "26/10/2025 01:30", "since_to": "25/10/2025 20:00"}
    assert good(**row).draft.reported_at == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert flags(**row) == [("time.ambiguous", "reported_at")]


def test_a_day_without_a_time_stays_a_day() -> None:
    draft = good(reported_at="04/06/2026", since_to="04/06/2026").draft
    assert draft.precision == "date"
    assert draft.date_only == {"reported_at", "since_from", "since_to"}
    assert flags(since_to="04/06/2026") == [("time.day_only", "since_to")]


def test_exactly_midnight_is_kept_and_doubted() -> None:
    assert flags(since_to="04/06/2026 00:00") == [("time.midnight", "since_to")]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"reported_at": ""}, ("export.no_reported_at", "reported_at")),
        ({"reported_at": "31/06/2026 10:00"}, ("time.unreadable", "reported_at")),
        ({"reported_at": "11/06/2026 10:00"}, ("report.future", "reported_at")),
        ({"birth_date": "soon"}, ("time.unreadable", "birth_date")),
        ({"birth_date": "06/05/2031"}, ("report.unborn", "birth_date")),
        ({"sex": "Q"}, ("export.unknown_code", "sex")),
        ({"final_level": "purple"}, ("export.unknown_code", "final_level")),
        ({"risk_suicide": "perhaps"}, ("export.unknown_code", "risk_suicide")),
        ({"reference": " "}, ("report.no_id", "external_id")),
        ({"reporter_name": ""}, ("report.no_reporter", "reporter_name")),
    ],
)
def test_a_row_is_refused_with_its_column(changes: dict[str, Value], found: tuple[str, str]) -> None:
    assert found in faults(**changes)


def test_every_fault_of_a_row_is_found() -> None:
    found = faults(sex="Q", birth_date="soon", since_to="never", reference="")
    assert {field for _, field in found} == {"sex", "birth_date", "since_to", "external_id"}


def test_a_code_that_is_not_known_says_which_are() -> None:
    verdict = read_row(sex="Q")
    assert not isinstance(verdict, Allowed)
    assert verdict[0].sentence == "“Q” is not a code for this. Use one of: female, male, other and unknown."


def test_answers_carry_who_said_them_when_and_the_set_of_that_day() -> None:
    facts = good(risk_suicide="Y", risk_medication="Not known", risk_weather="").draft.risk_facts
    assert [(one.code, one.answer, one.version) for one in facts] == [("suicide", "yes", "2020-1"), ("medication", "unknown", "2020-1")]
    assert {one.said_by for one in facts} == {"Mara Haddow (mother)"}
    assert {one.said_at for one in facts} == {good().draft.reported_at}


def test_an_answer_from_before_any_set_of_questions_is_refused_and_a_report_without_one_is_not() -> None:
    old: dict[str, Value] = {"reported_at": "04/06/2015 21:40", "since_to": ""}
    assert faults(**old) == []
    assert faults(**old, risk_suicide="Y") == [("report.unknown_question", "risk_suicide")]


def test_medical_and_threat_facts_are_alerts_and_not_lines_of_a_log() -> None:
    alerts = good(medical_alert="Sickle cell disease", threat_alert="Messages").draft.alerts
    assert [(one.kind, one.what) for one in alerts] == [("medical", "Sickle cell disease"), ("threat", "Messages")]


def test_asked_and_declined_is_kept_apart_from_blank() -> None:
    assert good(ethnicity="Not stated").draft.subject.ethnicity == ASKED_DECLINED
    assert good(ethnicity="").draft.subject.ethnicity == ""
    assert good(ethnicity="White British").draft.subject.ethnicity == "White British"


def test_not_known_whether_looked_after_is_not_no() -> None:
    assert [good(looked_after=code).draft.subject.looked_after for code in ("Y", "N", "NK", "")] == [True, False, None, None]


def test_where_they_went_from_is_not_lost() -> None:
    draft = good(circumstances="Left after tea.", missing_from_address="4 Fen Row", missing_from_description="aunt's house").draft
    assert draft.circumstances == "Left after tea.\nMissing from: 4 Fen Row, aunt's house"


def test_an_open_absence_has_no_outcome() -> None:
    assert good().outcome is None


def test_how_it_ended_is_kept_with_the_levels_as_they_are_named_here() -> None:
    outcome = good(traced_at="05/06/2026 02:10", how_returned="By police", initial_level="No apparent risk", final_level="HIGH").outcome
    assert outcome is not None
    assert outcome.traced_at == datetime(2026, 6, 5, 1, 10, tzinfo=UTC)
    assert (outcome.initial_level, outcome.final_level) == ("very_low", "high")


def test_an_end_of_which_only_the_day_is_known_stays_a_day() -> None:
    outcome = good(traced_at="05/06/2026").outcome
    assert outcome is not None
    assert outcome.traced_precision == "date"


def test_found_before_the_report_is_kept_and_counted_by_itself() -> None:
    outcome = good(traced_at="04/06/2026 20:00").outcome
    assert outcome is not None
    assert [one.code for one in outcome.cautions] == ["export.found_before_report"]


def test_an_age_or_a_weekday_that_does_not_fit_its_date_is_flagged() -> None:
    assert flags(age="15", reported_weekday="Thursday") == []
    assert flags(age="14") == [("export.age_differs", "age")]
    assert flags(reported_weekday="Mon") == [("export.weekday_differs", "reported_weekday")]


def test_recorded_on_a_day_without_a_time_is_not_before_the_report() -> None:
    assert good(recorded_at="04/06/2026").draft.recorded_at == good().draft.reported_at


def test_headings_are_known_without_regard_to_case_spaces_and_marks() -> None:
    columns = columns_of(columns=["REPORT_REFERENCE", "date  reported", "Informant", "Shoe size"], mapping=MAPPING)
    assert columns == Columns(
        {"reference": "REPORT_REFERENCE", "reported_at": "date  reported", "reporter_name": "Informant"}, ("Shoe size",)
    )


def test_two_columns_for_one_field_and_a_missing_one_are_both_refused() -> None:
    refusals = columns_of(columns=["URN", "Incident number", "Informant"], mapping=MAPPING)
    assert isinstance(refusals, tuple)
    assert [one.code for one in refusals] == ["export.same_field", "export.columns_missing"]
    assert "“Reported at”" in refusals[1].sentence


def broken(change: str, by: str) -> Playbook:
    return read(tomllib.loads((BOOKS / "force_export.toml").read_text(encoding="utf-8").replace(change, by)))


def test_a_mapping_in_which_a_heading_means_two_things_is_refused() -> None:
    with pytest.raises(ValueError, match="stands for two things"):
        force_mapping(broken('"Sex", "Gender"', '"Sex", "Age"'), on=NOW.date())


def test_times_are_read_by_the_clocks_that_the_mapping_names_and_a_birth_keeps_its_day() -> None:
    mapping = force_mapping(broken("Europe/London", "UTC"), on=NOW.date())
    values = {**ROW, "reported_at": "05/06/2026 00:00", "birth_date": "06/05/2011 00:00"}
    verdict = understand(values=values, mapping=mapping, questions=QUESTIONS, source="force", now=NOW)
    assert isinstance(verdict, Allowed), verdict
    draft = verdict.step.draft
    assert draft.reported_at == datetime(2026, 6, 5, tzinfo=UTC)
    assert draft.subject.birth_date == date(2011, 5, 6)
    assert ("time.midnight", "reported_at") in {(one.code, one.field) for one in draft.cautions}


def test_a_mapping_in_a_time_zone_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no time zone Mars"):
        force_mapping(broken("Europe/London", "Mars"), on=NOW.date())


def test_the_mapping_reads_every_question_of_the_set() -> None:
    asked = QUESTIONS.in_force(NOW.date()).values["questions"]
    mapped = {field.removeprefix("risk_") for field in MAPPING.headings if field.startswith("risk_")}
    assert mapped == set(asked)


FIELDS = sorted(MAPPING.headings)
CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["Y", "N", "04/06/2026 10:00", "2026-06-04", "F", "high", "29/03/2026 01:30"]),
    st.dates(),
    st.datetimes(),
)


@given(st.dictionaries(st.sampled_from(FIELDS), CELLS, max_size=12))
def test_any_row_is_a_report_or_is_refused_with_sentences(values: dict[str, Any]) -> None:
    verdict = understand(values={**ROW, **values}, mapping=MAPPING, questions=QUESTIONS, source="force", now=NOW)
    if isinstance(verdict, Allowed):
        assert verdict.step.draft.reported_at <= NOW + timedelta(minutes=2)
    else:
        assert verdict
        assert all(one.sentence.endswith(".") or one.sentence.endswith(").") for one in verdict)


def test_the_mapping_says_which_version_it_is() -> None:
    assert isinstance(MAPPING, ForceMapping)
    assert MAPPING.version.startswith("2026.1 (")
