"""Who writes the forms of a pack: handed in by ``config``, since a pack knows no file format and doors do not know each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from lodestar.core.book import Book
from lodestar.core.measures.chart import Chart
from lodestar.core.packs.book import book_of
from lodestar.core.packs.content import Content, View
from lodestar.core.packs.paper import paper_of
from lodestar.core.paper import Paper

# The two renderings that are hashed when a pack is frozen: with every child known to the reader, and with none.
RENDERINGS = ("named", "anonymised")
ENDINGS = ("pdf", "html", "xlsx")


@dataclass(frozen=True, slots=True)
class Writers:
    """What draws a chart, and turns a paper and a book into bytes: the same bytes for the same content."""

    draw: Callable[[Chart], bytes]
    pdf: Callable[[Paper], bytes]
    html: Callable[[Paper], bytes]
    xlsx: Callable[[Book], bytes]

    def write(self, content: Content, view: View, *, ending: str) -> bytes:
        """One form of a pack for one reader."""
        if ending == "xlsx":
            return self.xlsx(book_of(content, view))
        paper = paper_of(content, view)
        return self.pdf(paper) if ending == "pdf" else self.html(paper)


def rendering(content: Content, name: str) -> View:
    """What the reader of a rendering may know."""
    everybody = name == "named"
    matters = frozenset(int(key) for key in content["cases"]) if everybody else frozenset()
    return View(named=matters, exact=everybody)


def digests(content: Content, writers: Writers) -> dict[str, str]:
    """The digest of each form of each rendering."""
    return {
        f"{name}.{ending}": sha256(writers.write(content, rendering(content, name), ending=ending)).hexdigest()
        for name in RENDERINGS
        for ending in ENDINGS
    }


def differing(*, was: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """The forms that no longer come out as they were frozen; a sound pack has none."""
    return tuple(sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name)))
