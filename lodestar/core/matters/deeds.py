"""What can be recorded as done on a matter: each deed's name, who may record it and what must be said.

A deed is evidence: it says who did it, when and with what result, and it stops the clocks that its code satisfies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.access.permissions import Permission as P
from lodestar.core.words import Allowed, Refusal, Refusals


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a deed must, or may, say."""

    name: str
    question: str
    owed: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeedKind:
    """One kind of deed."""

    code: str
    title: str
    permission: str
    asks: tuple[Asked, ...]
    recipient: str = ""  # the body told, where the deed is telling somebody
    states: tuple[str, ...] = ()  # the states it may be recorded in; empty means any
    authority: str = ""


_TOLD = Asked("person_told", "Who did you speak to? Name and role")
_WHAT = Asked("what", "What were they told?")
_POWER = Asked("power", "Under which power or duty?")
_YES_NO = ("yes", "no")

DEEDS: dict[str, DeedKind] = {
    deed.code: deed
    for deed in (
        DeedKind(
            "told_children_services",
            "Children's services told",
            P.SHARING_RECORD,
            (_TOLD, _WHAT, _POWER),
            recipient="children's services",
            authority="College of Policing APP, missing persons: children",
        ),
        DeedKind(
            "told_ukmpu",
            "UK Missing Persons Unit told",
            P.SHARING_RECORD,
            (_TOLD, Asked("reference", "What reference did they give?"), _POWER),
            recipient="UK Missing Persons Unit",
            authority="Code of Practice on the Collection of Missing Persons Data 2009",
        ),
        DeedKind(
            "circulated",
            "Circulated on the national system",
            P.CLOCKS_SATISFY,
            (Asked("reference", "What is the circulation reference?"),),
        ),
        DeedKind(
            "review_recorded",
            "Supervisor's review",
            P.DUTY_REVIEW,
            (
                Asked("found", "What did you find when you reviewed it?"),
                Asked("plan", "What happens next, and by whom?"),
            ),
            authority="IOPC recommendations to Cambridgeshire, September 2021",
        ),
        DeedKind(
            "prevention_interview_recorded",
            "Prevention interview",
            P.MATTERS_PROGRESS,
            (
                Asked("where", "Where did you speak to the child?"),
                Asked("face_to_face", "Was it face to face?", choices=_YES_NO),
                Asked("child_said", "What did the child say? Use their words"),
                Asked("harm", "What harm was seen or suspected? Say if none"),
            ),
            states=("located", "returned"),
            authority="College of Policing APP; IOPC Staffordshire December 2017",
        ),
        DeedKind(
            "referral_decided",
            "Referral decision",
            P.MATTERS_PROGRESS,
            (
                Asked("decision", "Is a referral to children's services made?", choices=("made", "not made")),
                Asked("reason", "Why?"),
            ),
            states=("located", "returned"),
        ),
        DeedKind(
            "rhi_requested",
            "Return home interview requested",
            P.SHARING_RECORD,
            (_TOLD, _POWER),
            recipient="children's services",
            states=("located", "returned"),
            authority="Statutory guidance on children who run away or go missing, 2014",
        ),
        DeedKind(
            "rhi_offered",
            "Return home interview offered",
            P.RETURN_INTERVIEW_RECORD,
            (Asked("offered_by", "Who offered it? Name and organisation"),),
            states=("returned", "closed"),
        ),
        DeedKind(
            "rhi_held",
            "Return home interview held",
            P.RETURN_INTERVIEW_RECORD,
            (
                Asked("held_by", "Who held it? Name and organisation"),
                Asked("learnt", "What did it tell us that should be acted on? Say if nothing"),
            ),
            states=("returned", "closed"),
        ),
        DeedKind(
            "rhi_declined",
            "Return home interview declined by the child",
            P.RETURN_INTERVIEW_RECORD,
            (Asked("reason", "What did the child say?"),),
            states=("returned", "closed"),
        ),
        DeedKind(
            "multi_agency_referral_made",
            "Multi-agency referral made",
            P.SHARING_RECORD,
            (_TOLD, _WHAT, _POWER),
            recipient="children's services",
        ),
        DeedKind(
            "multi_agency_meeting_held",
            "Multi-agency meeting held",
            P.SHARING_RECORD,
            (Asked("attended", "Who attended?"), Asked("decided", "What was decided?")),
        ),
        DeedKind(
            "supervisor_checked",
            "Supervisor's check before closing",
            P.MATTERS_CHECK_CLOSING,
            (Asked("checked", "What did you check, and how?"),),
            states=("returned",),
            authority="IOPC Staffordshire December 2017",
        ),
        # Recorded by their own actions, not from the form of deeds.
        DeedKind("graded", "Risk graded", P.MATTERS_GRADE, ()),
        DeedKind("located", "Located", P.MATTERS_PROGRESS, ()),
        DeedKind("wellbeing_confirmed", "Wellbeing confirmed", P.MATTERS_PROGRESS, ()),
        DeedKind("returned", "Returned", P.MATTERS_PROGRESS, ()),
        DeedKind("closed", "Closed", P.MATTERS_CLOSE, ()),
        DeedKind("handover_answered", "Hand-over answered", P.DUTY_ANSWER, ()),
        DeedKind("news_assessed", "News assessed", P.MATTERS_NEWS, ()),
        DeedKind("transfer_answered", "Transfer answered", P.MATTERS_TRANSFER, ()),
        DeedKind("dispute_resolved", "Transfer dispute settled", P.MATTERS_TRANSFER, ()),
        DeedKind("task_acknowledged", "Task acknowledged", P.TASKS_WORK, ()),
        DeedKind("bad_row_settled", "Bad row settled", P.REPORTS_SETTLE, ()),
        DeedKind("link_settled", "Identity question settled", P.PEOPLE_LINK, ()),
    )
}


