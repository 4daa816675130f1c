"""The words about children that have a better one, as they stand on a day."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from lodestar.core.language.prompts import Term, terms
from lodestar.core.times import to_local
from lodestar.store.playbooks import playbook

LANGUAGE = "LANGUAGE-PROMPTS"


def terms_at(at: datetime) -> tuple[Term, ...]:
    """The list in force on London's date of an instant."""
    return _terms_on(to_local(at).date())


@cache
def _terms_on(on: date) -> tuple[Term, ...]:
    return terms(playbook(LANGUAGE), on=on)
