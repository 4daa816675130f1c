"""Where the statements of a person went, and where from: a number that was quoted once is answered for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lodestar.store.models import Link
from lodestar.store.queries.linking import joined_now


@dataclass(frozen=True, slots=True)
class Moved:
    """One report that was joined to a person once, or is now after it was another's: which, the other person, when, by whom, why."""

    report: int
    person: int
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What became of a person's reports: which they have now, which went to whom, which came from whom."""

    here: frozenset[int]
    gone: tuple[Moved, ...]
    came: tuple[Moved, ...]

    @property
    def is_empty(self) -> bool:
        """True where reports were joined to them once and none is now: everything stands on another record."""
        return not self.here and bool(self.gone)

    @property
    def now_at(self) -> tuple[int, ...]:
        """Whom the reports that are gone belong to now."""
        return tuple(sorted({one.person for one in self.gone}))


def whereabouts(*, person_id: int) -> Whereabouts:
    """Where the reports of a person are now, each with the decision that moved it. A fixed number of queries."""
    reports = set(Link.objects.filter(person_id=person_id, joined=True).values_list("report_id", flat=True))
    now = joined_now(reports)
    here = frozenset(report for report, person in now.items() if person == person_id)
    rows = list(Link.objects.filter(report__in=reports).select_related("by").order_by("report_id", "number"))
    gone, came = [], []
    for report in sorted(reports):
        own = [row for row in rows if row.report_id == report]
        if report not in here and report in now:
            last = own[-1]
            gone.append(Moved(report, now[report], last.at, last.by.name if last.by else "Lodestar", last.reason))
        before = [row for row in own if row.joined and row.person_id != person_id]
        if report in here and before:
            last = own[-1]
            came.append(Moved(report, before[-1].person_id, last.at, last.by.name if last.by else "Lodestar", last.reason))
    return Whereabouts(here, tuple(gone), tuple(came))
