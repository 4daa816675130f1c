"""The seals' digests, kept in a file outside the database: a chain rewritten whole differs from them."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def write(number: int, digest: str) -> None:
    """Add a seal's digest."""
    path = Path(settings.AUDIT_ANCHORS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(f"{number} {digest}\n")


def read() -> dict[int, str]:
    """Every digest kept, by the seal's number; of two for one number the first counts.

    A seal taken off the end has its number used again by the next minute; that minute's anchor must not hide it.
    """
    path = Path(settings.AUDIT_ANCHORS)
    if not path.exists():
        return {}
    lines = (line.split() for line in path.read_text().splitlines() if line.strip())
    kept: dict[int, str] = {}
    for number, digest in lines:
        kept.setdefault(int(number), digest)
    return kept
