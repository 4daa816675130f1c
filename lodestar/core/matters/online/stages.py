"""What must stand before a stage is left, before no further action, and before a case is closed: the whole list at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lodestar.core.matters.desk import Attempt, Story
from lodestar.core.matters.online.checklist import item_gaps, open_items
from lodestar.core.matters.online.contact import refuse_contact, standing_risks, unmet_triggers
from lodestar.core.matters.online.kirat import AUTHORITY as KIRAT
from lodestar.core.matters.online.kirat import grade_gaps, regrade_gaps
from lodestar.core.matters.online.lifecycle import BEFORE_CONTACT, STAGES
from lodestar.core.matters.online.moves import reached
from lodestar.core.matters.online.sharing import outcome_gaps
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "HMICFRS 2023; HMICFRS Cambridgeshire, December 2021"
_NEEDS_GRADE = frozenset(STAGES[2:])  # from researched on, nothing moves without a grade


def refuse_leaving(attempt: Attempt) -> Refusals:
    """A stage is left when every item of its checklist is done or set aside, and the grade stands on what is known."""
    return leaving_gaps(story=attempt.story, by=attempt.code)


def leaving_gaps(*, story: Story, by: str = "") -> Refusals:
    """The whole list of what the present stage still needs; ``by`` is the deed about to be recorded."""
    graded = (*_grade_owed(story), *regrade_gaps(story=story)) if story.state in _NEEDS_GRADE else ()
    return (*graded, *item_gaps(open_items(story=story, stages=frozenset({story.state}), but=by)))


def refuse_first_contact(attempt: Attempt) -> Refusals:
    """Contact follows an approved plan. Only a child at immediate risk lets it come sooner; the suicide-risk plan never waits."""
    gaps = list(refuse_contact(attempt))
    story = attempt.story
    if story.state not in BEFORE_CONTACT or story.all("immediate_risk_raised"):
        return tuple(gaps)
    if story.state != BEFORE_CONTACT[-1]:
        sentence = (
            f"This case is {story.state.replace('_', ' ')}. Finish the stages before contact, "
            "or, where a child is at immediate risk, raise that first."
        )
        gaps.append(Refusal("online.contact_early", sentence, AUTHORITY))
    return (*gaps, *leaving_gaps(story=story, by=attempt.code))


def refuse_submission(attempt: Attempt) -> Refusals:
    """A file goes once its stage is finished; with somebody in custody, marked red, it may go sooner and what is passed over stays owed."""
    if attempt.story.state != "digital_exam" and attempt.said.get("colour") == "red":
        return regrade_gaps(story=attempt.story)
    if attempt.story.state == "digital_exam":
        return refuse_leaving(attempt)
    sentence = "Only a red file, with the suspect in custody, goes before the devices are examined. Finish this stage and the next."
    return (Refusal("online.file_early", sentence, "Director's Guidance on Charging, sixth edition", "colour"),)


def refuse_decision(attempt: Attempt) -> Refusals:
    """A charge or an out-of-court result moves the case on, so the file's stage must be finished; a charge has its consent."""
    if attempt.said.get("decision") == "no_further_action":
        return ()
    gaps = list(refuse_leaving(attempt))
    if attempt.said.get("decision") == "charge" and attempt.said.get("consent") == "no":
        sentence = "The Director's consent must be on file before a charge is recorded. Ask the prosecutor for it."
        gaps.append(Refusal("online.consent", sentence, "Protection of Children Act 1978 s.1(3)", "consent"))
    return tuple(gaps)


def refuse_ending(attempt: Attempt) -> Refusals:
    """No further action is refused while a child has no outcome, a fresh grade is owed, or an alarm stands."""
    return tuple(_ending_gaps(attempt.story))


def refuse_closing(attempt: Attempt) -> Refusals:
    """Closing is refused with the same list that the page shows."""
    return closing_gaps(attempt.story, attempt.now)


def refuse_void(attempt: Attempt) -> Refusals:
    """A case with a child linked to it is not an error until each child has an outcome."""
    return outcome_gaps(story=attempt.story)


def closing_gaps(story: Story, _now: datetime) -> Refusals:
    """Everything closing still needs: each child's outcome, every item of every stage reached, and no loose end."""
    items = open_items(story=story, stages=frozenset(reached(story=story)), but="online_case_closed")
    return (*_ending_gaps(story), *item_gaps(items), *_loose_ends(story))


def _grade_owed(story: Story) -> Refusals:
    if story.level:
        return ()
    return grade_gaps(story) or (Refusal("online.not_graded", "Grade this case. What is not known is not low.", KIRAT),)


def _ending_gaps(story: Story) -> Iterator[Refusal]:
    yield from outcome_gaps(story=story)
    yield from regrade_gaps(story=story)
    for alarm in standing_risks(story=story):
        sentence = f"An alarm that a child is at immediate risk (record {alarm.id}) has no answer from a supervisor. Answer it first."
        yield Refusal("online.immediate_risk", sentence, AUTHORITY)


def _loose_ends(story: Story) -> Iterator[Refusal]:
    if story.news_waiting:
        yield Refusal("online.news", f"Assess the news that has come in ({story.news_waiting} waiting).", AUTHORITY)
    if story.open_tasks:
        yield Refusal("online.tasks", f"Finish or cancel the tasks still open ({story.open_tasks}).", AUTHORITY)
    if story.unsure_identity:
        yield Refusal("online.identity", "It is not settled who the suspect is. Answer the identity question first.", AUTHORITY)
    for date in unmet_triggers(story=story):
        sentence = f"A trigger date (record {date.id}) has had no contact with the suspect. Make it, and record it."
        yield Refusal("online.trigger", sentence, "IOPC Essex")
