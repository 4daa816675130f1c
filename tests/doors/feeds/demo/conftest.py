"""One demonstration force for all these tests: making it is quick, making it for each is not."""

from datetime import UTC, datetime

import pytest

from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.dirty import Dirty
from lodestar.doors.feeds.demo.generate import generate

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def as_of() -> datetime:
    return MONDAY


@pytest.fixture(scope="session")
def demo() -> Demo:
    return generate(20261123, MONDAY)


@pytest.fixture(scope="session")
def clean() -> Demo:
    return generate(20261123, MONDAY, dirty=Dirty.none())


@pytest.fixture(scope="session")
def seeds(demo: Demo) -> list[Demo]:
    return [demo, *(generate(seed, MONDAY) for seed in (1, 2, 3))]
