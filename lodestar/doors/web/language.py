"""Words about a child, and what to say instead: said beside the text, and once more after it is saved. Nothing is refused.

What was typed goes nowhere but into the record: an examined text is neither kept, logged nor put into an address, and the
sentences after saving hold the list's own words only.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from lodestar.core.access.permissions import Permission as P
from lodestar.core.language.prompts import VERBATIM, Prompt, prompts
from lodestar.doors.web.forms.fields import VerbatimField
from lodestar.doors.web.page import page
from lodestar.store.queries.language import terms_at

TAG = "language"
MOST = 5  # a list of fifty is read by nobody


def is_examined(bound: forms.BoundField) -> bool:
    """True where a person writes free text; what is kept word for word is left alone."""
    field = bound.field
    return isinstance(field.widget, forms.Textarea) and not isinstance(field, VerbatimField) and bound.name not in VERBATIM


def suggested(bound: forms.BoundField) -> tuple[Prompt, ...]:
    """What could be said otherwise in an answer that is shown again."""
    if not bound.form.is_bound or not is_examined(bound):
        return ()
    return once(prompts(text=str(bound.value() or ""), terms=terms_at(timezone.now())))


def once(found: tuple[Prompt, ...]) -> tuple[Prompt, ...]:
    """Each term once, at the first place it is written."""
    return tuple({one.term.code: one for one in reversed(found)}.values())[::-1]


def saved(request: HttpRequest, sentence: str, *filled: forms.BaseForm) -> None:
    """Say that it is saved, and beside that, what could have been said otherwise. The record is as it was typed."""
    messages.success(request, sentence)
    found = [(bound, one) for form in filled for bound in form for one in suggested(bound)]
    for bound, one in found[:MOST]:
        about = one.term
        messages.info(request, f"“{bound.label}”: you wrote “{about.term}”. {about.why} Instead: {about.instead}.", extra_tags=TAG)


@page(P.NOTICES_READ)
@require_POST
def words_live(request: HttpRequest) -> HttpResponse:
    """What could be said otherwise in a text that is being typed. The text is read, answered and forgotten."""
    found = once(prompts(text=request.POST.get("text", ""), terms=terms_at(timezone.now())))
    return render(request, "language/suggested.html", {"found": found})


def globals_for_forms() -> dict[str, Any]:
    """What the macro of the fields asks of each question."""
    return {"is_examined": is_examined, "suggested": suggested}
