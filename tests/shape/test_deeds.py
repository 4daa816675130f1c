"""A deed and the move it makes agree on who may: nobody is offered a deed that its own desk's table then refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice, product

import pytest

from lodestar.core.access.scope import Role, role_from
from lodestar.core.matters.deeds import DeedKind
from lodestar.core.matters.desk import Desk, Done, Story
from lodestar.core.matters.kinds import DESKS
from lodestar.store.playbooks import playbook

AT = datetime(2026, 6, 4, 9, tzinfo=UTC)
MOST = 400  # ways of answering one deed; every deed so far has fewer
ROLES = tuple(role_from(name, row) for name, row in playbook("ACCESS-ROLES").in_force(date(2026, 6, 4)).values["roles"].items())
BY_HAND = [(desk, kind) for desk in DESKS.values() for kind in desk.deeds.values() if kind.by_hand]


def ways_of_saying(kind: DeedKind) -> Iterator[dict[str, str]]:
    """Every combination of the choices that a deed asks for, with something in each other answer."""
    choices = [asked.choices if asked.asked_as == "choice" else ("",) for asked in kind.asks]
    for picked in islice(product(*choices), MOST):
        yield {
            asked.name: choice
            or {"time": AT.isoformat(), "deed": "1", "involved": "1", "many": ", ".join(asked.choices)}.get(asked.asked_as, "said")
            for asked, choice in zip(kind.asks, picked, strict=True)
        }


def moves(desk: Desk, kind: DeedKind) -> set[tuple[str, str]]:
    """Every state and verb by which this deed moves a matter."""
    found = set()
    for state in kind.states or desk.lifecycle.states:
        for said in ways_of_saying(kind):
            done = Done(2, kind.code, AT, AT, 1, said)
            earlier = tuple(Done(1, code, AT - timedelta(hours=1), AT, 1, said) for code in (desk.opening,) if code)
            story = Story(desk.kind, state, AT, AT, done=(*earlier, done))
            found |= {(state, verb) for verb in desk.follow(story, done).verbs}
    return found


def test_the_ways_of_saying_reach_the_moves_of_every_desk_whose_deeds_make_them() -> None:
    made = {desk.kind: sum(len(moves(desk, kind)) for _, kind in BY_HAND if _ is desk) for desk in DESKS.values()}
    assert {kind for kind, count in made.items() if count} == {"custody", "exploitation", "online"}
    assert made["custody"] > 40


@pytest.mark.parametrize(("desk", "kind"), BY_HAND, ids=lambda one: getattr(one, "code", getattr(one, "kind", "")))
def test_whoever_may_record_a_deed_may_make_its_move(desk: Desk, kind: DeedKind) -> None:
    may: list[Role] = [role for role in ROLES if kind.permission in role.permissions]
    for state, verb in sorted(moves(desk, kind)):
        row = desk.lifecycle.row(state=state, verb=verb)
        assert row is not None
        assert [role.code for role in may if row.who not in role.permissions] == [], f"{verb} from {state} asks {row.who}"
