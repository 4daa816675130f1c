"""Any few episodes of any few children have a share with bounds around it, or a sentence that says why not."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.measures.live import live_share


@dataclass(frozen=True)
class Lasting:
    duration: int
    ended: bool
    child: str


LASTING = st.builds(Lasting, st.integers(0, 6), st.booleans(), st.sampled_from("abc"))


@given(st.lists(LASTING, min_size=1, max_size=12), st.integers(0, 6))
def test_a_live_share_lies_within_its_bounds_or_says_why_it_has_none(rows: list[Lasting], within: int) -> None:
    share, interval, notes = live_share(rows, len({row.child for row in rows}), within=within, log_log_from=8)
    if share is None or interval is None:
        assert [note.code for note in notes] == ["not_followed" if share is None else "one_child"]
    else:
        assert 0 <= interval.lower <= share + 1e-9
        assert share - 1e-9 <= interval.upper <= 1
