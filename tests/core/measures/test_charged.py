"""M8's other lines: who was charged by group, how soon an adult came, and what stands on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lodestar.core.measures.after_charge import draw
from lodestar.core.measures.catalogue import entry
from lodestar.core.measures.charged import DIMENSIONS, group_of, line_of
from lodestar.core.measures.facts import About, Case, Facts
from tests.core.measures.examples import case
from tests.core.measures.test_desks_measures import HOUR, START, ask, by_line

MINUTE = timedelta(minutes=1)
NOBODY = About()
SECURE = {"type": "secure", "harm": "He means harm", "not_enough": "Walked out of two"}


def detained(number: int, *deeds: list[Any], about: About = NOBODY, born: date = date(2011, 1, 1), keep: bool = True) -> Case:
    end = ["bail_refused", START + HOUR, {"facts": "said", "grounds": "appear"}] if keep else ["child_released", START + HOUR, {}]
    made = case("custody", number, START - 5 * HOUR, [["child_charged", START, {"charges": "Robbery, Theft Act 1968 s.8"}], end, *deeds])
    return replace(made, about=about, story=replace(made.story, born=born))


def lines(*cases: Case, as_of: datetime = START + 20 * HOUR) -> dict[str, tuple[int | None, int | None]]:
    found = by_line(draw(Facts(cases=cases), ask("M8", as_of=as_of)))
    return {name: (one.measure.numerator, one.measure.denominator) for name, one in found.items()}


def test_a_child_charged_stands_once_in_each_dimension_kept_or_released() -> None:
    about = About("Male", "White and Black Caribbean", True, "shire")
    found = lines(detained(1, about=about), detained(2, keep=False))
    for dimension in DIMENSIONS:
        groups = {name: counts for name, counts in found.items() if (group_of(name) or ("", ""))[0] == dimension}
        assert sum(whole or 0 for _, whole in groups.values()) == 2 and sum(hits or 0 for hits, _ in groups.values()) == 1
    assert found["by ethnicity: mixed"] == (1, 1) and found["by ethnicity: not asked"] == (0, 1)
    assert found["by looked after: yes"] == (1, 1) and found["by offence: robbery"] == (1, 2)
    assert found["by age: 14 to 15"] == (1, 2)
    assert found["a detentions"] == (1, 1), "the population of the other lines is as it was"


@pytest.mark.parametrize(
    ("said", "group"),
    [
        ("White British", "white"), ("Gypsy or Irish Traveller", "white"), ("Pakistani", "asian"), ("Black African", "black"),
        ("White and Asian", "mixed"), ("asked, declined", "asked, would not say"), ("declined", "asked, would not say"), ("Arab", "other"),
    ],
)  # fmt: skip
def test_an_ethnicity_is_read_by_its_words(said: str, group: str) -> None:
    assert f"by ethnicity: {group}" in lines(detained(1, about=About(ethnicity=said)))


def test_a_line_of_a_group_is_told_from_any_other_and_one_alone_may_be_asked_for() -> None:
    assert group_of(line_of("age", "14 to 15")) == ("age", "14 to 15")
    assert all(group_of(line.code) is None for line in entry("M8").lines)
    (only,) = draw(Facts(cases=(detained(1),)), ask("M8", as_of=START + 9 * HOUR, only="by offence: robbery"))
    assert only.counted == ("1",)


def test_an_adult_s_minutes_run_from_the_authorisation_and_from_the_call_and_none_called_says_why() -> None:
    begun = ["detention_authorised", START - 4 * HOUR, {"authorised_at": (START - 4 * HOUR).isoformat()}]
    called = ["appropriate_adult_called", START - 4 * HOUR + 15 * MINUTE, {}]
    came = ["appropriate_adult_arrived", START - 3 * HOUR, {}]
    none = ["appropriate_adult_not_called", START - 3 * HOUR, {"why": "His father came in with him"}]
    cases = [detained(number, begun, called, came, keep=number % 2 == 0) for number in range(20)]
    found = by_line(draw(Facts(cases=(*cases, detained(90, begun, none), detained(91, begun))), ask("M8", as_of=START + 20 * HOUR)))
    assert found["j minutes to come"].measure.value == 45.0 and found["j minutes to call"].measure.value == 15.0
    assert found["j none called"].counted == ("90", "91") and found["j none called, reason on record"].counted == ("90",)


def test_a_failure_to_provide_is_never_folded_into_impracticable_and_says_how() -> None:
    asked = ["place_requested", START + 2 * HOUR, {"type": "non_secure"}]  # the third deed
    no = ["answer_noted", START + 3 * HOUR, {"about": "3", "answer": "no_reply"}]
    failed = ["failure_to_provide", START + 4 * HOUR, {"about": "3"}]
    journey = ["certified_impracticable", START + 2 * HOUR, {"reason": "journey"}]
    found = lines(
        detained(1, asked, no, failed), detained(2, journey), detained(3, asked, [*no[:2], {"about": "3", "answer": "refused"}], failed)
    )
    assert (found["l failed"], found["l failed no_reply"], found["l failed refused"]) == ((2, 3), (1, 3), (1, 3))
    assert (found["l certificate a"], found["l certificate a journey"], found["l certificate b"]) == ((1, 3), (1, 3), (0, 3))


def test_a_secure_request_fails_its_audit_without_words_of_harm_or_an_inspector_before_it() -> None:
    approved = ["secure_approved", START + 2 * HOUR, {}]
    whole = detained(1, approved, ["place_requested", START + 3 * HOUR, SECURE])
    wordless = detained(2, approved, ["place_requested", START + 3 * HOUR, {**SECURE, "harm": "harm"}])
    unasked = detained(3, ["place_requested", START + 3 * HOUR, SECURE], ["secure_approved", START + 4 * HOUR, {}])
    assert lines(whole, wordless, unasked)["m secure without harm"] == (2, 3)


def test_a_certificate_is_owed_at_court_once_the_child_is_there() -> None:
    made = ["certified_impracticable", START + 2 * HOUR, {"reason": "journey"}]
    to_court = lambda proof: ["brought_to_court", START + 15 * HOUR, {"certificate_produced": proof}]  # noqa: E731
    cases = (detained(1, made, to_court("yes")), detained(2, made, to_court("no")), detained(3, made), detained(4, to_court("none_made")))
    assert lines(*cases)["n produced"] == (1, 2)
    assert lines(*cases, as_of=START + 3 * HOUR)["n produced"] == (0, 0)


def test_moves_are_counted_on_the_request_that_led_to_them_and_straight_to_court_needs_none() -> None:
    first = ["place_requested", START + 2 * HOUR, {"type": "secure"}]
    second = ["place_requested", START + 3 * HOUR, {"type": "non_secure"}]
    moved = ["child_moved", START + 5 * HOUR, {"about": "4"}]
    straight = ["brought_to_court", START + 2 * HOUR, {"straight": "yes"}]
    found = lines(detained(1, first, second, moved), detained(2, straight), detained(3))
    assert (found["e moved of secure"], found["e moved of other"]) == ((0, 1), (1, 1))
    assert found["d asked, not straight to court"] == (1, 2) and found["d asked"] == (1, 3)
