"""A drawing as it may stand in a page: no style that the content security policy blocks, a title and a description, real text.

What the drawing library writes as inline style is rewritten as attributes, which a policy without inline style lets through and
which the typesetter of PDFs reads as well. Numbers are kept to a hundredth of a pixel, so that machines agree on the bytes.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as Tree

SVG, LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
TYPEFACE = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
PLACES = ("d", "x", "y", "width", "height", "transform", "points", "stroke-width", "stroke-dasharray")
LONG = re.compile(r"-?\d+\.\d+")
AIMS = re.compile(r"url\(#([^)]+)\)")

Tree.register_namespace("", SVG)
Tree.register_namespace("xlink", LINK)


def cleaned(drawn: bytes, *, code: str, title: str, sentence: str, size: tuple[int, int]) -> bytes:
    """The drawing with its words, the same bytes for the same drawing; ``code`` begins every identifier in it."""
    root = Tree.fromstring(drawn)
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)
    aimed = _aims(root)
    for part in root.iter():
        _as_attributes(part, code, aimed)
    _head(root, code, title, sentence, size)
    return Tree.tostring(root, encoding="utf-8", short_empty_elements=True)


def _aims(root: Tree.Element) -> frozenset[str]:
    """The identifiers that something in the drawing points at; the library names every group, and the rest are dropped."""
    words = " ".join(value for part in root.iter() for value in part.attrib.values())
    return frozenset(AIMS.findall(words)) | {part.attrib[f"{{{LINK}}}href"][1:] for part in root.iter() if f"{{{LINK}}}href" in part.attrib}


def _as_attributes(part: Tree.Element, code: str, aimed: frozenset[str]) -> None:
    for rule in part.attrib.pop("style", "").split(";"):
        name, _, value = rule.partition(":")
        if value.strip():
            part.set(name.strip(), TYPEFACE if name.strip() == "font-family" else value.strip())
    name = part.attrib.pop("id", "")
    if name in aimed:
        part.set("id", f"{code}-{name}")
    for key, value in list(part.attrib.items()):
        if key == f"{{{LINK}}}href":
            part.set(key, f"#{code}-{value[1:]}")
        elif "url(#" in value:
            part.set(key, AIMS.sub(rf"url(#{code}-\1)", value))
        elif key in PLACES:
            part.set(key, LONG.sub(_short, " ".join(value.split())))
    if part.get("transform", "").startswith("rotate(-0 "):
        del part.attrib["transform"]
    part.tail = None
    if part.text is not None and not part.text.strip():
        part.text = None


def _short(found: re.Match[str]) -> str:
    text = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _head(root: Tree.Element, code: str, title: str, sentence: str, size: tuple[int, int]) -> None:
    root.attrib.clear()
    width, height = size
    for name, value in (
        ("viewBox", f"0 0 {width} {height}"),
        ("width", str(width)),
        ("height", str(height)),
        ("class", "lodestar-chart"),
        ("role", "img"),
        ("aria-labelledby", f"{code}-title {code}-desc"),
        ("stroke-linejoin", "round"),
        ("stroke-linecap", "butt"),
    ):
        root.set(name, value)
    for place, (tag, words) in enumerate((("title", title), ("desc", sentence))):
        said = Tree.Element(f"{{{SVG}}}{tag}", {"id": f"{code}-{tag}"})
        said.text = words
        root.insert(place, said)
