"""The replay that ships as docs/examples/reviews-replay.csv: 49 early shifts, 16 reviews done.

The counts are the finding's (IOPC on Cambridgeshire, September 2021). Everything else, the days, the sergeants and which
reviews were done, is invented.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

SHIFTS, DONE = 49, 16
FIRST = datetime(2021, 3, 15, 7, 0)  # London time; the clocks go forward on the 28th
SERGEANTS = ("Sgt Leo Abara", "Sgt Ruth Calloway", "Sgt Wynne Harker", "Sgt Odette Marlowe", "Sgt Imran Sadiq", "Sgt Piers Tennant")
HEADER = ("shift_start", "shift_end", "sergeant", "lead", "review_done_at", "done_by")


def replay_csv() -> str:
    """The file, whole."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for number in range(SHIFTS):
        writer.writerows(_shift(number))
    return out.getvalue()


def _shift(number: int) -> list[tuple[str, ...]]:
    """Three sergeants on each shift, one of whom leads it; some reviews were done by one who did not."""
    start = FIRST + timedelta(days=number)
    crew = sorted(SERGEANTS[(number + step) % len(SERGEANTS)] for step in (0, 2, 3))
    lead = crew[number * 5 % 3]
    done = number * DONE % SHIFTS < DONE  # 16 and 49 share no factor, so exactly 16 of the 49
    by = crew[0] if number % 4 == 0 else lead
    at = start + timedelta(minutes=25 + number * 37 % 400)
    return [
        (f"{start:%Y-%m-%d %H:%M}", f"{start + timedelta(hours=8):%Y-%m-%d %H:%M}", name, "yes" if name == lead else "no",
         f"{at:%Y-%m-%d %H:%M}" if done and name == by else "", by if done and name == by else "")
        for name in crew
    ]  # fmt: skip
