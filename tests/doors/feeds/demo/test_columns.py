"""Bulk for the benchmark: many closed matters by the same laws."""

from datetime import datetime, timedelta
from time import perf_counter

import numpy as np
import pytest

from lodestar.doors.feeds.demo.columns import columns, rows
from lodestar.doors.feeds.demo.generate import generate


def test_columns_follow_the_same_laws(as_of: datetime) -> None:
    made = columns(100_000, 1, as_of=as_of)
    hours = (made.located_at - made.reported_at) / 3600
    assert len(made) == 100_000
    assert (hours <= 24).mean() == pytest.approx(0.763, abs=0.01)
    assert np.median(hours) == pytest.approx(7.17, abs=0.2)
    assert made.looked_after[made.child].mean() == pytest.approx(0.33, abs=0.03)
    assert len(made) / len(made.given) == pytest.approx(3.0, abs=0.15)


def test_every_matter_is_closed_before_the_data_cut_and_in_order(as_of: datetime) -> None:
    made = columns(50_000, 2, as_of=as_of)
    assert (made.closed_at < as_of.timestamp()).all()
    assert (np.diff(made.reported_at) >= 0).all()
    for one, two in (
        ("since_from", "since_to"),
        ("since_to", "reported_at"),
        ("reported_at", "located_at"),
        ("located_at", "wellbeing_at"),
        ("wellbeing_at", "returned_at"),
        ("returned_at", "closed_at"),
    ):
        assert (getattr(made, one) <= getattr(made, two)).all(), (one, two)


def test_every_child_is_under_eighteen_at_each_start(as_of: datetime) -> None:
    made = columns(50_000, 3, as_of=as_of)
    age = (made.reported_at // 86400 - made.birth_day[made.child]) / 365.2425
    assert age.min() > 6.9
    assert age.max() < 18


def test_rows_are_the_columns_as_values_and_the_same_seed_gives_the_same(as_of: datetime) -> None:
    made = columns(1000, 4, as_of=as_of)
    listed = list(rows(1000, 4, as_of=as_of))
    assert listed == list(rows(1000, 4, as_of=as_of))
    assert [int(row.reported_at.timestamp()) for row in listed] == made.reported_at.tolist()
    assert [row.level for row in listed] == [made.levels[at] for at in made.level]
    assert [row.child for row in listed] == made.child.tolist()


def test_a_year_takes_less_than_three_seconds_and_rows_come_fast(as_of: datetime) -> None:
    began = perf_counter()
    generate(9, as_of)
    assert perf_counter() - began < 6  # measured about 1 s alone on a core; room for a busy machine
    began = perf_counter()
    assert sum(1 for _ in rows(50_000, 1, as_of=as_of)) == 50_000
    assert perf_counter() - began < 3  # measured above 100,000 a second alone


def test_bad_sizes_are_refused(as_of: datetime) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        columns(0, 1, as_of=as_of)
    with pytest.raises(ValueError, match="time zone"):
        columns(10, 1, as_of=as_of.replace(tzinfo=None))


def test_several_years_scale_with_years(as_of: datetime) -> None:
    demo = generate(2, as_of, scale=0.25, years=2)
    assert 930 <= len(demo.episodes) <= 1080
    assert demo.episodes[0].reported_at < as_of - timedelta(days=650)
