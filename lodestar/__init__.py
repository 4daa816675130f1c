"""Lodestar: the working system of a Child Exploitation Hub and its partners."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path

COMPILES = re.compile(rb"^(import numba|from lodestar\.core\.tasking\.search\.compiled import)", re.MULTILINE)
IMPORTS = re.compile(rb"^from lodestar\.([\w.]+) import", re.MULTILINE)


def _kernels() -> Path:
    """Where compiled kernels of the tasking engine are kept: a folder for each state of their sources.

    numba looks only at a kernel's own file to see whether it is stale, not at those it calls: after an upgrade it could run
    old code that was compiled into it. A folder that is named by the kernels and all that they import cannot be stale, and one
    that is named by nothing else is kept when only a document, a bound or a sentence changes.
    """
    here = Path(__file__).parent
    texts = {path: path.read_bytes() for path in sorted((here / "core" / "tasking").rglob("*.py"))}
    sources, found = set(), [path for path, text in texts.items() if COMPILES.search(text)]
    while found:
        path = found.pop()
        if path in texts and path not in sources:
            sources.add(path)
            for named in (here.joinpath(*name.decode().split(".")) for name in IMPORTS.findall(texts[path])):
                found += [one for one in texts if one == named.with_suffix(".py") or one.parent == named]
    digest = sha256(b"".join(texts[path] for path in sorted(sources))).hexdigest()
    return Path(os.environ.get("LODESTAR_VAR") or here.parent / "var") / "kernels" / digest[:16]


os.environ.setdefault("NUMBA_CACHE_DIR", str(_kernels()))  # before numba is imported, which reads it once
