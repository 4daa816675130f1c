"""What the demonstration force is made of, before anything happens: plain frozen facts in the words of the store.

Every instant is UTC with its zone. People are named by ``username`` (staff) or ``key`` (children); nothing here is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

FORCE = ""  # the district of those who serve the whole force


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority, responsible for children."""

    code: str
    name: str
    out_of_hours_contact: str


@dataclass(frozen=True, slots=True)
class District:
    """A policing district."""

    code: str
    name: str
    authority: str
    residents: int
    towns: tuple[str, ...]  # the first has the station
    at: tuple[tuple[float, float], ...]  # where each town lies, in kilometres on a flat map


@dataclass(frozen=True, slots=True)
class Leave:
    """A person away, from one day's start to another's."""

    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who signs in. ``places`` are district or authority codes, by the reach of the role."""

    username: str
    name: str
    rank: str
    role: str
    team: str
    district: str
    agency: str  # "police", or an authority's code
    places: tuple[str, ...]
    skills: tuple[str, ...]
    email: str
    leave: tuple[Leave, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """A post that answers for something. Its kind is one that the clocks' playbooks name as owing things."""

    code: str
    kind: str
    title: str
    district: str
    desk: str


@dataclass(frozen=True, slots=True)
class Shift:
    """One person in one post for one span of time."""

    post: str
    username: str
    from_at: datetime
    until_at: datetime
    lead: bool


@dataclass(frozen=True, slots=True)
class Home:
    """An invented children's home."""

    code: str
    name: str
    authority: str
    district: str
    address: str
    postcode: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Child:
    """A child known to the force. ``home`` is empty for those who live with family."""

    key: str
    given_name: str
    family_name: str
    birth_date: date
    sex: str
    ethnicity: str
    address: str
    postcode: str
    phone: str
    looked_after: bool
    authority: str
    district: str
    home: str
    local_authority_id: str  # empty unless looked after
    police_id: str
    carer: str
    carer_relationship: str
    carer_phone: str
