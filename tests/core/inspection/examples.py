"""How the examples in the playbooks of inspection run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lodestar.core.inspection.closing import Point, closing_rule, may_close, slipped
from lodestar.core.inspection.commitments import Target
from lodestar.core.inspection.findings import bodies
from lodestar.core.inspection.rubric import counts, grade, rubric_from
from lodestar.core.playbook import Playbook
from lodestar.core.words import Allowed

Table = Mapping[str, Any]


def run_bodies(book: Playbook, given: Table) -> Table:
    return {"title": bodies(book, on=given["on"])[given["role"]].title}


def months(values: list[Any]) -> list[Point]:
    """Values as months one after another; "unknown" is a month without a figure."""
    return [
        Point(date(2025 + place // 12, place % 12 + 1, 1), None if value == "unknown" else float(value))
        for place, value in enumerate(values)
    ]


def run_closing(book: Playbook, given: Table) -> Table:
    rule, target = closing_rule(book.blocks[-1].values), Target(given["side"], given["target"])
    points = months([*given["values"], *given.get("after", ())])
    found = may_close(points=points[: len(given["values"])], target=target, rule=rule, since=None)
    if not isinstance(found, Allowed):
        return {"closes": False}
    slip = slipped(points=points, target=target, rule=rule, closed_through=found.step)
    place = next((number for number, point in enumerate(points, start=1) if slip and point.first_day == slip.first_day), None)
    return {"closes": True, **({"reopens_at": place} if place else {})}


def run_rubric(book: Playbook, given: Table) -> Table:
    if "answers" in given:
        kind, values = book.body["matter"], book.blocks[-1].values
        rubric = rubric_from(code=book.code, title=book.title, content_hash=book.content_hash, kind=kind, values=values)
        return {"grade": grade(answers=given["answers"], rubric=rubric)}
    found = counts(("north", name) for name, many in given.items() for _ in range(many))["all"]
    return {"cases": sum(found.values()), **{name: count for name, count in found.items() if name}}
