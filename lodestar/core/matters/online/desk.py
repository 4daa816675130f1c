"""The online abuse desk (POLIT), told to the machinery that every kind of matter shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Attempt, Desk, Story
from lodestar.core.matters.online import contact, digital, identifiers, kirat, sharing, stages, tiers
from lodestar.core.matters.online.checklist import checklist, refuse_not_applicable
from lodestar.core.matters.online.deeds import DEEDS
from lodestar.core.matters.online.follow import follow, involve, opens, receipt
from lodestar.core.matters.online.lifecycle import ONLINE
from lodestar.core.matters.online.references import harmful, is_reference
from lodestar.core.times import say
from lodestar.core.words import Refusal, Refusals

KIND = "online"
ROLES = MappingProxyType(
    {
        "suspect": "Suspect",
        "child_at_risk": "Child at risk",
        "child_in_household": "Child in the household",
        "victim": "Victim, or possible victim",
        "household_adult": "Adult in the household",
        "witness": "Witness, or somebody with information",
    }
)


def refuse(attempt: Attempt) -> Refusals:
    """No deed carries an image or a hash; each kind of deed then answers to its own guard."""
    guard = _GUARDS.get(attempt.code)
    return (*harmful(said=attempt.said), *(guard(attempt) if guard else ()))


def grade_gaps(story: Story) -> Refusals:
    """No level is chosen before the national tool's result is on record, and every linked child's risk said."""
    return (*kirat.grade_gaps(story), *kirat.unsaid_gaps(story))


def summary(story: Story, now: datetime) -> tuple[tuple[str, str], ...]:
    """What the top of the page says: receipt apart from national dissemination, and each child's standing."""
    return tuple(_summary(story, now))


def _summary(story: Story, now: datetime) -> Iterator[tuple[str, str]]:
    yield "Received by the force", say(receipt(story=story))
    referral = story.last("referral_received")
    sent = instant(referral.said.get("disseminated_at", "")) if referral else None
    yield "Disseminated nationally", say(sent) if sent else "Not said"
    yield "Days since receipt", str((now - receipt(story=story)).days)
    linked = sharing.children(story=story)
    yield "Children linked", str(len(linked))
    yield "Children without an outcome", str(len(sharing.unsettled(story=story)))
    yield "Risk tool's band", kirat.band(story=story).replace("_", " ") or "Not recorded"


def _refuse_referral(attempt: Attempt) -> Refusals:
    """Receipt and national dissemination are two times; neither is in the future, and it is sent before it is received."""
    return tuple(_referral_gaps(attempt))


def _referral_gaps(attempt: Attempt) -> Iterator[Refusal]:
    received, sent = (instant(attempt.said.get(name, "")) for name in ("received_at", "disseminated_at"))
    authority = "HMICFRS Cambridgeshire post-inspection review, 2022"
    if received is not None and received > attempt.now:
        yield Refusal("online.received_future", "The receipt lies in the future. Check the time.", authority, "received_at")
    if received is not None and sent is not None and sent > received:
        sentence = "It cannot have been disseminated after the force received it. Check both times."
        yield Refusal("online.sent_after_receipt", sentence, authority, "disseminated_at")
    for name in ("source_reference", "source_document"):
        if not is_reference(attempt.said.get(name, "")):
            yield Refusal("online.source_reference", "Give the reference as the source writes it.", authority, name)


def _refuse_ahead(name: str) -> Callable[[Attempt], Refusals]:
    """A time that somebody sets for later lies ahead."""

    def guard(attempt: Attempt) -> Refusals:
        at = instant(attempt.said.get(name, ""))
        if at is not None and at > attempt.at:
            return ()
        return (Refusal("online.not_ahead", "Choose a time after this was set.", "", name),)

    return guard


_GUARDS: Mapping[str, Callable[[Attempt], Refusals]] = MappingProxyType(
    {
        "referral_received": _refuse_referral,
        "ip_event_recorded": identifiers.refuse_event,
        "time_zone_checked": identifiers.refuse_check,
        "ip_events_compared": identifiers.refuse_comparison,
        "kirat_recorded": kirat.refuse_kirat,
        "kirat_checked": kirat.refuse_kirat,
        "kirat_overridden": kirat.refuse_kirat,
        "share_decided": sharing.refuse_share,
        "child_shared": sharing.refuse_share,
        "waiting_began": _refuse_ahead("chase_at"),
        "enforcement_approved": contact.refuse_approval,
        "interview_invited": contact.refuse_contact,
        "contact_made": stages.refuse_first_contact,
        "trigger_date_set": contact.refuse_trigger,
        "device_examined": digital.refuse_examined,
        "cps_submitted": stages.refuse_submission,
        "cps_action_set": _refuse_ahead("due"),
        "cps_decided": stages.refuse_decision,
        "stage_finished": stages.refuse_leaving,
        "checklist_item_not_applicable": refuse_not_applicable,
        "no_further_action": stages.refuse_ending,
        "online_case_closed": stages.refuse_closing,
        "online_opened_in_error": stages.refuse_void,
    }
)

ONLINE_DESK = Desk(
    kind=KIND,
    title="Online abuse",
    noun="online abuse case",
    lifecycle=ONLINE,
    deeds=DEEDS,
    about="suspect",
    opening="referral_received",
    answered_by="polit_officer",
    levels="LEVELS-ONLINE",
    tiers="TIERS-ONLINE",
    rules=tiers.RULES,
    roles=ROLES,
    words={
        "open": "Record a referral",
        "reporter_name": "Who refers it? Person or body",
        "reported_at": "When did the force receive it?",
        "person": "Whose activity is it about? Where no name is known yet, the account's own name",
    },
    refuse=refuse,
    follow=follow,
    missing=stages.closing_gaps,
    refuse_grade=grade_gaps,
    passing=lambda story: sharing.outcome_gaps(story=story),
    summary=summary,
    checklist=checklist,
    checklist_book="CHECKLIST-ONLINE",
    involve=involve,
    opens=opens,
)
