"""Agreement between two who answered blind: against published figures, by month, with few pairs hidden."""

from __future__ import annotations

from datetime import date

import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from lodestar.core.identity.agreement import Known, Marked, Told, at_odds, by_month, found, known

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)


def marked(*counts: tuple[str, str, int], month: date = JUNE) -> list[Marked]:
    return [Marked(month, one, other) for one, other, count in counts for _ in range(count)]


def test_kappa_and_its_interval_are_those_of_the_published_example() -> None:
    """Two clinical psychologists sort 200 patients into three kinds: kappa .492 (Cohen 1960, table 1)."""
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    words = ("same", "somebody_new", "cannot_tell")
    rows = marked(*((one, other, table[i][j]) for i, one in enumerate(words) for j, other in enumerate(words)))
    told = found(rows, period="all", few=10)
    assert (told.pairs, told.agreed, told.raw) == (200, 140, 0.7)
    assert told.kappa == pytest.approx(0.492, abs=5e-4)
    oracle = cohens_kappa(table)
    assert told.kappa_interval is not None
    assert (told.kappa_interval.lower, told.kappa_interval.upper) == pytest.approx((oracle.kappa_low, oracle.kappa_upp), abs=1e-9)
    assert told.raw_interval is not None
    assert (told.raw_interval.lower, told.raw_interval.upper) == pytest.approx((0.6332, 0.7592), abs=1e-4)


def test_where_all_agree_the_interval_still_says_how_few_they_were() -> None:
    few = found(marked(("same", "same", 6), ("somebody_new", "somebody_new", 6)), period="all", few=10)
    many = found(marked(("same", "same", 60), ("somebody_new", "somebody_new", 60)), period="all", few=10)
    assert few.kappa == many.kappa == 1.0
    assert few.kappa_interval is not None
    assert many.kappa_interval is not None
    assert few.kappa_interval.lower < 0.6 < many.kappa_interval.lower < 1.0
    assert few.kappa_interval.upper == 1.0


def test_one_word_throughout_says_nothing_beyond_chance() -> None:
    told = found(marked(("same", "same", 20)), period="all", few=10)
    assert (told.raw, told.kappa, told.kappa_interval) == (1.0, None, None)


def test_few_pairs_are_hidden_and_none_is_said() -> None:
    hidden = found(marked(("same", "same", 9)), period="all", few=10)
    assert (hidden.pairs, hidden.agreed, hidden.raw, hidden.kappa) == (None, None, None, None)
    assert found([], period="all", few=10).pairs == 0


def test_a_single_hidden_month_takes_another_with_it_or_the_whole_would_give_it_back() -> None:
    rows = marked(("same", "same", 3), month=JUNE) + marked(("same", "same", 12), month=JULY) + marked(("same", "same", 30), month=AUGUST)
    told = by_month(rows, few=10)
    assert [(one.period, one.pairs) for one in told] == [("2026-08", 30), ("2026-07", None), ("2026-06", None)]
    whole = by_month(rows[3:], few=10)
    assert [(one.period, one.pairs) for one in whole] == [("2026-08", 30), ("2026-07", 12)]


def test_answers_to_known_pairs_are_counted_and_few_are_hidden() -> None:
    assert known([("same", True)] * 8 + [("cannot_tell", False)] * 2, few=10) == Known(10, 8, 2)
    assert known([("same", True)] * 9, few=10) == Known(None)
    assert known([], few=10) == Known(0, 0, 0)


def test_two_who_contradict_each_other_put_the_record_at_odds_until_a_supervisor_has_decided() -> None:
    one, other = Told(1, 7, True, "first"), Told(1, 7, False, "second")
    assert at_odds([one, other]) == {7: (1,)}
    assert at_odds([one, other, Told(1, 7, True, "third")]) == {}
    assert at_odds([one, Told(2, 7, False, "first")]) == {}, "another report is another question"


def test_a_report_said_to_be_about_two_people_is_at_odds_for_both() -> None:
    assert at_odds([Told(1, 7, True, "first"), Told(1, 9, True, "second")]) == {7: (1,), 9: (1,)}
    assert at_odds([Told(1, 7, False, "first"), Told(1, 9, False, "first")]) == {}
