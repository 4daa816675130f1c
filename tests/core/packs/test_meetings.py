"""When meetings fall, what a decision must say, and that what was due is discussed or left with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.packs.agenda import Item, Listed, cut, find, kept, left, read
from lodestar.core.packs.cadence import Cadence, cadence_from, meetings, next_after
from lodestar.core.packs.letters import letter, letters
from lodestar.core.packs.lifecycle import ACTION, MEETING, Wanted, cadence_kept, decision_gaps, freeze_gaps, hold_gaps
from lodestar.core.packs.template import template, template_faults
from lodestar.store.playbooks import all_of, calendars, clock_rules, playbook

NOW = datetime(2026, 6, 4, 8, 0, tzinfo=UTC)
TODAY = date(2026, 6, 4)
WORKING = calendars(TODAY).working


def test_a_meeting_on_a_bank_holiday_moves_to_the_next_working_day_and_stays_one_meeting() -> None:
    christmas = Cadence("month", time(10), 30, weekday=4, nth=4)  # the fourth Friday: 25 December 2026
    found = meetings(cadence=christmas, first=date(2026, 12, 1), until=date(2027, 1, 1), working=WORKING)
    assert found == (datetime(2026, 12, 29, 10, tzinfo=UTC),)  # Boxing Day is kept on the Monday
    split = meetings(cadence=christmas, first=date(2026, 12, 28), until=date(2027, 1, 1), working=WORKING)
    assert split == found, "a day that was moved is found from the middle too"


def test_meetings_of_two_spans_are_those_of_the_whole() -> None:
    for book in all_of("pack"):
        cadence = template(book, on=TODAY).cadence
        ends = (date(2026, 3, 1), date(2026, 6, 15), date(2026, 12, 20))
        whole = meetings(cadence=cadence, first=ends[0], until=ends[2], working=WORKING)
        parts = [meetings(cadence=cadence, first=a, until=b, working=WORKING) for a, b in pairwise(ends)]
        assert whole == (*parts[0], *parts[1])


def test_the_next_meeting_is_after_the_instant_and_not_at_it() -> None:
    daily = template(playbook("PACK-DAILY"), on=TODAY).cadence
    first = datetime(2026, 6, 4, 7, 30, tzinfo=UTC)
    assert next_after(cadence=daily, instant=first - timedelta(seconds=1), day=TODAY, working=WORKING) == first
    assert next_after(cadence=daily, instant=first, day=TODAY, working=WORKING) == first + timedelta(days=1)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"every": "week", "at": "10:00", "ahead_days": 3}, "not each week"),
        ({"every": "fortnight", "at": "10:00", "ahead_days": 3}, "the day of its first"),
        ({"every": "quarter", "at": "10:00", "ahead_days": 3, "months": [1]}, "four months"),
    ],
)
def test_a_cadence_nobody_could_follow_is_refused(table: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cadence_from(table)


def test_every_template_names_roles_posts_and_clocks_that_exist() -> None:
    roles = playbook("ACCESS-ROLES").in_force(TODAY).values["roles"]
    posts = playbook("DUTY-POSTS").in_force(TODAY).values["chains"]
    for book in all_of("pack"):
        one = template(book, on=TODAY)
        assert template_faults(one, roles=roles.keys(), posts=posts.keys(), clocks=clock_rules(TODAY).keys()) == ()
        assert any(rule.event == one.event and rule.owed_by == one.chair for rule in clock_rules(TODAY).values())
        broken = replace(one, chair="nobody", may_read=frozenset({"stranger"}))
        assert len(template_faults(broken, roles=roles.keys(), posts=posts.keys(), clocks=())) >= 2


def test_the_tables_lead_somewhere_and_nothing_is_frozen_twice() -> None:
    assert MEETING.unreachable() == ACTION.unreachable() == frozenset()
    assert MEETING.row(state="frozen", verb="freeze") is None
    assert {row.reason_owed for row in MEETING.rows if row.verb in ("correct", "drop", "reinstate")} == {True}


WANTED = Wanted("Asked why no place was found", "Three were asked", "A bed was asked for late", "Ring the manager", 7, NOW + timedelta(1))


def codes(wanted: Wanted, *, on_agenda: bool = True) -> set[str]:
    names = ("Mina", "Marsh", "M-12")
    return {one.code for one in decision_gaps(wanted=wanted, on_agenda=on_agenda, names=names, owners=(7, 8), now=NOW)}


def test_a_whole_decision_is_let_through_and_one_without_an_action_too() -> None:
    assert codes(WANTED) == set()
    assert codes(replace(WANTED, action="", owner=None, due_at=None, narrative="")) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"decision": " "}, "meeting.decision"),
        ({"reason": ""}, "meeting.reason"),
        ({"narrative": "They asked for MINA, twice"}, "meeting.names"),
        ({"narrative": "See (M-12)."}, "meeting.names"),
        ({"action": ""}, "meeting.action"),
        ({"owner": None}, "meeting.owner"),
        ({"owner": 99}, "meeting.owner"),
        ({"due_at": NOW}, "meeting.due"),
        ({"due_at": None}, "meeting.due"),
    ],
)
def test_what_is_missing_from_a_decision_is_named(changes: dict[str, object], code: str) -> None:
    assert codes(replace(WANTED, **changes)) == {code}  # type: ignore[arg-type]


def test_a_decision_about_what_is_not_on_the_agenda_is_refused() -> None:
    assert codes(WANTED, on_agenda=False) == {"meeting.no_item"}


def test_a_meeting_is_held_on_its_day_by_people_with_names() -> None:
    assert hold_gaps(attended="Insp Elm", due_at=NOW, now=NOW - timedelta(hours=3)) == ()
    early = hold_gaps(attended="", due_at=NOW, now=NOW - timedelta(days=1))
    assert [one.code for one in early] == ["meeting.attended", "meeting.early"]


def test_what_was_due_and_not_discussed_is_left_with_a_reason_only() -> None:
    assert freeze_gaps(left=0, reason="") == freeze_gaps(left=2, reason="The suite flooded") == ()
    (gap,) = freeze_gaps(left=2, reason=" ")
    assert gap.sentence.startswith("2 children")


def item(key: str, *, owed: bool = False) -> Item:
    return Item(key, "Kept", matter=1, child=2, due_at=NOW, owed=owed, facts=(("Charged", "Theft"),))


def test_an_agenda_is_read_as_it_was_kept_and_never_cuts_what_is_owed() -> None:
    items = [item("a"), item("b"), item("c", owed=True), item("d", owed=True)]
    shown = cut("custody", items, most=2)
    assert ([one.key for one in shown.items], shown.more) == (["c", "d"], 2)
    assert cut("custody", items, most=0) == Listed("custody", tuple(items))
    agenda = (shown, Listed("empty", ()))
    assert read(kept(agenda)) == agenda
    assert find(agenda, "d") == (shown, items[3]) and find(agenda, "z") is None
    assert [one.key for one in left(agenda, ["c"])] == ["d"]


def test_letters_are_stable_in_a_pack_follow_no_order_and_outlive_a_correction() -> None:
    children = range(1, 31)
    first = letters(pack="daily:1", children=children)
    assert sorted(first.values(), key=lambda mark: (len(mark), mark)) == [letter(number) for number in range(30)]
    assert first == letters(pack="daily:1", children=reversed(children))
    assert first != letters(pack="daily:2", children=children)
    assert list(first.values()) != [first[child] for child in sorted(first)], "no order of the children shows"
    later = letters(pack="daily:1", children=[*children, 99], before=first)
    assert {child: later[child] for child in children} == first and later[99] == letter(30)
    assert [letter(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@given(st.lists(st.sampled_from(sorted(MEETING.states))))
def test_meetings_held_are_counted_from_those_that_were_due(states: list[str]) -> None:
    found = cadence_kept("Daily", states)
    assert found.due == found.held + found.not_held + found.unanswered == len(states)
    assert found.unanswered == sum(state in ("planned", "prepared") for state in states)
