"""Leads that an officer can check by hand: what counts, what never does, and what a group hangs on."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lodestar.core.networks
from lodestar.core.networks.chains import shortest
from lodestar.core.networks.counting import adult_ways, counts, share_through, windows
from lodestar.core.networks.facts import PERSON, THING, Node, Presence, World
from lodestar.core.networks.groups import Member, hangs_on, is_group
from lodestar.core.networks.leads import ACCEPTED, LEAD, Decided, decide_gaps, found, is_new, worth
from lodestar.core.networks.picture import Line, picture
from lodestar.store.playbooks import playbook
from tests.core.networks.examples import in_force, world

AT = datetime(2026, 6, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = in_force(playbook("NETWORKS"), AT)
MAN = 9
CHILDREN = (1, 2, 3)


def event(number: int, *people: int, days: float = 5, source: str = "", **more: Any) -> Mapping[str, Any]:
    return {"event": f"E-{number}", "at": AT - DAY * days, "source": source or f"source {number}", "people": people, **more}


def leads(*together: Mapping[str, Any], missing: Iterable[int] = CHILDREN, adults: Iterable[int] = (MAN,), **more: Any) -> list[str]:
    return [one.key for one in found(world=world(together, AT, adults, missing, **more), rules=RULES, at=AT)]


THREE = (event(1, MAN, 1), event(2, MAN, 2), event(3, MAN, 3))


def test_an_adult_named_with_three_missing_children_is_a_lead_with_its_reason_in_words() -> None:
    (lead,) = [one for one in found(world=world(THREE, AT, (MAN,), CHILDREN), rules=RULES, at=AT) if one.kind == "adult"]
    assert lead.reason == (
        "An adult linked to 3 missing children in 3 episodes, by 3 events from 3 sources in 365 days, through being named together."
    )
    assert (lead.children, lead.events, lead.people) == (CHILDREN, ("E-1", "E-2", "E-3"), (1, 2, 3, MAN))


def test_children_who_were_not_missing_do_not_count() -> None:
    assert leads(*THREE, missing=(1, 2)) == []


def test_many_records_of_one_event_are_one_event() -> None:
    again = [dict(event(1, MAN, 1, 2, 3), source=f"source {number}") for number in range(6)]
    assert "adult:9" not in leads(*again)


@pytest.mark.parametrize("weak", [{"kind": "stop_search"}, {"grading": "3E"}])
def test_what_is_weak_alone_makes_no_link_and_beside_something_strong_takes_nothing_away(weak: dict[str, str]) -> None:
    assert "adult:9" not in leads(THREE[0], THREE[1], event(3, MAN, 3, **weak))
    assert "adult:9" in leads(*THREE, event(4, MAN, 3, **weak))


@pytest.mark.parametrize("role", ["family", "professional", "household_adult", "social_worker"])
def test_family_and_professionals_are_discounted(role: str) -> None:
    assert leads(*(dict(one, roles={MAN: role}) for one in THREE)) == []


def test_a_household_is_discounted_and_so_is_whoever_was_harmed_themselves() -> None:
    assert leads(*THREE, homes={MAN: "CB1 2AB", 3: "CB1 2AB"}) == []
    assert leads(*THREE, dict(event(4, MAN, 5), roles={MAN: "victim"})) == []


def test_a_link_that_rests_on_a_join_nobody_looked_at_does_not_count_and_is_said() -> None:
    doubtful = dict(event(3, MAN, 3), unreviewed=(3,))
    assert "adult:9" not in leads(THREE[0], THREE[1], doubtful)
    small = world((*THREE, dict(event(4, MAN, 4), unreviewed=(4,))), AT, (MAN,), (1, 2, 3, 4))
    (lead,) = [one for one in found(world=small, rules=RULES, at=AT) if one.kind == "adult"]
    assert lead.reason.endswith("1 more rest on records that nobody has said are the same person.")


PHONE = (event(1, MAN, things=(50,)), event(2, 1, things=(50,)), event(3, 2, things=(50,)), event(4, 3, things=(50,)))


@pytest.mark.parametrize(
    ("what", "raised"), [("phone", True), ("hotel", True), ("school", False), ("care_placement", False), ("home", False)]
)
def test_a_thing_that_both_were_with_links_them_unless_everybody_passes_through_it(what: str, *, raised: bool) -> None:
    got = leads(*PHONE, objects={50: what}, kinds={50: "phone" if what == "phone" else "place"})
    assert ("adult:9" in got) is raised
    assert ("object:50" in got) is raised


def test_a_child_is_not_linked_by_the_place_where_they_live() -> None:
    at_place = {"objects": {50: "other_place"}, "kinds": {50: "place"}, "places": {50: "CB1 2AB"}}
    assert {"adult:9", "object:50"} <= set(leads(*PHONE, **at_place, homes={1: "CB9 9ZZ", MAN: "CB1 2AB"})), (
        "whoever lives there and is visited"
    )
    assert leads(*PHONE, **at_place, homes={3: "CB1 2AB"}) == []
    at_hotel = {"objects": {50: "other_place"}, "kinds": {50: "place"}, "places": {50: "CB1 2AB"}}
    assert [key for key in leads(*GROUP, **at_hotel) if key.startswith("group:")] == ["group:1-2-3"]
    assert [key for key in leads(*GROUP, **at_hotel, homes={3: "CB1 2AB"}) if key.startswith("group:")] == []


def test_the_share_of_children_who_pass_through_such_a_thing_anyway() -> None:
    small = world((*PHONE, event(5, 4)), AT, (MAN,), CHILDREN, objects={50: "hotel"}, kinds={50: "place"})
    assert share_through(world=small, kind="hotel") == (3, 4)


def test_the_windows_stand_beside_the_same_adult_s_year_before() -> None:
    small = world((event(1, MAN, 1, days=10), event(2, MAN, 2, days=60), event(3, MAN, 1, days=375)), AT, (MAN,), CHILDREN)
    found_in = windows(world=small, node=Node(PERSON, MAN), rules=RULES, at=AT)
    assert {days: (len(now.children), len(before.children)) for days, (now, before) in found_in.items()} == {
        30: (1, 1),
        90: (2, 1),
        365: (2, 1),
    }


def test_exposure_is_every_event_somebody_was_in_by_kind() -> None:
    small = world((event(1, 1, kind="stop_search"), event(2, 1, kind="stop_search"), event(3, 1, kind="hospital")), AT, (), ())
    assert small.exposure(1) == {"hospital": 1, "stop_search": 2}


def test_a_link_expires() -> None:
    old = Presence("E-1", Node(PERSON, 1), AT - RULES.kept - DAY)
    weak = Presence("E-1", Node(PERSON, 1), AT - RULES.weak_kept - DAY, kind="stop_search")
    assert RULES.has_expired(old, AT)
    assert RULES.has_expired(weak, AT)
    assert not RULES.has_expired(Presence("E-1", Node(PERSON, 1), AT - RULES.weak_kept - DAY), AT)


GROUP = (event(1, 1, 2, days=3), event(2, 2, things=(50,), days=2), event(3, 3, things=(50,), days=1))


def group_keys(*together: Mapping[str, Any]) -> list[str]:
    return [
        key for key in leads(*together, objects={50: "hotel", 51: "hotel"}, kinds={50: "place", 51: "place"}) if key.startswith("group:")
    ]


def test_three_children_newly_linked_in_two_ways_by_two_sources_are_a_group() -> None:
    assert group_keys(*GROUP) == ["group:1-2-3"]


@pytest.mark.parametrize(
    "changed",
    [
        (GROUP[0], GROUP[1]),  # two children
        tuple(dict(one, source="one") for one in GROUP),  # one source
        (event(1, 1, 2, 3),),  # one type of link
        (*GROUP[:2], dict(GROUP[2], at=AT - 20 * DAY)),  # not at one time
        tuple(dict(one, at=AT - 60 * DAY) for one in GROUP),  # not new
        (*GROUP, *(dict(one, event=f"{one['event']}-old", at=AT - 90 * DAY) for one in GROUP)),  # known before
        (*GROUP[:2], dict(GROUP[2], kind="stop_search")),  # rests on what is weak
        (*GROUP[:2], dict(GROUP[2], unreviewed=(3,))),  # rests on a join nobody looked at
    ],
)
def test_less_is_no_group(changed: tuple[Mapping[str, Any], ...]) -> None:
    assert group_keys(*changed) == []


def test_a_place_that_a_crowd_passes_through_makes_no_group() -> None:
    crowd = [event(10 + number, number, things=(51,), days=2) for number in range(1, 20)]
    assert group_keys(*crowd, event(40, 1, 2, days=2)) == []


def _members(links: Iterable[tuple[int, str]]) -> list[Member]:
    return [
        Member(child, (("place", "phone", "together")[ord(hub) % 3], hub), Presence(hub, Node(PERSON, child), AT), f"source {hub}")
        for child, hub in links
    ]


def _by_brute_force(members: list[Member]) -> set[frozenset[tuple[int, tuple[str, str]]]]:
    """Every smallest set of links, of one or of two, without which no three children are joined in two ways by two sources."""

    def holds(rest: list[Member]) -> bool:
        hubs = {hub: {one.child for one in rest if one.hub == hub} for hub in {one.hub for one in rest}}
        live = [one for one in rest if len(hubs[one.hub]) > 1]
        children = sorted({one.child for one in live})
        for size in range(3, len(children) + 1):
            for some in combinations(children, size):
                inside = [one for one in live if one.child in some]
                whole = {one.hub: {other.child for other in inside if other.hub == one.hub} for one in inside}
                reach = {some[0]}
                for _ in some:
                    reach |= {child for mates in whole.values() if mates & reach for child in mates}
                closed = all(hubs[one.hub] <= set(some) for one in inside)
                if closed and reach == set(some) and is_group(inside, RULES):
                    return True
        return False

    keys = sorted({one.key for one in members})
    for size in (1, 2):
        gone = {frozenset(some) for some in combinations(keys, size) if not holds([one for one in members if one.key not in some])}
        if gone:
            return gone
    return set()


@settings(max_examples=60)
@given(st.sets(st.tuples(st.integers(1, 5), st.sampled_from("abcd")), min_size=3, max_size=9))
def test_what_a_group_hangs_on_is_what_brute_force_finds(links: set[tuple[int, str]]) -> None:
    members = _members(sorted(links))
    assert {frozenset(some) for some in hangs_on(members, RULES)} == _by_brute_force(members)


def test_the_shortest_chain_has_at_most_three_links_and_goes_through_no_institution() -> None:
    through = (event(1, MAN, things=(50,)), event(2, 1, things=(50,)), event(3, 1, 2), event(4, 2, 3))
    hotel = world(through, AT, (MAN,), (), objects={50: "hotel"}, kinds={50: "place"})
    start = Node(PERSON, MAN)
    assert [step.event for step in shortest(world=hotel, start=start, end=Node(PERSON, 2), rules=RULES)] == ["E-1", "E-2", "E-3"]
    assert shortest(world=hotel, start=start, end=Node(PERSON, 3), rules=RULES) == (), "four links say nothing"
    school = world(through, AT, (MAN,), (), objects={50: "school"}, kinds={50: "place"})
    assert shortest(world=school, start=start, end=Node(PERSON, 2), rules=RULES) == ()
    assert [step.other.node for step in shortest(world=school, start=start, end=Node(THING, 50), rules=RULES)] == [Node(THING, 50)]


def test_what_a_thing_is_by_its_words() -> None:
    words = {
        "The Lindens, children's home": "care_placement",
        "Fen Inn, CB4 9ZZ": "hotel",
        "Winner's Row": "other_place",
        "4 Osier Row": "other_place",
    }
    assert {text: RULES.object_of("place", text) for text in words} == words
    assert RULES.object_of("phone", "07700 900001") == "phone"


def test_a_lead_is_decided_once_by_somebody_who_may_with_a_reason() -> None:
    may = ("leads.decide",)
    assert decide_gaps(state="raised", verb="accept", permissions=may, reason="Known to us") == ()
    assert [one.code for one in decide_gaps(state="raised", verb="dismiss", permissions=may, reason=" ")] == ["lead.reason_owed"]
    assert [one.code for one in decide_gaps(state="raised", verb="accept", permissions=(), reason="x")] == ["lead.not_permitted"]
    assert [one.code for one in decide_gaps(state="accepted", verb="dismiss", permissions=may, reason="x")] == ["lead.no_such_move"]
    assert LEAD.unreachable() == frozenset()


def test_after_a_decision_only_a_child_nobody_named_raises_it_again() -> None:
    (lead,) = [one for one in found(world=world(THREE, AT, (MAN,), CHILDREN), rules=RULES, at=AT) if one.kind == "adult"]
    assert not is_new(lead=lead, before=[frozenset(CHILDREN)])
    assert is_new(lead=lead, before=[frozenset({1, 2})])


def test_the_worth_of_leads_counts_only_what_is_old_enough_to_tell() -> None:
    old = Decided(ACCEPTED, AT - 100 * DAY, acted_at=AT - 60 * DAY)
    late = Decided(ACCEPTED, AT - 100 * DAY, acted_at=AT - 5 * DAY, charged_at=AT - 50 * DAY)
    young = Decided(ACCEPTED, AT - 10 * DAY, acted_at=AT - 9 * DAY)
    got = worth(leads=[old, late, young, Decided("dismissed"), Decided("raised"), Decided("lapsed")], days=90, at=AT)
    assert (got.raised, got.accepted, got.dismissed, got.lapsed, got.waiting) == (6, 3, 1, 1, 1)
    assert (got.ripe, got.acted, got.charged) == (2, 1, 1)
    assert "Of 2 accepted 90 days ago or more, 1 led to" in got.sentence(90)


def test_the_picture_places_every_node_once_two_steps_out_and_is_the_same_for_the_same_network() -> None:
    a, b, c, d = (Node(PERSON, number) for number in (1, 2, 3, 4))
    lines = [Line(a, b, ("E-1",)), Line(b, c, ("E-2",)), Line(c, d, ("E-3",))]
    drawn = picture(centre=[a], lines=lines)
    assert {one.node: one.step for one in drawn.nodes} == {a: 0, b: 1, c: 2}
    assert [(line.one, line.other) for line in drawn.lines] == [(a, b), (b, c)], "the third step is not drawn"
    assert drawn == picture(centre=[a], lines=lines)
    assert len({(one.x, one.y) for one in drawn.nodes}) == 3


def test_no_fact_that_a_lead_is_made_of_can_hold_ethnicity_and_no_score_is_kept() -> None:
    named = {*Presence._fields, *(one.name for one in fields(World))}
    assert named.isdisjoint({"ethnicity", "sex", "religion", "nationality", "score", "weight", "risk"})
    folder = Path(lodestar.core.networks.__path__[0])
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in folder.glob("*.py")]
    used = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)} | {
        node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert used.isdisjoint({"ethnicity", "centrality", "pagerank", "betweenness", "score"})


def test_no_lead_is_ever_about_a_child() -> None:
    got = found(world=world(THREE, AT, (MAN,), CHILDREN), rules=RULES, at=AT)
    assert all(one.subject not in CHILDREN for one in got)
    none = counts(
        ways=adult_ways(world=World(()), adult=1, rules=RULES, since=AT - DAY, until=AT), world=World(()), since=AT - DAY, until=AT
    )
    assert none.children == ()
    assert list(product(none.events, none.sources)) == []
