"""The demonstration's meetings: a year of them on the days their templates name, and a few that were not held, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.times import local_date
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.store.queries.packs import templates, wanted

YEAR = timedelta(days=365)
_NOT_HELD = (
    "The inspector was called to a firearms incident; the items were looked at by telephone at noon",
    "Bank holiday staffing: nobody from custody or the hub could come",
    "The building was closed after a water leak",
)


@dataclass(frozen=True, slots=True)
class Past:
    """One past meeting: its template, when it was set for, and why it was not held where it was not."""

    template: str
    slug: str
    title: str
    chair: str  # kind of post
    due_at: datetime
    not_held: str = ""


@dataclass(frozen=True, slots=True)
class Meetings:
    """A year of meetings up to the data cut, by their short names, oldest first."""

    past: Mapping[str, tuple[Past, ...]]

    def daily(self, *, since: datetime) -> datetime:
        """The first daily meeting held after an instant; the instant itself where the year ends before one."""
        return next((one.due_at for one in self.past["daily"] if one.due_at > since and not one.not_held), since)

    def met(self, slug: str, *, since: datetime) -> datetime | None:
        """The first meeting of a kind held after an instant, but for the last of its kind, which the loading itself holds."""
        held = [one.due_at for one in self.past[slug] if not one.not_held]
        return next((at for at in held[:-1] if at > since), None)

    def last(self, slug: str) -> Past | None:
        """The newest meeting of a kind that was held."""
        return next((one for one in reversed(self.past[slug]) if not one.not_held), None)


def meetings(*, as_of: datetime) -> Meetings:
    """Every meeting of the year before the data cut; the daily one of today is still to be held."""
    dice = Dice(0, "meetings")
    found: dict[str, tuple[Past, ...]] = {}
    for one in templates(on=local_date(as_of)):
        days = wanted(one, first=local_date(as_of - YEAR), until=local_date(as_of))
        rows = []
        for number, due in enumerate(days):
            missed = number not in (len(days) - 1, len(days) - 2) and dice.between(0, 1) < (0.03 if one.slug == "daily" else 0.06)
            rows.append(Past(one.code, one.slug, one.title, one.chair, due, dice.pick(_NOT_HELD) if missed else ""))
        found[one.slug] = tuple(rows)
    return Meetings(found)
