"""One real server for all journeys, and one browser for each person who signs in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.world import ROOT, World, new_world

# A page may take its time where the machine has other work: what is measured is measured elsewhere.
PATIENCE = 30_000  # milliseconds
expect.set_options(timeout=PATIENCE / 2)
PASSWORD = "a long demonstration password"
PICTURES = ROOT / "docs" / "pictures"  # those that a page shows, as a test makes sure
NOT_SHOWN = ROOT / "var" / "pictures"  # to be looked at by whoever changed the page
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """The server of the journeys."""
    made = new_world()
    yield made
    made.end()


@dataclass
class Person:
    """Somebody at a browser: what they do, in sentences."""

    world: World
    context: BrowserContext
    page: Page
    name: str = ""
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # A script or style that the content security policy blocks is told here, and nowhere else.
        self.page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def opens(self, path: str) -> None:
        """Open an address of the server."""
        self.page.goto(self.world.url + path)

    def tries_to_sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Fill in the sign-in page and send it."""
        self.opens("/sign-in/login/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    def signs_in(self, name: str) -> Person:
        """Sign in, and be in."""
        self.tries_to_sign_in(name)
        expect(self.page.get_by_role("link", name="Your account")).to_be_visible()
        self.name = name
        return self

    def follows(self, words: str, *, exact: bool = False) -> None:
        """Follow a link by its words."""
        self.page.get_by_role("link", name=words, exact=exact).first.click()

    def presses(self, words: str) -> None:
        """Press a button by its words."""
        self.page.get_by_role("button", name=words).first.click()

    def fills(self, answers: dict[str, str]) -> None:
        """Fill in fields by their questions."""
        for question, answer in answers.items():
            self.page.get_by_label(question).first.fill(answer)

    def chooses(self, question: str, answer: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(question).first.select_option(label=answer)

    def ticks(self, answer: str) -> None:
        """Choose one of the round buttons."""
        self.page.get_by_role("radio", name=answer).first.check()

    def reads(self, *words: str) -> None:
        """The page says this."""
        for part in words:
            expect(self.page.locator("main")).to_contain_text(part)

    def does_not_read(self, *words: str) -> None:
        """The page does not say this."""
        for part in words:
            expect(self.page.locator("main")).not_to_contain_text(part)

    def heading(self) -> str:
        """The page's one heading."""
        return self.page.locator("h1").inner_text()

    def takes_a_picture(self, name: str, *, whole: bool = False) -> None:
        """Keep how the page looks, wide and narrow, where pictures are asked for: again in docs/ what stands there, the rest aside."""
        if os.environ.get("LODESTAR_PICTURES") != "1":
            return
        NOT_SHOWN.mkdir(parents=True, exist_ok=True)
        for size, end in ((WIDE, ""), (NARROW, "-narrow")):
            file = f"{name}{end}.png"
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.screenshot(path=(PICTURES if (PICTURES / file).exists() else NOT_SHOWN) / file, full_page=whole)
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]


@pytest.fixture
def somebody(browser: Browser, world: World) -> Iterator[Callable[..., Person]]:
    """Open a browser for somebody, signed in where a name is given; no page may have told a fault at the end."""
    people: list[Person] = []

    def arrive(name: str = "", **options: Any) -> Person:
        asked = {"locale": "en-GB", "timezone_id": "Europe/London", "viewport": WIDE, **options}
        context = browser.new_context(**asked)
        context.set_default_timeout(PATIENCE)
        person = Person(world, context, context.new_page())
        people.append(person)
        return person.signs_in(name) if name else person

    yield arrive
    faults = [f"{person.name}: {line}" for person in people for line in person.faults if "status of 4" not in line]
    for person in people:
        person.context.close()
    assert not faults, faults
