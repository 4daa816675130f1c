"""Forms for the roster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from lodestar.doors.web.forms.fields import LocalTimeField, SayErrors, right_now

Choices = Sequence[tuple[int, str]]


class RosterForm(SayErrors):
    """Who, in which post, from when to when."""

    person = forms.TypedChoiceField(label="Who?", coerce=int)
    post = forms.TypedChoiceField(label="In which post?", coerce=int)
    from_at = LocalTimeField(label="From", initial=right_now)
    until_at = LocalTimeField(label="Until")
    lead = forms.BooleanField(label="They lead the shift", required=False)

    def __init__(self, *args: Any, people: Choices = (), posts: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "Choose a person"), *people]  # type: ignore[attr-defined]
        self.fields["post"].choices = [("", "Choose a post"), *posts]  # type: ignore[attr-defined]
