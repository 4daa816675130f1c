"""Words are suggested beside a text; what was spoken is left alone, and nothing is ever refused."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.language.prompts import VERBATIM, prompts, prompts_in, terms
from lodestar.core.matters.kinds import every_deed
from lodestar.store.playbooks import playbook

TERMS = terms(playbook("LANGUAGE-PROMPTS"), on=date(2026, 6, 4))


def found(text: str, field: str = "") -> list[str]:
    return [one.term.code for one in prompts(text=text, terms=TERMS, field=field)]


def test_every_term_of_the_list_is_found_in_a_sentence_and_says_what_to_write_instead() -> None:
    for term in TERMS:
        assert term.code in found(f"We think {term.term} here.")
        assert term.why and term.instead and term.source


def test_what_is_suggested_instead_is_never_itself_on_the_list() -> None:
    for term in TERMS:
        assert found(term.instead) == []


def test_a_word_within_another_is_not_the_word() -> None:
    assert found("Promiscuousness is a word too") == []


def test_quotation_marks_of_every_kind_keep_what_was_said() -> None:
    for text in (
        '"My older boyfriend"',
        "“My older boyfriend”",
        "‘My older boyfriend isn’t here’",
        "'My older boyfriend isn't here'",
        "«My older boyfriend»",
    ):
        assert found(text) == [], text


def test_an_apostrophe_opens_no_quotation() -> None:
    assert found("The child's streetwise and isn't in danger") == ["streetwise"]


def test_a_quotation_never_closed_is_left_alone_to_its_end() -> None:
    assert found('She said "my older boyfriend') == []


def test_a_form_is_read_answer_by_answer() -> None:
    said = {"narrative": "A lifestyle choice", "child_said": "He is my older boyfriend"}
    assert [(one.field, one.term.code) for one in prompts_in(said=said, terms=TERMS)] == [("narrative", "lifestyle_choice")]


def test_every_answer_in_a_childs_own_words_is_kept_word_for_word() -> None:
    spoken = {
        asked.name
        for deed in every_deed().values()
        for asked in deed.asks
        if "their words" in asked.question.lower() and asked.name.startswith("child")
    }
    assert spoken
    assert spoken <= VERBATIM


@given(text=st.text(alphabet="abc \"'“”‘’\n", max_size=40), words=st.sampled_from([term.term for term in TERMS]))
def test_a_place_shown_is_the_place_where_it_is_written_and_none_overlap(text: str, words: str) -> None:
    whole = f"{text} {words} {text}"
    shown = prompts(text=whole, terms=TERMS)
    assert all(whole[one.start : one.end] == one.written for one in shown)
    assert all(first.end <= second.start for first, second in pairwise(shown))


@given(text=st.text(alphabet="ab c'’\n", max_size=30), words=st.sampled_from([term.term for term in TERMS]))
def test_nothing_between_double_quotation_marks_is_ever_prompted(text: str, words: str) -> None:
    assert prompts(text=f'"{text} {words} {text}"', terms=TERMS) == ()
