"""Handing a child over: refused, the giver still answers; left unanswered, it climbs to the inspector."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Person
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]


def when_the_sergeant_offers_to_the_next(alder: Person, matter: str) -> None:
    alder.opens(matter)
    alder.reads("Sgt Maud Alder")
    alder.follows("Hand over", exact=True)
    alder.chooses("Who takes over?", next(name for name in receivers(alder) if "Cedar" in name))
    alder.fills(
        {
            "What lines of enquiry are open?": "Two friends not yet seen",
            "What has the family been promised, and when?": "A call at noon",
            "What must happen next?": "Ring the school",
        }
    )
    alder.presses("Offer")
    alder.reads("Offered. You answer for it until they accept.")


def receivers(alder: Person) -> list[str]:
    return alder.page.get_by_label("Who takes over?").locator("option").all_inner_texts()


def when_the_next_refuses_with_a_reason(cedar: Person, reference: str) -> None:
    cedar.opens("/duty/")
    cedar.reads(f"Sgt Maud Alder offers you {reference}")
    cedar.takes_a_picture("hand-over-offered")
    cedar.follows(f"Answer the offer of {reference}")
    cedar.reads("Two friends not yet seen", "A call at noon", "Ring the school")
    cedar.ticks("Refuse")
    cedar.presses("Answer")
    cedar.reads("There is a problem")
    cedar.fills({"If you refuse: why?": "Three of mine are out on foot searches"})
    cedar.presses("Answer")
    cedar.reads("Your answer is recorded.")


def then_the_giver_still_answers_and_knows_why(alder: Person, matter: str) -> None:
    alder.opens(matter)
    assert alder.page.locator("dd:has(strong)").filter(has_text="Sgt Maud Alder").count()
    alder.does_not_read("who has offered it to")
    alder.reads("Three of mine are out on foot searches")
    alder.opens("/notices/")
    alder.reads("was refused: you still answer for it")


def when_nobody_answers_for_fifty_minutes(world: World) -> None:
    world.do("sweep", minutes_later=50)


def then_the_inspector_is_told(elm: Person, reference: str) -> None:
    elm.opens("/notices/")
    told = elm.page.locator("main li").filter(has_text=reference).filter(has_text="Hand-over answered")
    assert told.count(), elm.page.locator("main").inner_text()
    elm.takes_a_picture("notices")


def test_a_hand_over_refused_then_left_unanswered_climbs(somebody: Somebody, world: World) -> None:
    matter = f"/matters/{world.do('report', given='Nia', family='Reed', level='medium')}/"
    alder, cedar = somebody("alder"), somebody("cedar")
    alder.opens(matter)
    reference = alder.page.title().split(" – ")[0]
    when_the_sergeant_offers_to_the_next(alder, matter)
    when_the_next_refuses_with_a_reason(cedar, reference)
    then_the_giver_still_answers_and_knows_why(alder, matter)
    when_the_sergeant_offers_to_the_next(alder, matter)
    when_nobody_answers_for_fifty_minutes(world)
    then_the_inspector_is_told(somebody("elm"), reference)
    alder.opens(matter)
    alder.reads("who has offered it to Sgt Nell Cedar")
