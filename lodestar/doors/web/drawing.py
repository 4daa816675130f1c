"""What repeats on the page of a network, as HTML: each line and node of the picture, each row of the list, each name.

A network has hundreds of these, and a template took longer over them than finding the network did. Words from outside are
escaped here, each once; all else of the page stays in its templates (leads/parts.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from markupsafe import Markup, escape

from lodestar.core.networks.facts import PERSON, Node
from lodestar.core.networks.picture import Line, Picture, Placed, short
from lodestar.core.times import say
from lodestar.store.queries.networks import Fact, Named

NOT_SEEN = "somebody you may not see"
MARKS = {"child": "C", "adult": "A", "person": "?", "phone": "T", "vehicle": "V", "handle": "@"}
Address = Callable[..., str]
CELL = '<td class="govuk-table__cell" data-label='


def links(names: Mapping[Node, Named], url: Address) -> dict[Node, str]:
    """Each name, leading to its record where the reader may see it."""
    return {node: _link(node, named, url) for node, named in names.items()}


def _link(node: Node, named: Named, url: Address) -> str:
    if named.hidden:
        return escape(named.words.lower())
    return f'<a class="govuk-link" href="{_record(node, url)}">{escape(named.words)}</a>'


def _record(node: Node, url: Address) -> str:
    return url("person" if node.kind == PERSON else "thing_network", node.id)


def elements(drawn: Picture, names: Mapping[Node, Named], url: Address) -> Markup:
    """The lines of a picture, each leading to a record that it stands for, and its nodes, each leading to who or what it is."""
    lines = "".join([_line(one, drawn.by_node, url) for one in drawn.lines])
    return Markup(lines + "".join([_node(one, names.get(one.node), url) for one in drawn.nodes]))


def _line(line: Line, by_node: Mapping[Node, Placed], url: Address) -> str:
    one, other, first = by_node[line.one], by_node[line.other], line.events[0]
    weak, unreviewed = " lodestar-network__weak" * line.weak, " lodestar-network__unreviewed" * line.unreviewed
    return (
        f'<a href="{url("matter" if first.startswith("M-") else "engagement", int(first[2:]))}" tabindex="-1" aria-hidden="true">'
        f'<line class="lodestar-network__line{weak}{unreviewed}" x1="{one.x}" y1="{one.y}" x2="{other.x}" y2="{other.y}">'
        f"<title>{', '.join(line.events)}</title></line></a>\n"
    )


def _node(placed: Placed, named: Named | None, url: Address) -> str:
    x, y, what = placed.x, placed.y, named.what if named else "person"
    before, after = (f'<a href="{_record(placed.node, url)}">', "</a>") if named and not named.hidden else ("", "")
    if what == "child":
        shape = f'<circle cx="{x}" cy="{y}" r="19"/>'
    elif placed.node.kind == PERSON:
        shape = f'<rect x="{x - 18}" y="{y - 18}" width="36" height="36"/>'
    else:
        shape = f'<path d="M{x} {y - 23}L{x + 23} {y}L{x} {y + 23}L{x - 23} {y}Z"/>'
    return (
        f'{before}<g class="lodestar-network__node{" lodestar-network__centre" * (placed.step == 0)}">{shape}'
        f'<text class="lodestar-network__mark" x="{x}" y="{y + 5}">{MARKS.get(what, "P")}</text>'
        f'<text class="lodestar-network__text" x="{x}" y="{y + 38}">{escape(short(named.words if named else NOT_SEEN.capitalize()))}'
        f"</text></g>{after}"
    )


def rows(facts: Iterable[Fact], linked: Mapping[Node, str], url: Address) -> Markup:
    """The rows of the list: each record, when it was, who and what was in it, and on whose word."""
    return Markup("".join([_row(fact, linked, url) for fact in facts]))


def _row(fact: Fact, linked: Mapping[Node, str], url: Address) -> str:
    words = escape(fact.what) if fact.record == "matter" else f"{escape(fact.what)}, engagement {fact.number}"
    weak = '<span class="lodestar-small">Too weak to count alone</span>' if fact.weak else ""
    joined = "Who somebody here is rests on a join that nobody has looked at"
    return (
        f'<tr class="govuk-table__row"><th scope="row" class="govuk-table__cell" data-label="Record">'
        f'<a class="govuk-link" href="{url(fact.record, fact.number)}">{words}</a></th>'
        f'{CELL}"Reported, or happened">{say(fact.at)}</td>\n'
        f'{CELL}"Who and what was in it">{"; ".join([_there(one, linked) for one in fact.there])}{weak}'
        f'{f"""<span class="lodestar-small">{joined}</span>""" if fact.unreviewed else ""}</td>\n'
        f'{CELL}"Source and grading">{escape(fact.source)}{f", {escape(fact.grading)}" if fact.grading else ""}</td></tr>'
    )


def _there(one: tuple[Node, str, datetime | None], linked: Mapping[Node, str]) -> str:
    node, role, noted = one
    said = ", ".join(filter(None, (escape(role), f"noted {say(noted)}"))) if noted else escape(role)
    return f"{linked.get(node, NOT_SEEN)}{f' ({said})' if said else ''}"


def often_met(exposure: Mapping[int, Mapping[str, int]], names: Mapping[Node, Named], words: Callable[[object], str]) -> Markup:
    """How often each person is met at all, by kind of event, of those the reader may see."""
    found = []
    for person, kinds in exposure.items():
        named = names.get(Node(PERSON, person))
        if named and not named.hidden:
            said = ", ".join([f"{number} {escape(words(kind))}" for kind, number in kinds.items()]) or "nothing else"
            found.append(f"<li><strong>{escape(named.words)}</strong>: {said}</li>")
    return Markup("".join(found))


def choices(names: Mapping[Node, Named], *, centre: Node, chosen: Node | None) -> Markup:
    """Whom and what a chain may be asked to: all but the middle and those the reader may not see."""
    found = [
        f'<option value="{node.kind}-{node.id}"{" selected" * (node == chosen)}>{escape(named.words)}</option>'
        for node, named in names.items()
        if node != centre and not named.hidden
    ]
    return Markup("".join(found))
