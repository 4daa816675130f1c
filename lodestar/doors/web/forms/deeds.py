"""The form of a deed: its questions are the deed's own, whichever desk it is of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from lodestar.core.matters.deeds import Asked, DeedKind
from lodestar.doors.web.forms.fields import LocalTimeField, SayErrors, VersionedForm, long_text, right_now, verbatim_text

Choices = Mapping[str, tuple[tuple[str, str], ...]]  # by question: the deeds or people that can be chosen


def ask(asked: Asked, choices: Choices) -> forms.Field:
    """The field that a question is asked by. What is owed only sometimes is left for the rules to miss."""
    required = asked.owed and not asked.when
    words: dict[str, Any] = {"label": asked.question, "required": required, "help_text": asked.hint}
    titles = asked.titles or tuple(choice.replace("_", " ").capitalize() for choice in asked.choices)
    match asked.asked_as:
        case "choice":
            return forms.ChoiceField(choices=list(zip(asked.choices, titles, strict=True)), widget=forms.RadioSelect, **words)
        case "many":
            return forms.MultipleChoiceField(
                choices=list(zip(asked.choices, titles, strict=True)), widget=forms.CheckboxSelectMultiple, **words
            )
        case "time":
            return LocalTimeField(**{key: value for key, value in words.items() if value != ""})
        case "deed" | "involved":
            return forms.ChoiceField(choices=[("", "Choose"), *choices.get(asked.name, ())], **words)
    text = verbatim_text if asked.verbatim else long_text
    return text(asked.question, required=required, help_text=asked.hint, rows=2)


def told(value: object) -> str:
    """An answer as it is kept: text, an instant in ISO form, or several choices with a comma and a space between."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)


class DeedForm(VersionedForm):
    """Recording that something was done."""

    at = LocalTimeField(label="When was it done?", initial=right_now)

    def __init__(self, *args: Any, kind: DeedKind, choices: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        when = self.fields.pop("at")
        self.asks = kind.asks
        for asked in kind.asks:
            self.fields[asked.name] = ask(asked, choices or {})
        self.fields["at"] = when

    def said(self) -> dict[str, str]:
        """The answers, by question."""
        return {asked.name: told(self.cleaned_data.get(asked.name)) for asked in self.asks}


class FirstDeedForm(SayErrors):
    """The questions of the deed that opens a matter on a desk."""

    def __init__(self, *args: Any, kind: DeedKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = kind.asks
        self.title = kind.title
        for asked in kind.asks:
            self.fields[asked.name] = ask(asked, {})

    said = DeedForm.said
