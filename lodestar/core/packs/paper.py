"""A pack as a paper: what its page, its PDF and its file for a browser all say, in one order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lodestar.core.packs.content import Content, View, instant
from lodestar.core.packs.reading import Line, Seen, figures_in, seen
from lodestar.core.paper import Grid, Paper, Part, Picture
from lodestar.core.times import say, say_date, to_local

KNOWN = "OFFICIAL-SENSITIVE: names children."
UNKNOWN = "OFFICIAL: for readers who may not know the children. Small numbers are hidden."
MIXED = "OFFICIAL-SENSITIVE: names the children whom its reader may know, and no other."


def paper_of(content: Content, view: View) -> Paper:
    """A pack for one reader."""
    about, meeting = content["frozen"], content["meeting"]
    held = instant(meeting["held_at"])
    parts = (
        _about(content),
        *(part for one in seen(content, view) for part in _section(one)),
        *_definitions(content, view),
        _provenance(content),
    )
    return Paper(
        title=content["template"]["title"],
        under=f"Held on {say_date(to_local(held).date())}",
        author=about["by"],
        marking=_marking(content, view),
        reference=f"Meeting {meeting['number']}, version {about['version']}",
        at=instant(about["at"]),
        parts=parts,
    )


def _marking(content: Content, view: View) -> str:
    every = {int(key) for key in content["cases"]}
    if every and every <= view.named:
        return KNOWN
    return MIXED if every & view.named else UNKNOWN


def _about(content: Content) -> Part:
    meeting, about = content["meeting"], content["frozen"]
    facts = [
        ("Set for", say(instant(meeting["due_at"]))),
        ("Held", say(instant(meeting["held_at"]))),
        ("Chaired by", meeting["chair"]),
        ("Who was there", meeting["attended"]),
        ("As known", say(instant(about["at"]))),
        ("Version", f"{about['version']}, frozen by {about['by']}"),
    ]
    if meeting["left"]:
        facts.append(("Left for another meeting, because", meeting["left"]))
    if about["replaces"]:
        facts.append(("This version corrects the one before, because", about["reason"]))
    return Part("The meeting", facts=tuple(facts))


def _section(one: Seen) -> Iterator[Part]:
    paragraphs = [one.question] if one.question else []
    if not one.lines and not one.figures and not one.charts:
        paragraphs.append("Nothing stands here.")
    if one.more:
        paragraphs.append(f"{one.more} more are not shown here.")
    grid = Grid(("Who", "What", "Due", "Owed by"), tuple((x.who, x.words, x.due, x.owes) for x in one.lines)) if one.lines else None
    yield Part(one.title, tuple(paragraphs), grid=grid)
    if one.figures:
        yield Part(f"{one.title}: figures", grid=_figures(one.figures), level=2)
    for table in one.tables:
        yield Part(table.title, table.notes, grid=Grid(table.heading, table.rows), level=2)
    for chart in one.charts:
        yield _chart(chart)
    for line in one.lines:
        if line.facts or line.decided:
            yield Part(f"{line.who}: {_lower(line.words)}", facts=tuple(_said(line)), level=2)


def _said(line: Line) -> Iterator[tuple[str, str]]:
    yield from line.facts
    for decision in line.decided:
        yield from decision


def _figures(figures: tuple[Mapping[str, Any], ...]) -> Grid:
    counted = [one for one in figures if one["denominator"] or one["value"] is not None or one["suppressed"]]  # nobody was in the rest
    return Grid(("Measure", "Figure", "95% interval", "Counted"), tuple(_figure(one) for one in counted))


def _figure(one: Mapping[str, Any]) -> tuple[str, str, str, str]:
    unit = one["unit"]
    interval = "" if one["lower"] is None else f"{number(one['lower'], unit)} to {_upper(one['upper'], unit)}"
    counted = one["reason"] if one["suppressed"] else f"{_count(one['numerator'])} of {_count(one['denominator'])}"
    return one["title"], number(one["value"], unit), interval, counted


def _upper(value: float | None, unit: str) -> str:
    """The upper end of an interval that has a lower one: where there is none, so few had ended that it is not reached."""
    return "not reached" if value is None else number(value, unit)


def number(value: float | None, unit: str) -> str:
    """A figure in words: a share as a percentage, hours as hours; what may not be given or is not known says so."""
    if value is None:
        return "not shown"
    match unit:
        case "share":
            return f"{value * 100:.1f}%"
        case "hours" | "days" | "minutes":
            return f"{value:.1f} {unit}"
        case "count":
            return f"{value:.0f}"
        case "nights":
            return f"{value:.0f} nights"
        case "per_child":
            return f"{value:.2f} a child"
        case _:
            return f"{value:.2f} {unit}".strip()


def _count(value: int | None) -> str:
    return "hidden" if value is None else str(value)


def _chart(chart: Mapping[str, Any]) -> Part:
    table = chart["table"]
    grid = Grid(tuple(table["heading"]), tuple(tuple(row) for row in table["rows"])) if table["rows"] else None
    return Part(chart["title"], pictures=(Picture(chart["svg"], chart["alt"], chart["title"]),), grid=grid, level=2)


def _definitions(content: Content, view: View) -> Iterator[Part]:
    """Each measure once: its definition, version and hash, and every caveat."""
    told: dict[str, list[Mapping[str, Any]]] = {}
    for row in content["sections"]:
        for one in figures_in(row, view):
            told.setdefault(one["code"], []).append(one)
    for code, figures in told.items():
        first = figures[0]
        caveats = dict.fromkeys(caveat["sentence"] for caveat in first["caveats"])  # a group's own stand with it in the workbook
        facts = (
            ("Definition", f"{code} of {first['definition_version']}"),
            ("Content", first["definition_hash"]),
            ("Clock", str(first["clock"]).replace("_", " ")),
            ("Population", first["population"]),
            ("As known", say(instant(first["as_of"]))),
        )
        yield Part(f"Definition: {first['title']}", facts=facts, points=tuple(caveats))


def _provenance(content: Content) -> Part:
    about, template = content["frozen"], content["template"]
    facts = [
        ("Template", f"{template['code']} of {template['version']}, content {template['hash']}"),
        ("On whose authority", f"{template['authority']}{'' if template['verified'] else ' (not verified)'}"),
        ("Made by", f"Lodestar {about['code']}"),
    ]
    if about["replaces"]:
        facts.append(("The version before", about["replaces"]))
    return Part("How this pack was made", ("It can be made again from what was frozen, to the same bytes.",), tuple(facts))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
