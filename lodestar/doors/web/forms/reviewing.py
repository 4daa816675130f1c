"""The form for answering who a report is about."""

from __future__ import annotations

from typing import Any

from django import forms

from lodestar.core.identity.reviewing import Said
from lodestar.doors.web.forms.fields import VersionedForm, long_text


class AnswerForm(VersionedForm):
    """The same, not the same, somebody new, or can't tell with what would tell; each with its reason."""

    answer = forms.ChoiceField(label="Who is this?", widget=forms.RadioSelect)
    reason = long_text("Why do you say so?", rows=2)
    would_tell = long_text("If you cannot tell: what would tell?", required=False, rows=2)

    def __init__(self, *args: Any, people: tuple[tuple[int, str], ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        apart = [(f"not_same {person}", f"Not {name}; I cannot say more") for person, name in people] if len(people) > 1 else []
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            *((f"same {person}", f"The same child as {name}") for person, name in people),
            *apart,
            ("somebody_new", "Not the same: somebody new" if len(people) == 1 else "Somebody new: none of these"),
            ("cannot_tell", "I cannot tell"),
        ]

    def said(self) -> Said:
        """The answer as the action takes it."""
        word, _, person = self.cleaned_data["answer"].partition(" ")
        data = self.cleaned_data
        return Said(word, int(person) if person else None, data["reason"], data["would_tell"])
