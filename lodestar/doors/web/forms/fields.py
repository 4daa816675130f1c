"""The fields that several forms share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from lodestar.core.times import ReadDate, read_local, to_local
from lodestar.core.words import Conflict, Refusal, Refused

ZONES = ("BST", "GMT")


def typed(instant: datetime) -> str:
    """An instant as it is typed: 23/11/2026 14:05."""
    local = to_local(instant)
    return f"{local:%d/%m/%Y %H:%M}"


class LocalTimeField(forms.CharField):
    """A time in London, typed as 23/11/2026 14:05.

    A time that did not exist is refused with a prompt; one that happened twice asks for BST or GMT after it.
    """

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "For example 23/11/2026 14:05")
        super().__init__(widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}), **options)

    def clean(self, value: str | None) -> Any:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        words = text.split()
        offset = words[-1].upper() if words[-1].upper() in ZONES else None
        read = read_local(" ".join(words[:-1]) if offset else text, offset=offset)
        if isinstance(read, Refusal):
            raise ValidationError(read.sentence)
        if isinstance(read, ReadDate):
            raise ValidationError("Give the time of day too, for example 23/11/2026 14:05.")
        return read


def right_now() -> str:
    """The time of opening the form, as a first answer that can be typed over."""
    return typed(timezone.now())


class SayErrors(forms.Form):
    """A form that says everything that is wrong with it once, beside the question and above the page."""

    def full_clean(self) -> None:
        """Name the question in each sentence: a list of "This field is required." says nothing."""
        for question in self.fields.values():
            question.error_messages["required"] = f"“{question.label}” needs an answer."
        super().full_clean()

    def refuse(self, *refusals: Refusal) -> None:
        """Put what an action refused beside the field it is about, with whose rule it is."""
        for refusal in refusals:
            field = refusal.field if refusal.field in self.fields else None
            self.add_error(field, f"{refusal.sentence} ({refusal.authority})" if refusal.authority else refusal.sentence)

    def carries_out(self, step: Callable[[], object]) -> bool:
        """Take the step that a filled form asks for, True when it was taken.

        Nothing is done where the form was not sent or has errors; what is refused, or that somebody was first, stands on it.
        """
        if not self.is_valid():
            return False
        try:
            step()
        except Refused as refused:
            self.refuse(*refused.refusals)
        except Conflict:
            self.add_error(None, Conflict.sentence)
        else:
            return True
        return False

    def summary(self) -> list[dict[str, str]]:
        """Every error once, linked to its field, for the error summary."""
        lines = []
        for name, errors in self.errors.items():
            href = "#main-content" if name == "__all__" else f"#id_{name}"
            lines += [{"text": str(error), "href": href} for error in errors]
        return lines


class VersionedForm(SayErrors):
    """A form that carries the version its reader saw, so that a stale page changes nothing."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput())

    def again(self, version: int) -> None:
        """Somebody was first: nothing typed is lost, and what is sent next answers what is read now."""
        self.add_error(None, Conflict.sentence)
        self.data = self.data.copy()
        self.data["seen_version"] = str(version)


def long_text(label: str, *, required: bool = True, help_text: str = "", rows: int = 3) -> forms.CharField:
    """A field for what people say in their own words."""
    return forms.CharField(label=label, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows}))


class VerbatimField(forms.CharField):
    """What somebody said, word for word: evidence, so no other word is ever suggested for it."""

    widget = forms.Textarea


def verbatim_text(label: str, *, required: bool = True, help_text: str = "", rows: int = 3) -> VerbatimField:
    """A field for what the child, or whoever reports, said."""
    return VerbatimField(label=label, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows}))


def short_text(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    """A field of one line."""
    return forms.CharField(label=label, required=required, help_text=help_text, max_length=160)
