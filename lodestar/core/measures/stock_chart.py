"""What waits, as it is drawn: bars stacked by class, those past their time hatched on top; and a forecast as a fan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lodestar.core.measures.chart import Band, Chart, Mark, Series, say_value
from lodestar.core.words import listed


def stock_chart(
    *,
    code: str,
    title: str,
    along: str,
    names: Sequence[str],
    in_time: Mapping[str, Sequence[int]],
    late: Sequence[int],
    short: Sequence[str] = (),
) -> Chart:
    """How many waited at each instant: those in time by class from the bottom, and those late of every class on top."""
    parts = tuple(Series(f"{name}, in time", "bar", tuple(counts)) for name, counts in in_time.items())
    whole = [sum(int(one.ys[place] or 0) for one in parts) + late[place] for place in range(len(names))]
    return Chart(
        kind="bars",
        code=code,
        title=title,
        sentence=f"{names[0]}: {whole[0]} waiting, {late[0]} late. {names[-1]}: {whole[-1]} waiting, {late[-1]} late.",
        x_title=along,
        y_title="Waiting",
        unit="count",
        xs=tuple(float(place) for place in range(len(names))),
        names=tuple(names),
        short=tuple(short),
        series=(*parts, Series("Past their time", "bar late", tuple(late))),
        from_nought=True,
    )


def classes_chart(
    *, code: str, title: str, names: Sequence[str], short: Sequence[str], by_class: Mapping[str, Sequence[int]], late: Sequence[int]
) -> Chart:
    """How many waited at each instant by class, the gravest at the bottom, with a line for how many were past their time."""
    parts = tuple(Series(name, "bar", tuple(counts)) for name, counts in by_class.items())
    whole = [sum(counts[place] for counts in by_class.values()) for place in range(len(names))]
    return Chart(
        kind="bars",
        code=code,
        title=title,
        sentence=f"{names[0]}: {whole[0]} open, {late[0]} past their time. {names[-1]}: {whole[-1]} open, {late[-1]} past their time.",
        x_title="Month",
        y_title="Open at the last snapshot",
        unit="count",
        xs=tuple(float(place) for place in range(len(names))),
        names=tuple(names),
        short=tuple(short),
        series=(*parts, Series("Past their time", "curve", tuple(late))),
        from_nought=True,
    )


def fan_chart(
    *,
    code: str,
    title: str,
    value: str,
    along: str,
    names: Sequence[str],
    measured: Sequence[float | None],
    middle: Sequence[float | None],
    ranges: Mapping[str, tuple[Sequence[float | None], Sequence[float | None]]],
    marks: Sequence[Mark] = (),
    notes: Sequence[str] = (),
    short: Sequence[str] = (),
) -> Chart:
    """What was measured and what is likely: the middle of the forecast with its ranges, the widest first."""
    last = next((place for place in range(len(names) - 1, -1, -1) if middle[place] is not None), None)
    ends = [
        f"{name} {say_value(low[last], 'count')} to {say_value(high[last], 'count')}"
        for name, (low, high) in ranges.items()
        if last is not None
    ]
    said = "" if last is None else f"{names[last]}: {say_value(middle[last], 'count')} in the middle; {listed(ends)}."
    return Chart(
        kind="fan",
        code=code,
        title=title,
        sentence=said or f"{value}, as measured.",
        x_title=along,
        y_title=value,
        unit="count",
        xs=tuple(float(place) for place in range(len(names))),
        names=tuple(names),
        short=tuple(short),
        series=(Series("Measured", "measured", tuple(measured)), Series("Middle of the forecast", "curve", tuple(middle))),
        bands=tuple(Band(name, tuple(low), tuple(high)) for name, (low, high) in ranges.items()),
        marks=tuple(marks),
        notes=tuple(notes),
        from_nought=True,
    )
