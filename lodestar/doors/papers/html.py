"""A paper as one file for a browser: no script, nothing fetched, headings and tables as such, pictures with their words."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from lodestar.core.paper import Grid, Paper, Part, Picture
from lodestar.doors.papers.letters import printable

STYLE = (
    "body{font-family:Arial,Helvetica,sans-serif;line-height:1.5;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #505a5f;padding:.4rem;text-align:left;vertical-align:top}"
    ".scroll{overflow-x:auto}.marking{font-weight:bold;text-align:center}figure{margin:1rem 0}svg{max-width:100%;height:auto}"
    "dt{font-weight:bold}dd{margin:0 0 .6rem}"
)


def write_html(paper: Paper) -> bytes:
    """The paper as HTML in UTF-8, the same bytes for the same paper. Nothing that was typed is read as markup."""
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en-GB">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(paper.title)}</title><style>{STYLE}</style></head>",
        "<body>",
        f'<p class="marking">{_text(paper.marking)}</p>',
        "<main>",
        f"<h1>{_text(paper.title)}</h1>",
        f"<p>{_text(paper.under)}</p>",
        *(line for part in paper.parts for line in _part(part)),
        "</main>",
        f"<footer><p>{_text(paper.reference)}</p></footer>",
        "</body></html>",
        "",
    ]
    return "\n".join(lines).encode()


def _part(part: Part) -> Iterator[str]:
    level = part.level + 1
    yield f"<h{level}>{_text(part.heading)}</h{level}>"
    yield from (f"<p>{_text(words)}</p>" for words in part.paragraphs)
    if part.facts:
        yield f"<dl>{''.join(f'<dt>{_text(name)}</dt><dd>{_text(value)}</dd>' for name, value in part.facts)}</dl>"
    if part.points:
        yield f"<ol>{''.join(f'<li>{_text(words)}</li>' for words in part.points)}</ol>"
    yield from (_picture(picture) for picture in part.pictures)
    if part.grid is not None:
        yield _grid(part.grid, part.heading)


def _picture(picture: Picture) -> str:
    """The drawing itself, which the door of papers has drawn: it carries its own title and words."""
    return f"<figure>{picture.svg}</figure>"


def _grid(grid: Grid, name: str) -> str:
    head = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in grid.heading)
    rows = "".join(_row(row) for row in grid.rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{_text(name)}">{table}</div>'


def _row(row: tuple[str, ...]) -> str:
    first, *rest = row
    return f'<tr><th scope="row">{_text(first)}</th>{"".join(f"<td>{_text(cell)}</td>" for cell in rest)}</tr>'


def _text(words: str) -> str:
    return escape(str(printable(words)))
