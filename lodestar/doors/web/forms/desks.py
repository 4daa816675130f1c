"""Opening a matter on a desk: the report, who it is about, and the first deed's questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from lodestar.core.matters.desk import WORDS, Desk
from lodestar.core.matters.involved import GRADINGS, NATURES, THINGS, Statement
from lodestar.core.reports.draft import ReportDraft, Subject
from lodestar.doors.web.forms.fields import LocalTimeField, SayErrors, VersionedForm, long_text, right_now, short_text
from lodestar.doors.web.forms.reports import ETHNICITY, SEX, YES_NO, BirthDateField

KNOWN_AT = ("received_at", "authorised_at")  # what a first deed may call the time that every report says


class CameInForm(SayErrors):
    """What came in: its reference, from whom, when, where."""

    title = "What came in"
    external_id = short_text("Reference")
    reporter_name = short_text("Who reports it?")
    reported_at = LocalTimeField(label="When?", initial=right_now)
    district = forms.ChoiceField(label="District", required=False)
    circumstances = long_text("What is known?")

    def __init__(self, *args: Any, desk: Desk, districts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if any(asked.name in KNOWN_AT for asked in desk.deeds[desk.opening].asks):
            del self.fields["reported_at"]  # the first deed asks it, in the desk's own words
        self.fields["district"].choices = [("", "Not known"), *districts.items()]  # type: ignore[attr-defined]
        for name, words in {**WORDS, **desk.words}.items():
            if name in self.fields:
                self.fields[name].label = words


class SubjectForm(SayErrors):
    """Who it is about."""

    title = "Who is it about?"
    given_name = short_text("Given name", required=False)
    family_name = short_text("Family name", required=False, help_text="If nobody knows who it is yet, write “unknown”")
    birth_date = BirthDateField(label="Date of birth", required=False)
    sex = forms.ChoiceField(label="Sex", choices=SEX, required=False)
    ethnicity = forms.ChoiceField(label="Ethnicity", choices=ETHNICITY, required=False)
    address = forms.CharField(label="Home address", max_length=240, required=False)
    postcode = forms.CharField(
        label="Postcode", max_length=10, required=False, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"})
    )
    looked_after = forms.ChoiceField(label="Looked after by a local authority?", choices=YES_NO, required=False)
    responsible_authority = forms.ChoiceField(label="Which authority?", required=False)
    pnc_id = short_text("PNC number", required=False)

    def __init__(self, *args: Any, authorities: Mapping[str, str], title: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = title or self.title
        self.fields["responsible_authority"].choices = [("", "Not known"), *authorities.items()]  # type: ignore[attr-defined]

    def subject(self) -> Subject:
        """The person as the report states them."""
        return subject_of(self.cleaned_data)


def subject_of(data: Mapping[str, Any]) -> Subject:
    """Who somebody is said to be, from the answers of a form."""
    looked_after = {"yes": True, "no": False}.get(data["looked_after"])
    return Subject(
        given_name=data["given_name"],
        family_name=data["family_name"],
        birth_date=data["birth_date"],
        sex=data["sex"],
        ethnicity="asked, declined" if data["ethnicity"] == "declined" else data["ethnicity"],
        address=data["address"],
        postcode=data["postcode"],
        looked_after=looked_after,
        responsible_authority=data["responsible_authority"],
        keys={"pnc_id": data["pnc_id"]} if data["pnc_id"] else {},
    )


def draft_of(data: Mapping[str, Any], *, desk: Desk, now: datetime) -> ReportDraft:
    """The report that opens a matter on this desk."""
    return ReportDraft(
        source=f"Lodestar, {desk.title}",
        external_id=data["external_id"],
        reported_at=next(data[name] for name in ("reported_at", *KNOWN_AT) if data.get(name)),
        recorded_at=now,
        subject=subject_of(data),
        kind=desk.kind,
        reporter_name=data["reporter_name"],
        reporter_relationship="",
        district=data["district"],
        circumstances=data["circumstances"],
    )


class StatementMixin(forms.Form):
    """What makes a statement worth something: fact or opinion, from whom, and how it is graded."""

    nature = forms.ChoiceField(label="Fact or opinion?", choices=list(NATURES.items()), widget=forms.RadioSelect)
    source = short_text("Where is this from?", help_text="Who said it, or which record")
    grading = forms.ChoiceField(label="Grading", choices=[("", "Not graded"), *GRADINGS.items()], required=False)


class RoleForm(VersionedForm, StatementMixin):
    """In which role somebody is in a matter, since when, and how that is known."""

    title = "What are they to this matter?"
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)
    from_at = LocalTimeField(label="Since when?", initial=right_now)
    field_order = ("role", "nature", "source", "grading", "from_at")

    def __init__(self, *args: Any, roles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = list(roles.items())  # type: ignore[attr-defined]


class ThingForm(VersionedForm, StatementMixin):
    """A place, vehicle, phone or handle, and what is said of it."""

    kind = forms.ChoiceField(label="What is it?", choices=list(THINGS.items()), widget=forms.RadioSelect)
    value = forms.CharField(label="Which one?", max_length=240, help_text="As it was given: an address, a number plate, a number, a name")
    said = long_text("What is known or said about it?")
    at = LocalTimeField(label="When was that?", initial=right_now)
    field_order = ("kind", "value", "said", "nature", "source", "grading", "at")


def statement_of(data: Mapping[str, Any]) -> Statement:
    """The statement that a form makes."""
    return Statement(nature=data["nature"], source=data["source"], grading=data["grading"])
