"""Lodestar: the working system of a Child Exploitation Hub and its partners."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path


def _kernels() -> Path:
    """Where compiled kernels of the tasking engine are kept: a folder for each state of their sources.

    numba looks only at a kernel's own file to see whether it is stale, not at those it calls: after an upgrade it could run
    old code that was compiled into it. A folder that is named by all the sources cannot be stale.
    """
    here = Path(__file__).parent
    sources = sorted((here / "core" / "tasking").rglob("*.py"))
    digest = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    return Path(os.environ.get("LODESTAR_VAR") or here.parent / "var") / "kernels" / digest[:16]


os.environ.setdefault("NUMBA_CACHE_DIR", str(_kernels()))  # before numba is imported, which reads it once
