"""Forms for each step on a matter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from lodestar.core.matters.grading import GradeWanted, Level
from lodestar.doors.web.forms.fields import LocalTimeField, VersionedForm, long_text, right_now, short_text, typed, verbatim_text


class NoQuestions(VersionedForm):
    """A step that asks nothing but to be confirmed."""


class ReasonForm(VersionedForm):
    """A step that owes a reason."""

    reason = long_text("Why?")


class AsideForm(VersionedForm):
    """Why what a detector found is no concern."""

    reason = long_text("Why is this no concern here?", help_text="Others will read it. Where it can still be done, do it instead.")


class SeenForm(VersionedForm):
    """Who saw the child, where and when."""

    by = short_text("Who saw the child?", help_text="Name and role, for example PC 4411 Ashby or the child's aunt")
    where = short_text("Where?")
    at = LocalTimeField(label="When?", initial=right_now)


class ReturnForm(VersionedForm):
    """When the child was back."""

    at = LocalTimeField(label="When was the child back at an agreed safe place?", initial=right_now)


class NewsForm(VersionedForm):
    """What somebody says about a matter."""

    from_whom = short_text("Who is this from?", help_text="Name and relationship to the child")
    contact = short_text("How can they be reached?", required=False)
    text = verbatim_text("What did they say?", help_text="Write it in their words")


class AssessNewsForm(VersionedForm):
    """What news means, and what the caller was told."""

    assessment = long_text("What does this mean for the risk, and what will be done?")
    reply_given = long_text("What was the caller told?", rows=2)


class TransferForm(VersionedForm):
    """Offering a matter to another force."""

    other_force = short_text("Which force?")
    receiver_named = short_text("Who there is being asked?", help_text="Name and role")
    reason = long_text("Why should they take it?")


class TransferAnswerForm(VersionedForm):
    """The other force's answer."""

    verb = forms.ChoiceField(label="What is the answer?", widget=forms.RadioSelect)
    answered_by = short_text("Who gave it?", required=False, help_text="Name and role. Leave empty if we withdraw the offer")
    reason = long_text("What was said?", required=False)

    def __init__(self, *args: Any, verbs: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"accept": "Accepted", "dispute": "Disputed", "refuse": "Refused", "withdraw": "We withdraw the offer"}
        self.fields["verb"].choices = [(verb, words[verb]) for verb in verbs]  # type: ignore[attr-defined]


class IncomingForm(VersionedForm):
    """Our answer to a child that another force offers."""

    verb = forms.ChoiceField(label="Our answer", widget=forms.RadioSelect)
    reason = long_text("Why, where we do not simply accept?", required=False)

    def __init__(self, *args: Any, verbs: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"accept": "Accept: we answer from now", "dispute": "Dispute", "refuse": "Refuse", "withdraw": "They withdrew it"}
        self.fields["verb"].choices = [(verb, words[verb]) for verb in verbs]  # type: ignore[attr-defined]


class HandoverForm(VersionedForm):
    """Offering a matter to the next person, with what they must know."""

    receiver = forms.TypedChoiceField(label="Who takes over?", coerce=int)
    open_lines = long_text("What lines of enquiry are open?")
    family_promises = long_text("What has the family been promised, and when?", rows=2)
    next_actions = long_text("What must happen next?", rows=2)

    def __init__(self, *args: Any, people: tuple[tuple[int, str], ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"].choices = [("", "Choose a person"), *people]  # type: ignore[attr-defined]


class AnswerForm(VersionedForm):
    """Accepting or refusing something offered."""

    verb = forms.ChoiceField(
        label="Your answer", choices=[("accept", "Accept: I answer for it from now"), ("refuse", "Refuse")], widget=forms.RadioSelect
    )
    reason = long_text("If you refuse: why?", required=False, rows=2)


class DowngradeAnswerForm(VersionedForm):
    """The second person's answer to a lower grade."""

    verb = forms.ChoiceField(
        label="Your decision",
        choices=[("confirm", "Confirm the lower grade"), ("refuse", "Keep the grade as it is")],
        widget=forms.RadioSelect,
    )
    reason = long_text("If you keep it: why?", required=False, rows=2)


class GradeForm(VersionedForm):
    """Grading risk: level, why, what was relied on, what happens now, and when it is looked at again."""

    saw = forms.CharField(widget=forms.HiddenInput())
    level = forms.ChoiceField(label="Level of risk", widget=forms.RadioSelect)
    rationale = long_text("Why this level?", help_text="What makes harm more or less likely for this child, today")
    relied_on = long_text("What did you rely on?", help_text="One thing on each line: who said it, or where you read it")
    steps_agreed = long_text("What happens now?", help_text="Who does what. No level stands without agreed steps")
    review_at = LocalTimeField(label="Latest time this is looked at again")
    reason = long_text("If this is lower than now: what has changed?", required=False, rows=2)

    def __init__(self, *args: Any, levels: tuple[Level, ...] = (), is_child: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usable = [level for level in reversed(levels) if level.allowed_for_child or not is_child]
        self.fields["level"].choices = [(level.code, level.title) for level in usable]  # type: ignore[attr-defined]
        self.fields["review_at"].initial = typed(timezone.now() + timedelta(hours=2))

    def wanted(self) -> GradeWanted:
        """What the grader puts forward, as the rules read it."""
        data = self.cleaned_data
        relied_on = tuple(line.strip() for line in data["relied_on"].splitlines() if line.strip())
        review_at: datetime | None = data["review_at"]
        return GradeWanted(
            level=data["level"],
            rationale=data["rationale"],
            relied_on=relied_on,
            saw=data["saw"],
            steps_agreed=data["steps_agreed"],
            review_at=review_at,
            reason=data["reason"],
        )
