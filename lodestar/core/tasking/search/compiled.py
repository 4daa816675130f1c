"""How a kernel is compiled, and its numbers drawn.

Compiled code is kept beside the module (``__pycache__``); where that cannot be written numba keeps it under the user's own
cache, or where NUMBA_CACHE_DIR says. Fast maths is never allowed: the same bytes are owed on every run. A kept kernel is
looked at again only when its own file changes, so the tests throw all of them away when any file of this package is newer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numba
import numpy as np

P = ParamSpec("P")
R = TypeVar("R")


OUTER: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
INNER: dict[str, Any] = {**OUTER, "no_cpython_wrapper": True, "_nrt": False}


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code that only compiled code calls: no door to Python and no counting of references, which
    halves the compiling and makes it several times as fast.
    """
    kernel: Callable[P, R] = numba.njit(**INNER)(function)
    return kernel


def entry(function: Callable[P, R]) -> Callable[P, R]:
    """The function as machine code that Python calls, compiled at its first call and kept."""
    kernel: Callable[P, R] = numba.njit(**OUTER)(function)
    return kernel


STEP = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
BY_30, BY_27, BY_31, BY_33, BY_11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(33), np.uint64(11)


@compiled
def draw(dice: Any) -> Any:
    """The next number of splitmix64: a counter and three mixings, so a seed is all there is to keep."""
    dice[0] += STEP
    z = dice[0]
    z = (z ^ (z >> BY_30)) * MIX_1
    z = (z ^ (z >> BY_27)) * MIX_2
    return z ^ (z >> BY_31)


@compiled
def below(dice: Any, most: int) -> Any:
    """A whole number from nought up to, not including, ``most``."""
    return np.int64(draw(dice) >> BY_33) % most


@compiled
def share(dice: Any) -> float:
    """A number from nought up to, not including, one."""
    return np.float64(draw(dice) >> BY_11) * (1.0 / 9007199254740992.0)
