"""What is true of the other desks, counted from what was generated and by no rule of the measures: M5 to M8 and M10.

Of M9 nothing is stated: what is due is reckoned by the clocks themselves, so there is no second reading to hold it against.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median

from lodestar.doors.feeds.demo.demo import DeskFigures
from lodestar.doors.feeds.demo.desks import DeskMatter

YEAR = timedelta(days=365)
DAY = timedelta(days=1)


def truth_of_desks(*, desks: Iterable[DeskMatter], as_of: datetime) -> DeskFigures:
    """Every count over the year up to the cut; what is open is open at it."""
    rows = list(desks)
    online = [row for row in rows if row.kind == "online"]
    lately = [row for row in online if row.reported_at > as_of - YEAR]
    kept = [row for row in rows if row.kind == "custody" and (at := _first(row, "bail_refused")) is not None and at > as_of - YEAR]
    shared = [at - row.reported_at for row in lately if (at := _first(row, "child_shared")) is not None]
    decided = [days for row in online for days in _decisions(row)]
    return DeskFigures(
        referrals=len(lately),
        referrals_shared=len(shared),
        referrals_shared_in_72h=sum(gap <= 3 * DAY for gap in shared),
        cases_open=sum(_first(row, "online_case_closed") is None for row in online),
        files_decided=len(decided),
        decision_median_days=median(decided) if decided else 0.0,
        detentions=len(kept),
        detentions_asked=sum(_first(row, "place_requested") is not None for row in kept),
        detentions_moved=sum(_first(row, "child_moved") is not None for row in kept),
        detentions_looked_at=sum(_first(row, "daily_meeting_scrutinised") is not None for row in kept),
    )


def _first(row: DeskMatter, code: str) -> datetime | None:
    return next((deed.at for deed in row.deeds if deed.code == code), None)


def _decisions(row: DeskMatter) -> list[float]:
    """Days from the first submission to each decision of the CPS."""
    begun = _first(row, "cps_submitted")
    return [] if begun is None else [(deed.at - begun) / DAY for deed in row.deeds if deed.code == "cps_decided"]
