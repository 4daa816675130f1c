"""Forms for the versions of the tasking formula."""

from __future__ import annotations

from django import forms

from lodestar.doors.web.forms.fields import SayErrors, VersionedForm, long_text
from lodestar.doors.web.forms.reports import BirthDateField


class DraftForm(SayErrors):
    """A draft: the whole formula as text, and why it is wanted."""

    reason = long_text("What does this version change, and why?", rows=3)
    text = long_text("The formula", rows=30)


class StepForm(VersionedForm):
    """The step that was pressed."""

    verb = forms.CharField()
    reason = forms.CharField(required=False)


class ApproveForm(VersionedForm):
    """Approving a version from a day."""

    reason = long_text("Why is it approved?", required=False, rows=3)
    in_force_from = BirthDateField(label="In force from", required=False, help_text="A day after today, for example 1/4/2027")
