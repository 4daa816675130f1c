"""How good the record under a number is: written up late, on the hour, still open, left out (measures.md 2.11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from lodestar.core.measures.caveats import CLOCK_SENTENCES
from lodestar.core.measures.drawn import Ask
from lodestar.core.measures.measure import Caveat
from lodestar.core.times import MINUTE

Stamp = tuple[datetime, datetime]  # when it was done, as stated; when it was written down
SENTENCES: Mapping[str, str] = {
    "open": "{count} not ended at the cut; followed only until then, never left out.",
    "opened_in_error": "{count} opened in error; left out.",
    "age_not_known": "{count} of unknown age; left out.",
    "not_mature": "{count} too new to be judged at the cut; left out until they are old enough.",
    "before_start": "{count} done before the clock started; counted as no time at all.",
    "no_child_known": "{count} with no child known to be at risk; nothing is due on them, so they are left out.",
    "no_answer": "{count} with a time missing from the record.",
}


def quality(ask: Ask, stamps: Iterable[Stamp] = (), **counts: int) -> tuple[Caveat, ...]:
    """Every caveat that applies, the clock's first; a count of nought is left unsaid."""
    return tuple(_quality(ask, tuple(stamps), counts))


def _quality(ask: Ask, stamps: tuple[Stamp, ...], counts: Mapping[str, int]) -> Iterator[Caveat]:
    definition = ask.definition
    yield Caveat("clock", CLOCK_SENTENCES[definition.clock])
    settled = ask.as_of - timedelta(days=definition.provisional_days)
    if ask.period.until_at is None or ask.period.until_at > settled:
        days = definition.provisional_days
        yield Caveat("provisional", f"Provisional: it takes in the last {days} days, which are still being recorded.")
    for code, count in counts.items():
        if count:
            yield Caveat(code, SENTENCES[code], count)
    minutes = definition.backdated_minutes
    late = sum(recorded - at > minutes * MINUTE for at, recorded in stamps)
    if late:
        yield Caveat("backdated", f"{{count}} of {len(stamps)} times were written down over {minutes} minutes later.", late)
    round_times = sum(at.minute in (0, 30) for at, _ in stamps)
    if round_times:
        yield Caveat(
            "on_the_hour", f"{{count}} of {len(stamps)} times are on minute 00 or 30, which suggests written-up times.", round_times
        )
