"""Parting by a person: who may, and the reason that is owed. History stays as it was. Joining: ``core.identity.reviewing``."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lodestar.core.access.permissions import Permission
from lodestar.core.words import Allowed, Refusal, Refusals

AUTHORITY = "Lodestar design, rule 11: nothing is lost, every link can be undone"


def unlink(*, permissions: Collection[str], linked: bool, reason: str) -> Allowed[str] | Refusals:
    """A link is undone by somebody who may, with a reason; refused where there is none to undo. Nothing is deleted."""
    gaps = list(_gaps(permissions, reason))
    if not linked:
        gaps.append(Refusal("people.not_linked", "This report is not joined to that person. Read the page again.", AUTHORITY))
    return tuple(gaps) or Allowed(reason.strip())


def _gaps(permissions: Collection[str], reason: str) -> Iterator[Refusal]:
    if Permission.PEOPLE_LINK not in permissions:
        yield Refusal("people.not_permitted", "Your role does not join or part records. Ask a supervisor.", AUTHORITY)
    if not reason.strip():
        yield Refusal("people.reason_owed", "Say why, so that the next person can check it.", AUTHORITY, "reason")
