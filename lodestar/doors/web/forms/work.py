"""Forms for tasks, tasking, imports and access."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from lodestar.core.tasks.outcomes import Outcome, TaskKind, Wishes
from lodestar.doors.web.forms.fields import LocalTimeField, SayErrors, VersionedForm, long_text, right_now, typed
from lodestar.doors.web.forms.reports import BirthDateField


class AskTaskForm(SayErrors):
    """Asking for a piece of work."""

    kind = forms.ChoiceField(label="What kind of work?")
    detail = long_text("What exactly?", required=False)
    place = forms.TypedChoiceField(label="Where?", coerce=int, empty_value=None, required=False)
    earliest_at = LocalTimeField(label="Not before", initial=right_now)
    due_at = LocalTimeField(label="It must have started by")
    officer_sex = forms.ChoiceField(
        label="Has the child or family asked for a woman or a man?",
        choices=[("either", "No: either may go"), ("female", "A woman"), ("male", "A man")],
        required=False,
        widget=forms.RadioSelect,
        initial="either",
    )
    after = forms.TypedMultipleChoiceField(
        label="What must have ended first?", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, kinds: Mapping[str, TaskKind], places: Mapping[int, str], open_tasks: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, f"{kind.title} ({kind.minutes} minutes)") for code, kind in kinds.items()]
        self.fields["kind"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]
        self.fields["due_at"].initial = typed(timezone.now() + timedelta(hours=4))
        self._offer("place", [("", "The district's own station"), *places.items()], among=places)
        self._offer("after", list(open_tasks.items()), among=open_tasks)

    def _offer(self, name: str, choices: list[Any], *, among: Mapping[int, str]) -> None:
        """Ask it only where there is something to choose from."""
        if among:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def wanted(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        after, place = tuple(data.pop("after", ())), data.pop("place", None)
        sex = data.pop("officer_sex")
        return {**data, "wishes": Wishes(place=place, after=after, officer_sex="" if sex == "either" else sex)}


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


Slots = tuple[tuple[str, tuple[tuple[int, str], ...], int | None], ...]


class DecideForm(VersionedForm):
    """Deciding a proposal, line by line: for each piece of work a choice for everybody of its crew."""

    reason = long_text("If you change or refuse anything: why?", required=False, rows=2)

    def __init__(self, *args: Any, lines: tuple[tuple[int, Slots], ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.pop("reason")
        for task, slots in lines:
            for slot, (label, people, proposed) in enumerate(slots):
                self.fields[f"task_{task}_{slot}"] = forms.TypedChoiceField(
                    label=label, choices=[("", "Nobody"), *people], coerce=int, empty_value=None, required=False, initial=proposed
                )
        self.fields["reason"] = reason
        self.crews = {task: len(slots) for task, slots in lines}

    def clean(self) -> dict[str, Any]:
        """A crew is named whole or not at all."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for task in self.crews:
            chosen = self._chosen(task, data)
            if any(chosen) and not all(chosen):
                self.add_error(f"task_{task}_{chosen.index(None)}", "Name everybody who goes, or nobody.")
        return data

    def of(self, task: int) -> list[Any]:
        """The choices for one piece of work, to be drawn in its line."""
        return [self[f"task_{task}_{slot}"] for slot in range(self.crews.get(task, 0))]

    def wanted(self) -> dict[int, tuple[int, ...]]:
        """Who is to do what, as chosen; nobody where nobody was."""
        found = {task: self._chosen(task, self.cleaned_data) for task in self.crews}
        return {task: tuple(one for one in chosen if one is not None) for task, chosen in found.items()}

    def _chosen(self, task: int, data: dict[str, Any]) -> list[int | None]:
        return [data.get(f"task_{task}_{slot}") for slot in range(self.crews[task])]


class SecondForm(VersionedForm):
    """A second person's word."""

    verb = forms.CharField(widget=forms.HiddenInput())
    reason = long_text("If you withhold it: why?", required=False, rows=2)


class RiskForm(SayErrors):
    """Accepting by name what nobody can do."""

    reason = long_text("Why may this wait?")
    expires_at = LocalTimeField(label="When must it come back?")


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
            ("engagement", "Engagements of an agency"),
        ],
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label="Which system is it from?",
        max_length=80,
        required=False,
        help_text="Use the same name each time: rows are known by it. For the national return, the authority's code. "
        "For engagements leave it empty",
    )
    mapping = forms.ChoiceField(label="For engagements: whose are they?", required=False)
    file = forms.FileField(label="File", help_text="CSV or XLSX, up to 20 MB; engagements also as JSON")

    def __init__(self, *args: Any, mappings: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mapping"].choices = [("", "Choose a source"), *(mappings or {}).items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Engagements are known by the mapping that reads them, every other file by the name of its system."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        asked = "mapping" if said.get("kind") == "engagement" else "source"
        if said.get("kind") and asked not in self.errors and not said.get(asked):
            self.add_error(asked, f"“{self.fields[asked].label}” needs an answer.")
        if asked == "mapping":
            said["source"] = said.get("mapping", "")
        return said


class GiveRoleForm(SayErrors):
    """Giving somebody a role."""

    role = forms.ChoiceField(label="Role")
    places = forms.CharField(
        label="Where?", required=False, help_text="District or authority codes with commas between, where the role needs them"
    )

    def __init__(self, *args: Any, roles: tuple[tuple[str, str], ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "Choose a role"), *roles]  # type: ignore[attr-defined]
