"""The pages written from playbooks: clocks, rules, measures and roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from lodestar.core.access.scope import Reach, Role
from lodestar.core.clocks.rules import ClockRule, Span, clock_rule
from lodestar.core.matters.kinds import deed_title
from lodestar.core.measures.catalogue import CATALOGUE, Entry
from lodestar.core.playbook import Block, Playbook
from lodestar.core.times import say_date, say_span
from lodestar.doors.cli.reference.markdown import code, leaves, page, table, words

REACH = {
    Reach.FORCE: "every matter in the force",
    Reach.OPEN: "matters open now, in the whole force; nothing closed",
    Reach.DISTRICT: "matters of the named districts, and matters held by or with open work for the person",
    Reach.AUTHORITY: "children for whom the named local authority is responsible",
    Reach.ASSIGNED: "matters held by, or with open work for, the person",
    Reach.NONE: "no child's record",
}
BETTER = {"increase": "higher", "decrease": "lower", "neither": "neither"}
UNVERIFIED = "⚠ **unverified**"


def clocks(books: Iterable[Playbook]) -> str:
    """Every clock: what starts it, how long it runs, who owes it, and who is told when it is late."""
    intro = (
        "What is owed by when. A due time is derived from stored events, pauses, the calendar and the block in force on the "
        f"day; it is never counted down. A value marked {UNVERIFIED} is Lodestar's own proposal, or could not be checked "
        "against its source: the note says which. Times in examples are London's."
    )
    return page("Clocks", intro, *(_clock(book) for book in books))


def rules(books: Iterable[Playbook]) -> str:
    """Every other playbook, value by value."""
    intro = (
        "Every dated value that is not a clock, a measure or a role. A value is never edited: a change is a new block with its "
        f"own date. A value marked {UNVERIFIED} is Lodestar's own proposal, or could not be checked against its source."
    )
    return page("Rules", intro, *(_book(book) for book in books))


def measures(books: Iterable[Playbook]) -> str:
    """Every measure as it is defined."""
    intro = (
        "What each figure means. Every figure printed names the version used, which is the date of its block. Episodes still "
        "open are kept in and counted as open; closing a record never improves a figure. Times in examples are London's."
    )
    known = {book.code: book for book in books}
    return page("Measures", intro, *(f"{_book(known[one.code])}\n\n{_lines(one)}" for one in CATALOGUE.values()))


def _lines(one: Entry) -> str:
    """The lines of a measure, its headline first; the one that stands for groups last."""
    rows = [
        (code(line.code), line.title, line.unit.replace("_", " "), BETTER[line.better], "yes" if line.published else "internal screens")
        for line in (*one.lines, *((one.groups,) if one.groups is not None else ()))
    ]
    return f"Its lines:\n\n{table(('Line', 'What it says', 'Unit', 'Better', 'May be published'), rows)}"


def roles_page(book: Playbook, roles: Iterable[Role]) -> str:
    """Every role: its sentence, its reach, its permissions."""
    intro = (
        "What each role may do, and how far it reaches. Something is allowed only when one role held has both the permission "
        "and the reach: two narrow roles never add up to a wide one. Which page each role may open is on [routes](routes.md)."
    )
    parts = [_role(role) for role in roles]
    return page("Roles", intro, _standing(book.blocks[-1]), *parts, _examples(book))


def _role(role: Role) -> str:
    held = ", ".join(code(name) for name in sorted(role.permissions))
    return f"## {role.title}\n\n{role.sentence}\n\n- Code: `{role.code}`\n- Reach: {REACH[role.reach]}\n- May: {held}"


def _clock(book: Playbook) -> str:
    blocks = [_clock_block(block, clock_rule(book, on=block.from_date)) for block in book.blocks]
    return "\n\n".join((f"## {book.title}", _facts(clock_rule(book, on=book.blocks[-1].from_date)), *blocks, _examples(book)))


def _facts(rule: ClockRule) -> str:
    ladder = "; ".join(f"{_after(step.after)}, the {_said(step.tell)}" for step in rule.ladder)
    warn = ", ".join(say_span(before) for before in rule.warn)
    about = (
        "any matter"
        if rule.matter == "any"
        else f"a {rule.matter} child's matter"
        if rule.child_only
        else f"a {rule.matter} person's matter"
    )
    ended = ", ".join(_deed(name) for name in rule.ended_by)
    rows = [
        ("Code", code(rule.code)),
        ("About", about),
        ("Starts when", _said(rule.event)),
        ("Owed by", _said(rule.owed_by)),
        ("Stopped by", _deed(rule.satisfied_by)),
        *([("No longer owed after", ended)] if ended else []),
        *([("Comes again", "yes, for as long as it applies")] if rule.repeats else []),
        ("Warns before", warn or "not"),
        ("Told when late", ladder),
    ]
    return table(("What", "Value"), rows)


def _clock_block(block: Block, rule: ClockRule) -> str:
    rows = [*([("any level", rule.default)] if rule.default else []), *((name, span) for name, span in rule.by_level.items())]
    spans = table(
        ("At level", "Runs for", "Mark"), [(_said(name), _span(span), "verified" if span.verified else UNVERIFIED) for name, span in rows]
    )
    trigger = f"Reached at: {words(block.values['trigger'])}." if rule.trigger else ""
    return "\n\n".join(part for part in (_standing(block), trigger, spans) if part)


def _span(span: Span) -> str:
    if span.shift:
        says = f"one {span.shift} shift"
    elif span.working_days:
        says = f"{span.working_days} working day{'s' if span.working_days > 1 else ''}"
    elif span.ceiling is not None and not span.amount:
        says = f"a time that the grader chooses, {say_span(span.ceiling)} off at most"
    else:
        says = _length(span.amount, working=span.calendar == "working_hours_england")
    return says + (f", from when it is {_said(span.event)}" if span.event else "")


def _length(amount: timedelta, *, working: bool) -> str:
    """In hours where it is more than a day, as the law and the field say it: 72 hours."""
    hours = amount / timedelta(hours=1)
    if working or hours >= 24:
        return f"{hours:g} {'working ' if working else ''}hours"
    return say_span(amount)


def _book(book: Playbook) -> str:
    body = [(name, value) for name, value in leaves(book.body)]
    head = f"## {book.title}\n\nCode: `{book.code}`."
    blocks = [f"{_standing(block)}\n\n{table(('Value', 'Is'), [(code(n), v) for n, v in leaves(block.values)])}" for block in book.blocks]
    return "\n\n".join((head, *([table(("Always", "Is"), [(code(n), v) for n, v in body])] if body else []), *blocks, _examples(book)))


def _standing(block: Block) -> str:
    until = f" until {say_date(block.until - timedelta(days=1))}" if block.until else ""
    mark = "verified" if block.verified else UNVERIFIED
    note = f" {block.note}" if block.note else ""
    return f"### From {say_date(block.from_date)}{until}\n\n{mark}.{note}\n\nAuthority: {block.authority.rstrip('.')}."


def _examples(book: Playbook) -> str:
    rows = [(one["name"], words(one["given"]), words(one["expect"])) for one in book.examples]
    return f"Examples, run as tests:\n\n{table(('Example', 'Given', 'Comes out as'), rows)}"


def _after(after: timedelta) -> str:
    return f"{say_span(after)} later" if after else "at once"


def _deed(name: str) -> str:
    return f"{deed_title(code=name)} ({code(name)})"


def _said(name: str) -> str:
    return name.replace("_", " ")
