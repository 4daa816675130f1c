"""How the examples in the playbook of linkage are run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestar.core.identity.bands import band_rules, banded
from lodestar.core.identity.scoring import score
from lodestar.core.playbook import Playbook
from tests.core.identity.people import MODEL, record


def run_identity(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Two records under the rules of a day, with a model that has so many labels and this threshold."""
    bands = band_rules(book, on=given["on"]).thresholds(labels=given["labels"], link_from=given["threshold"])
    left, right = record("L", **given["left"]), record("R", **given["right"])
    found = banded(left, right, score(left, right, model=MODEL, commonness={}), thresholds=bands)
    return {"link_from": "none" if bands.link_from is None else str(bands.link_from), "band": found.band, "rule": found.rule}
