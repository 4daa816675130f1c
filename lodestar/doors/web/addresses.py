"""The addresses of our pages, each worked out once: a page leads to a hundred others."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.urls import reverse

NUMBER = 918_273_645_546_372_819  # stands where a record's number goes, in an address worked out once


def address(name: str, *args: Any) -> str:
    """Where a page is. One that ends in a record's number is worked out once, whatever the number."""
    if len(args) == 1 and type(args[0]) is int and args[0] >= 0:
        before, after = _around_a_number(name)
        return f"{before}{args[0]}{after}"
    return _worked_out(name, *args)


@lru_cache(maxsize=1024)
def _around_a_number(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=(NUMBER,)).partition(str(NUMBER))
    return before, after


@lru_cache(maxsize=4096)
def _worked_out(name: str, *args: Any) -> str:
    return reverse(name, args=args or None)
