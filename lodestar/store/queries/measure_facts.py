"""The facts that the measures read, in as many queries for a year as for a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from lodestar.core.matters.desk import Done, Involved, Story
from lodestar.core.matters.kinds import deed_kind
from lodestar.core.measures.catalogue import Entry
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.episodes import Episode
from lodestar.core.measures.facts import About, Case, Due, Facts, Interview
from lodestar.core.words import Period
from lodestar.store.models import Deed, Grade, Involvement, MatterReport, Obligation, ObligationKnown
from lodestar.store.queries.known import NOW, Known, MatterRow, matters_known, obligations_known

INTERVIEW = ("rhi_offered", "rhi_held", "rhi_declined")
LATE = timedelta(days=31)  # a case is followed so long after its period's end for what was received in it and opened later
GRADED = "graded"


def gather(one: Entry, told: Definition, *, period: Period, known: Known = NOW, district: str = "") -> Facts:
    """What a measure reads to speak of a period, from its look-back on, as known at an instant."""
    wide = Period(period.from_at - one.look_back, period.until_at)
    episodes = _missing(wide, known, district) if "episodes" in one.reads else ()
    return Facts(
        episodes=tuple(_episode(row) for row in episodes),
        interviews=tuple(interviews([row.pk for row in episodes], known)) if "interviews" in one.reads else (),
        cases=cases(one.desk, period, known, district) if "cases" in one.reads else (),
        dues=dues(_rules(told), period, known, district) if "dues" in one.reads else (),
    )


def episodes(*, period: Period, known: Known = NOW, district: str = "") -> tuple[Episode, ...]:
    """Every missing matter reported in the period, however it ended: open ones are censored, never dropped."""
    return tuple(_episode(row) for row in _missing(period, known, district))


def interviews(matters: Collection[int], known: Known) -> Iterable[Interview]:
    """What came of each matter's return home interview: the first of each deed, as recorded by then."""
    found: dict[int, dict[str, tuple[datetime, datetime]]] = defaultdict(dict)
    wanted = set(matters)
    rows = Deed.objects.filter(code__in=INTERVIEW).filter(known.recorded).order_by("at", "pk")
    for matter, code, at, recorded in rows.values_list("matter_id", "code", "at", "recorded_at").iterator(chunk_size=5_000):
        if matter in wanted:
            found[matter].setdefault(code, (at, recorded))
    return (_interview(matter, said) for matter, said in found.items())


def cases(kind: str, period: Period, known: Known, district: str = "") -> tuple[Case, ...]:
    """The matters of a desk that came in before the period ended, each with its deeds as recorded by then."""
    rows = matters_known(kind=kind, known=known, district=district, begun_before=period.until_at and period.until_at + LATE)
    done, involved = _deeds(kind, known), _involved(kind, known)
    return tuple(
        Case(str(row.pk), str(row.person), row.district, _story(kind, row, done[row.pk], involved[row.pk]), _about(row)) for row in rows
    )


def dues(rules: Collection[str], period: Period, known: Known, district: str = "") -> tuple[Due, ...]:
    """What was due by these clocks in a period, with what was recorded of it; no longer owed says from when."""
    rows = obligations_known(rules=rules, period=period, known=known)
    places = {row.pk: row for row in matters_known(known=known, numbers={one.matter for one in rows if one.matter is not None})}
    deeds = _ended_by(rules, {one.deed for one in rows})
    graded = _grades({one.matter for one in rows if one.satisfied_by == GRADED and one.deed is None}, known)
    found = []
    for one in rows:
        place = places.get(one.matter or 0)
        if place is None or (district and place.district != district) or place.state == "opened_in_error":
            continue
        deed = deeds.get(one.deed or 0)
        recorded = deed["recorded_at"] if deed else one.done_at
        whole = _whole(deed) if deed else (one.matter, one.done_at) in graded
        found.append(
            Due(
                id=f"{one.matter}:{one.pk}",
                child=str(place.person),
                district=place.district,
                rule=one.rule,
                started_at=one.started_at,
                due_at=one.due_at,
                cancelled_at=one.cancelled_at,
                done_at=one.done_at,
                recorded_at=recorded,
                complete=whole,
            )
        )
    return tuple(found)


def _rules(told: Definition) -> tuple[str, ...]:
    return tuple(told.own.get("rules", ())) or tuple(told.own.get("levels", {}).values())


def _missing(period: Period, known: Known, district: str) -> list[MatterRow]:
    rows = matters_known(kind="missing", known=known, district=district, begun=period)
    of_a_day = MatterReport.objects.filter(how="opened", report__precision="date", matter__kind="missing")
    only_day = set(of_a_day.filter(known.written("at")).values_list("matter_id", flat=True))
    return [row.of_a_day() if row.pk in only_day else row for row in rows]


