"""A desk: one kind of matter, told as data and pure rules to the machinery that every kind shares.

A desk brings a lifecycle, the deeds that can be recorded, the rules that refuse a deed, and what a deed brings about: the
move it makes and the clocks it starts. It brings no engine. What is owed comes from the clock engine, who answers from the
duty ledger, work from the task engine, and who looked from the audit.

The rules read a ``Story``: the matter as its deeds tell it. Nothing in it is edited, so the same story gives the same
verdict whenever it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lodestar.core.lifecycle import Lifecycle
from lodestar.core.matters.deeds import DeedKind
from lodestar.core.words import Period, Refusals


@dataclass(frozen=True, slots=True)
class Done:
    """One deed as the rules read it. ``said`` holds every answer as text, by the name of its question."""

    id: int
    code: str
    at: datetime  # when it was done, as stated
    recorded_at: datetime
    by: int | None
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Involved:
    """One person in a matter, in one role for a time; one child may hold several at once (DPA 2018 s.38(3))."""

    id: int
    person: int
    role: str
    nature: str  # fact, opinion (DPA 2018 s.38(2))
    from_at: datetime
    until_at: datetime | None = None
    born: date | None = None
    is_child: bool = True


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One line of a set checklist, as its playbook says: the deed that does it, and within how many hours of its stage."""

    code: str
    stage: str
    title: str
    deed: str
    hours: int | None = None  # None where no time is set: it is owed before its stage is left
    each: str = ""  # what it must be done for, one by one: child, ip_event, device and the like
    source: str = ""


def check_items(values: Mapping[str, Any]) -> tuple[CheckItem, ...]:
    """The items of a checklist's playbook in force, in its order."""
    return tuple(CheckItem(code=code, **row) for code, row in values["items"].items())


@dataclass(frozen=True, slots=True)
class Story:
    """One matter as every rule of its desk reads it. ``done`` is in the order of ``at``, then ``id``."""

    kind: str
    state: str
    reported_at: datetime
    opened_at: datetime
    level: str = ""
    born: date | None = None
    is_child: bool = True
    done: tuple[Done, ...] = ()
    involved: tuple[Involved, ...] = ()
    owed: frozenset[str] = frozenset()  # the codes of the clocks running
    late: frozenset[str] = frozenset()  # those of them past due
    soon: frozenset[str] = frozenset()  # those in their warning time
    open_tasks: int = 0
    news_waiting: int = 0
    unsure_identity: bool = False
    closed_at: datetime | None = None
    checklist: tuple[CheckItem, ...] = ()  # the set checklist in force, where its desk has one

    def all(self, *codes: str) -> tuple[Done, ...]:
        """Every deed with one of these codes, oldest first."""
        return tuple(done for done in self.done if done.code in codes)

    def last(self, *codes: str) -> Done | None:
        """The newest deed with one of these codes, or None."""
        found = self.all(*codes)
        return found[-1] if found else None

    def one(self, deed_id: str) -> Done | None:
        """The deed with this id as an answer gives it, or None."""
        return next((done for done in self.done if str(done.id) == deed_id), None)

    def answers(self, to: Done, code: str) -> tuple[Done, ...]:
        """The deeds of this code that name ``to`` in the question called about."""
        return tuple(done for done in self.all(code) if done.said.get("about") == str(to.id))

    def in_role(self, *roles: str) -> tuple[Involved, ...]:
        """The people now in one of these roles."""
        return tuple(person for person in self.involved if person.role in roles and person.until_at is None)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A deed that somebody wants to record, before it is."""

    story: Story
    code: str
    said: Mapping[str, str]
    at: datetime
    by: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Started:
    """An event for the clock engine: its code, its instant, a due time that was chosen or reckoned, what it is about.

    ``about`` is "" for the matter, "deed" for the deed that starts it, "involved" for the person in it.
    """

    event: str
    at: datetime
    chosen: datetime | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """The periods in which what was done holds the clocks whose playbook names this hold; ``words`` say so on a screen."""

    name: str
    words: str
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece of work that a deed asks for: its kind in the desk's playbook, its words, and by when; ``number`` tells it from others."""

    kind: str
    detail: str
    due_at: datetime | None = None  # None: as soon as its kind says
    number: int = 1


