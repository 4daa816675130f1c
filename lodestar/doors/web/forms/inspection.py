"""Forms for the register of inspections and the force's own audit of cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from lodestar.core.inspection.commitments import SIDES
from lodestar.core.inspection.findings import OURS, THEIRS
from lodestar.core.inspection.rubric import GRADES, Rubric
from lodestar.core.inspection.sampling import METHODS
from lodestar.doors.web.forms.fields import SayErrors, VersionedForm, long_text, short_text
from lodestar.doors.web.forms.reports import BirthDateField

DAY = "For example 9/12/2022"


def day(label: str, *, required: bool = True) -> BirthDateField:
    """A day, typed as 9/12/2022."""
    return BirthDateField(label=label, required=required, help_text=DAY)


class RegisterForm(SayErrors):
    """A register file to bring in."""

    file = forms.FileField(label="The register, CSV or XLSX", help_text="One row for each commitment. The same file again changes nothing")


class StepForm(VersionedForm):
    """One step of a reply under section 55."""

    verb = forms.CharField(widget=forms.HiddenInput())
    on = day("On which day was it done?")
    document = short_text("In which document?", help_text="Its title, its number or where it is")
    answer_by = day("By when is the chief officer to comment?", required=False)
    chief_officer = forms.ChoiceField(
        label="The chief officer's comments",
        required=False,
        choices=[("received", "were received"), ("none_by_then", "had not come by the day that was set")],
        widget=forms.RadioSelect,
    )
    paper = forms.ChoiceField(label="Which of the replies made here was published?", required=False)

    ASKS = {"invite": ("answer_by",), "prepare": ("chief_officer",), "publish": ("paper",)}  # what a step asks besides

    def __init__(self, *args: Any, papers: Iterable[tuple[str, str]] = (), verb: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["paper"].choices = [("", "Choose one"), *papers]  # type: ignore[attr-defined]
        for name in {name for names in self.ASKS.values() for name in names} - set(self.ASKS.get(verb, ())):
            del self.fields[name]


class HandOnForm(VersionedForm):
    """Who answers for a report from now on."""

    to = forms.TypedChoiceField(label="Who answers for it from now on?", coerce=int)

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = [("", "Choose one"), *people]  # type: ignore[attr-defined]


class FindingForm(VersionedForm):
    """How far the force has come with a finding."""

    status = forms.ChoiceField(label="Where it stands as the force sees it", choices=list(OURS.items()))
    response = long_text("The force's answer: the action, or why none", required=False, rows=5)


class WordForm(VersionedForm):
    """The finder's own word, from its own document."""

    their_status = forms.ChoiceField(label="What does the body itself say?", choices=list(THEIRS.items()))
    said_on = day("Which day does its document bear?", required=False)
    document = short_text("Which document of its own says so?", required=False, help_text="Its title, its number or its address")


class CommitmentForm(VersionedForm):
    """A step on a commitment, with its reason."""

    verb = forms.CharField(widget=forms.HiddenInput())
    reason = long_text("Why?", required=False, rows=3)


class DrawForm(SayErrors):
    """A sample to be drawn."""

    title = short_text("What is the audit called?", help_text="For example Missing children, first quarter")
    kind = forms.ChoiceField(label="Which cases?")
    first = day("Opened from")
    until = day("Opened before")
    size = forms.IntegerField(
        label="How many are to be drawn?", min_value=1, widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"})
    )
    method = forms.ChoiceField(label="How are they drawn?", choices=list(METHODS.items()), widget=forms.RadioSelect)
    seed = short_text("The seed", help_text="A word or number said aloud before anybody looks. The same list and seed draw the same cases")

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(code, words.capitalize()) for code, words in kinds]  # type: ignore[attr-defined]


class GradeForm(SayErrors):
    """A case graded on its rubric, question by question."""

    def __init__(self, *args: Any, rubric: Rubric, **options: Any) -> None:
        super().__init__(*args, **options)
        for item in rubric.criteria:
            hint = f"Good: {item.good} Inadequate: {item.inadequate}{' This one decides.' if item.essential else ''}"
            self.fields[item.code] = forms.ChoiceField(
                label=item.question, help_text=hint, choices=list(GRADES.items()), widget=forms.RadioSelect, required=False
            )
        self.fields["reasons"] = long_text("What in the record led you to this?", required=False, rows=4)


class ThemeForm(SayErrors):
    """A theme of an audit, and the commitment that answers it."""

    name = short_text("The theme", help_text="For example Reviews that change nothing")
    words = long_text("What did the cases show?", rows=3)
    reference = short_text("A short reference", help_text="For example T1.1: the theme before the full stop, the commitment after it")
    promise = long_text("What will be done?", rows=3)
    owner = short_text("Which role owns it?")
    due_on = day("By when?", required=False)
    measure = forms.ChoiceField(label="Which measure will show it?", required=False)
    side = forms.ChoiceField(label="The measure is to be", required=False, choices=list(SIDES.items()))
    target = short_text("The target", required=False, help_text="A number like 4.5, or a share like 90%")

    def __init__(self, *args: Any, measures: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["measure"].choices = [("", "None: it will be claimed and never evidenced"), *((code, code) for code in measures)]  # type: ignore[attr-defined]
