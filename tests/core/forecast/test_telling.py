"""What a back-test comes to, in words that a superintendent can act on."""

from __future__ import annotations

from typing import Any

import pytest

from lodestar.core.forecast.telling import verdict_sentence

RECORD = {"horizon": 3, "origins": 36, "hits": 29, "skill": 0.2, "widen_by": 3.0, "verdict": "model"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "3 months ahead: 29 of 36 intervals that should hold 8 in 10 held what came, and it erred 20% less"),
        ({"verdict": "widened", "hits": 22}, "widened by past errors (conformal, 3 on each side)"),
        ({"verdict": "last_year", "skill": -0.1}, "no better than last year (it erred 10% more"),
        ({"verdict": "last_year", "hits": 35}, "not shown, since 35 of 36 intervals"),
        ({"verdict": "last_year", "hits": 35}, "too many for an honest interval"),
        ({"verdict": "last_year", "hits": 12}, "too few for an honest interval"),
        ({"verdict": "too_few", "origins": 9, "horizon": 1}, "1 month ahead: told again from 9 past months; it can be judged from 24"),
    ],
)
def test_each_verdict_is_said_in_words(changes: dict[str, Any], words: str) -> None:
    said = verdict_sentence({**RECORD, **changes})
    assert words in said
    assert ("Last year's counts are shown." in said) == ({**RECORD, **changes}["verdict"] in ("last_year", "too_few"))
