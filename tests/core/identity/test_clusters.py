"""Groups that hold together everywhere, that any link can leave again, and that people's words outrank."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.identity.clusters import Link, Said, grouped, ordered, reached

IDS = [f"r{number}" for number in range(7)]
PAIRS = [ordered(*pair) for pair in combinations(IDS, 2)]
SETS = st.sets(st.sampled_from(PAIRS))


def links(pairs: set[tuple[str, str]]) -> list[Link]:
    return [Link(left, right, weight=float(PAIRS.index((left, right)))) for left, right in pairs]


def allowed(forbidden: set[tuple[str, str]]) -> Callable[[str, str], bool]:
    return lambda left, right: ordered(left, right) not in forbidden


@given(SETS, SETS, st.integers(1, 7))
def test_a_models_groups_never_hold_a_pair_that_may_not_stand_or_grow_too_large(joined, forbidden, most) -> None:  # type: ignore[no-untyped-def]
    found = grouped(IDS, links=links(joined), may_stand=allowed(forbidden), most=most)
    assert sorted(record for group in found.groups for record in group) == IDS
    for group in found.groups:
        assert len(group) <= most
        assert not {ordered(*pair) for pair in combinations(group, 2)} & forbidden


@given(SETS, SETS, SETS, st.randoms())
def test_people_outrank_every_weight_and_the_order_of_links_does_not_matter(joined, same, apart, chance) -> None:  # type: ignore[no-untyped-def]
    said = [Said(*pair, same=True) for pair in sorted(same - apart)] + [Said(*pair, same=False) for pair in sorted(apart)]
    found = grouped(IDS, links=links(joined), said=said, may_stand=lambda *_: True, most=len(IDS))
    for left, right in apart:
        assert right not in found.of(left)
    for left, right in same - apart - set(found.at_odds):
        assert right in found.of(left)
    shuffled = links(joined)
    chance.shuffle(shuffled)
    assert grouped(IDS, links=shuffled, said=said, may_stand=lambda *_: True, most=len(IDS)) == found


@given(SETS, SETS, st.data())
def test_undoing_a_link_leaves_what_would_have_been_and_touches_only_what_it_reached(joined, forbidden, data) -> None:  # type: ignore[no-untyped-def]
    if not joined:
        return
    undone = data.draw(st.sampled_from(sorted(joined)))
    rest = joined - {undone}
    before = grouped(IDS, links=links(joined), may_stand=allowed(forbidden), most=5)
    never = grouped(IDS, links=links(rest), may_stand=allowed(forbidden), most=5)
    near = {record: [other for pair in joined if record in pair for other in pair if other != record] for record in IDS}
    touched = reached(undone[0], near)
    again = grouped(touched, links=[link for link in links(rest) if link.left in touched], may_stand=allowed(forbidden), most=5)
    kept = [group for group in before.groups if not set(group) & touched]
    assert sorted([*kept, *again.groups]) == list(never.groups)


def test_the_last_word_on_a_pair_counts() -> None:
    said = [Said("r0", "r1", same=True), Said("r1", "r0", same=False)]
    assert grouped(IDS, links=links({("r0", "r1")}), said=said, may_stand=lambda *_: True, most=5).of("r0") == ("r0",)


def test_a_link_that_would_not_hold_is_withheld_with_its_reason() -> None:
    found = grouped(IDS, links=links({("r0", "r1"), ("r1", "r2")}), may_stand=allowed({("r0", "r2")}), most=5)
    assert [one.reason for one in found.withheld] == ["two of the records would not stand together by themselves"]
