"""The demonstration force's own pages open with work on them; their pictures go to docs/ where LODESTAR_PICTURES=1 asks for them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import WIDE, Person
from tests.journeys.world import ROOT, World

pytestmark = [pytest.mark.journey, pytest.mark.slow]
PAGES = {
    "board": "/board/",
    "owed": "/owed/",
    "duty": "/duty/",
    "reviews": "/duty/reviews/",
    "tasks": "/tasks/",
    "tasking": "/tasking/",
    "measures": "/measures/",
    "forecast": "/forecast/",
    "duty-list": "/duty-list/",
}


@pytest.fixture(scope="module")
def demonstration() -> Iterator[World]:
    """A server on the demonstration force."""
    made = World()
    made.environment["LODESTAR_ENV"] = "demo"
    try:
        for words in (["migrate"], ["demo", "load"], ["jobs", "minutely"]):
            lodestar(made, *words)
        made.start()
        yield made
    finally:
        made.end()


def lodestar(world: World, *words: str) -> str:
    """The lodestar command on that world's database."""
    command = [sys.executable, "-c", "from lodestar.doors.cli.main import main; main()", *words]
    done = subprocess.run(command, cwd=ROOT, env=world.environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, f"lodestar {' '.join(words)} failed:\n{done.stderr[-4000:]}"
    return done.stdout


def hub_sergeant(world: World) -> tuple[str, str]:
    """The user name and password of the demonstration's hub sergeant."""
    lines = lodestar(world, "demo", "accounts").splitlines()
    row = next(line for line in lines if line.strip().startswith("Hub sergeant"))
    return row.removeprefix("  Hub sergeant").split()[0], lines[-1].rsplit(" ", 1)[-1]


def test_the_demonstration_is_shown(browser: Browser, demonstration: World) -> None:
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London", viewport=WIDE)
    person = Person(demonstration, context, context.new_page())
    name, password = hub_sergeant(demonstration)
    person.opens("/sign-in/login/")
    person.takes_a_picture("sign-in")
    person.tries_to_sign_in(name, password)
    expect(person.page.get_by_role("link", name="Your account")).to_be_visible()
    lodestar(demonstration, "jobs", "minutely")  # on a busy machine the sweep before the start is old by now, and a page would say so
    for picture, path in PAGES.items():
        person.opens(path)
        expect(person.page.locator("h1")).to_have_count(1)
        person.takes_a_picture(picture)
    person.opens("/forecast/past/")
    person.presses("Tell it now")
    expect(person.page.get_by_role("heading", name="Horizon by horizon")).to_be_visible(timeout=60_000)
    person.takes_a_picture("forecast-past")
    person.opens("/forecast/")
    person.page.get_by_label("How many more posts?").select_option("3")
    person.presses("Work it out")
    expect(person.page.get_by_role("heading", name="What 3 more posts would do", level=1)).to_be_visible(timeout=60_000)
    person.takes_a_picture("forecast-answer")
    person.opens("/board/")
    person.page.locator(".lodestar-board tbody a").first.click()
    person.reads("What is owed", "What the force already holds")
    person.takes_a_picture("matter")
    person.opens(person.page.url.removeprefix(demonstration.url) + "grade/")
    person.takes_a_picture("grade")
    context.close()
    assert person.faults == []
