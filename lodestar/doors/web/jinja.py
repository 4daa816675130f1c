"""The template environment: GOV.UK components kept by others, and the few words pages share."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import json_script
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, Undefined
from markupsafe import Markup

from lodestar.core.measures.catalogue import Entry
from lodestar.core.measures.caveats import CLOCK_SENTENCES
from lodestar.core.measures.summary import say_figure
from lodestar.core.networks.facts import Node
from lodestar.core.times import local_date, say, say_date, say_left, say_span
from lodestar.core.words import in_words, with_article
from lodestar.doors.web.addresses import address
from lodestar.doors.web.frame import navigation
from lodestar.doors.web.language import globals_for_forms

SKIP_LINK = """{% from "govuk_frontend_jinja/components/skip-link/macro.html" import govukSkipLink %}
{{- govukSkipLink({"href": "#main-content", "text": "Skip to main content"}) }}"""


class Pages(Environment):
    """Templates whose words from outside are all there before the first is read: a page copies them as one dictionary."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The words of the environment, and a template's own over them."""
        return {**self.globals, **(d or {})}


def environment(**options: Any) -> Environment:
    """The Jinja environment: GOV.UK macros under ``govuk_frontend_jinja/``, our pages beside them."""
    own = options.pop("loader")
    options["undefined"] = Undefined  # the GOV.UK macros read optional parameters that are not there
    env = Pages(  # noqa: S701 - Django's backend passes autoescape=True
        loader=ChoiceLoader([own, PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]),
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    env.globals.update(
        skip_link=cache(lambda: Markup(env.from_string(SKIP_LINK).render())),
        static=lru_cache(static),
        url=address,
        now=timezone.now,
        navigation=navigation,
        get_messages=get_messages,
        csrf_token_of=get_token,
        form_errors=form_errors,
        json_script=json_script,
        **globals_for_forms(),
        say_figure=say_figure,
        title_of=_title_of,
        clock_says=CLOCK_SENTENCES.get,
        oidc_on=lambda: settings.OIDC_ON,
        oidc_name=_oidc_name,
    )
    env.filters.update(
        say=_say,
        say_date=_say_date,
        say_day=_say_day,
        left=_left,
        words=in_words,
        capitalize=_sentence,
        with_article=with_article,
        span=say_span,
        node=_node,
    )
    return env


def _node(pair: tuple[str, int]) -> Node:
    """Somebody or something of a network, from its kind and number."""
    return Node(*pair)


def _say(value: datetime | date | None) -> str:
    """An instant as people say it; a date stays a date, never midnight."""
    if value is None:
        return "not recorded"
    return say(value) if isinstance(value, datetime) else say_date(value)


def _say_date(value: datetime | date | None) -> str:
    return "not recorded" if value is None else say_date(value)


def _say_day(value: datetime) -> str:
    """The day of an instant in London, for what ends with a day: never midnight."""
    return say_date(local_date(value))


def _title_of(measure: Entry, line: str) -> str:
    """A line's title; one that stands for a group is the group's own name."""
    return next((one.title for one in measure.lines if one.code == line), in_words(line).capitalize())


def _left(due: datetime, at: datetime | None = None) -> str:
    """The time left as text, so that nothing is told by colour alone."""
    delta: timedelta = due - (at or timezone.now())
    return say_left(delta)


def _sentence(text: object) -> str:
    """The first letter as at the start of a sentence, the others as they are: the library's own would lower CPS."""
    said = str(text)
    return said[:1].upper() + said[1:]


def form_errors(form: Any) -> list[dict[str, str]]:
    """The errors of another library's form, as the error summary shows them."""
    found = [{"text": str(error), "href": "#main-content"} for error in form.non_field_errors()]
    for bound in form:
        found += [{"text": str(error), "href": f"#{bound.id_for_label or bound.auto_id}"} for error in bound.errors]
    return found


def _oidc_name() -> str:
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return str(apps[0]["name"]) if apps else ""
