"""Every closed matter could have been closed under the rules, and everything in it agrees with the rota."""

import tomllib
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

from lodestar.core.matters.kinds import every_deed
from lodestar.core.matters.missing.closing import ClosingFacts, Seen, closing_gaps
from lodestar.core.matters.missing.lifecycle import MISSING
from lodestar.doors.feeds.demo import wording
from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.episode import Episode

PLAYBOOKS = Path(__file__).parents[4] / "lodestar" / "playbooks"


def _deed(item: Episode, code: str) -> dict[str, str]:
    found = [deed for deed in item.deeds if deed.code == code]
    return {**dict(found[-1].detail), "by": found[-1].by} if found else {}


def _facts(item: Episode) -> ClosingFacts:
    people = {name: number for number, name in enumerate({deed.by for deed in item.deeds})}
    talk, referral, check = (_deed(item, code) for code in ("prevention_interview_recorded", "referral_decided", "supervisor_checked"))
    seen = [Seen(it.by, it.at, it.where) if it else Seen() for it in (item.located, item.wellbeing)]
    return ClosingFacts(
        graded=bool(item.grades), located=seen[0], wellbeing=seen[1], returned_at=item.returned_at,
        interview_content=talk.get("child_said", ""), interview_by=people.get(talk.get("by", "")),
        referral_decision=referral.get("decision", ""), referral_reason=referral.get("reason", ""),
        return_interview_requested=bool(_deed(item, "rhi_requested")), checked_by=people.get(check.get("by", "")),
        closer=None, open_tasks=sum(task.state != "done" for task in item.tasks),
        open_transfer=any(offer.state == "offered" for offer in item.transfers), unsure_identity=item.unsure is not None,
    )  # fmt: skip


def test_closed_matters_hold_all_that_the_gate_demands_but_an_unknown_end_lacks_its_times(demo: Demo) -> None:
    closed = [item for item in demo.episodes if item.state == "closed"]
    assert len(closed) > 1800
    for item in closed:
        gaps = {gap.code for gap in closing_gaps(facts=_facts(item))}
        expected = {"closing.located", "closing.wellbeing", "closing.returned"} if "unknown_end" in item.dirt else set()
        assert gaps == expected, item.key


def test_live_matters_would_be_refused_closing(demo: Demo) -> None:
    assert all(closing_gaps(facts=_facts(item)) for item in demo.live)


def test_every_move_is_one_that_the_lifecycle_allows(demo: Demo) -> None:
    for item in demo.episodes:
        state = MISSING.initial
        known = item.recorded_at
        for step in item.steps:
            row = MISSING.row(state=state, verb=step.verb)
            assert row is not None
            assert (step.source, step.target) == (state, row.target)
            assert step.reason or not row.reason_owed
            assert known <= step.recorded_at <= demo.as_of + timedelta(minutes=1)
            state, known = row.target, step.recorded_at
        assert state == item.state, item.key


def test_every_deed_is_one_of_cores_and_says_what_it_must(demo: Demo) -> None:
    staff = {item.username for item in demo.staff}
    for item in demo.episodes:
        for deed in item.deeds:
            said = dict(deed.detail)
            for asked in every_deed()[deed.code].asks:
                assert said.get(asked.name, "").strip() or not asked.owed, (item.key, deed.code, asked.name)
                assert not asked.choices or said[asked.name] in asked.choices
            assert deed.by in staff
            assert item.reported_at <= deed.at <= demo.as_of


def test_whoever_holds_a_matter_leads_that_districts_shift_from_the_instant_of_taking_it(demo: Demo) -> None:
    leads: dict[tuple[str, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    for shift in demo.shifts:
        if shift.lead:
            leads[shift.post, shift.username].append((shift.from_at, shift.until_at))
    for item in demo.episodes:
        assert item.holdings[0].from_at == item.recorded_at
        for holding in item.holdings:
            assert any(low <= holding.from_at < high for low, high in leads[holding.post, holding.username]), item.key
        starts = [holding.from_at for holding in item.holdings]
        assert starts == sorted(set(starts))


def test_grades_are_by_the_lead_and_set_a_review_ahead_within_the_levels_ceiling(demo: Demo) -> None:
    ceiling = {"high": 4, "cannot_be_assessed": 4, "medium": 24, "low": 48, "very_low": 72}
    for item in demo.episodes:
        for grade in item.grades:
            assert timedelta() < grade.review_at - grade.at <= timedelta(hours=ceiling[grade.level])
            assert grade.rationale and grade.relied_on and grade.steps_agreed


def test_one_child_is_never_missing_twice_at_once(demo: Demo) -> None:
    last: dict[str, datetime] = {}
    for item in demo.episodes:
        assert item.truth.started_at >= last.get(item.child, item.truth.started_at), item.key
        last[item.child] = item.truth.ended_at


def test_external_ids_are_unique_and_reports_carry_who_said_what_and_when(demo: Demo) -> None:
    reports = [report for item in demo.episodes for report in item.reports]
    assert len({report.external_id for report in reports}) == len(reports)
    facts = [fact for report in reports for fact in report.risk_facts]
    assert {fact.code for fact in facts} <= set(wording.QUESTIONS)
    assert {fact.answer for fact in facts} == {"yes", "no", "unknown"}
    assert all(fact.said_by and fact.said_at for fact in facts)
    assert all(report.circumstances for report in reports)


def test_the_codes_are_those_of_the_playbooks_and_the_levels_too(demo: Demo) -> None:
    asked = tomllib.loads((PLAYBOOKS / "reports" / "risk_questions.toml").read_text())["in_force"][-1]["questions"]
    assert set(wording.QUESTIONS) == set(asked) == set(wording.YES)
    levels = tomllib.loads((PLAYBOOKS / "levels" / "missing.toml").read_text())["in_force"][-1]["levels"]
    assert {grade.level for item in demo.episodes for grade in item.grades} == set(levels)
    owers = {tomllib.loads(path.read_text())["owed_by"] for path in (PLAYBOOKS / "clocks").glob("*.toml")}
    by_relation = {"holder", "receiver", "assignee", "accountable"}
    assert owers - by_relation <= {post.kind for post in demo.posts}


def test_some_notices_are_late_and_some_reviews_missed(demo: Demo) -> None:
    late = [
        deed
        for item in demo.episodes
        for deed in item.deeds
        if deed.code == "told_children_services" and deed.at - item.recorded_at > timedelta(hours=4)
    ]
    assert 60 < len(late) < 400
    reviews = [review for item in demo.episodes for review in item.reviews if not item.scene]
    missed = sum(review.done_at is None for review in reviews)
    assert 0.05 < missed / len(reviews) < 0.15


def test_the_story_has_49_early_shifts_16_reviews_done_and_one_sergeant_for_each_missed(demo: Demo) -> None:
    story = next(item for item in demo.episodes if item.scene == "reviews_16_of_49")
    assert len(story.reviews) == 49
    assert sum(review.done_at is not None for review in story.reviews) == 16
    assert len([deed for deed in story.deeds if deed.code == "review_recorded"]) == 16
    assert all(review.owed_by for review in story.reviews)
