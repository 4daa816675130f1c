"""A partner agency is asked for work and answers it; somebody who may not do a task says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.desk import at, looks_right
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]


def test_a_youth_justice_worker_is_asked_says_yes_and_does_it(somebody: Somebody, world: World) -> None:
    matter = world.do("report", given="Ines", family="Partner", level="medium")
    task = world.do("ask_task", matter=matter, kind="family_contact", detail="Ring her aunt")
    hazel = somebody("hazel")
    hazel.opens(f"/tasks/{task}/")
    hazel.follows("Ask a partner agency for it")
    looks_right(hazel)
    hazel.ticks("The youth justice service, Shire Council")
    hazel.fills({"What do they need to know": "Her worker knows her aunt. Ring before seven.", "When do you need their answer?": at(2)})
    hazel.presses("Ask them")
    expect(hazel.page.locator(".govuk-error-summary")).to_contain_text("Under which power or duty are they told?")
    hazel.fills({"Under which power": "Children Act 2004 s.11"})
    hazel.presses("Ask them")
    hazel.reads("The youth justice service is asked, and has not answered")

    briar = somebody("briar")
    briar.reads("Work you are asked for", "Ines Partner")
    looks_right(briar)
    briar.page.get_by_role("row", name="Ines Partner").get_by_role("link").click()
    briar.reads("Her worker knows her aunt. Ring before seven.", "Told under: Children Act 2004 s.11")
    looks_right(briar)
    briar.ticks("Yes, we will do it")
    briar.presses("Answer for my agency")
    expect(briar.page.locator(".govuk-error-summary")).to_contain_text("Name who of your agency will do it.")
    briar.fills({"If yes": "Bo Briar"})
    briar.presses("Answer for my agency")
    briar.reads("Work your agency said yes to", "Bo Briar, acknowledged")
    briar.opens(f"/matters/{matter}/")
    assert briar.page.title().startswith("Page not found") or "404" in briar.page.content() or "not" in briar.heading().lower()
    briar.opens(f"/tasks/{task}/")
    looks_right(briar)
    briar.presses("I have started")
    briar.page.get_by_role("button", name="I have started").wait_for(state="detached")
    briar.page.locator("a.govuk-button").first.click()
    looks_right(briar)
    for box in briar.page.locator("textarea").all():
        box.fill("Her aunt will ring when she is home")
    briar.presses("Finish")
    briar.reads("Requests to your agency")

    hazel.opens(f"/tasks/{task}/")
    hazel.reads("Done by Bo Briar of the youth justice service")
    looks_right(hazel)


def test_somebody_who_knows_the_family_says_so_and_the_work_is_anybody_s_again(somebody: Somebody, world: World) -> None:
    matter = world.do("report", given="Otto", family="Known", level="medium")
    alder = somebody("alder")
    alder.opens(f"/matters/{matter}/")
    alder.page.locator("summary", has_text="Put something right").click()
    alder.follows("Say who may not be given work here")
    looks_right(alder)
    alder.presses("Record it")
    alder.reads("On record", "Sgt Maud Alder")
    looks_right(alder)
    alder.presses("It stands no longer")
    alder.does_not_read("On record")


def test_one_says_whether_one_is_a_woman_or_a_man(somebody: Somebody) -> None:
    holly = somebody("holly")
    holly.opens("/account/")
    holly.ticks("A woman")
    holly.presses("Save")
    expect(holly.page.get_by_role("radio", name="A woman")).to_be_checked()
    looks_right(holly)
