"""One identity question as its page shows it: the report, each record beside it, what would change, and whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.identity.explaining import CALLED, starting_odds
from lodestar.core.identity.harm import Placed
from lodestar.core.identity.reviewing import TITLES
from lodestar.core.matters.involved import SUSPECTED
from lodestar.core.matters.kinds import desk
from lodestar.core.people.identifiers import SCHEMES
from lodestar.store.models import Involvement, LinkQuestion, Matter, MatterReport, Person, Report, ReviewAnswer
from lodestar.store.queries import reviewing
from lodestar.store.queries.access import in_reach, place_of

LOOKED_AFTER = {True: "Yes", False: "No", None: ""}


@dataclass(frozen=True, slots=True)
class Beside:
    """One record beside the report: its fields, its explanation where one is kept, and what would change if it is the one."""

    person: int
    name: str
    known: tuple[Mapping[str, Any], ...]  # the fields that at least one side knows
    unknown: tuple[str, ...]  # the names of the others
    vetoes: tuple[str, ...]
    explanation: Mapping[str, Any] | None
    starts: str  # the starting odds in words
    weighed: tuple[Mapping[str, Any], ...]  # its lines that count
    unweighed: tuple[str, ...]  # the names of those that one side does not know
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer as a page may show it; whose it is only where the question is settled."""

    words: str
    reason: str
    would_tell: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Everything the page needs, as values."""

    said: tuple[tuple[str, str], ...]
    beside: tuple[Beside, ...]
    if_new: tuple[str, ...]
    placed: Placed | None  # why it stands where it does; None once it is settled
    due_at: datetime | None
    owner: str
    turn: str
    answered: bool  # this reader has
    may_answer: bool
    would_tell: tuple[str, ...]  # what those before, who could not tell, said would; never where two are asked blind
    earlier: tuple[Earlier, ...]


def question_page(row: LinkQuestion, *, actor: Actor, at: datetime) -> QuestionPage:
    """One question for one reader. Nobody who may still answer blind is shown an earlier answer, or whose it is."""
    open_now = row.state in reviewing.OPEN
    answered = actor.id in reviewing.answered_by(row)
    decides = row.turn == "third" and actor.may(Permission.PEOPLE_DECIDE, place_of(row.report))
    due, owner = reviewing.owed_of(row, at=at) if open_now else (None, "")
    return QuestionPage(
        said=_said(row.report, numbers=row.truth_id is None),
        beside=_beside(row, actor),
        if_new=_if_new(row, actor),
        placed=reviewing.place_in_queue(row, at=at) if open_now else None,
        due_at=due,
        owner=owner,
        turn=row.turn,
        answered=answered,
        may_answer=open_now and not answered and (row.turn != "third" or decides),
        would_tell=_would_tell(row) if open_now and not row.double and row.turn == "first" else (),
        earlier=_earlier(row, named=not open_now) if not open_now or (decides and not answered) else (),
    )


def _said(report: Report, *, numbers: bool) -> tuple[tuple[str, str], ...]:
    """Who the report says it is about, as it was given. What it does not say is left out, and
    of a pair whose truth its number tells, the number."""
    stated = report.subject
    born = stated.get("birth_date")
    lines = (
        ("Given name", stated.get("given_name")),
        ("Family name", stated.get("family_name")),
        ("Birth date", date.fromisoformat(born) if born else ""),
        ("Sex", stated.get("sex")),
        ("Address", stated.get("address")),
        ("Postcode", stated.get("postcode")),
        ("Telephone", stated.get("phone")),
        ("Looked after", LOOKED_AFTER[stated.get("looked_after")]),
        *((_titled(scheme), value) for scheme, value in (stated.get("keys") or {}).items() if numbers),
        ("What happened", report.circumstances),
    )
    return tuple((name, value) for name, value in lines if value)


def _titled(scheme: str) -> str:
    title = SCHEMES[scheme].title if scheme in SCHEMES else scheme.replace("_", " ")
    return title[:1].upper() + title[1:]


def _beside(row: LinkQuestion, actor: Actor) -> tuple[Beside, ...]:
    people = Person.objects.in_bulk(reviewing.offered(row))
    own = _own(row, actor)
    return tuple(_one(item, people[item["person"]], row, own, actor) for item in row.candidates["people"])


def _one(item: Mapping[str, Any], person: Person, row: LinkQuestion, own: list[Matter], actor: Actor) -> Beside:
    explanation = item.get("explanation") or None
    vetoes = (*item.get("vetoes", ()), *(explanation["vetoes"] if explanation else ()))
    lines = explanation["lines"] if explanation else ()
    return Beside(
        person=person.pk,
        name=f"{person.given_name} {person.family_name}".strip() or "No name on record",
        known=tuple(field for field in item["fields"] if field["ours"] or field["theirs"]),
        unknown=tuple(_plain(field["title"]) for field in item["fields"] if not field["ours"] and not field["theirs"]),
        vetoes=tuple(dict.fromkeys(veto["sentence"] for veto in vetoes)),
        explanation=explanation,
        starts=starting_odds(explanation["start"]) if explanation else "",
        weighed=tuple(line for line in lines if line["bits"]),
        unweighed=tuple(CALLED.get(line["field"], line["field"].replace("_", " ")) for line in lines if not line["bits"]),
        changes=_changes(person, row, own, actor),
    )


def _plain(title: str) -> str:
    return title if title[:2].isupper() else title.lower()


def _own(row: LinkQuestion, actor: Actor) -> list[Matter]:
    """The matters that the report is in and that are about the person it made, within reach."""
    if row.truth_id is not None:  # a known pair moves nothing
        return []
    reach = in_reach(actor=actor, permission=Permission.MATTERS_READ)
    found = Matter.objects.filter(reach, matter_reports__report=row.report, person_id=row.provisional_id)
    return list(found.prefetch_related("tasks").order_by("pk"))


def _changes(person: Person, row: LinkQuestion, own: list[Matter], actor: Actor) -> tuple[str, ...]:
    """What moves, to whom, if the report is about this person: matters with their tasks, roles, and what is then read together."""
    name = f"{person.given_name} {person.family_name}".strip()
    roles = Involvement.objects.filter(report=row.report, person_id=row.provisional_id).count()
    named = Involvement.objects.filter(person=person, role__in=SUSPECTED, until_at=None).exists()
    return (
        *(_moves(matter, row, name) for matter in own),
        *([f"The {_count(roles, 'role')} that this report recorded becomes {name}'s."] if roles else ()),
        *_then_read_together(person, own, actor),
        *([f"{name} is recorded as a suspect in a matter: that would then be read of the child in this report."] if named else ()),
    )


def _moves(matter: Matter, row: LinkQuestion, name: str) -> str:
    what = f"{matter.reference} ({desk(kind=matter.kind).noun})"
    if MatterReport.objects.filter(matter=matter).exclude(report=row.report).exists():
        return f"{what} stays as it is; this report leaves it and joins or opens one about {name}."
    tasks = sum(task.is_open for task in matter.tasks.all())
    with_it = f" Its {_count(tasks, 'open task')} {'goes' if tasks == 1 else 'go'} with it." if tasks else ""
    return f"{what} would be about {name}, and no longer about person {row.provisional_id}.{with_it}"


def _then_read_together(person: Person, own: list[Matter], actor: Actor) -> tuple[str, ...]:
    theirs = Matter.objects.filter(person=person, is_open=True).exclude(pk__in=[matter.pk for matter in own])
    mine = list(theirs.filter(in_reach(actor=actor, permission=Permission.MATTERS_READ)).order_by("pk"))
    told = [f"{one.reference} ({desk(kind=one.kind).noun}), open about them, would be read with it." for one in mine]
    further = theirs.count() - len(mine)
    if any(one.kind == "exploitation" for one in mine) and any(one.kind == "missing" for one in own):
        told.append("What was agreed beforehand in their exploitation record would become tasks of this search.")
    if further:
        told.append("Something further is open about them that you may not read.")
    return tuple(told)


def _if_new(row: LinkQuestion, actor: Actor) -> tuple[str, ...]:
    if row.truth_id is not None:
        return ()
    kept = [f"{matter.reference} stays about person {row.provisional_id}, whom the report made." for matter in _own(row, actor)]
    return (*kept, "The records above are kept apart from it, and no rule may join them to this report again.")


def _would_tell(row: LinkQuestion) -> tuple[str, ...]:
    rows = ReviewAnswer.objects.filter(question=row).exclude(would_tell="").order_by("number")
    return tuple(rows.values_list("would_tell", flat=True))


def _earlier(row: LinkQuestion, *, named: bool) -> tuple[Earlier, ...]:
    rows = ReviewAnswer.objects.filter(question=row).select_related("by", "person").order_by("number")
    return tuple(Earlier(_words(one), one.reason, one.would_tell, one.at, one.by.name if named else "") for one in rows)


def _words(one: ReviewAnswer) -> str:
    about = f" as {one.person.given_name} {one.person.family_name}, person {one.person_id}" if one.person is not None else ""
    return f"{TITLES[one.word][:1].upper()}{TITLES[one.word][1:]}{about}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
