"""What people's answers have taught: the labels, how far those who answer agree, and whose answers contradict each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from lodestar.core.identity.agreement import Found, Known, Marked, Told, at_odds, by_month, found, known
from lodestar.core.identity.reviewing import Answer, outcome
from lodestar.core.times import to_local
from lodestar.store.models import Label, LinkQuestion, Person, Report, ReviewAnswer
from lodestar.store.queries import identity_models, reviewing


def every() -> QuerySet[Label]:
    """Every label, in the order they were given: of two on one pair the last is the word that stands."""
    return Label.objects.select_related("report", "person", "by").order_by("at", "pk")


@dataclass(frozen=True, slots=True)
class Agreed:
    """The page of agreement: the whole, month by month, the known pairs, and the labels beside those a model needs."""

    whole: Found
    months: tuple[Found, ...]
    known: Known
    labels: int
    needed: int
    few: int
    share: float


def agreed(*, at: datetime) -> Agreed:
    """How far those who answer agree: every question that two answered blind, by the month of the second answer."""
    rules = reviewing.rules(at=at)
    marked = _marked()
    return Agreed(
        whole=found(marked, period="all", few=rules.few),
        months=by_month(marked, few=rules.few),
        known=known(known_answers(), few=rules.few),
        labels=identity_models.labels_here(),
        needed=reviewing.labels_needed(at=at),
        few=rules.few,
        share=rules.share,
    )


def _marked() -> list[Marked]:
    rows = ReviewAnswer.objects.filter(question__double=True, turn__in=("first", "second")).select_related("question")
    answers: dict[int, list[ReviewAnswer]] = {}
    for row in rows.order_by("question_id", "number"):
        answers.setdefault(row.question_id, []).append(row)
    return [_pair(both[0], both[1]) for both in answers.values() if len(both) > 1]


def _pair(one: ReviewAnswer, other: ReviewAnswer) -> Marked:
    first, second = (_word(row) for row in (one, other))
    if first == second == "same" and one.person_id != other.person_id:
        second = "somebody_new"  # the same as somebody else: to the record first named, not the same
    return Marked(to_local(other.at).date().replace(day=1), first, second)


def _word(row: ReviewAnswer) -> str:
    """The word of an answer as it is compared: "not the same" of the only one shown is somebody new."""
    found = outcome(_as_answer(row), reviewing.offered(row.question))
    return row.word if found is None or found.person is not None else "somebody_new"


def _as_answer(row: ReviewAnswer) -> Answer:
    return Answer(row.by_id, row.turn, row.word, row.person_id)


def known_answers() -> list[tuple[str, bool]]:
    """Every answer to a pair whose truth is known: its word, and whether it was right. A record not shown makes somebody new right."""
    rows = ReviewAnswer.objects.filter(question__truth__isnull=False).select_related("question")
    return [(row.word, _is_right(row)) for row in rows]


def _is_right(row: ReviewAnswer) -> bool:
    truth, shown = row.question.truth_id, reviewing.offered(row.question)
    if row.word == "not_same":
        return row.person_id != truth
    found = outcome(_as_answer(row), shown)
    return found is not None and found.person == (truth if truth in shown else None)


def contradicted(person_id: int) -> tuple[int, ...]:
    """The reports about which people contradict each other where this person is concerned, as a record shown or as the one made."""
    rows = LinkQuestion.objects.filter(state="waiting", turn="third")
    questions = [row for row in rows if person_id in (*reviewing.offered(row), row.provisional_id)]
    odd = at_odds(_told(row.report_id for row in questions))
    about = set(odd.get(person_id, ()))
    about |= {row.report_id for row in questions if row.provisional_id == person_id and any(row.report_id in rest for rest in odd.values())}
    return tuple(sorted(about))


def _told(reports: Iterable[int]) -> list[Told]:
    rows = Label.objects.filter(report_id__in=list(reports)).values_list("report_id", "person_id", "same", "turn")
    return [Told(*row) for row in rows]


def words_of(row: Label) -> dict[str, object]:
    """One label as it leaves: the two records by their numbers, the word, by whom, when, at which turn and whether blind."""
    return {
        "left": f"report-{row.report_id}",
        "right": f"person-{row.person_id}",
        "same": "yes" if row.same else "no",
        "by": row.by.username,
        "at": row.at,
        "turn": row.turn,
        "blind": "yes" if row.blind else "no",
    }


def reports_labelled() -> list[Report]:
    """Every report that a label is about."""
    return list(Report.objects.filter(pk__in=Label.objects.values("report_id")).order_by("pk"))


def people_labelled() -> list[Person]:
    """Every record that a label is about."""
    return list(Person.objects.filter(pk__in=Label.objects.values("person_id")).prefetch_related("keys").order_by("pk"))
