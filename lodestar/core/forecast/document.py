"""Reads a scenario from its public document, with every fault named by its path.

The format is a public contract: docs/reference/forecast-scenario.md says what each key means, and a JSON Schema stands beside
it. Lengths of work are given either as a law or as cases seen, some of them not ended, to which the law is then fitted.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from lodestar.core.forecast.fitting import Fit, Lengths, TooFew, fit, fit_by_class
from lodestar.core.forecast.laws import FAMILIES, Law
from lodestar.core.forecast.queue import MOST_CLASSES, MOST_POSTS
from lodestar.core.forecast.scenario import BadScenario, CaseClass, Demand, Plan, Posting, Scenario, Stage
from lodestar.core.tasking.canonical import canonical
from lodestar.core.tasking.reading import Faults, Row

OWED = frozenset({"classes", "arrivals", "work", "posts"})
MAY = frozenset({"title", "as_of", "note", "months", "discipline", "availability", "plans", "waiting", "begun", "stages"})
POSTING = (frozenset({"count"}), frozenset({"from_day", "until_day", "ramp"}))
MOST_MONTHS, MOST_DAYS, MOST_CASES, MOST_PLANS = 120, 40_000, 100_000, 20
MOST_EXPECTED = 200_000  # cases in one run: beyond it a laptop's memory ends before the answer
DISCIPLINES = ("priority", "deadline")


@dataclass(frozen=True, slots=True)
class Read:
    """A scenario, what its lengths of work were fitted to, and the digest of its document."""

    scenario: Scenario
    fits: tuple[Fit, ...]
    sha256: str


def read_scenario(table: Any) -> Read:
    """The scenario of a document; raises ``BadScenario`` with every fault as ``path: reason``, never anything else."""
    faults = Faults()
    one = _Reader(Row.of(table, "", faults, owed=OWED, may=MAY), faults)
    scenario = one.scenario() if not faults.found else None
    if scenario is None or faults.found:
        raise BadScenario(faults.found)
    return Read(scenario, one.fits, digest(table))


def digest(table: Any) -> str:
    """SHA-256 of the document's canonical JSON: the same content has the same digest however it was written."""
    return sha256(canonical(table).encode("utf-8", "surrogatepass")).hexdigest()


