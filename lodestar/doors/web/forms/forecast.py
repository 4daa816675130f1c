"""The question that somebody asks of the forecast."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lodestar.core.forecast.pose import Asked
from lodestar.core.forecast.rules import LineRules
from lodestar.doors.web.forms.fields import SayErrors
from lodestar.doors.web.forms.reports import BirthDateField

MOST_POSTS, MOST_YEARS = 12, 5
DISCIPLINES = (("priority", "The highest risk first (as now)"), ("deadline", "The earliest deadline first"))
MONTHS = ((12, "One year"), (24, "Two years"), (36, "Three years"))


class AskForm(SayErrors):
    """How many more posts, from when, trained how; in which order cases are taken; and what growth is supposed."""

    posts = forms.TypedChoiceField(label="How many more posts?", coerce=int, choices=[(n, str(n)) for n in range(MOST_POSTS + 1)])
    from_day = BirthDateField(label="From which day?", help_text="The day they start, for example 1/4/2027")
    training = forms.ChoiceField(label="Training first?")
    discipline = forms.ChoiceField(label="Which case is taken next?", choices=DISCIPLINES, widget=forms.RadioSelect)
    growth = forms.ChoiceField(label="How many cases will come?")
    months = forms.TypedChoiceField(label="How far ahead?", coerce=int, choices=MONTHS)

    def __init__(self, *args: Any, rules: LineRules, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        for name, choices in (("training", rules.training), ("growth", rules.growth)):
            self.fields[name].choices = [(one.code, one.title) for one in choices]  # type: ignore[attr-defined]

    def clean_from_day(self) -> date:
        """From today on, and within what is looked ahead."""
        day: date = self.cleaned_data["from_day"]
        if day < self.today:
            raise ValidationError("Choose today or a later day: what has been cannot be staffed again.")
        if (day - self.today).days > MOST_YEARS * 365:
            raise ValidationError(f"Choose a day in the next {MOST_YEARS} years.")
        return day

    def asked(self) -> Asked:
        """The question as the action takes it."""
        return Asked(**{name: self.cleaned_data[name] for name in Asked.__slots__})
