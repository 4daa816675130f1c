"""Who may do what, to which children."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor, Grant, MatterPlace, Reach, role_from

BOOK = tomllib.loads((files("lodestar.playbooks") / "access" / "roles.toml").read_text())
ROLES = {code: role_from(code, table) for code, table in BOOK["in_force"][0]["roles"].items()}
HERE = MatterPlace("north", "shire", is_open=True, people=frozenset({5}))
CHILD = [permission for permission in Permission if permission.split(".")[0] in ("matters", "people", "reports", "tasks")]

places = st.builds(
    MatterPlace,
    st.sampled_from(["north", "south"]),
    st.sampled_from(["shire", "city"]),
    st.booleans(),
    st.frozensets(st.integers(1, 6)),
    st.sampled_from(["missing", "online", ""]),
)
grants = st.builds(
    Grant,
    st.sampled_from(["a", "b"]),
    st.frozensets(st.sampled_from(["matters.read", "matters.close"])),
    st.sampled_from(list(Reach)),
    st.frozensets(st.sampled_from(["north", "south", "shire", "city"])),
    st.one_of(st.none(), st.frozensets(st.sampled_from(["missing", "online", ""]))),
)


@pytest.mark.parametrize("example", BOOK["examples"], ids=lambda example: example["name"])
def test_every_example_of_the_playbook_holds(example: dict[str, dict[str, object]]) -> None:
    role = ROLES[str(example["given"]["role"])]
    assert (example["given"]["permission"] in role.permissions) == example["expect"]["allowed"]


def test_the_playbook_is_dated_in_the_past() -> None:
    assert BOOK["in_force"][0]["from"] <= date(2026, 11, 23)


@pytest.mark.parametrize("code", ["governance_reader", "system_administrator"])
def test_roles_that_see_no_child_hold_no_permission_on_children(code: str) -> None:
    assert ROLES[code].permissions.isdisjoint(CHILD)
    assert ROLES[code].reach is Reach.NONE


def test_the_eleven_roles_of_the_issue_are_there() -> None:
    asked = {
        "call_handler",
        "response_sergeant",
        "duty_inspector",
        "hub_sergeant",
        "hub_officer",
        "analyst",
        "custody_officer",
        "polit_officer",
        "local_authority_worker",
        "governance_reader",
        "system_administrator",
    }
    assert asked <= set(ROLES)


@given(held=st.lists(grants, max_size=4), place=places)
def test_two_narrow_roles_never_add_up_to_a_wide_one(held: list[Grant], place: MatterPlace) -> None:
    actor = Actor(id=5, name="Sam", grants=tuple(held))
    alone = any(Actor(id=5, name="Sam", grants=(grant,)).may("matters.close", place) for grant in held)
    assert actor.may("matters.close", place) == alone


@given(held=st.lists(grants, max_size=4), place=places)
def test_reach_never_gives_what_the_permission_does_not(held: list[Grant], place: MatterPlace) -> None:
    actor = Actor(id=5, name="Sam", grants=tuple(held))
    if "matters.close" not in actor.permissions:
        assert not actor.may("matters.close", place)


@given(st.lists(grants, max_size=3), places)
def test_whoever_reaches_all_of_a_kind_may_whatever_the_place(held: list[Grant], place: MatterPlace) -> None:
    actor = Actor(5, "Somebody", tuple(held))
    if actor.reaches_all("matters.read", place.kind):
        assert actor.may("matters.read", place)
        assert actor.may("matters.read")
    assert not Actor(5, "Nobody").reaches_all("matters.read", place.kind)


def test_to_reach_all_is_to_reach_every_kind_that_is_asked_about_by_one_grant() -> None:
    narrow = [Grant("a", frozenset({"matters.read"}), Reach.FORCE, kinds=frozenset({kind})) for kind in ("missing", "online")]
    assert Actor(5, "Somebody", tuple(narrow)).reaches_all("matters.read", "missing")
    assert not Actor(5, "Somebody", tuple(narrow)).reaches_all("matters.read", "missing", "online")
    assert not Actor(5, "Somebody", (Grant("a", frozenset({"matters.read"}), Reach.OPEN),)).reaches_all("matters.read", "missing")


def test_a_closed_matter_is_out_of_reach_for_open_only() -> None:
    grant = Grant("custody_officer", frozenset({"matters.read"}), Reach.OPEN)
    closed = MatterPlace("north", "shire", is_open=False)
    assert grant.covers(place=HERE, actor_id=9)
    assert not grant.covers(place=closed, actor_id=9)


def test_an_unknown_permission_stops_the_start() -> None:
    with pytest.raises(ValueError, match="not a valid Permission"):
        role_from("x", {"title": "X", "sentence": "", "reach": "force", "kinds": [], "permissions": ["matters.destroy"]})


def _holder_of(code: str) -> Actor:
    return Actor(id=9, name="Somebody", grants=ROLES[code].grants())


def test_a_custody_officer_closes_custody_matters_and_no_missing_child() -> None:
    officer = _holder_of("custody_officer")
    custody = MatterPlace("north", "shire", is_open=True, kind="custody")
    missing = MatterPlace("north", "shire", is_open=True, kind="missing")
    assert officer.may("matters.close", custody)
    assert officer.may("matters.read", missing)
    assert not officer.may("matters.close", missing)


def test_a_role_sees_no_kind_of_matter_that_it_is_not_about() -> None:
    online = MatterPlace("north", "shire", is_open=True, kind="online")
    for code, role in ROLES.items():
        about = role.kinds | {more.kind for more in role.further}
        assert "online" in about or not _holder_of(code).may("matters.read", online), code


def test_what_a_role_reaches_further_by_does_not_widen_its_reach_to_people() -> None:
    """A POLIT officer reads every online case, but a child's own record only while something is open about them."""
    officer = _holder_of("polit_officer")
    assert not officer.may("people.read", MatterPlace("north", "shire", is_open=False))
    assert officer.may("people.read", MatterPlace("north", "shire", is_open=True))
