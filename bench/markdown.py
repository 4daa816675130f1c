"""How what was measured stands in the docs: a table, on what and when it was measured, and one section of a page written anew."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

CUTS = (0.5, 0.95, 0.99)


def in_markdown(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table."""
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in (head, ("---",) * len(head), *rows))


def machine() -> str:
    """The machine's size: what a reader needs to compare."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()}, Python {platform.python_version()}"


def installed(package: str) -> str:
    """A peer with its version, where it is installed: only whoever measures needs it."""
    with suppress(PackageNotFoundError):
        return f"{package} {version(package)}"
    return package


def measured_on(command: str, load: float, *, beside: str = "") -> str:
    """What measured it, when and on what; ``load`` is the other work when it began."""
    now = datetime.now(UTC)  # noqa: TID251 - the day of the measurement
    return (
        f"Measured by `{command}` on {now:%-d %B %Y}: {machine()}{beside}; a load of {load:.1f} when it began"
        f" and {os.getloadavg()[0]:.1f} when it ended."
    )


def cuts(found: Sequence[float], *, places: int = 1) -> tuple[str, str, str]:
    """Median, 95th and 99th of as many figures."""
    return tuple(f"{within(found, part):.{places}f}" for part in CUTS)  # type: ignore[return-value]


def within(found: Sequence[float], part: float) -> float:
    """What this part of the figures is within."""
    return statistics.median(found) if part == 0.5 else sorted(found)[int(part * (len(found) - 1))]


def write_section(page: Path, title: str, text: str) -> None:
    """Put a section of a page in the place of the one of that title, or at its end; the rest of the page stands."""
    before = page.read_text(encoding="utf-8")
    section = f"## {title}\n\n{text.strip()}\n"
    held = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    after = held.sub(lambda _: section + "\n", before) if held.search(before) else f"{before.rstrip()}\n\n{section}"
    page.write_text(after.rstrip() + "\n", encoding="utf-8")


def sections_of(page: Path, titles: Iterable[str]) -> str:
    """The sections of these titles as they stand, for a page that is written anew around them."""
    held = page.read_text(encoding="utf-8") if page.exists() else ""
    found = [re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", held, re.DOTALL | re.MULTILINE) for title in titles]
    return "\n\n".join(one.group().strip() for one in found if one)
