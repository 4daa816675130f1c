"""What every test stands on: settings for tests, a folder of its own, and a real browser for the journeys."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import lodestar  # noqa: F401 - first of all: kernels compiled once are kept for every run of the tests

# Before Django reads its settings, which pytest-django has it do after this file is imported.
os.environ["LODESTAR_ENV"] = "test"
os.environ["LODESTAR_VAR"] = tempfile.mkdtemp(prefix="lodestar-tests-")
Path(os.environ["LODESTAR_VAR"], "static").mkdir()
os.environ["DJANGO_SETTINGS_MODULE"] = "lodestar.config.settings"
# Playwright keeps a loop running in this thread; Django would take the journeys for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

settings.register_profile("house", deadline=None)  # a busy machine is no fault of a rule
settings.load_profile("house")

django.setup()  # other conftests import rows; pytest-django would set Django up only after them

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A closed network: without these Chromium asks its maker's hosts many things, and waits.
CHROMIUM_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_sessionfinish() -> None:
    """Leave nothing behind."""
    shutil.rmtree(os.environ["LODESTAR_VAR"], ignore_errors=True)


def on_path() -> str | None:
    """A Chromium that is already here."""
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def from_debian() -> str | None:
    """Debian's Chromium, where we may install it."""
    before = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (before and not shutil.which("sudo")):
        return None
    for words in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", "chromium"]):
        subprocess.run([*before, "apt-get", *words], check=False, stdout=subprocess.DEVNULL)
    return on_path()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is, installing it where that is allowed."""
    found = on_path() or from_debian()
    if found is None:
        pytest.fail("There is no Chromium to drive the journeys with. Install one: sudo apt-get install chromium", pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One Chromium for the whole run."""
    flags = [*CHROMIUM_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, args=flags, headless=True)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser: their own cookies, British English, London time."""
    opened = browser.new_context(locale="en-GB", timezone_id="Europe/London", viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """One open page."""
    return context.new_page()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return Path(__file__).parents[1]
