"""A child who may be known: the two records side by side, a person decides, and the decision can be undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Person
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]


def when_somebody_settles_that_it_is_the_same_child(hazel: Person, matter: str) -> None:
    hazel.opens("/who-is-this/")
    hazel.reads("asked")
    hazel.opens(matter)
    hazel.follows("Compare and settle")
    hazel.reads("The report says", "On record", "Quillon")
    hazel.takes_a_picture("who-is-this", whole=True)
    hazel.page.get_by_role("radio", name="The same child as Odile Quillon").first.check()
    hazel.fills({"Why do you say so?": "Same school and the same aunt"})
    hazel.presses("Keep my answer")


def when_the_joining_is_undone(hazel: Person, matter: str) -> None:
    hazel.opens(matter)
    hazel.follows("Everything about")
    hazel.reads("Same school and the same aunt")
    hazel.follows("Undo the join of report")
    hazel.fills({"Why?": "The aunt says they are cousins"})
    hazel.page.locator("main form button").first.click()


def test_a_question_about_identity_is_settled_and_undone(somebody: Somebody, world: World) -> None:
    first = f"/matters/{world.do('report', given='Odile', family='Quillon', born='2011-06-01', number='Q-1')}/"
    matter = f"/matters/{world.do('report', given='Odile', family='Quillon', born='2011-01-06', number='Q-2')}/"
    hazel = somebody("hazel")
    when_somebody_settles_that_it_is_the_same_child(hazel, matter)
    when_the_joining_is_undone(hazel, matter)
    hazel.reads("Undone.", "The aunt says they are cousins")
    hazel.opens(first)
    hazel.follows("Everything about")
    hazel.reads("joined by Sgt Tom Hazel: Same school and the same aunt", "taken off by Sgt Tom Hazel: The aunt says they are cousins")
