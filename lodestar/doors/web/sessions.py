"""Sessions in the database as Django keeps them, read without a model: every page reads one."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core import signing
from django.utils import timezone

from lodestar.store.queries.access import session_data

MOST = 4096
_last: dict[int, int] = {}  # a session, by what stands for its key while this process lives, to whose it was found to be


def last_of(key: str | None) -> int | None:
    """Whose a session was last, where this process has seen it: worth asking about, and nothing to rely on."""
    return _last.get(hash(key)) if key else None


def was_of(key: str | None, person: int) -> None:
    """A session was found to be somebody's."""
    if len(_last) >= MOST:
        _last.clear()
    _last[hash(key)] = person


class _AsItIs:
    """What was signed, in its own bytes."""

    def loads(self, said: bytes) -> bytes:
        """The same."""
        return said


@lru_cache(maxsize=1024)
def _signed(held: str, salt: str) -> bytes:
    """What was signed, where the signature is ours: whose words they are is found out once, what they say is read for each page."""
    said: bytes = signing.loads(held, salt=salt, serializer=_AsItIs)
    return said


class SessionStore(DatabaseStore):
    """As Django's own in all but how one is found."""

    def load(self) -> dict[str, Any]:
        """What the session holds; one that is not there or has run out is begun anew by whoever needs one."""
        held = session_data(key=self.session_key, at=timezone.now()) if self.session_key else None
        if held is None:
            self._session_key = None
            return {}
        try:
            words = _signed(held, self.key_salt)
        except Exception:
            return dict(self.decode(held))
        found: dict[str, Any] = self.serializer().loads(words)
        return found
