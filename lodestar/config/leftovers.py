"""When a process that stays looks for what nobody needs any more."""

from __future__ import annotations

import gc


def settle() -> None:
    """Once all that stays has been read in: leave it out of the look, and look seldom.

    Looked over too, it held every page up for a sixth of a second. What a page leaves behind mostly goes by itself; looked for at every
    700 objects it took a tenth of an intake's time, and at every 10,000 a long page was looked over while it was made.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
