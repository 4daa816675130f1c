"""Forms for tasks, tasking, identity, imports and access."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from lodestar.core.tasks.outcomes import Outcome, TaskKind
from lodestar.doors.web.forms.fields import LocalTimeField, SayErrors, VersionedForm, long_text, right_now, typed
from lodestar.doors.web.forms.reports import BirthDateField


class AskTaskForm(SayErrors):
    """Asking for a piece of work."""

    kind = forms.ChoiceField(label="What kind of work?")
    detail = long_text("What exactly?", required=False)
    earliest_at = LocalTimeField(label="Not before", initial=right_now)
    due_at = LocalTimeField(label="It must have started by")

    def __init__(self, *args: Any, kinds: dict[str, TaskKind] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, f"{kind.title} ({kind.minutes} minutes)") for code, kind in (kinds or {}).items()]
        self.fields["kind"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]
        self.fields["due_at"].initial = typed(timezone.now() + timedelta(hours=4))


class WorkTaskForm(VersionedForm):
    """A step on one's own task."""

    verb = forms.CharField(widget=forms.HiddenInput())
    reason = long_text("Reason, where one is needed", required=False, rows=2)


class FinishTaskForm(VersionedForm):
    """How a task ended, with its evidence."""

    def __init__(self, *args: Any, outcome: Outcome, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in outcome.evidence:
            if name == "face_to_face":
                choices = [("yes", "Yes"), ("no", "No")]
                self.fields[name] = forms.ChoiceField(label=question, choices=choices, widget=forms.RadioSelect)
            else:
                self.fields[name] = long_text(question, rows=2)
        self.fields["done_at"] = LocalTimeField(label="When was it done?", initial=right_now)


class DecideForm(VersionedForm):
    """Deciding a proposal, line by line."""

    reason = long_text("If you change or refuse anything: why?", required=False, rows=2)

    def __init__(
        self, *args: Any, lines: tuple[tuple[int, str, int | None], ...] = (), people: tuple[tuple[int, str], ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.pop("reason")
        for task, title, proposed in lines:
            choices = [("", "Nobody yet"), *people]
            self.fields[f"task_{task}"] = forms.TypedChoiceField(
                label=title, choices=choices, coerce=int, empty_value=None, required=False, initial=proposed
            )
        self.fields["reason"] = reason

    def wanted(self) -> dict[int, int]:
        """Who is to do what, as chosen."""
        chosen = {name.removeprefix("task_"): value for name, value in self.cleaned_data.items() if name.startswith("task_")}
        return {int(task): int(person) for task, person in chosen.items() if person}


class RiskForm(SayErrors):
    """Accepting by name what nobody can do."""

    reason = long_text("Why may this wait?")
    expires_at = LocalTimeField(label="When must it come back?")


class SettleForm(VersionedForm):
    """Saying who a report is about."""

    same_as = forms.TypedChoiceField(
        label="Who is this?", coerce=int, empty_value=None, required=False, widget=forms.RadioSelect, initial=""
    )
    reason = long_text("What made you sure?", rows=2)

    def __init__(self, *args: Any, people: tuple[tuple[int, str], ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["same_as"].choices = [*people, ("0", "Somebody else: none of these")]  # type: ignore[attr-defined]


class ReasonOnly(SayErrors):
    """Something that needs only a reason."""

    reason = long_text("Why?", rows=2)


class SearchForm(forms.Form):
    """Looking somebody up."""

    name = forms.CharField(label="Name, or the beginning of it", required=False, max_length=80)
    birth_date = BirthDateField(label="Date of birth", required=False)


class UploadForm(SayErrors):
    """Bringing in a file."""

    kind = forms.ChoiceField(
        label="What kind of file?",
        choices=[
            ("missing", "Missing children from the force's system"),
            ("ssda903", "National return of looked-after children (SSDA903 Missing)"),
        ],
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label="Which system is it from?",
        max_length=80,
        help_text="Use the same name each time: rows are known by it. For the national return, the authority's code",
    )
    file = forms.FileField(label="File", help_text="CSV or XLSX, up to 20 MB")


class GiveRoleForm(SayErrors):
    """Giving somebody a role."""

    role = forms.ChoiceField(label="Role")
    places = forms.CharField(
        label="Where?", required=False, help_text="District or authority codes with commas between, where the role needs them"
    )

    def __init__(self, *args: Any, roles: tuple[tuple[str, str], ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "Choose a role"), *roles]  # type: ignore[attr-defined]
