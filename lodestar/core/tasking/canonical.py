"""JSON with one way to write everything, so that the same content has the same bytes and the same digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def canonical(value: Any) -> str:
    """Keys in order, no spaces, and each number in plain decimals with no nought at its end: 45, 45.0 and 4.5e1 are one."""
    if isinstance(value, Mapping):
        items = sorted((str(key), inner) for key, inner in value.items())
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{canonical(inner)}" for key, inner in items) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    text = format(number.normalize(), "f")
    return "0" if text in ("-0", "0") else text
