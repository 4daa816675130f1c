"""Joining and parting by a person: who may, and the reason that is owed. History stays as it was."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lodestar.core.access.permissions import Permission
from lodestar.core.words import Allowed, Refusal, Refusals

AUTHORITY = "Lodestar design, rule 11: nothing is lost, every link can be undone"


def link_by_hand(
    *, permissions: Collection[str], person: int | None, offered: Collection[int], reason: str, waiting: bool = True
) -> Allowed[int | None] | Refusals:
    """A person says which record a report is about, or ``None`` for somebody new; refused without permission or a reason.

    ``offered`` are the records that were shown; choosing another needs a search first, so that it was looked at.
    """
    gaps = list(_gaps(permissions, reason))
    if not waiting:
        gaps.append(Refusal("people.already_settled", "Somebody has already decided this. Read it, then undo it if it is wrong."))
    if person is not None and person not in offered:
        gaps.append(Refusal("people.not_offered", "Open that person's record and compare it first, then choose it.", field="person"))
    return tuple(gaps) or Allowed(person)


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