def record(
    *, code: str, state: str, at: datetime, said: Mapping[str, str], opened_at: datetime, now: datetime
) -> Allowed[DeedKind] | Refusals:
    """A deed counts when it says all it must, in a state that allows it, at a time that can be true."""
    kind = DEEDS.get(code)
    if kind is None or not kind.asks:
        return (Refusal("deed.unknown", "Choose what was done from the list."),)
    refusals = tuple(_gaps(kind, state, said)) + tuple(_time_gaps(at, opened_at, now))
    return refusals or Allowed(kind)


def recordable(*, state: str, permissions: frozenset[str]) -> tuple[DeedKind, ...]:
    """The deeds somebody with these permissions may record in this state."""
    return tuple(
        kind for kind in DEEDS.values() if kind.asks and kind.permission in permissions and (not kind.states or state in kind.states)
    )


def _gaps(kind: DeedKind, state: str, said: Mapping[str, str]) -> Iterator[Refusal]:
    if kind.states and state not in kind.states:
        when = " or ".join(kind.states)
        yield Refusal("deed.too_early", f"This can be recorded once the child is {when}.", kind.authority)
    for asked in kind.asks:
        answer = str(said.get(asked.name, "")).strip()
        if asked.owed and not answer:
            yield Refusal(f"deed.{asked.name}", f"{asked.question}: this is needed.", kind.authority, asked.name)
        elif answer and asked.choices and answer not in asked.choices:
            yield Refusal(f"deed.{asked.name}", f"{asked.question}: choose {' or '.join(asked.choices)}.", "", asked.name)


def _time_gaps(at: datetime, opened_at: datetime, now: datetime) -> Iterator[Refusal]:
    if at > now + timedelta(minutes=1):
        yield Refusal("deed.future", "The time is in the future. Record what has been done, when it has.", "", "at")
    elif at < opened_at - timedelta(days=1):
        yield Refusal("deed.before_report", "The time is more than a day before the report. Check the date.", "", "at")
