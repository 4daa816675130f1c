"""The change log is kept up: newest first, three kinds of change, and every line says something once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lodestar.doors.cli.main import VERSION

LOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"
KINDS = ["Improvements", "Fixes", "Rule changes"]
RELEASE = re.compile(r"(\d+)\.(\d+)\.(\d+): \S.*")


def faults(text: str) -> Iterator[str]:
    """Everything that is wrong with a change log."""
    first, *releases = re.split(r"^## ", text, flags=re.MULTILINE)
    if not first.startswith("# Changes\n"):
        yield "it starts with the heading Changes"
    if not releases:
        yield "it names no release"
    numbers = []
    for release in releases:
        title, _, body = release.partition("\n")
        read = RELEASE.fullmatch(title)
        if read is None:
            yield f"{title}: a release is a number and what it is"
        else:
            numbers.append(tuple(map(int, read.groups())))
        yield from (f"{title}: {fault}" for fault in release_faults(body))
    if numbers != sorted(set(numbers), reverse=True):
        yield "releases stand newest first, each once"
    if numbers and ".".join(map(str, numbers[0])) != VERSION:
        yield f"its newest release is not the one that the command is: {VERSION}"


def release_faults(body: str) -> Iterator[str]:
    before, *parts = re.split(r"^### ", body, flags=re.MULTILINE)
    titles = [part.partition("\n")[0] for part in parts]
    if titles != [kind for kind in KINDS if kind in titles] or not titles:
        yield f"its headings are {', '.join(KINDS)}, in this order, each once"
    if before.strip():
        yield "a change stands under one of its headings"
    for title, part in zip(titles, parts, strict=True):
        lines = [line for line in part.splitlines()[1:] if line.strip()]
        entries = [line for line in lines if line.startswith(("- ", "| "))]
        if not entries:
            yield f"{title} says nothing"
        yield from (f"{title}: {line}: end it as a sentence" for line in entries if line.startswith("- ") and not line.endswith("."))
        yield from (f"{title}: {line}: stands twice" for line in sorted({line for line in entries if entries.count(line) > 1}))


def test_the_change_log_is_kept_up() -> None:
    assert list(faults(LOG.read_text(encoding="utf-8"))) == []


GOOD = f"# Changes\n\n## {VERSION}: one\n\n### Improvements\n\n- A.\n\n### Fixes\n\n- B.\n\n### Rule changes\n\n| `C` | d |\n"


def test_a_log_with_nothing_wrong_is_let_through() -> None:
    assert list(faults(GOOD)) == []


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("### Fixes", "### Repairs", "headings are"),
        ("### Improvements\n\n- A.\n\n### Fixes\n\n- B.", "### Fixes\n\n- B.\n\n### Improvements\n\n- A.", "headings are"),
        ("### Fixes", "### Improvements", "headings are"),
        ("- B.\n", "", "Fixes says nothing"),
        ("- B.", "- B", "end it as a sentence"),
        ("- B.", "- B.\n- B.", "stands twice"),
        (": one\n", ": one\n\n- Loose.\n", "stands under one of its headings"),
        (f"## {VERSION}: one", "## Soon", "a release is a number"),
        (f"## {VERSION}: one", "## 99.0.0: one", "not the one that the command is"),
        (f"## {VERSION}: one", f"## 0.0.1: old\n\n### Fixes\n\n- Z.\n\n## {VERSION}: one", "newest first"),
        ("# Changes", "# News", "heading Changes"),
    ],
)
def test_a_log_that_is_not_kept_up_is_named(was: str, becomes: str, says: str) -> None:
    assert was in GOOD
    assert any(says in fault for fault in faults(GOOD.replace(was, becomes, 1)))
