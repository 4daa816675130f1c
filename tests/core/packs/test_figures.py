"""A figure in a pack: what may be published of it, alone, beside its groups, and beside the same figure of another period."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lodestar.core.measures.definition import SmallNumbers
from lodestar.core.measures.drawn import Point
from lodestar.core.measures.measure import Caveat, Measure
from lodestar.core.packs.charts import may_publish
from lodestar.core.packs.figures import Drawn, Kept, apart, figures
from lodestar.core.words import Period

AT = datetime(2026, 6, 4, tzinfo=UTC)
SMALL = SmallNumbers(5, 10, "performance lead")


def measure(hits: int, whole: int, *, line: str = "all", children: int = 40) -> Measure:
    return Measure(
        code="M1", line=line, definition_version="2020-01-01", definition_hash="ab", clock="police", population="all", unit="share",
        numerator=hits, denominator=whole, children=children, value=hits / whole, lower=0.1, upper=0.9, interval_method="Wilson", as_of=AT,
        caveats=(Caveat("late", "{count} recorded late.", 3),),
    )  # fmt: skip


def kept(*lines: tuple[Measure, bool, bool]) -> tuple[Kept, ...]:
    drawn = [Drawn(one, number, one.line, may, head) for number, (one, may, head) in enumerate(lines, start=1)]
    return figures(drawn=drawn, small=SMALL)


def published(found: tuple[Kept, ...]) -> list[Any]:
    return [one["published"] and one["published"]["numerator"] for one in found]


def test_a_headline_is_published_with_small_numbers_hidden_and_its_exact_form_beside_it() -> None:
    (whole,) = kept((measure(30, 40), True, True))
    assert (whole["exact"]["numerator"], whole["published"]["numerator"]) == (30, 30)
    assert whole["exact"]["caveats"][0]["sentence"] == "3 recorded late."
    assert whole["published"]["caveats"][0]["sentence"] == "c recorded late."
    (hidden,) = kept((measure(38, 40), True, True))
    assert (hidden["exact"]["numerator"], hidden["published"]["numerator"], hidden["published"]["value"]) == (38, None, None)


def test_groups_are_published_only_where_every_group_may_be() -> None:
    head = (measure(60, 100), True, True)
    both = kept(head, (measure(30, 50, line="girls"), True, False), (measure(30, 50, line="boys"), True, False))
    assert published(both) == [60, 30, 30]
    one_small = kept(head, (measure(57, 95, line="girls"), True, False), (measure(3, 5, line="boys", children=4), True, False))
    assert published(one_small) == [60, None, None], "the small one could be worked out from the whole and the other"
    internal = kept(head, (measure(30, 50, line="another clock"), False, False))
    assert published(internal) == [60, None]


def test_two_periods_whose_difference_is_a_small_count_are_not_both_published() -> None:
    quarter, year = kept((measure(30, 40), True, True)), kept((measure(33, 60), True, True))
    assert published(apart(quarter, year, small=SMALL)) == [None]
    assert published(apart(quarter, kept((measure(50, 80, children=60), True, True)), small=SMALL)) == [50]
    assert published(apart(quarter, quarter, small=SMALL)) == [30]
    assert year[0]["published"] is not None, "what was kept before is not changed"


def test_a_chart_is_published_point_by_point() -> None:
    def point(hits: int | None, whole: int | None, children: int | None) -> Point:
        return Point(Period(AT, AT), hits, whole, children, 0.5)

    assert may_publish(point(30, 40, 20), SMALL) and may_publish(point(40, 40, 20), SMALL)
    for few in (point(38, 40, 20), point(4, 40, 20), point(30, 40, 9), point(None, 40, 20), point(30, 40, None)):
        assert not may_publish(few, SMALL)
