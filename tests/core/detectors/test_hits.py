"""What detectors find is kept once, goes on while it lasts, and ends in a way that is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.clocks.rules import POST_KINDS
from lodestar.core.detectors.hits import HIT, STATES, Counts, Hit, counts, look, set_aside, set_aside_gaps
from lodestar.core.detectors.reading import READ
from lodestar.core.detectors.rules import RULES, Absence, Charged, Facts, Incident, MissingReports, detector, detector_faults, find, met
from lodestar.core.detectors.words import REMEDIES, WORDS, in_words
from lodestar.core.matters.kinds import DESKS
from lodestar.store.playbooks import all_of, playbook

AT = datetime(2026, 6, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULE = detector(playbook("DET-INCIDENT-NOTICE"), on=AT)
ONE = Absence("DET-INCIDENT-NOTICE", "incident-1", 7, AT, AT, "Not told.")


DONE = frozenset({"incident-1"})


def looked(*hits: Hit, found: tuple[Absence, ...] = (ONE,), met: frozenset[str] = frozenset(), at: datetime = AT) -> tuple[Hit, ...]:
    return look(detector=RULE, before=hits, found=found, met=met, at=at)


@pytest.mark.parametrize("book", all_of("detector"), ids=lambda book: book.code)
def test_every_detector_can_be_followed_on_every_day(book) -> None:
    for block in book.blocks:
        assert detector_faults(detector(book, on=block.from_date), posts=POST_KINDS) == ()


def test_a_detector_without_an_owner_there_is_has_a_fault() -> None:
    assert detector_faults(RULE, posts=frozenset()) == ("DET-INCIDENT-NOTICE: nobody is called hub_sergeant",)


def test_an_absence_found_twice_is_one_hit_that_goes_on() -> None:
    (hit,) = looked(*looked(), at=AT + HOUR)
    assert (hit.first_at, hit.last_at, hit.is_open) == (AT, AT + HOUR, True)


def test_an_absence_made_good_ends_its_hit_and_keeps_it() -> None:
    (hit,) = looked(*looked(), found=(), met=DONE, at=AT + HOUR)
    assert (hit.state, hit.ended_at) == ("made_good", AT + HOUR)


def test_what_is_gone_and_was_never_done_has_lapsed_and_is_not_called_made_good() -> None:
    (hit,) = looked(*looked(), found=(), at=AT + HOUR)
    assert (hit.state, hit.ended_at) == ("lapsed", AT + HOUR)


def test_one_that_comes_back_is_a_new_hit() -> None:
    gone = looked(*looked(), found=(), at=AT + HOUR)
    again = looked(*gone, at=AT + 2 * HOUR)
    assert [hit.is_open for hit in again] == [False, True]


def test_what_somebody_set_aside_is_not_found_afresh() -> None:
    (hit,) = looked()
    aside = set_aside(hit=hit, reason="Told by telephone; the note is in the log", by=3, at=AT + HOUR)
    assert looked(aside, at=AT + 2 * HOUR) == (aside,)
    begun_again = replace(ONE, wanted_from=AT + 2 * HOUR)
    assert [one.state for one in looked(aside, found=(begun_again,), at=AT + 3 * HOUR)] == ["set_aside", "open"]


def test_setting_aside_needs_a_reason_and_an_open_hit() -> None:
    (hit,) = looked()
    assert [one.code for one in set_aside_gaps(hit=hit, reason=" ")] == ["detector.reason"]
    ended = set_aside(hit=hit, reason="Seen", by=3, at=AT)
    assert [one.code for one in set_aside_gaps(hit=ended, reason="Seen")] == ["detector.ended"]
    with pytest.raises(ValueError, match=r"detector\.ended"):
        set_aside(hit=ended, reason="Seen", by=3, at=AT)


def test_after_its_last_day_a_detector_finds_nothing_and_says_so_of_what_was_open() -> None:
    late = datetime(2028, 1, 2, tzinfo=UTC)
    facts = Facts(incidents=(Incident(1, 7, AT),))
    assert RULE.expires == date(2027, 12, 31)
    assert find(detector=RULE, facts=facts, at=late) == ()
    (hit,) = look(detector=RULE, before=looked(), found=(), met=frozenset(), at=late)
    assert hit.ended == "detector_expired"
    (done,) = look(detector=RULE, before=looked(), found=(), met=DONE, at=late)
    assert done.ended == "made_good"


def test_another_detectors_hits_are_left_as_they_are() -> None:
    other = Hit("DET-OTHER", "x", 1, "Not there.", AT, AT)
    assert looked(other, found=(), at=AT + HOUR) == (other,)


def test_a_history_is_counted_by_how_each_hit_ended() -> None:
    hits = looked(*looked(*looked(), found=(), met=DONE, at=AT + HOUR), at=AT + 2 * HOUR)
    assert counts(hits=hits, detector=RULE.code) == Counts(found=2, open=1, made_good=1, lapsed=0, set_aside=0, expired=0)
    assert counts(hits=hits, detector="DET-OTHER").found == 0


def test_a_child_who_has_left_custody_is_no_longer_looked_for() -> None:
    rule = detector(playbook("DET-CHARGED-REQUEST"), on=AT)
    row = Charged(3, 7, AT, left_at=AT + 2 * HOUR)
    assert len(find(detector=rule, facts=Facts(charged=(row,)), at=AT + HOUR)) == 1
    assert find(detector=rule, facts=Facts(charged=(row,)), at=AT + 2 * HOUR) == ()


def test_a_request_made_late_is_made_good_and_a_child_gone_without_one_is_not() -> None:
    rule = detector(playbook("DET-CHARGED-REQUEST"), on=AT)
    asked, gone = Charged(3, 7, AT, asked_at=(AT + 2 * HOUR,)), Charged(4, 8, AT, left_at=AT + 2 * HOUR)
    assert met(detector=rule, facts=Facts(charged=(asked, gone)), at=AT + HOUR) == frozenset()
    assert met(detector=rule, facts=Facts(charged=(asked, gone)), at=AT + 2 * HOUR) == {"matter-3"}


def test_a_finding_set_aside_answers_its_run_and_three_reports_after_it_are_a_new_one() -> None:
    rule = detector(playbook("DET-REPEAT-STRATEGY"), on=AT)
    days = [AT + timedelta(days=day) for day in (0, 2, 4, 6, 8, 10, 12)]
    aside = MissingReports(7, tuple(days[:4]), set_aside_at=(days[2] + HOUR,))
    assert find(detector=rule, facts=Facts(missing=(aside,)), at=days[6]) == ()
    again = replace(aside, reported_at=tuple(days[:6]))
    (one,) = find(detector=rule, facts=Facts(missing=(again,)), at=days[6] + 24 * HOUR)
    assert one.wanted_from == days[5]


@pytest.mark.parametrize("book", all_of("detector"), ids=lambda book: book.code)
def test_every_rule_is_told_in_words_with_its_values(book) -> None:
    told = in_words(detector(book, on=AT))
    assert told.endswith(".")
    assert "{" not in told
    assert str(book.in_force(AT).values["within_hours"]) in told


def test_what_mends_a_finding_is_a_deed_that_somebody_records_on_that_desk() -> None:
    assert REMEDIES.keys() == RULES.keys()
    for rule, by_kind in REMEDIES.items():
        for kind, code in by_kind.items():
            assert DESKS[kind].deeds[code].by_hand, rule
            assert code in READ, "the rule must see it, or it never ends"


def test_every_rule_has_words_and_every_state_a_title() -> None:
    assert WORDS.keys() == RULES.keys()
    assert set(STATES) == set(HIT.states)


seen = st.lists(st.tuples(st.integers(1, 40), st.sets(st.integers(1, 4))), max_size=12)


@given(looks=seen)
def test_no_hit_is_ever_lost_and_none_open_twice_however_often_anybody_looks(looks: list[tuple[int, set[int]]]) -> None:
    hits: tuple[Hit, ...] = ()
    at = AT
    for hours, there in looks:
        at += hours * HOUR
        found = tuple(Absence(RULE.code, str(key), key, AT, AT, "Not there.") for key in there)
        before, hits = hits, look(detector=RULE, before=hits, found=found, met=(), at=at)
        assert [(hit.key, hit.first_at) for hit in hits[: len(before)]] == [(hit.key, hit.first_at) for hit in before]
        live = [hit.key for hit in hits if hit.is_open]
        assert sorted(live) == sorted({str(key) for key in there})
        assert look(detector=RULE, before=hits, found=found, met=(), at=at) == hits