class _Reader:
    """Looks at every value once; what it makes is only used when nothing was wrong."""

    def __init__(self, top: Row, faults: Faults) -> None:
        self.top, self.faults = top, faults
        self.fits: tuple[Fit, ...] = ()
        self.codes: dict[str, int] = {}

    def scenario(self) -> Scenario | None:
        top = self.top
        classes = self.classes()
        demand, work, stages = self.demand(), self.work(), self.stages()
        posts = self.postings(top, "posts")
        waiting: list[list[float]] = [[] for _ in classes or (None,)]
        for row in top.rows("waiting", owed=frozenset({"class", "days"}), may=frozenset({"count"})):
            waiting[self.code(row)].extend(self.ages(row))
        begun = [age for row in top.rows("begun", owed=frozenset({"days"}), may=frozenset({"count"})) for age in self.ages(row)]
        months = top.whole("months", most=MOST_MONTHS) if "months" in top.table else 12
        self.look_over(posts, demand, months, sum(map(len, waiting)) + len(begun))
        plans = self.plans(sum(one.count for one in posts))
        availability = self.pair("availability", above=0, most=1)
        if self.faults.found or work is None:
            return None
        return Scenario(
            classes=classes, demand=demand, work=work, posts=posts, plans=plans, waiting=tuple(map(tuple, waiting)), begun=tuple(begun),
            availability=availability, stages=stages, discipline=self.discipline(), months=months, title=self.said("title"),
            as_of=self.said("as_of"), note=self.said("note"),
        )  # fmt: skip

    def look_over(self, posts: tuple[Posting, ...], demand: Demand, months: int, there: int) -> None:
        """What no single value is wrong about."""
        if months < 1:
            self.top.say("months", "at least one month is looked at")
        if not sum(one.count for one in posts):
            self.top.say("posts", "there must be at least one post")
        expected = demand.a_day * months * 30.44 * max(demand.growth) ** (months / 12) + there
        if expected > MOST_EXPECTED:
            self.top.say("arrivals", f"about {expected:.0f} cases would come in the time looked at; {MOST_EXPECTED} are the most")

    def said(self, name: str) -> str:
        return self.top.text(name, empty=True) if name in self.top.table else ""

    def discipline(self) -> Any:
        found = self.top.table.get("discipline", "priority")
        if found not in DISCIPLINES:
            self.top.say("discipline", f"it must be one of {', '.join(DISCIPLINES)}")
        return found

    def classes(self) -> tuple[CaseClass, ...]:
        found = []
        for row in self.top.rows("classes", owed=frozenset({"code", "deadline_days"}), may=frozenset({"title"})):
            code = row.text("code")
            if code in self.codes:
                row.say("code", f"{code} is used twice")
            self.codes.setdefault(code, len(self.codes))
            title = row.text("title") if "title" in row.table else code.replace("_", " ")
            found.append(CaseClass(code, title, row.whole("deadline_days", most=3650)))
        if not 0 < len(found) < MOST_CLASSES:
            self.top.say("classes", f"there must be 1 to {MOST_CLASSES - 1}, in the order of priority")
        return tuple(found)

    def code(self, row: Row) -> int:
        code = row.text("class")
        if code not in self.codes:
            row.say("class", f"there is no class {code}")
        return self.codes.get(code, 0)

    def ages(self, row: Row) -> list[float]:
        days = float(row.number("days", least=0, most=MOST_DAYS))
        count = row.whole("count", most=MOST_CASES) if "count" in row.table else 1
        return [days] * count

    def pair(self, name: str, *, above: int, most: int, row: Row | None = None) -> tuple[float, float]:
        """A low and a high between which a number lies; left out it is 1."""
        holder = row or self.top
        if name not in holder.table:
            return (1.0, 1.0)
        at = f"{holder.path}.{name}" if holder.path else name
        found = Row.of(holder.table[name], at, self.faults, owed=frozenset({"low", "high"}), may=frozenset())
        low, high = (float(found.number(side, above=above, most=most)) for side in ("low", "high"))
        if low > high:
            found.say("high", "it is below low")
        return (low, high)

    def demand(self) -> Demand:
        owed, may = frozenset({"days", "counts"}), frozenset({"dispersion", "growth_a_year", "exact"})
        row = Row.of(self.top.table.get("arrivals"), "arrivals", self.faults, owed=owed, may=may)
        days = float(row.number("days", above=0, most=MOST_DAYS)) or 1.0
        counts = Row.of(row.table.get("counts"), "arrivals.counts", self.faults, owed=frozenset(self.codes), may=frozenset())
        loose = float(row.number("dispersion", least=1, most=1000)) if "dispersion" in row.table else 1.0
        exact = row.table.get("exact", False)
        if not isinstance(exact, bool):
            row.say("exact", "it must be true or false")
        found = tuple(float(counts.number(code, least=0, most=10_000_000)) for code in self.codes)
        growth = self.pair("growth_a_year", above=0, most=20, row=row)
        return Demand(days, found or (0.0,), loose, growth, exact is True)

    def work(self) -> tuple[Law, ...] | None:
        value = self.top.table.get("work")
        if isinstance(value, dict) and "observed" in value:
            return self.fitted(Row.of(value, "work", self.faults, owed=frozenset({"observed"}), may=frozenset()))
        row = Row.of(value, "work", self.faults, owed=frozenset({"mean_days", "cv"}), may=frozenset({"family"}))
        return None if self.faults.found else (self.law(row),)

    def law(self, row: Row) -> Law:
        family = row.table.get("family", "lognormal")
        if family not in FAMILIES:
            row.say("family", f"it must be one of {', '.join(FAMILIES)}")
            family = "lognormal"
        mean, cv = (float(row.number(name, above=0, most=most)) for name, most in (("mean_days", 3650), ("cv", 10)))
        return Law.of_mean(mean=mean if mean > 0 else 1.0, cv=cv if cv > 0 else 1.0, family=family)

    def fitted(self, row: Row) -> tuple[Law, ...] | None:
        found: list[list[tuple[float, bool, float]]] = [[] for _ in self.codes or (None,)]
        rows = row.rows("observed", owed=frozenset({"days", "ended"}), may=frozenset({"entry_days", "class"}))
        for one in rows:
            if not isinstance(one.table.get("ended"), bool):
                one.say("ended", "it must be true or false")
            days = float(one.number("days", least=0, most=MOST_DAYS))
            entry = float(one.number("entry_days", least=0, most=MOST_DAYS)) if "entry_days" in one.table else 0.0
            if entry > days:
                one.say("entry_days", "it is after the end")
            found[self.code(one) if "class" in one.table else 0].append((days, one.table.get("ended") is True, entry))
        if self.faults.found:
            return None
        each = [Lengths.of(*map(list, zip(*cases, strict=True))) for cases in found if cases]
        by_class = all(found) and all("class" in one.table for one in rows)
        try:
            self.fits = fit_by_class(each)[0] if by_class else (fit(each[0] if len(each) == 1 else _pooled(each)),) if each else ()
        except TooFew as few:
            row.say("observed", str(few))
        if not each:
            row.say("observed", "it is empty")
        return tuple(one.law for one in self.fits) or None

    def postings(self, row: Row, name: str) -> tuple[Posting, ...]:
        return tuple(self.posting(one) for one in row.rows(name, owed=POSTING[0], may=POSTING[1]))

    def posting(self, row: Row) -> Posting:
        count = row.whole("count", most=MOST_POSTS)
        begin = float(row.number("from_day", least=0, most=MOST_DAYS)) if "from_day" in row.table else 0.0
        until = float(row.number("until_day", least=0, most=MOST_DAYS)) if row.table.get("until_day") is not None else None
        if until is not None and until <= begin:
            row.say("until_day", "it is not after from_day")
        steps = [
            (float(one.number("month", least=0, most=120)), float(one.number("share", least=0, most=1)))
            for one in row.rows("ramp", owed=frozenset({"month", "share"}))
        ]
        if any(later <= earlier for (earlier, _), (later, _) in itertools.pairwise(steps)):
            row.say("ramp", "its months must rise")
        if steps and steps[-1][1] <= 0:
            row.say("ramp", "its last share must be above nought")
        return Posting(count, begin, until, tuple(steps))

    def plans(self, there: int) -> tuple[Plan, ...]:
        rows = self.top.rows("plans", owed=frozenset({"title", "posts"}))
        if len(rows) > MOST_PLANS:
            self.top.say("plans", f"there are {len(rows)}; {MOST_PLANS} are the most")
        found = tuple(Plan(row.text("title"), self.postings(row, "posts")) for row in rows)
        for row, plan in zip(rows, found, strict=True):
            if there + sum(one.count for one in plan.postings) > MOST_POSTS:
                row.say("posts", f"with the posts that there are it makes more than {MOST_POSTS}")
        return found

    def stages(self) -> tuple[Stage, ...]:
        found = []
        owed, may = frozenset({"code", "share", "mean_days", "cv"}), frozenset({"title", "family", "waiting"})
        for row in self.top.rows("stages", owed=owed, may=may):
            waiting = [age for one in row.rows("waiting", owed=frozenset({"days"}), may=frozenset({"count"})) for age in self.ages(one)]
            title = row.text("title") if "title" in row.table else row.text("code").replace("_", " ")
            found.append(Stage(row.text("code"), title, float(row.number("share", least=0, most=1)), self.law(row), tuple(waiting)))
        return tuple(found)


def _pooled(each: list[Lengths]) -> Lengths:
    return Lengths.of(*([value for one in each for value in getattr(one, name).tolist()] for name in ("days", "ended", "entry")))
