"""What repeats on the page of a network is written as a template would write it."""

from __future__ import annotations

import markupsafe
import pytest

from lodestar.core.networks.facts import PERSON, Node
from lodestar.doors.web.drawing import links
from lodestar.store.queries.networks import Named


@pytest.mark.parametrize("words", ["Zoë O'Neil", '<b a="1">&amp;</b>', "plain", "", "'\"<>&", "日本 \x00 é", *map(chr, range(256))])
def test_words_from_outside_are_escaped_as_a_template_escapes_them(words: str) -> None:
    node = Node(PERSON, 1)
    drawn = links({node: Named(words, "child")}, lambda *_: "/somewhere/")[node]
    assert drawn.partition(">")[2].removesuffix("</a>") == str(markupsafe.escape(words))
