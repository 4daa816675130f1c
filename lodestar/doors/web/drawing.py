"""A network as it stands on a page, as HTML: each line and node of the picture, each row of the list, each name.

A network has hundreds of these, and a template took longer over them than finding the network did. Words from outside are
escaped here, each once; all else of the page stays in its templates (leads/parts.html). Nothing here asks the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from lodestar.core.networks.facts import PERSON, Node, Rules
from lodestar.core.networks.picture import Line, Picture, Placed, lines_of, picture, short
from lodestar.core.times import say
from lodestar.core.words import in_words
from lodestar.doors.web.addresses import address
from lodestar.store.queries.networks import Fact, Named, Network, facts

NOT_SEEN = "somebody you may not see"
MARKS = {"child": "C", "adult": "A", "person": "?", "phone": "T", "vehicle": "V", "handle": "@"}
Exposure = Mapping[int, Mapping[str, int]]  # somebody to how many events of each kind they were in at all
CELL = '<td class="govuk-table__cell" data-label='


@dataclass(frozen=True, slots=True)
class Sheet:
    """A network drawn: the picture, the list of records that says the same, and how often each is met at all."""

    drawn: Picture
    records: int
    elements: Markup  # of the picture: lines that lead to a record they stand for, nodes that lead to who or what each is
    rows: Markup  # of the list
    met: Markup  # how often each is met whom the reader may see


class Shown(NamedTuple):
    """Somebody or something as this page names them, escaped; without an address where the reader may not see them."""

    words: str
    short: str
    what: str
    address: str

    @property
    def link(self) -> str:
        """The name, leading to its record."""
        return f'<a class="govuk-link" href="{self.address}">{self.words}</a>' if self.address else self.words.lower()


def sheet(*, network: Network, centre: Sequence[Node], rules: Rules, at: datetime, exposure: Exposure) -> Sheet:
    """A network around its middle, and how often each of some is met at all."""
    drawn = picture(centre=centre, lines=lines_of(world=network.world, rules=rules))
    found, named = facts(network, rules=rules, at=at), {node: shown(node, one) for node, one in network.names.items()}
    links = {node: one.link for node, one in named.items()}
    lines, nodes = [_line(one, drawn.by_node) for one in drawn.lines], [_node(one, named.get(one.node)) for one in drawn.nodes]
    return Sheet(
        drawn,
        len(found),
        Markup("".join((*lines, *nodes))),
        Markup("".join([_row(one, links) for one in found])),
        Markup("".join([_met(named.get(Node(PERSON, person)), kinds) for person, kinds in exposure.items()])),
    )


def shown(node: Node, named: Named) -> Shown:
    """Somebody or something as the page names them."""
    words, cut = _plain(named.words), short(named.words)
    leads = "" if named.hidden else address("person" if node.kind == PERSON else "thing_network", node.id)
    return Shown(words, words if cut == named.words else _plain(cut), named.what, leads)


def _plain(words: str) -> str:
    return str(escape(words))


@lru_cache(maxsize=1024)
def _of_ours(words: str) -> str:
    """A kind, a role, a source or a grading, escaped: of such words there are a few."""
    return _plain(words)


def _line(line: Line, by_node: Mapping[Node, Placed]) -> str:
    one, other, first = by_node[line.one], by_node[line.other], line.events[0]
    weak, unreviewed = " lodestar-network__weak" * line.weak, " lodestar-network__unreviewed" * line.unreviewed
    return (
        f'<a href="{address("matter" if first.startswith("M-") else "engagement", int(first[2:]))}" tabindex="-1" aria-hidden="true">'
        f'<line class="lodestar-network__line{weak}{unreviewed}" x1="{one.x}" y1="{one.y}" x2="{other.x}" y2="{other.y}">'
        f"<title>{', '.join(line.events)}</title></line></a>\n"
    )


def _node(placed: Placed, shown: Shown | None) -> str:
    x, y, what = placed.x, placed.y, shown.what if shown else "person"
    before, after = (f'<a href="{shown.address}">', "</a>") if shown and shown.address else ("", "")
    if what == "child":
        shape = f'<circle cx="{x}" cy="{y}" r="19"/>'
    elif placed.node.kind == PERSON:
        shape = f'<rect x="{x - 18}" y="{y - 18}" width="36" height="36"/>'
    else:
        shape = f'<path d="M{x} {y - 23}L{x + 23} {y}L{x} {y + 23}L{x - 23} {y}Z"/>'
    return (
        f'{before}<g class="lodestar-network__node{" lodestar-network__centre" * (placed.step == 0)}">{shape}'
        f'<text class="lodestar-network__mark" x="{x}" y="{y + 5}">{MARKS.get(what, "P")}</text>'
        f'<text class="lodestar-network__text" x="{x}" y="{y + 38}">{shown.short if shown else short(NOT_SEEN.capitalize())}'
        f"</text></g>{after}"
    )


def _row(fact: Fact, links: Mapping[Node, str]) -> str:
    """A record, when it was, who and what was in it, and on whose word."""
    words = _plain(fact.what) if fact.record == "matter" else f"{_of_ours(fact.what)}, engagement {fact.number}"
    weak = '<span class="lodestar-small">Too weak to count alone</span>' if fact.weak else ""
    joined = "Who somebody here is rests on a join that nobody has looked at"
    return (
        f'<tr class="govuk-table__row"><th scope="row" class="govuk-table__cell" data-label="Record">'
        f'<a class="govuk-link" href="{address(fact.record, fact.number)}">{words}</a></th>'
        f'{CELL}"Reported, or happened">{say(fact.at)}</td>\n'
        f'{CELL}"Who and what was in it">{"; ".join([_there(one, links) for one in fact.there])}{weak}'
        f'{f"""<span class="lodestar-small">{joined}</span>""" if fact.unreviewed else ""}</td>\n'
        f'{CELL}"Source and grading">{_of_ours(fact.source)}{f", {_of_ours(fact.grading)}" if fact.grading else ""}</td></tr>'
    )


def _there(one: tuple[Node, str, datetime | None], links: Mapping[Node, str]) -> str:
    node, role, noted = one
    name, role = links.get(node, NOT_SEEN), _of_ours(role)
    if noted:
        return f"{name} ({role}, noted {say(noted)})" if role else f"{name} (noted {say(noted)})"
    return f"{name} ({role})" if role else name


def _met(shown: Shown | None, kinds: Mapping[str, int]) -> str:
    if shown is None or not shown.address:
        return ""
    said = ", ".join([f"{number} {_of_ours(in_words(kind))}" for kind, number in kinds.items()]) or "nothing else"
    return f"<li><strong>{shown.words}</strong>: {said}</li>"


def choices(names: Mapping[Node, Named], *, centre: Node, chosen: Node | None) -> Markup:
    """Whom and what a chain may be asked to: all but the middle and those the reader may not see."""
    found = [
        f'<option value="{node.kind}-{node.id}"{" selected" * (node == chosen)}>{_plain(named.words)}</option>'
        for node, named in names.items()
        if node != centre and not named.hidden
    ]
    return Markup("".join(found))
