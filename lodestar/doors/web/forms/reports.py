"""The report of a missing child: whole on one page, or one thing a page; the same fields either way."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from lodestar.core.reports.draft import AlertSaid, ReportDraft, RiskAnswer, Subject, speaker
from lodestar.doors.web.forms.fields import LocalTimeField, SayErrors, long_text, right_now, short_text, verbatim_text

YES_NO = [("", "Not known"), ("yes", "Yes"), ("no", "No")]
SEX = [("", "Not known"), ("female", "Female"), ("male", "Male"), ("other", "Another answer")]
ETHNICITY = [
    ("", "Not asked"),
    ("declined", "Asked, would not say"),
    ("asian", "Asian or Asian British"),
    ("black", "Black, Black British, Caribbean or African"),
    ("mixed", "Mixed or multiple ethnic groups"),
    ("white", "White"),
    ("other", "Another ethnic group"),
]
ANSWERS = [("", "Not asked"), ("yes", "Yes"), ("no", "No"), ("unknown", "Asked, not known")]


class BirthDateField(forms.DateField):
    """A date of birth, typed as 4/6/2012."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "For example 4/6/2012")
        options.setdefault("error_messages", {"invalid": "Give the date as day, month and year, for example 4/6/2012."})
        widget = forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"})
        super().__init__(input_formats=["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d"], widget=widget, **options)


class ReporterForm(SayErrors):
    """Who is reporting."""

    title = "Who is reporting?"
    reporter_name = short_text("Who is reporting?", help_text="Their name. If they will not say, write “would not say”")
    reporter_relationship = short_text("What are they to the child?", required=False, help_text="For example mother, or key worker")
    reporter_contact = short_text("How can they be called back?", required=False)
    reported_at = LocalTimeField(label="When did they report it?", initial=right_now)
    other_force = short_text("Is another force passing this child to us? Which?", required=False, help_text="Leave empty if not")
    offered_by = short_text("Who there?", required=False)
    transfer_reason = short_text("Why should we take it?", required=False)


class ChildForm(SayErrors):
    """Who is missing."""

    title = "Who is missing?"
    given_name = short_text("Given name", required=False)
    family_name = short_text("Family name", required=False)
    birth_date = BirthDateField(label="Date of birth", required=False)
    sex = forms.ChoiceField(label="Sex", choices=SEX, required=False)
    ethnicity = forms.ChoiceField(label="Ethnicity", choices=ETHNICITY, required=False)
    address = forms.CharField(label="Home address", max_length=240, required=False)
    postcode = forms.CharField(
        label="Postcode", max_length=10, required=False, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"})
    )
    phone = short_text("The child's own phone", required=False)
    looked_after = forms.ChoiceField(label="Is the child looked after by a local authority?", choices=YES_NO, required=False)
    responsible_authority = forms.ChoiceField(label="Which authority?", required=False)
    la_child_id = short_text("The authority's number for the child", required=False)
    nhs_number = short_text("NHS number", required=False)
    district = forms.ChoiceField(label="Which district are they missing from?")

    def __init__(
        self, *args: Any, districts: dict[str, str] | None = None, authorities: dict[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = [("", "Choose a district"), *(districts or {}).items()]  # type: ignore[attr-defined]
        self.fields["responsible_authority"].choices = [("", "Not known"), *(authorities or {}).items()]  # type: ignore[attr-defined]


class LastSeenForm(SayErrors):
    """When the child was last known to be safe, and what happened."""

    title = "What happened?"
    since_to = LocalTimeField(label="When were they last known to be safe?", required=False)
    since_from = LocalTimeField(label="If that is not certain: since when at the earliest?", required=False)
    circumstances = verbatim_text("What happened?", help_text="In the words of the person reporting", rows=5)
    medical = long_text(
        "Is there a medical need?", required=False, help_text="A condition, medication, an allergy. It goes to everybody who grades", rows=2
    )
    threat = long_text("Has anybody threatened this child, or has the child threatened to come to harm?", required=False, rows=2)


class RiskForm(SayErrors):
    """The questions in force, each with an answer and what was said."""

    title = "What is known about the risk?"

    def __init__(self, *args: Any, questions: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, words in (questions or {}).items():
            self.fields[f"risk_{code}"] = forms.ChoiceField(label=words, choices=ANSWERS, required=False)
        self.fields["risk_detail"] = verbatim_text("What was said about any “yes”?", required=False)


PARTS: dict[str, type[SayErrors]] = {"reporter": ReporterForm, "child": ChildForm, "happened": LastSeenForm, "risk": RiskForm}
KEYS = ("la_child_id", "nhs_number")


def draft_of(data: dict[str, Any], *, version: str, external_id: str, now: datetime) -> ReportDraft:
    """The report as the rules read it, from everything that was typed."""
    said_by = speaker(name=data["reporter_name"], relationship=data.get("reporter_relationship", ""))
    at: datetime = data["reported_at"]
    answers = tuple(
        RiskAnswer(name.removeprefix("risk_"), version, value, data.get("risk_detail", "") if value == "yes" else "", said_by, at)
        for name, value in data.items()
        if name.startswith("risk_") and name != "risk_detail" and value
    )
    alerts = tuple(AlertSaid(kind, data[kind], said_by, at) for kind in ("medical", "threat") if data.get(kind))
    looked_after = {"yes": True, "no": False}.get(data.get("looked_after", ""))
    return ReportDraft(
        source="lodestar-form",
        external_id=external_id,
        reported_at=at,
        recorded_at=now,
        subject=Subject(
            given_name=data.get("given_name", ""),
            family_name=data.get("family_name", ""),
            birth_date=data.get("birth_date"),
            sex=data.get("sex", ""),
            ethnicity=data.get("ethnicity", ""),
            address=data.get("address", ""),
            postcode=data.get("postcode", ""),
            phone=data.get("phone", ""),
            looked_after=looked_after,
            responsible_authority=data.get("responsible_authority", ""),
            keys={name: data[name] for name in KEYS if data.get(name)},
        ),
        reporter_name=data["reporter_name"],
        reporter_relationship=data.get("reporter_relationship", ""),
        reporter_contact=data.get("reporter_contact", ""),
        district=data.get("district", ""),
        since_from=data.get("since_from"),
        since_to=data.get("since_to"),
        circumstances=data.get("circumstances", ""),
        alerts=alerts,
        risk_facts=answers,
    )


def new_number() -> str:
    """A number for a report made on the page, given when the page is opened, so that a double click is one report."""
    return f"F-{timezone.now():%Y%m%d}-{uuid4().hex[:12]}"
