"""Loads the generated matters: their lives, what was done on them, and what was owed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zlib import crc32

from lodestar.actions import history
from lodestar.core.times import age_on
from lodestar.doors.feeds.demo.episode import Episode
from lodestar.doors.feeds.demo.stage import Loading, Row
from lodestar.store.queries import matters

GIVEN_UP = timedelta(days=7)  # a return interview not held by then is no longer chased in the demonstration


def load_matters(one: Loading) -> None:
    """Matters with their reports, steps, grades, holders and hand-overs."""
    born = {child.key: child.birth_date for child in one.demo.children}
    episodes = one.demo.episodes
    made = one.take("matter", (_matter(one, episode, born[episode.child]) for episode in episodes))
    one.matters = dict(zip((episode.key for episode in episodes), made, strict=True))
    for noun, rows_of in (
        ("matter_report", _joined),
        ("step", _steps),
        ("grade", _grades),
        ("holding", _holdings),
        ("handover", _handovers),
    ):
        one.take(noun, (row for episode in episodes for row in rows_of(one, episode)))


def _joined(one: Loading, episode: Episode) -> Iterable[Row]:
    for place, report in enumerate(episode.reports):
        yield {
            "matter_id": one.matters[episode.key],
            "report_id": one.reports[report.external_id],
            "at": report.recorded_at,
            "how": "joined" if place else "opened",
        }


def _grades(one: Loading, episode: Episode) -> Iterable[Row]:
    levels = matters.levels(kind="missing")
    for place, grade in enumerate(episode.grades, start=1):
        yield {
            "matter_id": one.matters[episode.key],
            "number": place,
            "level": grade.level,
            "list_code": levels.code,
            "list_hash": levels.content_hash,
            "at": grade.at,
            "by_id": one.who(grade.by),
            "rationale": grade.rationale,
            "relied_on": list(grade.relied_on),
            "steps_agreed": grade.steps_agreed,
            "review_at": grade.review_at,
            "reason": grade.reason,
            "second_person_id": one.who(grade.second_person),
        }


def _holdings(one: Loading, episode: Episode) -> Iterable[Row]:
    for place, holding in enumerate(episode.holdings, start=1):
        yield {
            "matter_id": one.matters[episode.key],
            "number": place,
            "user_id": one.users[holding.username],
            "post_id": one.posts.get(holding.post),
            "from_at": holding.from_at,
            "how": holding.how,
            "because": holding.because[:240],
        }


def _handovers(one: Loading, episode: Episode) -> Iterable[Row]:
    for offer in episode.handovers:
        yield {
            "matter_id": one.matters[episode.key],
            "giver_id": one.users[offer.giver],
            "receiver_id": one.users[offer.receiver],
            "offered_at": offer.offered_at,
            "note": _note(dict(offer.note)),
            "state": offer.state,
            "answered_at": offer.answered_at,
        }


def _note(said: Mapping[str, str]) -> dict[str, str]:
    words = {name.replace(" ", "_"): text for name, text in said.items()}
    return {name: words.get(name, "Nothing to add.") for name in ("open_lines", "family_promises", "next_actions")}


def _matter(one: Loading, episode: Episode, born: date) -> Row:
    is_open = episode.is_open
    last = episode.grades[-1].level if episode.grades else ""
    return {
        "kind": "missing",
        "person_id": one.people[episode.child],
        "state": episode.state,
        "version": 1 + len(episode.steps),
        "district": episode.district,
        "authority": episode.authority,
        "since_from": episode.since_from,
        "since_to": episode.since_to,
        "reported_at": episode.reported_at,
        "recorded_at": episode.recorded_at,
        "opened_at": episode.recorded_at,
        "looked_after": episode.looked_after,
        "is_child": age_on(born, episode.reported_at) < 18 if born <= episode.reported_at.date() else True,
        "located_at": episode.located.at if episode.located else None,
        "located_by": episode.located.by if episode.located else "",
        "located_where": episode.located.where if episode.located else "",
        "located_from": episode.located_from,
        "located_to": episode.located_to,
        "wellbeing_at": episode.wellbeing.at if episode.wellbeing else None,
        "wellbeing_by": episode.wellbeing.by if episode.wellbeing else "",
        "wellbeing_where": episode.wellbeing.where if episode.wellbeing else "",
        "returned_at": episode.returned_at,
        "closed_at": episode.closed_at or _passed_on(episode),
        "outcome": episode.outcome,
        "is_open": is_open,
        "level": last,
        "first_level": episode.grades[0].level if episode.grades else "",
        "holder_id": one.users[episode.holdings[-1].username],
        "tier": 1 if is_open else 4,
        "next_due_at": episode.recorded_at if is_open else None,
    }


def _passed_on(episode: Episode) -> datetime | None:
    """When another force took the matter: from then on it is censored."""
    return next((offer.answered_at for offer in episode.transfers if offer.state == "accepted"), None)


def _steps(one: Loading, episode: Episode) -> Iterable[Row]:
    first = {
        "verb": "open",
        "source": "",
        "target": "reported",
        "at": episode.reported_at,
        "recorded_at": episode.recorded_at,
        "by_id": one.who(episode.reports[0].received_by),
        "reason": "",
    }
    rest = (
        {
            "verb": s.verb,
            "source": s.source,
            "target": s.target,
            "at": s.at,
            "recorded_at": s.recorded_at,
            "by_id": one.who(s.by),
            "reason": s.reason,
        }
        for s in episode.steps
    )
    for number, row in enumerate((first, *rest), start=1):
        yield {"matter_id": one.matters[episode.key], "number": number, **row}


def load_deeds_and_clocks(one: Loading) -> None:
    """What was done and by whom, and what was owed by the rules in force then."""
    pairs = [(episode, deed) for episode in one.demo.episodes for deed in episode.deeds]
    numbers = one.take(
        "deed",
        (
            {
                "matter_id": one.matters[episode.key],
                "code": deed.code,
                "at": deed.at,
                "recorded_at": deed.recorded_at,
                "by_id": one.who(deed.by),
                "detail": dict(deed.detail),
            }
            for episode, deed in pairs
        ),
    )
    made: dict[str, list[tuple[str, datetime, int, int | None]]] = {}
    for (episode, deed), number in zip(pairs, numbers, strict=True):
        made.setdefault(episode.key, []).append((deed.code, deed.at, number, one.who(deed.by)))
    workers = {row.places[0]: one.users[row.username] for row in one.demo.staff if row.role == "local_authority_worker" and row.places}
    born = {child.key: child.birth_date for child in one.demo.children}
    pasts = [_past(one, episode, made.get(episode.key, []), workers, born[episode.child]) for episode in one.demo.episodes]
    for start in range(0, len(pasts), 500):
        history.owe(actor=one.actor, pasts=pasts[start : start + 500], now=one.now)
    one.take("news", (row for episode in one.demo.episodes for row in _news(one, episode)))
    one.take("transfer", (row for episode in one.demo.episodes for row in _transfers(one, episode)))
    one.take("task", (row for episode in one.demo.episodes for row in _tasks(one, episode)))


def _past(
    one: Loading, episode: Episode, deeds: list[tuple[str, datetime, int, int | None]], workers: Mapping[str, int], born: date
) -> history.Past:
    happened = [history.Happened("reported", episode.reported_at)]
    before = ""
    for grade in episode.grades:
        happened.append(history.Happened("graded", grade.at, grade.level, before, grade.review_at))
        before = grade.level
    if episode.located is not None:
        happened.append(history.Happened("located", episode.located.at, before, before))
    if episode.returned_at is not None:
        happened.append(history.Happened("returned", episode.returned_at, before, before))
    # Grading, finding and returning satisfy and end clocks too; they have no number of their own among the deeds.
    marks = [("graded", grade.at) for grade in episode.grades] + ([("returned", episode.returned_at)] if episode.returned_at else [])
    by_time = sorted([*deeds, *((code, at, None, None) for code, at in marks)], key=lambda item: item[1])
    reviews = {
        review.done_at: number
        for code, at, number, _ in deeds
        if code == "review_recorded"
        for review in episode.reviews
        if review.done_at == at
    }
    level = {grade.at: grade.level for grade in episode.grades}
    return history.Past(
        matter=one.matters[episode.key],
        is_child=age_on(born, episode.reported_at) < 18 if born <= episode.reported_at.date() else True,
        opened_at=episode.recorded_at,
        ended_at=episode.returned_at or episode.closed_at or _passed_on(episode),
        passed_on=episode.state == "transferred",
        happened=tuple(happened),
        deeds=tuple(by_time),  # type: ignore[arg-type]
        reviews=tuple(
            history.Reviewed(
                started_at=review.shift_from,
                due_at=review.due_at,
                level=next((level[at] for at in sorted(level, reverse=True) if at <= review.shift_from), before),
                owed_by=one.users[review.owed_by],
                deed=reviews.get(review.done_at),
                done_at=review.done_at,
                done_by=one.who(review.done_by or ""),
            )
            for review in episode.reviews
        ),
        holders=tuple((holding.from_at, one.users[holding.username]) for holding in episode.holdings),
        answers={"children_services": workers[episode.authority]} if episode.authority in workers else {},
        given_up_after=GIVEN_UP,
    )


def _news(one: Loading, episode: Episode) -> Iterable[Row]:
    for item in episode.news:
        yield {
            "matter_id": one.matters[episode.key],
            "received_at": item.received_at,
            "by_id": one.who(item.by),
            "from_whom": item.from_whom,
            "contact": item.contact,
            "text": item.text,
            "matter_state": episode.state,
            "state": "assessed" if item.assessed_at else "waiting",
            "assessed_at": item.assessed_at,
            "assessed_by_id": one.who(item.assessed_by or ""),
            "assessment": item.assessment or "",
            "reply_given": item.reply_given or "",
        }


def _transfers(one: Loading, episode: Episode) -> Iterable[Row]:
    for offer in episode.transfers:
        yield {
            "matter_id": one.matters[episode.key],
            "direction": offer.direction,
            "other_force": offer.other_force,
            "receiver_named": offer.receiver_named,
            "state": offer.state,
            "offered_at": offer.offered_at,
            "offered_by_id": one.who(offer.offered_by),
            "reason": offer.reason,
            "answered_at": offer.answered_at,
            "answered_by": offer.answered_by or "",
            "answer_reason": offer.answer_reason or "",
        }


def _place(one: Loading, episode: Episode, kind: str) -> int:
    """A town of the child's district, the same one in every demonstration made of the same seed."""
    towns = next(row.towns for row in one.demo.districts if row.code == episode.district)
    return one.places[episode.district, towns[crc32(f"{episode.key} {kind}".encode()) % len(towns)]]


def _tasks(one: Loading, episode: Episode) -> Iterable[Row]:
    for task in episode.tasks:
        yield {
            "matter_id": one.matters[episode.key],
            "place_id": _place(one, episode, task.kind),
            "kind": task.kind,
            "title": task.title,
            "detail": task.detail,
            "state": task.state,
            "minutes": task.minutes,
            "skills": list(task.skills),
            "earliest_at": task.earliest_at,
            "due_at": task.due_at,
            "created_at": task.created_at,
            "created_by_id": one.who(task.created_by),
            "assignee_id": one.who(task.assignee or ""),
            "issued_at": task.issued_at,
            "planned_start": task.issued_at,
            "blocked_by": task.blocked_by or "",
            "done_at": task.done_at,
            "outcome": task.outcome or "",
            "is_open": task.state not in ("done", "not_done", "cancelled"),
        }
