"""What a reader who may not know the children is told of each: what would have changed it and by when, and of few not whose step it is."""

from __future__ import annotations

from typing import Any

from lodestar.core.packs.content import View
from lodestar.core.packs.reading import seen

NOBODY = View(named=frozenset(), exact=False)


def content(children: int) -> dict[str, Any]:
    items = [
        {
            "key": f"custody:{n}", "matter": n, "child": n, "words": "Kept", "due_at": "2026-10-20T09:00:00+00:00", "late": False,
            "who": "", "facts": [],
        }
        for n in range(1, children + 1)
    ]  # fmt: skip
    decided = [
        {
            "key": f"custody:{n}", "decision": "Named words", "reason": "Named words", "narrative": "A bed near the court", "by": "Elm",
            "at": "2026-10-20T09:00:00+00:00", "action": "Ring Mina's carer", "owner": "Ruth Elm", "due_at": "2026-11-03T09:00:00+00:00",
        }
        for n in range(1, children + 1)
    ]  # fmt: skip
    table = {
        "title": "T",
        "heading": ["Sex", "Children charged"],
        "exact": [["Male", "3"]],
        "published": None,
        "notes": [],
        "hidden": 0,
        "kept": [],
    }
    section = {
        "code": "custody",
        "title": "Children",
        "question": "",
        "items": items,
        "more": 0,
        "figures": [],
        "charts": [],
        "tables": [table],
    }
    letters = {str(n): chr(64 + n) for n in range(1, children + 1)}
    return {"template": {"few": 5}, "sections": [section], "letters": letters, "cases": {}, "decisions": decided}


def test_of_enough_children_the_owner_and_the_day_are_said_and_never_the_action() -> None:
    (part,) = seen(content(6), NOBODY)
    assert dict(part.lines[0].decided[0]) == {"Discussed": "A bed near the court", "Action": "Owned by Ruth Elm, by 3 November 2026"}
    assert "Mina" not in str(part)


def test_of_few_children_not_even_whose_step_it_is() -> None:
    (part,) = seen(content(4), NOBODY)
    assert dict(part.lines[0].decided[0])["Action"] == "One was given, with an owner and a time."


def test_a_table_that_is_not_published_is_for_those_who_see_exact_figures() -> None:
    assert seen(content(1), NOBODY)[0].tables == ()
    (exact,) = seen(content(1), View(named=frozenset({1}), exact=True))[0].tables
    assert exact.rows == (("Male", "3"),)


def test_a_pack_from_before_there_were_tables_is_read_as_it_was() -> None:
    old = content(1)
    del old["sections"][0]["tables"]
    assert seen(old, NOBODY)[0].tables == ()
