"""PostgreSQL as Django knows it, but that a connection from the pool is looked at before it is used instead of asked.

Every page takes one. To ask whether it still answers was a journey to the database before the first question; a connection that the
database has closed, or is closing, has something to be read on it, and one that is well has nothing.
"""

from __future__ import annotations

from contextlib import suppress
from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg.pq import ConnStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection of one thread, for as long as one page."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One that is there: what is not goes back to the pool, which closes it and makes another."""
        while True:
            found = super().get_new_connection(conn_params)
            if not self.pool or is_there(found):
                return found
            found.close()
            self.pool.putconn(found)


def is_there(connection: Any) -> bool:
    """Whether the database still holds its end, as far as this end has heard: a notice means nothing, a farewell is its last word."""
    watched = poll()
    watched.register(connection.fileno(), POLLIN)
    with suppress(OperationalError):
        while watched.poll(0):
            connection.pgconn.consume_input()
    return bool(connection.pgconn.status == ConnStatus.OK)
