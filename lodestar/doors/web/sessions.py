"""Sessions in the database as Django keeps them, read without a model: every page reads one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from lodestar.store.queries.access import session_data


class SessionStore(DatabaseStore):
    """As Django's own in all but how one is found."""

    def load(self) -> dict[str, Any]:
        """What the session holds; one that is not there or has run out is begun anew by whoever needs one."""
        held = session_data(key=self.session_key, at=timezone.now()) if self.session_key else None
        if held is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(held)
        return found
