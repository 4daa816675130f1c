"""What may be published: whole quarters, one line, small numbers hidden and said to be."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

from lodestar.core.measures.catalogue import entry
from lodestar.core.measures.found import lines
from lodestar.core.measures.publication import book_of, count_said, entry_of, quarters
from tests.core.measures.making import CUT, JUNE, M1, lasting


def made(found: int, of: int) -> object:
    rows = [lasting(n, 3 if n < found else 40) for n in range(of)]
    return entry_of(entry("M1").headline, M1, lines(episodes=rows, period=JUNE, as_of=CUT, definition=M1)[0])


def test_quarters_have_ended_and_never_overlap() -> None:
    known = quarters(at=datetime(2026, 11, 28, tzinfo=UTC))
    assert [one.code for one in known[:3]] == ["2026-Q3", "2026-Q2", "2026-Q1"]
    assert (known[0].first, known[0].last, known[0].title) == (date(2026, 7, 1), date(2026, 9, 30), "July to September 2026")
    assert all(later.period.from_at == earlier.period.until_at for later, earlier in pairwise(known))
    assert quarters(at=datetime(2026, 1, 1, tzinfo=UTC))[0].last == date(2025, 12, 31)


def test_a_share_that_would_give_two_children_away_is_hidden_everywhere() -> None:
    one = made(46, 48)
    assert one.value == "hidden"  # type: ignore[attr-defined]
    assert count_said(one.figure.numerator) == "c"  # type: ignore[attr-defined]
    sheet = book_of([one], quarter=quarters(at=CUT)[0], at=CUT).sheets[0]  # type: ignore[list-item]
    cells = dict(zip([column.name for column in sheet.columns], sheet.rows[0], strict=True))
    assert (cells["Figure"], cells["Counted"], cells["Lower"]) == (None, "c", None)
    assert "Fewer than 5" in str(cells["Why hidden"])
    assert 46 not in sheet.rows[0] and "46" not in sheet.rows[0]


def test_a_share_that_may_be_given_is_a_whole_per_cent() -> None:
    one = made(30, 40)
    assert one.value == "75%"  # type: ignore[attr-defined]
    sheet = book_of([one], quarter=quarters(at=CUT)[0], at=CUT).sheets[0]  # type: ignore[list-item]
    assert sheet.rows[0][5] == 75
    assert len(sheet.rows[0]) == len(sheet.columns)


def test_a_line_for_internal_screens_is_not_published() -> None:
    assert entry_of(entry("M1").line("child clock"), M1, lines(episodes=[], period=JUNE, as_of=CUT, definition=M1)[0]) is None
