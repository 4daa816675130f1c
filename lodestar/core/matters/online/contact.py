"""Before a suspect is reached, and after: no contact without a suicide-risk plan, an invitation included.

The first 48 hours after contact and each trigger date carry the risk (IOPC Essex); an invitation to a voluntary interview
is contact (IOPC Hampshire, September 2023).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Attempt, Done, Started, Story
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "IOPC Essex; IOPC Hampshire, September 2023"
CONTACTS = ("contact_made", "interview_invited")
APPROVAL = "HMICFRS 2023; PACE Code G"


def refuse_contact(attempt: Attempt) -> Refusals:
    """Each contact needs a suicide-risk plan made for it: after the contact before, and before this one."""
    return tuple(_plan_gaps(attempt))


def refuse_approval(attempt: Attempt) -> Refusals:
    """A plan is approved by somebody other than its author."""
    plan = attempt.story.one(attempt.said.get("plan", ""))
    if plan is not None and attempt.by is not None and plan.by != attempt.by:
        return ()
    return (Refusal("online.plan_same_person", "Somebody other than the author of the plan must approve it.", APPROVAL, "plan"),)


def refuse_trigger(attempt: Attempt) -> Refusals:
    """A trigger date is not set more than five years off."""
    when = instant(attempt.said.get("when", ""))
    if when is None or when <= attempt.now + timedelta(days=5 * 365):
        return ()
    return (Refusal("online.trigger_far", "That is more than five years off. Check the date.", AUTHORITY, "when"),)


def standing_risks(*, story: Story) -> tuple[Done, ...]:
    """The alarms about a child at immediate risk that no supervisor has answered."""
    answered = {done.said.get("raised") for done in story.all("immediate_risk_answered")}
    return tuple(done for done in story.all("immediate_risk_raised") if str(done.id) not in answered)


def approved_plan(*, story: Story) -> Done | None:
    """The approval of the newest enforcement plan, or None where it was not approved."""
    plan = story.last("enforcement_planned_out")
    if plan is None:
        return None
    answers = [done for done in story.all("enforcement_approved") if done.said.get("plan") == str(plan.id)]
    return answers[-1] if answers and answers[-1].said.get("approves") == "yes" else None


def first_contact(*, story: Story) -> Done | None:
    """The first time the suspect was reached, an invitation included."""
    contacts = story.all(*CONTACTS)
    return contacts[0] if contacts else None


def unmet_triggers(*, story: Story) -> tuple[Done, ...]:
    """The trigger dates around which nobody has been in touch."""
    met = {done.said.get("trigger") for done in story.all("trigger_checked")}
    return tuple(done for done in story.all("trigger_date_set") if str(done.id) not in met)


def trigger_start(done: Done) -> Started:
    """A trigger date is due when it comes."""
    return Started("trigger_date", done.at, chosen=instant(done.said.get("when", "")), about="deed")


def _plan_gaps(attempt: Attempt) -> Iterator[Refusal]:
    before = [done for done in attempt.story.all(*CONTACTS) if done.at <= attempt.at]
    plans = [done for done in attempt.story.all("suicide_plan_made") if done.at <= attempt.at]
    if not plans or (before and plans[-1].at < before[-1].at):
        sentence = "Make the suicide-risk plan for this contact first: what is known of the suspect, what will be done, and by whom."
        yield Refusal("online.suicide_plan", sentence, AUTHORITY)
    invited = attempt.code == "interview_invited"
    if invited and plans and plans[-1].said.get("contact_route") != "invitation":
        yield Refusal(
            "online.invitation_plan", "The newest plan is not for an invitation. Make one that is: being told is itself a risk.", AUTHORITY
        )
