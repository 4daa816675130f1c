"""Deciding a lead, and saying what an object is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from lodestar.actions.leads import Becomes
from lodestar.core.networks.facts import OBJECTS
from lodestar.doors.web.forms.fields import LocalTimeField, SayErrors, VersionedForm, long_text, typed

SAFE = [("yes", "Yes"), ("no", "No"), ("not_known", "Not known")]


class AcceptForm(VersionedForm):
    """What a lead becomes, by when, and why it is taken on."""

    becomes = forms.ChoiceField(label="What does it become?", widget=forms.RadioSelect)
    kind = forms.ChoiceField(label="What kind of work?")
    detail = long_text("What exactly is to be done?", rows=2)
    due_at = LocalTimeField(label="It must have started by")
    reason = long_text("Why do you take it on?", help_text="What you checked, and what you make of it", rows=2)
    safe_now = forms.ChoiceField(
        label="For a new record: is the child safe now?", choices=SAFE, required=False, widget=forms.RadioSelect, initial="not_known"
    )
    done_now = long_text("For a new record: what was done about that at once?", required=False, rows=2)

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], kinds: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["becomes"].choices = list(choices)  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", "Choose"), *kinds.items()]  # type: ignore[attr-defined]
        self.fields["due_at"].initial = typed(timezone.now() + timedelta(days=1))

    def becoming(self) -> Becomes:
        """What the action takes."""
        data = self.cleaned_data
        return Becomes(data["becomes"], data["kind"], data["detail"], data["due_at"], data["safe_now"] or "not_known", data["done_now"])


class DismissForm(VersionedForm):
    """Why nothing is to be done."""

    reason = long_text("Why is nothing to be done?", help_text="What you checked. Others will read it")


class WhatForm(SayErrors):
    """What an object is, and how that is known."""

    kind = forms.ChoiceField(label="What is it?", choices=[("", "Choose"), *OBJECTS.items()])
    reason = long_text("How do you know?", rows=2)
