"""The life of a task, and the evidence that each way of ending it owes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.access.permissions import Permission as P
from lodestar.core.matters.kinds import every_deed
from lodestar.core.tasks.lifecycle import OPEN, TASK
from lodestar.core.tasks.outcomes import Outcome, TaskKind, ask_gaps, finish, kind_from
from lodestar.core.words import Allowed, Refusals
from lodestar.store.playbooks import playbook

ISSUED = datetime(2026, 6, 4, 8, 0, tzinfo=UTC)
NOW = ISSUED + timedelta(hours=3)
DONE_AT = ISSUED + timedelta(hours=1)
WORKER = frozenset({P.TASKS_WORK})

KINDS = {code: kind_from(code, row) for code, row in playbook("TASKS-MISSING").blocks[-1].values["kinds"].items()}
OUTCOMES = [(kind, outcome) for kind in KINDS.values() for outcome in kind.outcomes]
outcomes = pytest.mark.parametrize(("kind", "outcome"), [pytest.param(*pair, id=f"{pair[0].code}: {pair[1].code}") for pair in OUTCOMES])


def whole(outcome: Outcome) -> dict[str, str]:
    return {name: "yes" for name, _ in outcome.evidence}


def ended(kind: TaskKind, outcome: str, evidence: dict[str, str], *, done_at: datetime = DONE_AT) -> Allowed[Outcome] | Refusals:
    return finish(kind=kind, outcome=outcome, evidence=evidence, done_at=done_at, issued_at=ISSUED, now=NOW)


def codes(verdict: object) -> list[str]:
    assert isinstance(verdict, tuple)
    return [refusal.code for refusal in verdict]


@outcomes
def test_every_outcome_is_allowed_with_its_whole_evidence(kind: TaskKind, outcome: Outcome) -> None:
    assert ended(kind, outcome.code, whole(outcome)) == Allowed(outcome)


@outcomes
def test_no_outcome_is_allowed_without_any_one_piece_of_its_evidence(kind: TaskKind, outcome: Outcome) -> None:
    for name, question in outcome.evidence:
        for blank in ("", "   "):
            (refusal,) = ended(kind, outcome.code, whole(outcome) | {name: blank})  # type: ignore[misc]
            assert (refusal.code, refusal.field) == (f"task.evidence.{name}", name)
            assert refusal.sentence.startswith(question)


@outcomes
def test_work_that_was_not_done_never_amounts_to_a_deed(kind: TaskKind, outcome: Outcome) -> None:
    assert kind.deed(outcome) == (kind.satisfies if outcome.done else "")
    assert TASK.row(state="started", verb=outcome.verb) is not None


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.satisfies], ids=lambda kind: kind.code)
def test_a_task_that_amounts_to_a_deed_asks_all_that_the_deed_must_say(kind: TaskKind) -> None:
    deed = every_deed()[kind.satisfies]
    owed = {asked.name for asked in deed.asks if asked.owed}
    for outcome in kind.outcomes:
        if outcome.done:
            assert owed <= {name for name, _ in outcome.evidence}


def test_the_desk_s_deeds_can_be_tasked() -> None:
    assert {kind.satisfies for kind in KINDS.values() if kind.satisfies} == {
        "circulated", "told_children_services", "prevention_interview_recorded", "rhi_requested",
    }  # fmt: skip


def test_a_search_is_a_structured_record() -> None:
    for code in ("premises_search", "area_search"):
        searched = KINDS[code].outcome("searched")
        assert searched is not None and {name for name, _ in searched.evidence} >= {"place", "by_whom", "method", "result"}


def test_every_gap_is_named_at_once() -> None:
    verdict = ended(KINDS["premises_search"], "searched", {"place": "12 Tern Street"}, done_at=NOW + timedelta(hours=1))
    assert codes(verdict) == ["task.evidence.by_whom", "task.evidence.method", "task.evidence.result", "task.future"]


def test_an_outcome_that_the_kind_does_not_have_is_refused() -> None:
    assert codes(ended(KINDS["family_contact"], "searched", {})) == ["task.outcome"]


def test_a_task_cannot_be_done_before_it_was_issued_or_after_now() -> None:
    kind = KINDS["circulate"]
    evidence = {"reference": "A-1"}
    assert codes(ended(kind, "circulated", evidence, done_at=ISSUED - timedelta(minutes=1))) == ["task.before_issue"]
    assert codes(ended(kind, "circulated", evidence, done_at=NOW + timedelta(minutes=2))) == ["task.future"]
    for at in (ISSUED, NOW):
        assert isinstance(ended(kind, "circulated", evidence, done_at=at), Allowed)


@given(st.timedeltas(timedelta(days=-2), timedelta(days=2)))
def test_only_a_time_between_issue_and_now_can_be_true(after: timedelta) -> None:
    verdict = ended(KINDS["circulate"], "circulated", {"reference": "A-1"}, done_at=ISSUED + after)
    assert isinstance(verdict, Allowed) == (timedelta(0) <= after <= timedelta(hours=3, minutes=1))


@pytest.mark.parametrize(
    ("earliest", "due", "is_open", "wanted"),
    [
        (NOW, NOW + timedelta(hours=1), True, []),
        (NOW, NOW + timedelta(hours=1), False, ["task.matter_ended"]),
        (NOW - timedelta(hours=2), NOW, True, ["task.due_past"]),
        (NOW + timedelta(hours=2), NOW + timedelta(hours=1), True, ["task.no_time"]),
    ],
)
def test_work_is_asked_for_on_an_open_matter_with_time_to_do_it_in(
    earliest: datetime, due: datetime, is_open: bool, wanted: list[str]
) -> None:
    assert codes(ask_gaps(earliest_at=earliest, due_at=due, matter_open=is_open, now=NOW)) == wanted


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"title": "Look", "minutes": 5}, "at least one way it can end done"),
        ({"title": "Look", "minutes": 5, "outcomes": {"no": {"title": "No", "done": False, "evidence": {"why": "Why?"}}}}, "end done"),
        ({"title": "Look", "minutes": 5, "outcomes": {"yes": {"title": "Yes", "evidence": {}}}}, "the outcome yes owes no evidence"),
    ],
)
def test_a_kind_that_could_end_without_evidence_is_not_read(table: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        kind_from("look", table)


def test_nobody_has_looked_started_blocked_and_done_are_kept_apart() -> None:
    path = [
        ("open", "issue"), ("issued", "acknowledge"), ("acknowledged", "start"),
        ("started", "block"), ("blocked", "unblock"), ("started", "finish"),
    ]  # fmt: skip
    rows = [TASK.row(state=state, verb=verb) for state, verb in path]
    assert [row.target for row in rows if row] == ["issued", "acknowledged", "started", "blocked", "started", "done"]
    assert [row.audit for row in rows if row] == [
        "tasks.issued", "tasks.acknowledged", "tasks.started", "tasks.blocked", "tasks.unblocked", "tasks.done",
    ]  # fmt: skip


def test_every_state_can_be_reached_and_only_the_ends_are_ends() -> None:
    assert TASK.unreachable() == frozenset()
    assert OPEN | TASK.final == set(TASK.states) and not OPEN & TASK.final
    for state in TASK.final:
        assert TASK.verbs(state=state) == ()


@pytest.mark.parametrize("state", sorted(OPEN - {"open", "asked"}))
def test_work_can_always_be_given_back_with_a_reason_and_is_then_nobody_s(state: str) -> None:
    assert codes(TASK.step(state=state, verb="give_back", permissions=WORKER)) == ["task.reason_owed"]
    verdict = TASK.step(state=state, verb="give_back", permissions=WORKER, reason="My shift has ended")
    assert isinstance(verdict, Allowed) and verdict.step.target == "open"


@pytest.mark.parametrize("verb", ["finish", "fail", "block"])
def test_work_that_nobody_has_started_cannot_be_finished(verb: str) -> None:
    for state in ("open", "issued", "acknowledged", "blocked"):
        assert codes(TASK.step(state=state, verb=verb, permissions=WORKER, reason="why")) == ["task.no_such_move"]


def test_blocking_says_by_whom_or_what_and_cancelling_says_why() -> None:
    assert codes(TASK.step(state="started", verb="block", permissions=WORKER)) == ["task.reason_owed"]
    for state in OPEN:
        assert codes(TASK.step(state=state, verb="cancel", permissions={P.TASKS_CANCEL})) == ["task.reason_owed"]
        assert codes(TASK.step(state=state, verb="cancel", permissions=WORKER, reason="why")) == ["task.not_permitted"]
