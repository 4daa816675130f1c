"""What somebody typed, as a document can hold it."""

from __future__ import annotations

import unicodedata
from typing import Any

KEPT = ("\n", "\t")
NO_LETTERS = ("\ufffe", "\uffff")


def printable(value: Any) -> Any:
    """The same words without the control signs that neither form of document can hold; everything else stays."""
    if isinstance(value, str):
        return "".join(sign for sign in value if sign in KEPT or not _is_control(sign))
    if isinstance(value, dict):
        return {name: printable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [printable(inner) for inner in value]
    return value


def _is_control(sign: str) -> bool:
    return sign in NO_LETTERS or unicodedata.category(sign) in ("Cc", "Cs")