@dataclass(frozen=True, slots=True)
class Following:
    """What a deed brings about: the moves it makes, in order, the events it starts, and the work it asks for.

    ``settles`` names earlier deeds whose work is no longer wanted.
    """

    verbs: tuple[str, ...] = ()
    starts: tuple[Started, ...] = ()
    work: tuple[Wanted, ...] = ()
    settles: tuple[int, ...] = ()


NOTHING = Following()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a desk's checklist, as it stands."""

    code: str
    stage: str
    title: str
    standing: str  # done, not_applicable, open, overdue
    source: str = ""
    due_at: datetime | None = None
    at: datetime | None = None
    by: int | None = None
    reason: str = ""


# How the page that opens a matter asks what every report holds; a desk says it in its own words.
WORDS: Mapping[str, str] = {
    "open": "Open a matter",
    "external_id": "The reference it came with",
    "reporter_name": "Who reports it?",
    "reported_at": "When did we first know?",
    "circumstances": "What is known?",
    "person": "Who is it about?",
}


TierRule = Callable[[Story, datetime], bool]


@dataclass(frozen=True, slots=True)
class Desk:
    """One kind of matter.

    ``opening`` is the deed that opening a matter records, and ``opens`` the events it starts; ``answered_by`` the post that
    answers for a new one; ``joins`` says that a report about somebody with an open matter belongs to that one. ``refuse``
    gives what the desk's own rules say against a deed; ``follow`` what a deed just recorded brings about (the story holds
    it already); ``missing`` what closing still needs; ``refuse_grade`` what must stand before a level is chosen;
    ``summary`` what the top of the page says, label and words; ``checklist`` every item of its set list as it stands;
    ``involve`` the events that somebody's becoming known to the matter starts; ``amounts`` what a finished piece of work
    that a deed asked for amounts to, as a deed's code and answers, where it does; ``holds`` when deeds hold its clocks.
    """

    kind: str
    title: str  # of the desk, as the board says it: Custody after charge
    noun: str  # of one matter: child kept after charge
    lifecycle: Lifecycle
    deeds: Mapping[str, DeedKind]
    about: str = "child"  # whom a matter is about; somebody of unknown age is a child only where it is about children
    opening: str = ""
    answered_by: str = "duty_sergeant"
    joins: bool = True
    levels: str = ""  # the playbook of its levels, where it has any
    tiers: str = ""  # the playbook of its tiers
    tasks: str = ""  # the playbook of the kinds of work asked for on it, where there are any
    rules: Mapping[str, TierRule] = field(default_factory=dict)  # what its tiers may name
    roles: Mapping[str, str] = field(default_factory=dict)  # the roles people may have in it, with their words
    words: Mapping[str, str] = field(default_factory=dict)  # over WORDS
    refuse: Callable[[Attempt], Refusals] = lambda _: ()
    follow: Callable[[Story, Done], Following] = lambda _story, _done: NOTHING
    missing: Callable[[Story, datetime], Refusals] = lambda _story, _now: ()
    refuse_grade: Callable[[Story], Refusals] = lambda _: ()
    suggest_level: Callable[[Story], tuple[str, str]] = lambda _: ("", "")  # the level a rule points at, and why; a person chooses
    passing: Callable[[Story], Refusals] = lambda _: ()  # what must stand before another force is offered it, and when it accepts
    summary: Callable[[Story, datetime], tuple[tuple[str, str], ...]] = lambda _story, _now: ()
    checklist: Callable[[Story, datetime], tuple[Item, ...]] = lambda _story, _now: ()
    checklist_book: str = ""  # the playbook of its set checklist
    involve: Callable[[Story, Involved], tuple[Started, ...]] = lambda _story, _row: ()
    amounts: Callable[[Story, Done, Mapping[str, str]], tuple[str, Mapping[str, str]] | None] = lambda _story, _asked, _evidence: None
    holds: Callable[[Story], tuple[Hold, ...]] = lambda _: ()
    opens: Callable[[Story], tuple[Started, ...]] = lambda story: (Started("opened", story.reported_at),)
