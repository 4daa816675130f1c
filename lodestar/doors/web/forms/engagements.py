"""Forms for engagements: one typed in, a sample tried, a mapping drafted and approved, and a look answered."""

from __future__ import annotations

from typing import Any

from django import forms

from lodestar.core.engagements.consequences import ANSWERS
from lodestar.core.engagements.draft import EngagementDraft, PersonSaid, ThingSaid
from lodestar.core.engagements.kinds import Kind
from lodestar.core.matters.involved import GRADINGS, NATURES, THINGS
from lodestar.core.reports.draft import Subject
from lodestar.doors.web.forms.fields import LocalTimeField, SayErrors, VersionedForm, long_text, right_now, short_text, verbatim_text
from lodestar.doors.web.forms.reports import SEX, BirthDateField

TYPED = "lodestar-form"
GRADES = [("", "Not graded"), *((code, f"{code}: {words}") for code, words in GRADINGS.items())]


class EngagementForm(SayErrors):
    """One engagement, typed in by whoever heard of it: up to two people, and a thing of each kind."""

    told_by = short_text("Which agency or system says so?", help_text="For example Fen Park School, or a crime number")
    happened_at = LocalTimeField(label="When did it happen?", initial=right_now)
    district = forms.ChoiceField(label="District", required=False)
    reason = forms.ChoiceField(label="Reason", required=False)
    circumstances = verbatim_text("What happened?", help_text="In the words of whoever says so", rows=4)
    nature = forms.ChoiceField(label="Is this a fact or an opinion?", choices=list(NATURES.items()), widget=forms.RadioSelect)
    grading = forms.ChoiceField(label="How is the source graded?", choices=GRADES, required=False)
    given_name = short_text("Given name", required=False)
    family_name = short_text("Family name", required=False)
    birth_date = BirthDateField(label="Date of birth", required=False)
    sex = forms.ChoiceField(label="Sex", choices=SEX, required=False)
    address = forms.CharField(label="Home address", max_length=240, required=False)
    postcode = short_text("Postcode", required=False)
    phone = short_text("Their own phone", required=False)
    role = forms.ChoiceField(label="Their part in it")
    other_given = short_text("Somebody else: given name", required=False)
    other_family = short_text("Somebody else: family name", required=False)
    other_born = BirthDateField(label="Somebody else: date of birth", required=False)
    other_role = forms.ChoiceField(label="Somebody else: their part in it", required=False)
    place = forms.CharField(label="A place that is named", max_length=240, required=False)
    vehicle = short_text("A vehicle that is named", required=False, help_text="Its registration")
    phone_seen = short_text("A phone number that is named", required=False)
    handle = short_text("An account name that is named", required=False)

    def __init__(self, *args: Any, kind: Kind, districts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        roles = list(kind.roles.items())
        choices = {
            "district": [("", "Not known"), *districts.items()],
            "reason": [("", "Not given"), *kind.reasons.items()],
            "role": roles,
            "other_role": [("", "Nobody else"), *roles],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if not kind.reasons:
            del self.fields["reason"]

    def draft(self, *, number: str) -> EngagementDraft:
        """The engagement as the rules read it."""
        said = self.cleaned_data
        nature, grading = said["nature"], said["grading"]
        things = ((kind, said["phone_seen" if kind == "phone" else kind]) for kind in THINGS)
        return EngagementDraft(
            kind=self.kind.code,
            source=TYPED,
            source_title=said["told_by"],
            mapping_version="typed",
            external_id=number,
            happened_at=said["happened_at"],
            people=tuple(PersonSaid(role, who, "", nature, grading) for role, who in self._people()),
            things=tuple(ThingSaid(kind, value.strip(), "", nature, grading) for kind, value in things if value.strip()),
            district=said["district"],
            grading=grading,
            reason=said.get("reason", ""),
            circumstances=said["circumstances"],
        )

    def _people(self) -> list[tuple[str, Subject]]:
        said = self.cleaned_data
        plain = ("given_name", "family_name", "birth_date", "sex", "address", "postcode", "phone")
        first = Subject(**{name: said[name] for name in plain})
        other = Subject(given_name=said["other_given"], family_name=said["other_family"], birth_date=said["other_born"])
        both = ((said["role"], first), (said["other_role"], other))
        return [(role, who) for role, who in both if who.given_name or who.family_name]


class TryForm(SayErrors):
    """Trying a sample with the mapping of a source."""

    source = forms.ChoiceField(label="Whose rows are they?")
    file = forms.FileField(label="A sample file", help_text="CSV, XLSX or JSON. Nothing of it is kept")

    def __init__(self, *args: Any, sources: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = list(sources.items())  # type: ignore[attr-defined]


class TryVersionForm(VersionedForm):
    """Trying a sample with a draft."""

    file = forms.FileField(label="A sample file", help_text="CSV, XLSX or JSON. Nothing of it is kept")


class DraftMappingForm(SayErrors):
    """A draft of how a source is read: the whole mapping as text or as a file, and why it is wanted."""

    reason = long_text("What does this version change, and why?", rows=3)
    file = forms.FileField(label="The mapping as a file", required=False, help_text="TOML; it is taken instead of the text below")
    text = long_text("The mapping", rows=30)


class MappingStepForm(VersionedForm):
    """The step that was pressed on a version, with its reason and day."""

    verb = forms.CharField()
    reason = forms.CharField(required=False)
    in_force_from = BirthDateField(label="In force from", required=False, help_text="Today or a later day, for example 1/4/2027")


class ApproveMappingForm(VersionedForm):
    """Approving a version from a day."""

    in_force_from = BirthDateField(label="In force from", required=False, help_text="Today or a later day, for example 1/4/2027")
    reason = long_text("Why is it approved?", required=False, rows=3)


class LookForm(VersionedForm):
    """What was found, and what follows."""

    finding = long_text("What did you look at, and what did you find?")
    answer = forms.ChoiceField(label="What follows?", choices=list(ANSWERS.items()), widget=forms.RadioSelect)
