"""What repeats on the page of a network is written as a template would write it."""

from __future__ import annotations

import markupsafe
import pytest

from lodestar.core.networks.facts import PERSON, Node
from lodestar.core.networks.picture import short
from lodestar.doors.web.drawing import shown
from lodestar.store.queries.networks import Named


@pytest.mark.parametrize("words", ["Zoë O'Neil", '<b a="1">&amp;</b>', "plain", "", "'\"<>&", "日本 \x00 é", *map(chr, range(256))])
def test_words_from_outside_are_escaped_as_a_template_escapes_them(words: str) -> None:
    drawn = shown(Node(PERSON, 1), Named(words, "child"))
    assert drawn.link.partition(">")[2].removesuffix("</a>") == drawn.words == str(markupsafe.escape(words))
    assert drawn.short == str(markupsafe.escape(short(words)))
