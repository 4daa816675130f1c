"""Forms for meetings: beginning one, recording a decision, freezing, saying that it was not held, ending an action."""

from __future__ import annotations

from typing import Any

from django import forms

from lodestar.core.packs.lifecycle import Wanted
from lodestar.doors.web.forms.fields import LocalTimeField, SayErrors, VersionedForm, long_text


class StepForm(VersionedForm):
    """The step that was pressed on a meeting, with its reason and who was there where these are asked."""

    verb = forms.CharField()
    reason = forms.CharField(required=False)
    attended = forms.CharField(required=False)


class DecisionForm(SayErrors):
    """What the meeting decided about one item."""

    decision = long_text("What was asked, and what was decided?", required=False)
    reason = long_text("Why?", required=False, rows=2)
    narrative = long_text(
        "What may be said of it to readers who may not know the child?",
        required=False,
        rows=2,
        help_text="No name, place, date or reference. Say what would have changed it.",
    )
    action = long_text("What is to be done?", required=False, rows=2, help_text="Leave this, its owner and its time out where nothing is.")
    owner = forms.TypedChoiceField(label="Who does it?", coerce=int, empty_value=None, required=False)
    due_at = LocalTimeField(label="By when?", required=False)

    def __init__(self, *args: Any, owners: tuple[tuple[int, str], ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "Nobody"), *owners]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What was typed, for the action to judge."""
        return Wanted(**self.cleaned_data)


class ActionForm(VersionedForm):
    """How an action of a meeting ended."""

    verb = forms.CharField()
    words = forms.CharField(required=False)
