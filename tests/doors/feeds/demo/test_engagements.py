"""The demonstration's engagements: the same for a seed, read whole by the mappings, and mostly about children met once or twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from lodestar.core.engagements.reading import read_row
from lodestar.core.words import Allowed
from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.engagements import EACH_YEAR, Row, engagements
from lodestar.store.playbooks import all_of
from tests.core.engagements.examples import source


def rows_of(demo: Demo) -> tuple[Row, ...]:
    return engagements(seed=demo.seed, children=demo.children, as_of=demo.as_of, scale=demo.scale)[1]


def test_the_same_seed_gives_the_same_rows(demo: Demo) -> None:
    assert rows_of(demo) == rows_of(demo)


def test_every_row_is_read_whole_by_the_mapping_of_its_source(demo: Demo) -> None:
    sources = {book.code: source(book, demo.as_of.date()) for book in all_of("engagement_mapping")}
    rows = rows_of(demo)
    assert {row.source for row in rows} == sources.keys()
    numbers = set()
    for row in rows:
        read = read_row(values=row.cells, mapping=sources[row.source], now=demo.as_of)
        assert isinstance(read, Allowed), (row, read)
        numbers.add((row.source, read.step.external_id))
        assert (read.step.people[0].subject.given_name, read.step.people[0].subject.family_name) == (
            row.child.given_name,
            row.child.family_name,
        )
    assert len(numbers) == len(rows) == EACH_YEAR


def test_a_few_children_share_adults_cars_and_places_and_most_are_met_once_or_twice(demo: Demo) -> None:
    rows = rows_of(demo)
    met = Counter(row.child.key for row in rows)
    assert sum(count <= 3 for count in met.values()) > 0.7 * len(met)
    shared = {row.group.adult.name: {one.child.key for one in rows if one.group == row.group} for row in rows if row.group}
    assert max(map(len, shared.values())) >= 3


def test_all_of_them_lie_in_the_year_before(demo: Demo) -> None:
    assert all(demo.as_of - timedelta(days=366) < row.happened_at < demo.as_of - timedelta(hours=29) for row in rows_of(demo))
