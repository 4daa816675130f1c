"""Work: asked for, proposed, given by a named person to somebody else for a reason, acknowledged, and finished with evidence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Person
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]


def given_the_sergeant_asks_for_a_search(alder: Person, matter: str) -> None:
    alder.opens(matter)
    alder.follows("Ask for a task")
    alder.chooses("What kind of work?", "Search premises (60 minutes)")
    alder.fills({"What exactly?": "The loft and the sheds of the farm"})
    alder.presses("Ask")
    alder.reads("Asked for.")


def when_the_hub_proposes_and_gives_it_to_rowan(hazel: Person, reference: str) -> None:
    hazel.opens("/tasking/")
    hazel.presses("Propose who does what")
    hazel.reads("Placed", "Why this person")
    line = hazel.page.get_by_label(f"Search premises, {reference}")
    proposed = line.locator("option:checked").inner_text()
    line.select_option(label=next(name for name in line.locator("option").all_inner_texts() if "Rowan" in name))
    hazel.takes_a_picture("proposal", whole=True)
    hazel.presses("Issue this work in my name")
    if "Rowan" not in proposed:
        hazel.reads("There is a problem")
        hazel.fills({"If you change or refuse anything: why?": "He is already at the farm"})
        hazel.presses("Issue this work in my name")
    hazel.reads("Recorded:")


def then_rowan_does_it_and_says_what_was_found(rowan: Person) -> None:
    rowan.opens("/tasks/")
    rowan.reads("With you")
    rowan.follows("Search premises")
    rowan.presses("I have it")
    rowan.presses("I have started")
    rowan.takes_a_picture("task")
    rowan.follows("Searched", exact=True)
    rowan.presses("Finish")
    rowan.reads("There is a problem")
    rowan.fills(
        {
            "What was searched, room by room?": "Loft, both sheds, the cellar",
            "Who searched?": "PC Rowan and PC Sallow",
            "How?": "By eye, with lamps",
            "What was found?": "A blanket and a torch in the loft",
        }
    )
    rowan.presses("Finish")
    rowan.reads("Search premises: searched.")


def test_work_from_the_asking_to_the_evidence(somebody: Somebody, world: World) -> None:
    matter = f"/matters/{world.do('report', given='Petra', family='Moss', level='medium')}/"
    alder = somebody("alder")
    given_the_sergeant_asks_for_a_search(alder, matter)
    reference = alder.page.title().split(" – ")[0]
    when_the_hub_proposes_and_gives_it_to_rowan(somebody("hazel"), reference)
    then_rowan_does_it_and_says_what_was_found(somebody("rowan"))
    alder.opens(matter)
    alder.follows("Search premises")
    alder.reads("A blanket and a torch in the loft")
