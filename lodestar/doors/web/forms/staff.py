"""The form for what a member of staff may be given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms

from lodestar.doors.web.forms.fields import SayErrors
from lodestar.doors.web.forms.reports import BirthDateField


class DescribeForm(SayErrors):
    """Somebody's rank, and for each skill whether they hold it and until when."""

    rank = forms.CharField(label="Rank", required=False, max_length=60, help_text="Who may accept which risk goes by it")

    def __init__(self, *args: Any, person: Any, skills: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rank"].initial = person.rank
        self.skills = skills
        for skill in skills:
            words = skill.replace("_", " ")
            last = person.skills_until.get(skill)
            self.fields[f"holds_{skill}"] = forms.BooleanField(label=skill, required=False, initial=skill in person.skills)
            self.fields[f"until_{skill}"] = BirthDateField(
                label=f"Last day of {words}", required=False, initial=f"{date.fromisoformat(last):%d/%m/%Y}" if last else ""
            )

    def lines(self) -> Iterator[tuple[Any, Any]]:
        """Each skill's two questions."""
        return ((self[f"holds_{skill}"], self[f"until_{skill}"]) for skill in self.skills)

    def held(self) -> dict[str, date | None]:
        """What was ticked, with its last day."""
        data = self.cleaned_data
        return {skill: data[f"until_{skill}"] or None for skill in self.skills if data[f"holds_{skill}"]}
