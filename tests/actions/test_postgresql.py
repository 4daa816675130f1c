"""A connection is taken from the pool only while the database still holds its end, and that is seen without asking it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections

from lodestar.store.queries.journeys import put

pytestmark = pytest.mark.django_db


@pytest.fixture
def pooled() -> Iterator[Any]:
    """A line to the same database with a pool of its own; a file has none, and there it is None."""
    if connection.vendor != "postgresql":
        yield None
        return
    options = {**connection.settings_dict["OPTIONS"], "pool": {"min_size": 1, "max_size": 1}}
    made = type(connections[DEFAULT_DB_ALIAS])({**connection.settings_dict, "OPTIONS": options}, DEFAULT_DB_ALIAS)
    yield made
    made.close()
    made.close_pool()


def ended(backend: int) -> None:
    """The database ends one of its sides, and has said so."""
    put("SELECT pg_terminate_backend(%s)", [backend])
    until = time.monotonic() + 10
    while put("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [backend]).rows() and time.monotonic() < until:
        time.sleep(0.02)


def test_one_that_is_well_is_used_again_and_one_that_was_ended_is_not(pooled: Any) -> None:
    if pooled is None:
        return
    pooled.ensure_connection()
    first = pooled.connection.info.backend_pid
    pooled.close()
    pooled.ensure_connection()
    assert pooled.connection.info.backend_pid == first
    pooled.close()
    ended(first)
    pooled.ensure_connection()
    assert pooled.connection.info.backend_pid != first
    with pooled.cursor() as cursor:
        cursor.execute("SELECT 7")
        assert cursor.fetchall() == [(7,)]


def test_a_notice_that_nobody_read_ends_nothing(pooled: Any) -> None:
    if pooled is None:
        return
    pooled.ensure_connection()
    first = pooled.connection.info.backend_pid
    with pooled.cursor() as cursor:
        cursor.execute("LISTEN somebody")
    pooled.close()
    with psycopg.connect(**{**pooled.get_connection_params(), "autocommit": True}) as beside:
        beside.execute("NOTIFY somebody")
    time.sleep(0.1)
    pooled.ensure_connection()
    assert pooled.connection.info.backend_pid == first
