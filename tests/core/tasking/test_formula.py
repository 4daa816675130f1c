"""The governed formula: tiers by named rule, numbers only inside a tier, and nothing in it that cannot be followed."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.duty.plan import KINDS as KINDS_OF_POST
from lodestar.core.tasking.faults import formula_faults
from lodestar.core.tasking.formula import ELIGIBILITY, FIND, PROTECT, PURPOSES, Formula, Work, formula_from, judge
from lodestar.core.tasks.outcomes import kind_from
from lodestar.store.playbooks import all_of, playbook

POSTS = KINDS_OF_POST
CLOCKS = frozenset(book.code for book in all_of("clock"))
KINDS = frozenset(code for book in all_of("task_kinds") for block in book.blocks for code in block.values["kinds"])


def plain(value: Any) -> Any:
    """A frozen playbook table as one that can be changed."""
    if hasattr(value, "items"):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, tuple) else value


TABLE = plain(playbook("FORMULA-HUB").blocks[-1].values)


@pytest.fixture
def formula() -> Formula:
    return formula_from(TABLE)


works = st.builds(
    Work,
    kind=st.sampled_from(sorted(KINDS)),
    purpose=st.sampled_from(sorted(PURPOSES)),
    matter=st.sampled_from(["missing", "exploitation", "online", "custody"]),
    matter_tier=st.integers(1, 4),
    owed=st.sampled_from([frozenset(), frozenset({"MIS-UKMPU"})]),
    located=st.booleans(),
)


def tier_of(work: Work) -> int:
    return judge(work=work, formula=formula_from(TABLE))[0].tier.tier


def test_the_formula_in_force_can_be_followed() -> None:
    assert formula_faults(TABLE, clocks=CLOCKS, kinds=KINDS, posts=POSTS) == ()


def test_every_kind_of_work_has_a_purpose_of_its_own(formula: Formula) -> None:
    assert formula.purposes.keys() == KINDS


@given(works, st.integers(1, 4))
def test_a_more_pressing_matter_never_lowers_its_work(work: Work, tier: int) -> None:
    more, less = sorted((work.matter_tier, tier))
    assert tier_of(replace(work, matter_tier=more)) <= tier_of(replace(work, matter_tier=less))


@given(works)
def test_a_duty_in_law_and_a_child_not_found_never_lower_work(work: Work) -> None:
    assert tier_of(replace(work, owed=frozenset({"CUS-TRANSFER"}))) <= tier_of(replace(work, owed=frozenset()))
    assert tier_of(replace(work, located=False)) <= tier_of(replace(work, located=True))


@given(works)
def test_every_reason_has_a_rule_a_sentence_and_an_authority_and_the_first_is_the_highest(work: Work) -> None:
    reasons = judge(work=work, formula=formula_from(TABLE))
    assert all(reason.sentence and reason.authority for reason in reasons)
    assert [reason.tier.tier for reason in reasons] == sorted(reason.tier.tier for reason in reasons)


def test_work_of_a_kind_nobody_listed_protects_a_child_and_takes_one_person_with_its_own_skills(formula: Formula) -> None:
    assert formula.purpose("something_new") == PROTECT
    assert formula.crew("something_new", ("search",)) == (("search",),)


def test_work_of_two_goes_with_two(formula: Formula) -> None:
    assert formula.crew("area_search", ("search",)) == (("search",), ("search",))


def test_a_tier_that_no_board_has_is_worth_what_the_nearest_is(formula: Formula) -> None:
    assert formula.worth(1) == Decimal(100)
    assert formula.worth(0) == formula.worth(1)
    assert formula.worth(9) == formula.worth(4)


def test_only_the_first_tier_needs_a_second_person(formula: Formula) -> None:
    assert [formula.needs_second(number) for number in range(5)] == [True, False, False, False, False]


@pytest.mark.parametrize(("issued", "free"), [(0, 1), (10, 1), (99, 1), (100, 2), (249, 4)])
def test_a_decision_takes_back_few_issued_lines_without_a_reason(formula: Formula, issued: int, free: int) -> None:
    assert formula.free_moves(issued) == free


def test_every_rule_of_who_may_be_given_work_is_said_with_its_authority(formula: Formula) -> None:
    assert tuple(formula.eligibility) == ELIGIBILITY
    assert all(row["sentence"] and row["authority"] for row in formula.eligibility.values())


BREAKS: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    ("a key left out", lambda table: table.pop("limits"), "it lacks limits"),
    ("a value left out", lambda table: table["values"].pop("travel_minute"), "it lacks values.travel_minute"),
    ("a tier without its share", lambda table: table["tiers"]["life"].pop("decay"), "it lacks tiers.life.decay"),
    ("a number in words", lambda table: table["limits"].update(speed_kmh="forty"), "limits.speed_kmh must be a number"),
    ("a yes for a number", lambda table: table["limits"].update(moved_lines=True), "limits.moved_lines must be a whole number"),
    ("a crew in words", lambda table: table["crews"].update(area_search=["search"]), "crews.area_search must be a list"),
    ("a tier in words", lambda table: table["tiers"].update(life="first"), "tiers.life must be a table"),
    ("who may go left out", lambda table: table["eligibility"].pop("conflict"), "eligibility: the rule conflict is left out"),
    (
        "who may go by a rule nobody wrote",
        lambda table: table["eligibility"].update(luck=dict(table["eligibility"]["skills"])),
        "eligibility: there is no rule luck",
    ),
    (
        "who may go on nobody's word",
        lambda table: table["eligibility"]["conflict"].update(authority=" "),
        "eligibility: the rule conflict says no authority",
    ),
    ("fewer than no moves", lambda table: table["limits"].update(moved_percent=-1), "limits: moved_percent cannot be below 0"),
    ("a rule nobody wrote", lambda table: table["rules"].update(luck=dict(table["rules"]["pursues"])), "there is no rule luck"),
    ("a rule left out", lambda table: table["rules"].pop("duty_in_law"), "the rule duty_in_law is left out: give it a tier"),
    (
        "a rule to nowhere",
        lambda table: table["rules"]["pursues"].update(tier="later"),
        "the rule pursues leads to no tier there is: later",
    ),
    ("a rule on nobody's word", lambda table: table["rules"]["pursues"].update(authority=" "), "the rule pursues names no authority"),
    ("two first tiers", lambda table: table["tiers"]["pursuit"].update(tier=0), "its tiers must be numbered from 0, each once"),
    ("a tier on nobody's word", lambda table: table["tiers"]["life"].update(authority=""), "the tier life names no authority"),
    (
        "a share above one",
        lambda table: table["tiers"]["life"].update(decay=1.5),
        "the tier life loses a share of 1.5: give one from 0 to 1",
    ),
    ("a last word that is none", lambda table: table.update(otherwise="never"), "otherwise names no tier there is: never"),
    ("a clock that is none", lambda table: table["statutory"].append("MIS-TEA"), "there is no clock MIS-TEA"),
    ("work that is none", lambda table: table["purposes"].update(tea=FIND), "purposes: there is no kind of work tea"),
    ("a crew of nobody", lambda table: table["crews"].update(area_search=[]), "crews: area_search sends nobody"),
    (
        "a partner asked for what is none",
        lambda table: table["partners"]["health"].append("tea"),
        "partners, health: there is no kind of work tea",
    ),
    ("a post that is none", lambda table: table["posts"].append("tea_lady"), "posts: there is no kind of post tea_lady"),
    ("values that rise", lambda table: table["values"].update(by_matter_tier=[1, 2]), "values: by_matter_tier must fall, and stay above 0"),
    ("nobody moves", lambda table: table["limits"].update(speed_kmh=0), "limits: speed_kmh must be above 0"),
    ("travel that pays", lambda table: table["values"].update(travel_minute=-1), "values: travel_minute cannot be below 0"),
    ("no search", lambda table: table["search"].update(iterations=0), "search: iterations must be 1 or more"),
    (
        "a second person for no tier",
        lambda table: table["limits"].update(second_person=["tea"]),
        "limits: second_person names no tier there is: tea",
    ),
]


@pytest.mark.parametrize(("change", "sentence"), [pytest.param(change, said, id=name) for name, change, said in BREAKS])
def test_a_formula_that_cannot_be_followed_is_refused_in_words(change: Callable[[dict[str, Any]], Any], sentence: str) -> None:
    table = deepcopy(TABLE)
    change(table)
    assert sentence in formula_faults(table, clocks=CLOCKS, kinds=KINDS, posts=POSTS)


def test_a_rank_that_is_none_is_refused_with_the_list() -> None:
    table = deepcopy(TABLE)
    table["tiers"]["life"]["risk_rank"] = "Captain"
    (fault,) = formula_faults(table, clocks=CLOCKS, kinds=KINDS, posts=POSTS)
    assert fault.startswith("the tier life asks for the rank Captain, which is not one of: Constable, Sergeant")


def test_the_kinds_of_work_named_here_are_kinds_that_can_be_asked_for() -> None:
    for book in all_of("task_kinds"):
        for code, row in book.blocks[-1].values["kinds"].items():
            assert kind_from(code, row).code == code
