"""Whose turn a question is, what settles it, who may answer, and what an answer teaches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.identity.reviewing import (
    Answer,
    Outcome,
    Pair,
    Question,
    ReviewRules,
    Said,
    Standing,
    answer_by_hand,
    drawn,
    outcome,
    pairs,
    review_rules,
    standing,
)
from lodestar.core.playbook import read
from lodestar.core.words import Allowed
from lodestar.store.playbooks import playbook

RULES = review_rules(playbook("IDENTITY-REVIEW"), on=date(2026, 6, 4))
MAY, DECIDES = frozenset({"people.link"}), frozenset({"people.link", "people.decide"})
SAME, NEW = Said("same", 7, "Same aunt"), Said("somebody_new", None, "Nine years old")
CANNOT = Said("cannot_tell", None, "No photograph", "A photograph")


def asked(*words: str, double: bool = False, offered: tuple[int, ...] = (7, 9), turns: tuple[str, ...] = ()) -> Question:
    """A question with these answers so far, each by somebody else: "same 7", "cannot_tell"."""
    answers = []
    for place, word in enumerate(words):
        said, *about = word.split()
        turn = turns[place] if place < len(turns) else ("first", "second", "third")[min(place, 1)]
        answers.append(Answer(place + 1, turn, said, *(int(person) for person in about)))
    return Question(offered, double, tuple(answers))


def codes(question: Question, said: Said, by: int = 99, may: frozenset[str] = MAY) -> list[str]:
    verdict = answer_by_hand(said, question=question, by=by, permissions=may, rules=RULES)
    return [] if isinstance(verdict, Allowed) else [one.code for one in verdict]


def test_one_who_is_sure_settles_it() -> None:
    assert standing(asked("same 9"), rules=RULES) == Standing("first", Outcome(9))
    assert standing(asked("somebody_new"), rules=RULES) == Standing("first", Outcome(None))


def test_the_next_who_is_sure_settles_what_one_could_not_tell() -> None:
    assert standing(asked("cannot_tell"), rules=RULES) == Standing("first")
    assert standing(asked("cannot_tell", "same 7", turns=("first", "first")), rules=RULES) == Standing("first", Outcome(7))


@pytest.mark.parametrize("words", [("cannot_tell", "cannot_tell"), ("cannot_tell", "not_same 7"), ("not_same 9", "cannot_tell")])
def test_two_who_leave_it_open_leave_it_to_a_supervisor(words: tuple[str, ...]) -> None:
    assert standing(asked(*words, turns=("first", "first")), rules=RULES) == Standing("third")


def test_not_the_same_of_the_only_one_shown_is_somebody_new_and_of_one_among_two_is_not() -> None:
    answer = Answer(1, "first", "not_same", 7)
    assert outcome(answer, (7,)) == Outcome(None)
    assert outcome(answer, (7, 9)) is None


WORDS = ("same 7", "same 9", "not_same 7", "somebody_new", "cannot_tell")


@pytest.mark.parametrize(("one", "other"), list(product(WORDS, WORDS)))
def test_of_two_asked_only_the_same_sure_answer_settles(one: str, other: str) -> None:
    found = standing(asked(one, other, double=True), rules=RULES)
    sure = one == other and one in ("same 7", "same 9", "somebody_new")
    assert (found.outcome is not None, found.turn) == (sure, "second" if sure else "third")


def test_a_supervisor_decides_and_one_who_cannot_leaves_it_to_the_next() -> None:
    differ = ("same 7", "somebody_new")
    assert standing(asked(*differ, "same 9", double=True, turns=("first", "second", "third")), rules=RULES) == Standing("third", Outcome(9))
    cannot = asked(*differ, "cannot_tell", double=True, turns=("first", "second", "third"))
    assert standing(cannot, rules=RULES) == Standing("third")
    then = replace(cannot, answers=(*cannot.answers, Answer(4, "third", "somebody_new")))
    assert standing(then, rules=RULES) == Standing("third", Outcome(None))


@given(st.lists(st.sampled_from(WORDS), max_size=6), st.booleans())
def test_a_question_asked_of_two_is_never_settled_by_one_and_none_without_a_sure_answer(words: list[str], double: bool) -> None:
    question = asked(*words, double=double, turns=("first", "second", "third", "third", "third", "third") if double else ("first",) * 6)
    found = standing(question, rules=RULES)
    if found.outcome is not None:
        sure = [answer for answer in question.answers if outcome(answer, question.offered) == found.outcome]
        assert len(sure) >= (1 if not double or found.turn == "third" else 2)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"may": frozenset[str]()}, "people.not_permitted"),
        ({"said": replace(SAME, reason=" ")}, "people.reason_owed"),
        ({"said": replace(SAME, person=8)}, "people.not_offered"),
        ({"said": replace(CANNOT, would_tell=" ")}, "people.would_tell_owed"),
        ({"said": Said("perhaps", None, "So it seems")}, "people.no_answer"),
        ({"question": replace(asked(), settled=True)}, "people.already_settled"),
        ({"question": asked("cannot_tell"), "by": 1}, "people.answered_before"),
        ({"question": asked("same 7", "same 9", double=True)}, "people.supervisor_decides"),
    ],
)
def test_an_answer_is_refused(change: dict[str, object], code: str) -> None:
    given: dict[str, object] = {"question": asked(), "said": SAME, **change}
    assert codes(**given) == [code]  # type: ignore[arg-type]


def test_whoever_answered_does_not_decide_either() -> None:
    differ = asked("same 7", "somebody_new", double=True)
    assert codes(differ, SAME, by=2, may=DECIDES) == ["people.answered_before"]
    assert codes(differ, SAME, by=3, may=DECIDES) == []


def test_every_reason_against_an_answer_is_given_at_once() -> None:
    assert codes(asked(), Said("cannot_tell"), may=frozenset()) == [
        "people.not_permitted",
        "people.reason_owed",
        "people.would_tell_owed",
    ]


@pytest.mark.parametrize(
    ("said", "learnt"),
    [
        (SAME, (Pair(7, same=True),)),  # of 9 nothing: it may be a second record of the same child
        (Said("not_same", 7, "Older"), (Pair(7, same=False),)),
        (NEW, (Pair(7, same=False), Pair(9, same=False))),
        (CANNOT, ()),
    ],
)
def test_an_answer_teaches_of_a_pair_only_what_it_says(said: Said, learnt: tuple[Pair, ...]) -> None:
    assert pairs(said, offered=(7, 9)) == learnt


def test_the_lot_is_the_same_on_every_day_and_draws_the_share_that_the_playbook_says() -> None:
    keys = [f"force|{number}" for number in range(4000)]
    assert [drawn(key, rules=RULES) for key in keys] == [drawn(key, rules=RULES) for key in keys]
    assert 0.085 < sum(drawn(key, rules=RULES) for key in keys) / 4000 < 0.115
    other = replace(RULES, draw="2027")
    assert [key for key in keys if drawn(key, rules=RULES)] != [key for key in keys if drawn(key, rules=other)]
    assert all(drawn(key, rules=replace(RULES, share=1.0)) for key in keys[:50])


def test_less_than_a_tenth_asked_of_two_is_refused() -> None:
    values = {"draw": "x", "pass_on": 2, "few": 10, "known_share": 0.0, "days": 28}
    block = {"from": date(2026, 1, 1), "authority": "A", "verified": True, "share": 0.05, **values}
    book = read({"code": "X", "title": "X", "noun": "identity_review", "in_force": [block]})
    with pytest.raises(ValueError, match="a tenth"):
        review_rules(book, on=date(2026, 6, 4))


def test_the_rules_say_what_they_are() -> None:
    assert isinstance(RULES, ReviewRules)
    assert (RULES.share, RULES.pass_on) == (0.1, 2)
