"""How far two graders agree beyond chance: Cohen's kappa with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cases graded by two, those they agree on, kappa and its 95% limits; None where kappa is not defined."""

    cases: int
    agreed: int
    kappa: float | None
    lower: float | None = None
    upper: float | None = None


def kappa(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Cohen's kappa of two graders' words, with the large-sample 95% interval cut to -1 and 1.

    Not defined, and None, with no cases or where both graders used one and the same word throughout: chance alone would agree.
    Standard error: Fleiss, Cohen and Everitt 1969. With few cases the interval is wide and only rough; it is shown, not hidden.
    """
    cases, agreed = len(pairs), sum(one == two for one, two in pairs)
    if not cases:
        return Agreement(0, 0, None)
    share = Counter((one, two) for one, two in pairs)
    rows, columns = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    words = sorted(rows.keys() | columns.keys())
    seen = agreed / cases
    chance = sum(rows[word] * columns[word] for word in words) / cases**2
    if chance == 1:
        return Agreement(cases, agreed, None)
    found = (seen - chance) / (1 - chance)
    diagonal = sum(share[word, word] / cases * (1 - (rows[word] + columns[word]) / cases * (1 - found)) ** 2 for word in words)
    off = sum(share[one, two] / cases * ((columns[one] + rows[two]) / cases) ** 2 for one in words for two in words if one != two)
    inside = diagonal + (1 - found) ** 2 * off - (found - chance * (1 - found)) ** 2
    error = sqrt(max(inside, 0.0) / cases) / (1 - chance)
    return Agreement(cases, agreed, found, max(-1.0, found - Z95 * error), min(1.0, found + Z95 * error))
