"""The shadow run of a version of the formula on the last quarter's real days: the work asked for on each, as it was known then.

Both versions see the whole day's work at once, which nobody did on the day; it is the same for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from lodestar.core.tasking.document import read_problem
from lodestar.core.tasking.formula import Formula, formula_from
from lodestar.core.tasking.pose import Day, number, pose, task_id
from lodestar.core.tasking.problem import after_iterations
from lodestar.core.tasking.shadow import Child, Compared, Placing, report
from lodestar.core.tasking.solve import search
from lodestar.core.times import age_on, local_date
from lodestar.store.models import Matter, Shift, Task
from lodestar.store.queries import formulas, tasking
from lodestar.store.queries.priority import districts

MOST_ITERATIONS = 2_000  # ninety days twice over: a day's problem is small, and both versions get the same
BANDS = ((10, "under 10"), (13, "10 to 12"), (16, "13 to 15"), (18, "16 to 17"))


def run(*, document: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What the version would have made of each day, beside what the version then in force makes of the very same day."""
    new, compared, days = formula_from(document), [], 0
    for instant in formulas.last_quarter(at=at):
        old = formulas.in_force(at=instant).formula
        rows = list(_compared(instant, old, new))
        compared += rows
        days += bool(rows)
    return report(compared=compared, days=days)


def _compared(instant: datetime, old: Formula, new: Formula) -> Iterator[Compared]:
    before, after = tasking.past_day(at=instant, formula=old), tasking.past_day(at=instant, formula=new)
    if not before.wanted:
        return
    was, would = _placings(before, old), _placings(after, new)
    children = _children([wanted.id for wanted in before.wanted], instant)
    for wanted in before.wanted:
        yield Compared(local_date(instant).isoformat(), wanted.id, children[wanted.id], was[wanted.id], would[wanted.id])


def _placings(day: Day, formula: Formula) -> dict[int, Placing]:
    posed = pose(day=day, formula=formula)
    problem = read_problem(posed.document)
    most = min(formula.search["iterations"], MOST_ITERATIONS)
    params = tasking.read_params(tasking.kept_params(formula, start=day.start))
    plan = search(problem=problem, params=params, seed=formula.search["seed"], stop=after_iterations(most))
    lines = {problem.tasks[line.task].id: line for line in plan.lines}
    teams = _teams(day)
    found = {}
    for wanted in day.wanted:
        name = task_id(wanted.id)
        line, tier = lines.get(name), posed.judged[name]["tier"]
        if line is None:
            found[wanted.id] = Placing(tier, wanted.minutes)
            continue
        people = [number(problem.assets[asset].id) for asset in line.assets]
        waited = line.start // problem.scale - max(0, int((wanted.earliest_at - day.start).total_seconds() // 60))
        found[wanted.id] = Placing(tier, wanted.minutes, waited, tuple(sorted(teams[pk] for pk in people)))
    return found


def _teams(day: Day) -> dict[int, str]:
    """The post of everybody on duty that day."""
    ids = [officer.id for officer in day.officers]
    shifts = Shift.objects.filter(user_id__in=ids, from_at__lt=day.start + timedelta(hours=24), until_at__gt=day.start)
    return dict(shifts.order_by("-from_at").values_list("user_id", "post__title"))


def _children(ids: list[int], instant: datetime) -> dict[int, Child]:
    rows = Task.objects.filter(pk__in=ids).select_related("matter__person")
    names = districts()
    return {row.pk: _child(row.matter, instant, names) for row in rows}


def _child(matter: Matter, instant: datetime, names: Mapping[str, str]) -> Child:
    person, age = matter.person, ""
    if person.birth_date is not None:
        years = age_on(person.birth_date, instant)
        age = next((title for below, title in BANDS if years < below), "18 and over")
    known = matter.looked_after if matter.looked_after is not None else person.looked_after
    looked_after = "" if known is None else "Yes" if known else "No"
    return Child(person.pk, age, person.sex, person.ethnicity, looked_after, names.get(matter.district, matter.district))
