"""Forms for asking a partner agency, for its answer, and for conflicts of interest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from lodestar.doors.web.forms.fields import LocalTimeField, SayErrors, VersionedForm, long_text, short_text, typed


class AskPartnerForm(VersionedForm):
    """Asking an agency for a piece of work."""

    agency = forms.ChoiceField(label="Who is asked?", widget=forms.RadioSelect)
    needed = long_text(
        "What do they need to know to do it?", help_text="They read this and the child's name and date of birth, and no record."
    )
    power = short_text("Under which power or duty are they told?", help_text="For example Children Act 2004 s.11")
    reply_by = LocalTimeField(label="When do you need their answer?")

    def __init__(self, *args: Any, agencies: tuple[tuple[str, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]
        self.fields["reply_by"].initial = typed(timezone.now() + timedelta(hours=2))


class AnswerRequestForm(VersionedForm):
    """An agency's yes or no."""

    verb = forms.ChoiceField(
        label="What is your answer?", choices=[("accept", "Yes, we will do it"), ("decline", "No, we cannot")], widget=forms.RadioSelect
    )
    who = short_text("If yes: who of your agency will do it?", required=False)
    reason = long_text("If no: why not?", required=False, rows=2)


class ConflictForm(SayErrors):
    """Who may not be given work about a person."""

    user = forms.TypedChoiceField(label="Who?", coerce=int)

    def __init__(self, *args: Any, people: tuple[tuple[int, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = people  # type: ignore[attr-defined]


class SexForm(SayErrors):
    """Whether one is a woman or a man, as one says oneself."""

    sex = forms.ChoiceField(
        label="You are",
        choices=[("female", "A woman"), ("male", "A man"), ("unsaid", "I would rather not say")],
        widget=forms.RadioSelect,
    )

    def said(self) -> str:
        """What was said; nothing where somebody would rather not."""
        sex: str = self.cleaned_data["sex"]
        return "" if sex == "unsaid" else sex
