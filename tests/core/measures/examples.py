"""How an example in a measure's playbook runs: its facts in, its counts and exact fractions out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from lodestar.core.matters.desk import Done, Story
from lodestar.core.measures.catalogue import entry
from lodestar.core.measures.cohort import cohort
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import Episode, local_period
from lodestar.core.measures.facts import Case, Due, Facts, Interview
from lodestar.core.measures.found import live_exact, mature_exact, share_found
from lodestar.core.measures.missing_time import missing_times
from lodestar.core.playbook import Playbook

Table = Mapping[str, Any]
DAY = timedelta(days=1)


def run_measure(book: Playbook, given: Table) -> Table:
    """What an example's facts come to, in the lines of which the example says what to expect."""
    wanted = next(row["expect"] for row in book.examples if row["given"] == given)
    definition = Definition.from_playbook(book, on=given["first"])
    if book.code == "M1":
        return run_found(definition, given)
    if book.code == "M2":
        return run_missing_time(definition, given)
    ask = Ask(local_period(first=given["first"], until=given["until"]), given["as_of"], definition)
    drawn = {one.measure.line: one for one in entry(book.code).draw(FACTS[book.code](given), ask)}
    return {name: _said(drawn, name, value) for name, value in wanted.items()}


def _said(drawn: Mapping[str, Drawn], name: str, wanted: object) -> object:
    """A line as the example writes it: a fraction, a count, or the line's own number."""
    found = drawn[{"hours": "b hours"}.get(name, name)].measure
    if isinstance(wanted, str):
        return f"{found.numerator}/{found.denominator}"
    return found.numerator if isinstance(wanted, int) else found.value


def run_found(definition: Definition, given: Table) -> Table:
    period = local_period(first=given["first"], until=given["until"])
    episodes = episodes_of(given)
    figure = share_found(episodes=episodes, period=period, as_of=given["as_of"], definition=definition)
    group = cohort(episodes=episodes, period=period, as_of=given["as_of"], clock=definition.clock, age_under=definition.age_under)
    return {
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "mature": str(mature_exact(group, hours=definition.hours)),
        "live": str(live_exact(group, hours=definition.hours)),
    }


def run_missing_time(definition: Definition, given: Table) -> Table:
    period = local_period(first=given["first"], until=given["until"])
    lengths = [*given["hours_missing"], *[None] * given.get("still_missing", 0)]
    episodes = [_lasting(number, length, period.from_at) for number, length in enumerate(lengths)]
    figure = missing_times(episodes=episodes, period=period, as_of=given["as_of"], definition=definition).pooled
    return {"median": figure.median.value, "ended": figure.ended, "open": figure.censored, "over_24": figure.open_longer[0][1]}


def _lasting(number: int, hours: float | None, start: datetime) -> Episode:
    end = None if hours is None else start + timedelta(hours=hours)
    return Episode(id=str(number), child=str(number), reported_at=start, located_at=end)


def episodes_of(given: Table) -> list[Episode]:
    return [_episode(number, row) for number, row in enumerate(given["episodes"])]


def _episode(number: int, row: Table) -> Episode:
    known = {key: value for key, value in row.items() if key != "born"}
    return Episode(id=str(number), birth_date=row["born"], **known)


def _repeats(given: Table) -> Facts:
    return Facts(episodes=tuple(episodes_of(given)))


def _returns(given: Table) -> Facts:
    episodes, interviews = [], []
    for number, row in enumerate(given["returns"]):
        back = row["returned_at"]
        episodes.append(
            Episode(
                id=str(number), child=row["child"], reported_at=back - 5 * timedelta(hours=1), returned_at=back,
                birth_date=datetime(2012, 1, 1).date(),
            )
        )  # fmt: skip
        said = {name: row.get(name) for name in ("offered_at", "held_at", "declined_at")}
        interviews.append(Interview(str(number), held_recorded_at=row.get("held_at"), **said))
    return Facts(episodes=tuple(episodes), interviews=tuple(interviews))


def _cases(given: Table) -> Facts:
    return Facts(cases=tuple(case("online", number, row["received"], row["deeds"]) for number, row in enumerate(given["cases"])))


def _detentions(given: Table) -> Facts:
    return Facts(cases=tuple(case("custody", number, row["opened"], row["deeds"]) for number, row in enumerate(given["detentions"])))


def case(kind: str, number: int, opened: datetime, deeds: Any) -> Case:
    """A matter from its deeds, each a code, an instant (or when done and when written down) and what was said."""
    done = []
    for place, (code, when, said) in enumerate(deeds, start=1):
        at, recorded = when if isinstance(when, tuple) else (when, when)
        done.append(Done(place, code, at, max(recorded, opened), 1, dict(said)))
    story = Story(kind, "", opened, opened, done=tuple(sorted(done, key=lambda one: (one.at, one.id))))
    return Case(str(number), f"child {number}", "", story)


def _decisions(given: Table) -> Facts:
    start = given["submitted"]
    deeds = []
    for days in given["days_to_decision"]:
        back = given.get("sent_back_after")
        rounds = [] if back is None else [["cps_rejected", start + back * DAY, {}], ["cps_resubmitted", start + 5 * DAY, {}]]
        deeds.append([["cps_submitted", start, {}], *rounds, ["cps_decided", start + days * DAY, {"decision": "charge"}]])
    deeds += [[["cps_submitted", start, {}]] for _ in range(given.get("still_open", 0))]
    return Facts(cases=tuple(case("online", number, start - DAY, row) for number, row in enumerate(deeds)))


def _dues(given: Table) -> Facts:
    due = given.get("due_at", datetime.combine(given["first"], datetime.min.time()).astimezone(given["as_of"].tzinfo) + 10 * DAY)
    rows = [
        *({"done_at": due, "recorded_at": due, "complete": True} for _ in range(given["recorded"])),
        *({} for _ in range(given["not_recorded"])),
        *({"done_at": due, "recorded_at": due} for _ in range(given.get("not_whole", 0))),
        *({"cancelled_at": due - DAY} for _ in range(given.get("taken_back_before", 0))),
        *(
            {"done_at": due - DAY, "recorded_at": due + timedelta(hours=1), "complete": True}
            for _ in range(given.get("written_up_late", 0))
        ),
    ]
    return Facts(
        dues=tuple(
            Due(f"{number}:{number}", f"child {number}", "", given["rule"], due - 2 * DAY, due, **row) for number, row in enumerate(rows)
        )
    )


FACTS: Mapping[str, Callable[[Table], Facts]] = {
    "M3": _repeats,
    "M4": _returns,
    "M5": _cases,
    "M6": _cases,
    "M7": _decisions,
    "M8": _detentions,
    "M9": _dues,
    "M10": _dues,
}
