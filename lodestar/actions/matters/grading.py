"""Grading risk, and lowering a grade with a second person."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from lodestar.actions import clocks
from lodestar.actions.matters.deeds import start
from lodestar.actions.matters.moving import did, next_number, settle, step
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.matters import grading
from lodestar.core.matters.kinds import desk, lifecycle
from lodestar.core.words import Refusal, insist, require
from lodestar.store.models import Downgrade, Grade, Matter
from lodestar.store.queries import matters as queries
from lodestar.store.queries.stories import as_done, story_of


def grade_matter(*, actor: Actor, matter_id: int, seen_version: int, wanted: grading.GradeWanted, now: datetime) -> bool:
    """Grade a child's risk; true when in force at once, false when lowering waits for a second person.

    Refuses a grade without author's rationale, information relied on, agreed steps, review time, or sight of what is held,
    a grade on a matter that has ended, and lowering while an earlier request still waits.
    """
    with perform("matter.graded", actor=actor, now=now, permission=P.MATTERS_GRADE) as act:
        matter = act.claim(Matter, matter_id, seen_version=seen_version)
        require(*desk(kind=matter.kind).refuse_grade(story_of(matter, at=now)))
        facts = queries.grade_facts(matter, at=now)
        verdict = insist(grading.grade(facts=facts, wanted=wanted, now=now))
        if verdict.needs_second_person:
            insist(lifecycle(kind=matter.kind).step(state=matter.state, verb="grade", permissions=actor.permissions))
            require(_already_asked(matter))
            _ask_second_person(act, matter, wanted)
            return False
        _put_in_force(act, matter, wanted, second_person=None)
        return True


def confirm_downgrade(*, actor: Actor, downgrade_id: int, seen_version: int, now: datetime) -> None:
    """A second person puts a lower grade in force.

    Refused to the one who asked, when the grade has moved or the matter has ended since, and when something has come in since.
    """
    with perform("matter.downgrade_confirmed", actor=actor, now=now, permission=P.MATTERS_CONFIRM_DOWNGRADE) as act:
        asked = act.claim(Downgrade, downgrade_id, seen_version=seen_version)
        matter = asked.matter
        current = asked.state == "waiting" and matter.level == asked.from_level and _may_be_graded(matter)
        wanted = _wanted(asked.wanted)
        require(
            *grading.confirm_gaps(proposer=asked.asked_by_id, confirmer=actor.id or 0, still_current=current),
            # Whatever has come in since was not before the first person, so the second must not wave it through.
            _come_in_since(matter, wanted, now) if current else None,
        )
        fresh = replace(wanted, review_at=max(wanted.review_at or now, now))
        act.move(asked, state="confirmed", answered_by_id=actor.id, answered_at=now)
        _put_in_force(act, matter, fresh, second_person=actor.id, author=asked.asked_by_id)


def refuse_downgrade(*, actor: Actor, downgrade_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """A second person leaves the grade as it stands, and says why."""
    with perform("matter.downgrade_refused", actor=actor, now=now, permission=P.MATTERS_CONFIRM_DOWNGRADE) as act:
        asked = act.claim(Downgrade, downgrade_id, seen_version=seen_version)
        require(
            *grading.confirm_gaps(proposer=asked.asked_by_id, confirmer=actor.id or 0, still_current=asked.state == "waiting"),
            *grading.refusal_gaps(reason=reason),
        )
        act.move(asked, state="refused", answered_by_id=actor.id, answered_at=now, answer_reason=reason)
        act.record(asked, detail={"matter": asked.matter_id})
        act.changed(asked.matter_id)


def _may_be_graded(matter: Matter) -> bool:
    return lifecycle(kind=matter.kind).row(state=matter.state, verb="grade") is not None


def _already_asked(matter: Matter) -> Refusal | None:
    if not matter.downgrades.filter(state="waiting").exists():
        return None
    sentence = "A lower grade is already waiting for a second person. It must be confirmed or refused before another is asked."
    return Refusal("grade.already_asked", sentence, grading.AUTHORITY)


def _come_in_since(matter: Matter, wanted: grading.GradeWanted, now: datetime) -> Refusal | None:
    if queries.held(matter, at=now).digest == wanted.saw:
        return None
    sentence = "Something has come in since this was asked. Refuse it, so that it is read before the grade is asked again."
    return Refusal("grade.not_seen", sentence, grading.AUTHORITY)


def _ask_second_person(act: Act, matter: Matter, wanted: grading.GradeWanted) -> None:
    facts: dict[str, Any] = asdict(wanted)
    facts["review_at"] = wanted.review_at.isoformat() if wanted.review_at else None
    asked = act.add(Downgrade(matter=matter, asked_by_id=act.person, asked_at=act.now, from_level=matter.level, wanted=facts))
    act.record(asked, verb="matter.downgrade_asked", detail={"matter": matter.pk, "to": wanted.level})
    act.changed(matter.pk, "matter.downgrade_asked")


def _wanted(stored: dict[str, Any]) -> grading.GradeWanted:
    review = stored["review_at"]
    return grading.GradeWanted(
        **{
            **stored,
            "relied_on": tuple(stored["relied_on"]),
            "review_at": datetime.fromisoformat(review) if review else None,
        }
    )


def _put_in_force(act: Act, matter: Matter, wanted: grading.GradeWanted, *, second_person: int | None, author: int | None = None) -> None:
    levels = queries.levels(kind=matter.kind)
    made = act.add(
        Grade(
            matter=matter,
            number=next_number(Grade, matter=matter),
            level=wanted.level,
            list_code=levels.code,
            list_hash=levels.content_hash,
            at=act.now,
            by_id=author or act.actor.id,
            rationale=wanted.rationale,
            relied_on=list(wanted.relied_on),
            saw=wanted.saw,
            steps_agreed=wanted.steps_agreed,
            review_at=wanted.review_at or act.now,  # never None here: a grade without one was refused
            reason=wanted.reason,
            second_person_id=second_person,
        )
    )
    before = matter.level
    first = matter.first_level or wanted.level
    if second_person is None:
        step(act, matter, "grade", detail={"level": wanted.level, "was": before}, level=wanted.level, first_level=first)
    else:
        # The second person's permission is to confirm, not to grade; the state does not move on a regrade.
        act.move(matter, level=wanted.level)
        act.record(matter, detail={"level": wanted.level, "was": before})
        act.changed(matter.pk)
    told = desk(kind=matter.kind)
    level, why = told.suggest_level(story_of(matter, at=act.now))
    suggested = {"suggested": level, "why": why, "taken": "yes" if level == wanted.level else "no"} if level else {}
    deed = did(act, matter, "graded", detail={"level": wanted.level, "number": made.number, **suggested})
    for started in told.follow(story_of(matter, at=act.now), as_done(deed)).starts:
        start(act, matter, started, deed=deed)
    clocks.begin(act, matter, "graded", at=act.now, was_level=before, chosen=wanted.review_at)
    settle(act, matter)
