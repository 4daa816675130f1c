"""How the examples in the playbook of words run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestar.core.language.prompts import prompts, terms
from lodestar.core.playbook import Playbook


def run_language(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The terms found in a text, and where each begins."""
    found = prompts(text=given["text"], terms=terms(book, on=given["on"]), field=given.get("field", ""))
    return {"found": tuple(one.term.code for one in found), "at": tuple(one.start for one in found)}