def _episode(row: MatterRow) -> Episode:
    earliest, latest = row.located_from, row.located_to or row.closed_at
    bounds = (earliest or row.reported_at, latest) if (earliest or row.located_to) and latest is not None else None
    return Episode(
        id=str(row.pk),
        child=str(row.person),
        # A report of which only the day is known has no start on a clock of minutes: it is left out and counted.
        reported_at=None if row.only_day else row.reported_at,
        since_from=row.since_from,
        since_to=row.since_to,
        recorded_at=row.recorded_at,
        located_at=row.located_at,
        returned_at=row.returned_at,
        closed_at=row.closed_at,
        birth_date=row.born,
        district=row.district,
        looked_after=row.looked_after,
        level_at_first=row.first_level or None,
        opened_in_error=row.state == "opened_in_error",
        transferred_at=row.closed_at if row.state == "transferred" else None,
        died_at=row.located_at if row.outcome == "died" else None,
        end_bounds=bounds,
    )


def _interview(matter: int, said: Mapping[str, tuple[datetime, datetime]]) -> Interview:
    offered, held, declined = (said.get(code) for code in INTERVIEW)
    return Interview(
        episode=str(matter),
        offered_at=offered[0] if offered else None,
        held_at=held[0] if held else None,
        declined_at=declined[0] if declined else None,
        held_recorded_at=held[1] if held else None,
    )


def _about(row: MatterRow) -> About:
    return About(row.sex, row.ethnicity, row.looked_after, row.authority or "")


def _story(kind: str, row: MatterRow, done: list[Done], involved: list[Involved]) -> Story:
    return Story(
        kind=kind,
        state=row.state,
        reported_at=row.reported_at,
        opened_at=row.opened_at,
        born=row.born,
        done=tuple(done),
        involved=tuple(involved),
        closed_at=row.closed_at,
    )


def _deeds(kind: str, known: Known) -> Mapping[int, list[Done]]:
    found: dict[int, list[Done]] = defaultdict(list)
    rows = Deed.objects.filter(matter__kind=kind).filter(known.recorded).order_by("at", "pk")
    columns = ("matter_id", "pk", "code", "at", "recorded_at", "by_id", "detail")
    for matter, pk, code, at, recorded, by, detail in rows.values_list(*columns).iterator(chunk_size=5_000):
        said = detail if isinstance(detail, dict) else {}
        found[matter].append(Done(pk, code, at, recorded, by, {name: str(value) for name, value in said.items()}))
    return found


def _involved(kind: str, known: Known) -> Mapping[int, list[Involved]]:
    """Who was made known to each matter by then. Links end, but that a child was known to be in it does not."""
    found: dict[int, list[Involved]] = defaultdict(list)
    rows = Involvement.objects.filter(matter__kind=kind).filter(known.recorded).order_by("from_at", "pk")
    for matter, *row in rows.values_list("matter_id", "pk", "person_id", "role", "nature", "from_at"):
        found[matter].append(Involved(*row))
    return found


def _ended_by(rules: Collection[str], wanted: Collection[int | None]) -> dict[int, dict[str, Any]]:
    """The deeds that ended what was owed by these clocks, now or as it was once known: no other deed's words are read."""
    now = Obligation.objects.filter(rule__in=list(rules), deed__isnull=False).values("deed_id")
    then = ObligationKnown.objects.filter(obligation__rule__in=list(rules), deed_id__isnull=False).values("deed_id")
    rows = Deed.objects.filter(Q(pk__in=now) | Q(pk__in=then)).values("pk", "code", "recorded_at", "detail", "matter__kind")
    return {row["pk"]: row for row in rows.iterator(chunk_size=5_000) if row["pk"] in wanted}


def _grades(matters: set[int | None], known: Known) -> set[tuple[int, datetime]]:
    """The grades with a rationale, by matter and instant: a grade is recorded by its own action, whole."""
    rows = Grade.objects.exclude(rationale="").filter(known.written("at")).values_list("matter_id", "at")
    return {(matter, at) for matter, at in rows if matter in matters}


def _whole(deed: Mapping[str, Any]) -> bool:
    """True where every answer that the deed's own questions owe was given."""
    kind = deed_kind(kind=deed["matter__kind"], code=deed["code"])
    said = deed["detail"] if isinstance(deed["detail"], dict) else {}
    if kind is None:
        return bool(said)
    return all(str(said.get(asked.name, "")).strip() for asked in kind.asks if asked.is_owed(said))
