"""The national risk tool by reference, and when a case must be graded again. The tool itself is never worked out here.

The tool's weakness in practice is that it is completed otherwise than trained (validation review, 2022), and that some
high-risk cases were graded low (HMICFRS 2023). So the record says which version, who, when trained and which band, a
supervisor other than the assessor looks at it, and a grade that differs from it stands on a reasoned override.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from lodestar.core.matters.desk import Attempt, Done, Story
from lodestar.core.matters.online.references import is_reference
from lodestar.core.matters.online.sharing import children
from lodestar.core.times import ReadDate, local_date, read_local
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "KIRAT validation review 2022; HMICFRS 2023"
REGRADE = "HMICFRS Cambridgeshire post-inspection review, 2022: risk looked at again when a child becomes known"
_CALLS_FOR_GRADE = ("child_risk_known", "intelligence_received", "kirat_overridden")


def refuse_kirat(attempt: Attempt) -> Refusals:
    """A result needs a trained assessor and a reference; its check and its override need somebody else."""
    return tuple(_result_gaps(attempt) if attempt.code == "kirat_recorded" else _other_person_gaps(attempt))


def grade_gaps(story: Story) -> Refusals:
    """No level is chosen before the national tool's result is on record by reference."""
    if story.last("kirat_recorded") is not None:
        return ()
    return (
        Refusal(
            "online.kirat_first",
            "Record the KIRAT result by reference first: version, assessor, training date and band. Then choose the level.",
            AUTHORITY,
        ),
    )


def unsaid_gaps(story: Story) -> Refusals:
    """A grader has every linked child before them: how the risk to each is known is on record first."""
    return tuple(
        Refusal(
            "online.child_unsaid",
            f"Record how the risk to the linked child (link {child.rows[-1].id}) is known, and what it is. Then choose the level.",
            REGRADE,
        )
        for child in children(story=story)
        if child.known is None and not child.mistaken
    )


def band(*, story: Story) -> str:
    """The band in force: the newest override of the newest result, else that result's own; empty before any."""
    result = story.last("kirat_recorded")
    if result is None:
        return ""
    overrides = [done for done in story.all("kirat_overridden") if done.said.get("kirat") == str(result.id)]
    return (overrides[-1] if overrides else result).said.get("band", "")


def kirat_check(*, story: Story) -> Done | None:
    """The newest check of the newest result where it agrees; None where it is not checked, or was sent back."""
    result = story.last("kirat_recorded")
    if result is None:
        return None
    checks = [done for done in story.all("kirat_checked") if done.said.get("kirat") == str(result.id)]
    return checks[-1] if checks and checks[-1].said.get("agrees") == "yes" else None


def regrade_since(*, story: Story) -> datetime | None:
    """Since when a fresh grade is owed because of something learnt since the last; None where it is not."""
    graded = story.last("graded")
    since = [done.recorded_at for done in story.all(*_CALLS_FOR_GRADE) if graded is not None and done.recorded_at > graded.recorded_at]
    # A child linked with nobody having said that a risk is known was before no grader.
    since += [child.linked_at for child in children(story=story) if child.known is None and not child.mistaken and graded is not None]
    return min(since, default=None)


def regrade_gaps(*, story: Story) -> Refusals:
    """Until the case is graded again after a child or news became known, every verdict says so."""
    if regrade_since(story=story) is None:
        return ()
    first = "Record how the risk to each linked child became known, then grade" if unsaid_gaps(story) else "Grade"
    return (Refusal("online.regrade", f"{first} this case again: something has been learnt since its last grade.", REGRADE),)


def grade_matches(*, story: Story) -> bool:
    """The level stands on the tool's band, or on an override of it."""
    return bool(story.level) and story.level == band(story=story)


def _result_gaps(attempt: Attempt) -> Iterator[Refusal]:
    trained = _day(attempt.said.get("trained_on", ""))
    if trained is None:
        yield _refusal("trained", "Give the date of the assessor's last training, like 4 June 2026.", "trained_on")
    elif trained > local_date(attempt.now):
        yield _refusal("trained_future", "The training lies in the future. An untrained person does not complete the tool.", "trained_on")
    if not is_reference(attempt.said.get("reference", "")):
        yield _refusal("reference", "Give the reference of the assessment in the national tool; its answers stay there.", "reference")


def _day(text: str) -> date | None:
    """A day as people write it, in figures or in words; None where it is no day."""
    try:
        return datetime.strptime(text.strip(), "%d %B %Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        read = read_local(text)
    return read.on if isinstance(read, ReadDate) else None


def _other_person_gaps(attempt: Attempt) -> Iterator[Refusal]:
    result = attempt.story.one(attempt.said.get("kirat", ""))
    if result is None or result.code != "kirat_recorded":
        yield _refusal("result", "Choose the result that you have looked at.", "kirat")
    elif attempt.by is None or attempt.by == result.by:
        yield _refusal("same_person", "Somebody other than the person who recorded the result must look at it.", "kirat")
    if attempt.code == "kirat_overridden" and len(attempt.said.get("reason", "").split()) < 3:
        yield _refusal("override_reason", "Say in your own words why the tool's band is not right for this case.", "reason")


def _refusal(code: str, sentence: str, field: str) -> Refusal:
    return Refusal(f"online.kirat_{code}", sentence, AUTHORITY, field)
