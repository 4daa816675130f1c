"""Whether the letter's claims stand: "regularly over 90%", about every month; and "under four hours for all ages", about every band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lodestar.core.measures.episodes import HOUR, Observed
from lodestar.core.measures.live import curve_of, inflation_by_child
from lodestar.core.measures.measure import Measure
from lodestar.core.measures.spc.chart import Chart as ControlChart
from lodestar.core.measures.survival import Crossing, quantile
from lodestar.core.words import listed

Verdict = Literal["supported", "contradicted", "not established"]


@dataclass(frozen=True, slots=True)
class Claim:
    """The verdict, the sentence that gives it, and each band's limits in hours at the level used."""

    verdict: Verdict
    sentence: str
    limits: tuple[tuple[str, Crossing], ...]


def judge_for_all(*, groups: Mapping[str, Sequence[Observed]], hours: float, level: float, fewest: int) -> Claim:
    """Supported only if the upper limit of every band, one-sided at level / k, is below the hours.

    Contradicted if some band's lower limit is above them; otherwise not established, and a band with too few children
    or nobody in it establishes nothing. Refuses no bands at all. Source: measures.md 2.2.
    """
    if not groups:
        raise ValueError("a claim about all ages needs at least one age band")
    two_sided = 1 - 2 * level / len(groups)
    limits = tuple((name, _limits(rows, two_sided, fewest)) for name, rows in groups.items())
    over = [name for name, found in limits if found.lower is not None and found.lower > hours]
    unsure = [name for name, found in limits if found.upper is None or found.upper >= hours]
    if over:
        return Claim("contradicted", f"Contradicted: the median is over {hours:g} hours for {listed(over)}.", limits)
    if unsure:
        return Claim("not established", f"Not established for {listed(unsure)}.", limits)
    return Claim("supported", f"Supported: the median is under {hours:g} hours in every age band.", limits)


def judge_share(figure: Measure, *, share: float, control: ControlChart | None = None) -> Claim:
    """Whether "regularly over" a share stands, on the figure's own population and clock.

    "Regularly" means that a month by chance alone would still be over it: the lower process limit is. Contradicted where the
    whole interval of the figure is at or under the share; otherwise not established. Source: measures.md 0, part 5.
    """
    said = f"{share:.0%}"
    if figure.value is None or figure.lower is None or figure.upper is None:
        return Claim("not established", f"Not established: too few for a share to set beside {said}.", ())
    measured = f"{figure.value:.1%} (95% interval {figure.lower:.1%} to {figure.upper:.1%})"
    lower = control.latest.limits.lower if control else None
    if figure.upper <= share:
        return Claim("contradicted", f"Contradicted: {measured} is not over {said}.", ())
    if lower is not None and lower > share and figure.lower > share:
        return Claim("supported", f"Supported: {measured}, and any month is expected over {said} (lower limit {lower:.1%}).", ())
    limit = "there is no chart of months yet" if lower is None else f"a month is expected as low as {lower:.1%}"
    return Claim("not established", f"Not established: {measured}, and {limit}.", ())


def _limits(rows: Sequence[Observed], level: float, fewest: int) -> Crossing:
    children = len({row.episode.child for row in rows})
    curve = curve_of(rows)
    if curve is None or children < max(fewest, 2):
        return Crossing(None, None, None)
    inflate = inflation_by_child(curve, rows, children, level=level) if children < len(rows) else 1.0
    found = quantile(curve, level=level, inflate=inflate)
    return Crossing(*(None if value is None else value / HOUR for value in (found.value, found.lower, found.upper)))
