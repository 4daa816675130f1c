"""How the examples in the detectors' playbooks run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestar.core.detectors.rules import Charged, Facts, HighRisk, Incident, MissingReports, detector, find
from lodestar.core.playbook import Playbook

MAKES = {"incidents": Incident, "missing": MissingReports, "charged": Charged, "high_risk": HighRisk}


def run_detector(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The keys of what a detector finds at an instant."""
    facts = Facts(**{name: tuple(make(**row) for row in given.get(name, ())) for name, make in MAKES.items()})
    return {"found": tuple(one.key for one in find(detector=detector(book, on=given["at"]), facts=facts, at=given["at"]))}
