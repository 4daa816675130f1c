"""How a pack's worked examples run: on which instants its meetings fall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestar.core.packs.cadence import meetings
from lodestar.core.packs.template import template
from lodestar.core.playbook import Playbook
from lodestar.store.playbooks import calendars


def run_pack(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The meetings between two days."""
    first, until = given["first"], given["until"]
    found = meetings(cadence=template(book, on=first).cadence, first=first, until=until, working=calendars(first).working)
    return {"meetings": found}
