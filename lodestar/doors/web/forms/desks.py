"""Opening a matter on a desk: the report, who it is about, and the first deed's questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from lodestar.core.matters.desk import WORDS, Desk
from lodestar.core.reports.draft import ReportDraft, Subject
from lodestar.doors.web.forms.fields import LocalTimeField, SayErrors, long_text, right_now, short_text
from lodestar.doors.web.forms.reports import ETHNICITY, SEX, YES_NO, BirthDateField


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
        reported_at=data["reported_at"],
        recorded_at=now,
        subject=subject_of(data),
        kind=desk.kind,
        reporter_name=data["reporter_name"],
        reporter_relationship="",
        district=data["district"],
        circumstances=data["circumstances"],
    )
