"""Forms for the models of linkage."""

from __future__ import annotations

from django import forms

from lodestar.doors.web.forms.fields import LocalTimeField, SayErrors, VersionedForm, long_text


class StepForm(VersionedForm):
    """A step on one model: a word for it, activating it, dropping it."""

    verb = forms.CharField(widget=forms.HiddenInput())
    reason = long_text("Why?", help_text="What you read of the gate, and what you asked.")
    from_at = LocalTimeField(label="From when does it weigh? Blank: at once", required=False)


class RollBackForm(SayErrors):
    """Going back to the model that weighed before."""

    reason = long_text("Why go back?")
