"""The published rubric by which a case is graded, the grade its answers come to, and the counts by area.

A case is good, requires improvement or is inadequate by named rules over the answers, as the inspectors publish it; no
points are added up. Two people grade each case without seeing each other's grade; a third settles where they differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lodestar.core.words import Refusal

GOOD, IMPROVE, INADEQUATE = "good", "requires_improvement", "inadequate"
GRADES = {GOOD: "Good", IMPROVE: "Requires improvement", INADEQUATE: "Inadequate"}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is looked at in a case."""

    code: str
    question: str
    good: str
    inadequate: str
    essential: bool


@dataclass(frozen=True, slots=True)
class Rubric:
    """The rubric of one desk on one day, with the playbook's code and hash for the record."""

    code: str
    content_hash: str
    kind: str
    title: str
    criteria: tuple[Criterion, ...]
    weights: Mapping[str, float]


def rubric_from(*, code: str, title: str, content_hash: str, kind: str, values: Mapping[str, Any]) -> Rubric:
    """Read a rubric from its playbook block."""
    rows = values["criteria"]
    criteria = tuple(Criterion(name, row["question"], row["good"], row["inadequate"], row["essential"]) for name, row in rows.items())
    return Rubric(code, content_hash, kind, title, criteria, dict(values["weights"]))


def grade(*, answers: Mapping[str, str], rubric: Rubric) -> str:
    """Inadequate where an essential thing, or two things, are inadequate; good where all is good; else requires improvement."""
    bad = [item for item in rubric.criteria if answers[item.code] == INADEQUATE]
    if len(bad) > 1 or any(item.essential for item in bad):
        return INADEQUATE
    return GOOD if all(answers[item.code] == GOOD for item in rubric.criteria) else IMPROVE


@dataclass(frozen=True, slots=True)
class Given:
    """A grade that was given: by whom, as which (first, second or the one who settles), and what it was."""

    by: int
    grade: str
    settles: bool = False


def grade_gaps(*, answers: Mapping[str, str], reasons: str, rubric: Rubric, given: Iterable[Given], by: int) -> list[Refusal]:
    """Every question is answered with a reason; nobody grades a case twice; a third comes only where two differ."""
    rows = list(given)
    found = [
        Refusal("case_grade.answer", f"{item.question} Choose one.", "", item.code)
        for item in rubric.criteria
        if answers.get(item.code) not in GRADES
    ]
    if not reasons.strip():
        found.append(Refusal("case_grade.reasons", "Say what in the record led you to it.", "", "reasons"))
    if any(one.by == by for one in rows):
        found.append(Refusal("case_grade.again", "You have graded this case. Somebody else grades it next."))
    if len(rows) >= 2 and not differ(rows):
        found.append(Refusal("case_grade.settled", "Two have graded this case and agree, or a third has settled it."))
    return found


def differ(given: Iterable[Given]) -> bool:
    """True where two have graded, differ, and nobody has settled it."""
    rows = list(given)
    return len(rows) == 2 and rows[0].grade != rows[1].grade


def may_see(*, given: Iterable[Given], by: int | None) -> bool:
    """Blind: what others gave is shown once two have graded, and to nobody before."""
    rows = list(given)
    return len(rows) >= 2 and (not differ(rows) or by in {one.by for one in rows} or by is None)


def settled(given: Iterable[Given]) -> str | None:
    """The grade a case ends with: the third's, or the one that two agree on; None while it is not settled."""
    rows = list(given)
    third = [one.grade for one in rows if one.settles]
    if third:
        return third[-1]
    return rows[0].grade if len(rows) >= 2 and rows[0].grade == rows[1].grade else None


def counts(grades: Iterable[tuple[str, str | None]]) -> dict[str, dict[str, int]]:
    """Cases by area and grade, with a line for all of them; those not settled yet stand under a blank grade."""
    rows = list(grades)
    areas = sorted({area for area, _ in rows})
    found = {area: Counter(grade or "" for where, grade in rows if where == area) for area in areas}
    found["all"] = Counter(grade or "" for _, grade in rows)
    return {area: {name: table[name] for name in (*GRADES, "")} for area, table in found.items()}
