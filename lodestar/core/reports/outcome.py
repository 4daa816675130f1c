"""How an absence ended, as a source states it. A source's word is evidence and closes nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lodestar.core.words import Caution


@dataclass(frozen=True, slots=True)
class Outcome:
    """Levels and end as the source has them; an end of which only the day was given is that day's first instant."""

    traced_at: datetime | None = None
    traced_precision: str = "minute"  # "date" where no time of day was given
    traced_address: str = ""
    how_returned: str = ""
    initial_level: str = ""
    final_level: str = ""
    cautions: tuple[Caution, ...] = ()
