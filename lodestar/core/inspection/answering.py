"""Who answers for a report: one named person at every moment, who hands it on before they go."""

from __future__ import annotations

from collections.abc import Collection

from lodestar.core.words import Refusal


def handing_gap(*, to: int, answers: int, keepers: Collection[int]) -> Refusal | None:
    """A report is handed to somebody else who may answer for one; whoever's account is closed may not."""
    if to == answers:
        return Refusal("register.answers_already", "They answer for it already. Choose somebody else.", "", "to")
    if to not in keepers:
        return Refusal("register.no_keeper", "Choose somebody who leads on inspections, or a duty inspector or superintendent.", "", "to")
    return None
