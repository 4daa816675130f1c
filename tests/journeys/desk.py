"""What people do on a desk in a journey: answer a deed's questions, look at each page, open what is offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Person
from tests.journeys.test_every_page import Look, faults_of

Somebody = Callable[..., Person]
Said = Mapping[str, str | tuple[str, ...]]


def at(hours: float = 0) -> str:
    """A time some hours from now, as it is typed."""
    return f"{timezone.localtime() + timedelta(hours=hours):%d/%m/%Y %H:%M}"


def looks_right(person: Person) -> None:
    """The page that somebody is on: axe finds nothing, one heading, a title of its own, and it fits 320 px."""
    person.page.wait_for_load_state()
    faults = faults_of(person, Look(person.page.title(), person.page.url.removeprefix(person.world.url)))
    assert not faults, "\n".join(faults)


def answers(person: Person, said: Said) -> None:
    """Answer questions by their words, whichever way each is asked."""
    for question, answer in said.items():
        group = person.page.get_by_role("group", name=question)
        if group.count():
            for one in (answer,) if isinstance(answer, str) else answer:
                _choice(group.first, one).check()
            continue
        field = person.page.get_by_label(question).first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=str(answer))
        else:
            field.fill(str(answer))


def _choice(group: Locator, words: str) -> Locator:
    return group.get_by_role("radio", name=words, exact=True).or_(group.get_by_role("checkbox", name=words, exact=True)).first


def turns_to(person: Person, matter: str, title: str) -> None:
    """Open a matter and, by its own list of what can be recorded, the page for one thing."""
    person.opens(matter)
    link = person.page.get_by_role("link", name=title, exact=True).or_(person.page.locator("summary").filter(has_text="ecord something"))
    expect(link.first).to_be_attached()
    asked = person.page.get_by_role("link", name=title, exact=True, include_hidden=True).first
    if not asked.is_visible():
        person.page.locator("summary", has_text="ecord something").first.click()
    asked.click()
    expect(person.page.get_by_role("heading", name=title, level=1)).to_be_visible()


def records(person: Person, matter: str, title: str, said: Said) -> None:
    """Record that something was done, from the matter's own page, and be told that it is recorded."""
    turns_to(person, matter, title)
    looks_right(person)
    answers(person, said)
    person.presses("Save")
    person.reads(f"{title}: recorded.")


def is_refused(person: Person, *sentences: str) -> None:
    """The page came back with what was wrong, in the summary and nothing lost."""
    summary = person.page.locator(".govuk-error-summary")
    for sentence in sentences:
        expect(summary).to_contain_text(sentence)
    looks_right(person)
