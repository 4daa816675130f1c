"""Two-way tables as they may be published: small counts hidden, and whatever would give them back hidden with them.

Hiding the small counts alone fails: a total less the cells shown gives them away, as in a force's own published table. So
every hidden cell is attacked as a reader would, with everything that is shown, and more is hidden until no attack brackets
one. The answer for a cell of a two-way table is found by a linear program; its bounds are whole numbers. Source:
measures.md 2.12, parts 1 and 3. Two periods are told apart in core/packs/figures.py (part 5); curves are drawn at set times
only, in core/measures/curve_chart.py (part 6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog  # type: ignore[import-untyped, unused-ignore]

from lodestar.core.measures.definition import SmallNumbers
from lodestar.core.measures.measure import HIDDEN

Place = tuple[int, int]  # row and column; the last of each is the total
Ints = NDArray[np.int64]
NEARLY = 1e-6
WHY = {
    "small": "A count under the threshold.",
    "nought": "A nought that would say something of every other child in its row or column.",
    "gives back": "Shown, it would give back a hidden count.",
}


@dataclass(frozen=True, slots=True)
class Hidden:
    """One cell that is not shown, and why."""

    row: str
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class SafeTable:
    """A table as it may leave: None is hidden. The last row and column are the totals. ``owner`` set the threshold."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    hidden: tuple[Hidden, ...]
    threshold: int
    owner: str

    def said(self, row: int, column: int) -> str:
        """A cell as printed."""
        cell = self.cells[row][column]
        return HIDDEN if cell is None else str(cell)


def safe_table(
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    counts: Sequence[Sequence[int]],
    small: SmallNumbers,
    split: bool = False,
    totals_stand: bool = False,
) -> SafeTable:
    """The counts with their totals, as much shown as is safe.

    ``split`` says that the columns divide each row's children in two, like found and not found: then a nought says that
    every child of the row is in the other column, so it is hidden like a small count. ``totals_stand`` says that the last row
    is known from elsewhere, so hiding it would hide nothing; one that is small itself is hidden all the same, and then the
    table is not to be published. Refuses a count below 0, no cell at all, and rows of different lengths.
    """
    whole = _with_totals(counts)
    named_rows, named_columns = (*rows, "Total"), (*columns, "Total")
    if whole.shape != (len(named_rows), len(named_columns)):
        raise ValueError("a table has a count for each row and column")
    why = _small(whole, small.count, split=split)
    targets = frozenset(why)
    while unsafe := _unsafe(whole, frozenset(why), targets, small.count):
        more = _next_to_hide(whole, why, unsafe, totals_stand=totals_stand)
        if more is None:
            break  # nothing is left to hide
        why[more] = "gives back"
    shown = tuple(
        tuple(None if (row, column) in why else int(whole[row, column]) for column in range(whole.shape[1]))
        for row in range(whole.shape[0])
    )
    hidden = tuple(Hidden(named_rows[row], named_columns[column], WHY[why[row, column]]) for row, column in sorted(why))
    return SafeTable(named_rows, named_columns, shown, hidden, small.count, small.owner)


def attack(cells: Sequence[Sequence[int | None]], *, target: Place) -> tuple[float, float]:
    """The least and the most a hidden cell can be, given every cell and total that is shown; no top is infinity.

    ``cells`` holds the totals in its last row and column. Refuses a table whose shown cells cannot be so.
    """
    places = [(row, column) for row, line in enumerate(cells) for column, cell in enumerate(line) if cell is None]
    equations, known = _equations(cells, places)
    wanted = np.zeros(len(places))
    wanted[places.index(target)] = 1.0
    return _bound(wanted, equations, known, least=True), _bound(wanted, equations, known, least=False)


def is_bracketed(bounds: tuple[float, float], *, threshold: int) -> bool:
    """True where a reader knows too much: neither every value from 0 to the threshold is left, nor as many others."""
    low, high = bounds
    open_below = low <= NEARLY and high >= threshold - 1 - NEARLY
    return not (open_below or high - low >= threshold - NEARLY)


def _with_totals(counts: Sequence[Sequence[int]]) -> Ints:
    inner = np.asarray(counts, dtype=np.int64)
    if inner.ndim != 2 or inner.size == 0 or inner.min() < 0:
        raise ValueError("a table holds counts of nought or more, in rows of one length")
    with_rows = np.column_stack([inner, inner.sum(axis=1)])
    return np.vstack([with_rows, with_rows.sum(axis=0)])


def _small(whole: Ints, threshold: int, *, split: bool) -> dict[Place, str]:
    """The cells that the first rule hides, totals too."""
    found: dict[Place, str] = {}
    last = (whole.shape[0] - 1, whole.shape[1] - 1)
    for (row, column), count in np.ndenumerate(whole):
        if 0 < count < threshold:
            found[row, column] = "small"
        elif count == 0 and split and column != last[1] and whole[row, last[1]] > 0:
            found[row, column] = "nought"
    return found


def _unsafe(whole: Ints, hidden: frozenset[Place], targets: frozenset[Place], threshold: int) -> list[Place]:
    """The small counts that a reader could bracket."""
    cells = [[None if (row, column) in hidden else int(cell) for column, cell in enumerate(line)] for row, line in enumerate(whole)]
    return [place for place in sorted(targets) if is_bracketed(attack(cells, target=place), threshold=threshold)]


def _next_to_hide(whole: Ints, why: dict[Place, str], unsafe: Sequence[Place], *, totals_stand: bool) -> Place | None:
    """The smallest cell shown in the row or column of the first cell at risk, inner cells before totals; then any other."""
    row, column = unsafe[0]
    last = (whole.shape[0] - 1, whole.shape[1] - 1)
    shown = [place for place in np.ndindex(*whole.shape) if place not in why and not (totals_stand and place[0] == last[0])]
    if not shown:
        return None

    def cost(place: tuple[int, ...]) -> tuple[bool, bool, bool, int, tuple[int, ...]]:
        beside = place[0] == row or place[1] == column
        total = place[0] == last[0] or place[1] == last[1]
        return (not beside, total, whole[place] == 0, int(whole[place]), place)

    best = min(shown, key=cost)
    return best[0], best[1]


def _equations(cells: Sequence[Sequence[int | None]], places: Sequence[Place]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each row's parts less its total is nought, and each column's: in the hidden cells, with what is shown on the right."""
    column_of = {place: number for number, place in enumerate(places)}
    lines = list(_lines(len(cells), len(cells[0])))
    matrix, right = np.zeros((len(lines), len(places))), np.zeros(len(lines))
    for number, line in enumerate(lines):
        for place, sign in line:
            cell = cells[place[0]][place[1]]
            if cell is None:
                matrix[number, column_of[place]] = sign
            else:
                right[number] -= sign * cell
    return matrix, right


def _lines(rows: int, columns: int) -> Iterator[list[tuple[Place, float]]]:
    for row in range(rows):
        yield [((row, column), 1.0) for column in range(columns - 1)] + [((row, columns - 1), -1.0)]
    for column in range(columns):
        yield [((row, column), 1.0) for row in range(rows - 1)] + [((rows - 1, column), -1.0)]


def _bound(wanted: NDArray[np.float64], matrix: NDArray[np.float64], right: NDArray[np.float64], *, least: bool) -> float:
    found = linprog(wanted if least else -wanted, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
    if found.status == 3:  # without a bound: nothing shown says how much
        return float("inf")
    if found.status != 0:
        raise ValueError("these cells and totals cannot all be so")
    return float(found.fun if least else -found.fun)
