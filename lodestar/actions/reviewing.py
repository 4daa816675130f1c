"""Answering who a report is about: one word a person, a second asked blind, a supervisor where two differ or cannot tell.

Nothing moves before the question is settled: the provisional person stays, and the search goes on.
"""

from __future__ import annotations

from datetime import datetime

from lodestar.actions import clocks, notices, people
from lodestar.actions.matters.moving import next_number
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.duty.owing import NobodyOnRota
from lodestar.core.identity.reviewing import Said, Standing, answer_by_hand, is_blind, pairs
from lodestar.core.words import insist
from lodestar.store.models import Label, LinkQuestion, ReviewAnswer
from lodestar.store.queries import duty, known_pairs
from lodestar.store.queries import reviewing as queries

NEXT = "By the rota the next who was not asked about it before."
OWED_BY = {"first": "hub_officer", "second": "hub_officer", "third": "hub_sergeant"}


def answer_question(*, actor: Actor, question_id: int, seen_version: int, said: Said, now: datetime) -> Standing:
    """One person's answer to one question; settles it where the rules say that it is enough, else passes it to the next by name.

    Refuses a second answer of the same person, an answer out of turn, one of somebody who was not shown, one without its
    reason, and "can't tell" without what would tell. Two at once: one winner, the other reads it again.
    """
    with perform("people.answered", actor=actor, now=now, permission=P.PEOPLE_LINK) as act:
        question = act.claim(LinkQuestion, question_id, seen_version=seen_version)
        before, rules = queries.as_question(question), queries.rules(at=question.asked_at)
        turn = insist(answer_by_hand(said, question=before, by=act.person, permissions=actor.permissions, rules=rules)).turn
        answer = _keep(act, question, said, turn, blind=is_blind(before, turn))
        act.record(question, detail={"answer": answer.pk, "turn": turn})
        after = queries.stands(question, at=now)
        if after.outcome is None:
            _pass_on(act, question, after, was=turn)
        elif question.truth_id is not None:  # its truth is known: it measures those who answer, and joins nobody
            act.move(question, state="settled", turn=after.turn, settled_at=now, settled_by_id=actor.id)
        else:
            question.turn = after.turn
            people.carry_out(act, question, same_as=after.outcome.person, reason=said.reason)
        return after


def mix_in_known(*, actor: Actor, now: datetime) -> int:
    """Mix pairs whose truth is known in with what is asked, so many as the playbook says. They move nobody and teach no model.

    Returns how many. They look like any other question; that their truth is known stands in the store alone.
    """
    pairs_found = known_pairs.to_ask(at=now, most=known_pairs.wanted(at=now))
    for pair in pairs_found:
        with perform("people.known_asked", actor=actor, now=now, permission=P.JOBS_RUN) as act:
            double = queries.asked_of_two(pair.report, at=now)
            asked = {"asked_at": now, "candidates": pair.shown, "double": double}
            row = act.add(LinkQuestion(report=pair.report, provisional_id=pair.person, truth_id=pair.person, state="known", **asked))
            act.record(row, detail={"report": pair.report.pk})
    return len(pairs_found)


def _keep(act: Act, question: LinkQuestion, said: Said, turn: str, *, blind: bool) -> ReviewAnswer:
    """The answer as it was given, and a label for each pair that it says something of; a known pair teaches no model."""
    when = {"turn": turn, "blind": blind, "at": act.now, "by_id": act.person}
    answer = act.add(
        ReviewAnswer(
            question=question,
            number=next_number(ReviewAnswer, question=question),
            word=said.word,
            person_id=said.person,
            reason=said.reason.strip(),
            would_tell=said.would_tell.strip(),
            **when,
        )
    )
    if question.truth_id is None:
        for pair in pairs(said, offered=queries.offered(question)):
            act.add(Label(answer=answer, report_id=question.report_id, person_id=pair.person, same=pair.same, **when))
    return answer


def _pass_on(act: Act, question: LinkQuestion, after: Standing, *, was: str) -> None:
    """What is owed falls to the next by name and the time it was due stays; a supervisor's turn has a clock of its own besides."""
    act.move(question, turn=after.turn)
    if question.truth_id is not None:
        return
    if after.turn == "third" and was != "third":
        clocks.begin(act, None, "link_third", at=act.now, about=question)
    try:
        owed = duty.owing(post_kind=OWED_BY[after.turn], matter=None, about=question, at=act.now)
    except NobodyOnRota:
        return  # it stays with whoever owes it: never nobody
    clocks.pass_about(act, question, to=owed.person, because=NEXT)
    words = f"Who report {question.report_id} is about is yours to answer."
    key = f"review:{question.pk}:{after.turn}:{owed.person}"
    notices.tell(act, user_id=owed.person, kind="identity", about=question, text=words, key=key)
