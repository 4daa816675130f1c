"""A matter of one of the desks as the generator makes it: who, what was done, in order, and by whom; nothing else.

What moves were made and what was owed is not invented: the desk's own rules work it out when it is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody a matter is about or names who is not one of the children generated already."""

    key: str
    given_name: str
    family_name: str
    birth_date: date | None
    sex: str
    address: str
    postcode: str
    authority: str
    district: str
    looked_after: bool | None = None
    ethnicity: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody in a matter in a role."""

    person: str  # the key of a child or of someone
    role: str
    nature: str
    source: str
    from_at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of the work that a deed asked for; ``to`` is whom it was issued to."""

    verb: str
    at: datetime
    by: str
    reason: str = ""
    to: str = ""
    outcome: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """One deed. ``refs`` point to earlier deeds, or to those named, by their place."""

    code: str
    at: datetime
    by: str
    said: Mapping[str, str] = field(default_factory=dict)
    refs: Mapping[str, int] = field(default_factory=dict)
    grade: Mapping[str, object] | None = None
    work: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskMatter:
    """One matter of a desk, up to the data cut."""

    kind: str
    key: str
    about: str  # the key of a child or of someone
    source: str
    external_id: str
    reporter: str
    circumstances: str
    reported_at: datetime
    opened_at: datetime
    district: str
    authority: str
    holdings: tuple[tuple[datetime, str, str], ...]
    deeds: tuple[Written, ...]
    named: tuple[Named, ...] = ()
