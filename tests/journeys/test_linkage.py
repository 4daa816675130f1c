"""A twin kept apart, and never asked about again; and a wrong join undone, which everybody who relied on it reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Person
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]
TWINS = {"family": "Quennell", "born": "2011-03-09", "postcode": "ZZ7 1QA"}
HARRIET = {"given": "Harriet", "family": "Wrenfield", "born": "2012-08-17", "postcode": "ZZ7 2WF"}


def when_a_person_says_that_it_is_not_the_same_child(hazel: Person, matter: str) -> None:
    hazel.opens(matter)
    hazel.follows("Compare and settle")
    hazel.reads("Isolde Quennell", "they may be twins")
    hazel.page.get_by_role("radio", name="Not the same: somebody new").check()
    hazel.fills({"Why do you say so?": "Their mother says that there are two girls"})
    hazel.presses("Keep my answer")


def test_a_twin_is_kept_apart_by_a_person_and_never_asked_about_again(somebody: Somebody, world: World) -> None:
    sister = world.do("report", given="Isolde", number="TW-1", **TWINS)
    twin = world.do("report", given="Imogen", number="TW-2", **TWINS)
    assert twin != sister
    hazel = somebody("hazel")
    when_a_person_says_that_it_is_not_the_same_child(hazel, f"/matters/{twin}/")
    hazel.opens(f"/matters/{twin}/")
    hazel.does_not_read("Compare and settle")
    assert world.do("report", given="Imogen", number="TW-3", **TWINS) == twin, "the same twin again: her own matter, and no question"
    hazel.opens(f"/matters/{twin}/")
    hazel.does_not_read("Compare and settle")
    hazel.opens(f"/matters/{sister}/")
    hazel.reads("Isolde Quennell")
    hazel.does_not_read("Imogen")


def test_a_wrong_join_is_undone_and_whoever_relied_on_it_reads_so(somebody: Somebody, world: World) -> None:
    matter = world.do("report", number="WL-1", **HARRIET)
    assert world.do("report", number="WL-2", **HARRIET) == matter, "the strict rule joins it"
    world.do("in_hand", matter=matter, who="rowan")
    hazel = somebody("hazel")
    hazel.opens(f"/matters/{matter}/")
    hazel.follows("Everything about")
    hazel.page.get_by_role("link", name="Undo the join of report").first.click()
    hazel.fills({"Why?": "A cousin with the same name"})
    hazel.page.locator("main form button").first.click()
    hazel.reads("Undone.", "A cousin with the same name", "Moved from and to other records")
    for who in ("alder", "rowan"):
        told = somebody(who)
        told.opens("/notices/")
        told.reads("was wrongly joined to person")
    alder = somebody("alder")
    alder.opens(f"/matters/{matter}/")
    alder.reads("A wrong join was undone", "A cousin with the same name")
