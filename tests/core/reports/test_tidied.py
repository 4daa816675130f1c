"""A report is the same whichever way it came: only spaces about its words and the kind of line end are let go."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.reports.draft import AlertSaid, ReportDraft, RiskAnswer, Subject, speaker
from lodestar.core.reports.intake import tidied

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WORDS = st.text(alphabet="aé  \t\r\n", max_size=8)
TIMES = st.none() | st.just(AT)


@st.composite
def drafts(draw: st.DrawFn) -> ReportDraft:
    texts = {field.name: draw(WORDS) for field in fields(Subject) if field.type == "str"}
    said = {name: draw(WORDS) for name in ("source", "external_id", "reporter_name", "district", "circumstances")}
    return ReportDraft(
        reported_at=AT,
        recorded_at=AT,
        subject=Subject(**texts, keys={"nhs_number": draw(WORDS)}),  # type: ignore[arg-type]
        since_from=draw(TIMES),
        since_to=draw(TIMES),
        alerts=(AlertSaid("medical", draw(WORDS), draw(WORDS), AT),),
        risk_facts=(RiskAnswer("medication", "1", "yes", draw(WORDS), draw(WORDS), AT),),
        **said,
    )


def texts_of(draft: ReportDraft) -> list[str]:
    own = [getattr(draft, name) for name in ("source", "external_id", "reporter_name", "district", "circumstances")]
    spoken = [
        word for said in (*draft.alerts, *draft.risk_facts) for word in (said.said_by, getattr(said, "what", getattr(said, "detail", "")))
    ]
    subject = [getattr(draft.subject, field.name) for field in fields(Subject) if field.type == "str"]
    return [*own, *spoken, *subject]


@given(drafts())
def test_tidying_twice_is_tidying_once_and_no_word_is_lost(draft: ReportDraft) -> None:
    once = tidied(draft=draft)
    assert tidied(draft=once) == once
    for before, after in zip(texts_of(draft), texts_of(once), strict=True):
        assert after == after.strip() and "\r" not in after
        assert after.split() == before.split()
    assert all(value.strip() for value in once.subject.keys.values())


@given(drafts())
def test_nothing_but_words_and_the_earlier_bound_is_touched(draft: ReportDraft) -> None:
    once = tidied(draft=draft)
    assert once.since_to == draft.since_to
    assert once.since_from == (draft.since_from or draft.since_to)
    assert (once.reported_at, once.recorded_at, once.precision, once.kind) == (
        draft.reported_at,
        draft.recorded_at,
        draft.precision,
        draft.kind,
    )


def test_an_earlier_bound_that_was_given_stays() -> None:
    draft = ReportDraft("s", "1", AT, AT, Subject(given_name="Mina"), since_from=AT - timedelta(hours=2), since_to=AT)
    assert tidied(draft=draft) == draft
    assert tidied(draft=replace(draft, since_from=None)).since_from == AT


def test_lines_stay_lines() -> None:
    draft = ReportDraft("s", "1", AT, AT, Subject(given_name="Mina"), circumstances=" One.\r\n  Two.\rThree. ")
    assert tidied(draft=draft).circumstances == "One.\n  Two.\nThree."


def test_who_said_something_is_their_name_and_what_they_are_to_the_child() -> None:
    assert speaker(name="Joan Marsh", relationship="mother") == "Joan Marsh (mother)"
    assert speaker(name="Joan Marsh", relationship="") == "Joan Marsh"
    assert speaker(name="", relationship="mother") == ""
