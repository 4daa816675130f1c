"""The forecast: what waits now, what more posts would do and when, what is coming, how past forecasts did, and what none can know."""

from __future__ import annotations

from datetime import date
from time import monotonic
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lodestar.actions import forecast as actions
from lodestar.core.access.permissions import Permission as P
from lodestar.core.forecast.charts import demand_chart, plan_chart
from lodestar.core.forecast.past_said import past_chart, past_sentences
from lodestar.core.forecast.pose import Standing
from lodestar.core.forecast.rules import LineRules
from lodestar.core.forecast.saying import LIMITS, headline, plan_lines
from lodestar.core.forecast.telling import demand_sentences
from lodestar.core.times import local_date
from lodestar.core.words import NotVisible, Refused
from lodestar.doors.web.forms.forecast import AskForm
from lodestar.doors.web.measures import Draw, drawn_twice
from lodestar.doors.web.page import actor_of, page, refusals_of, show
from lodestar.store.queries import forecast as queries

LINE = "FORECAST-ONLINE"
SHOWN_MONTHS = (0, 3, 6, 12, 24, 36)


@page(P.MEASURES_READ)
@require_http_methods(["GET", "POST"])
def forecast(request: HttpRequest) -> HttpResponse:
    """The line now by class and lateness, the question, and the last answers."""
    at, errors = timezone.now(), []
    rules = queries.rules_of(LINE, at=at)
    today = local_date(at)
    first = {"posts": 3, "from_day": f"{today:%d/%m/%Y}", "training": rules.training[0].code, "growth": rules.growth[0].code}
    form = AskForm(request.POST or None, initial={**first, "discipline": "priority", "months": 12}, rules=rules, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            number = actions.ask(actor=actor_of(request), line=LINE, asked=form.asked(), now=at, clock=monotonic)
        except Refused as refused:
            errors = refusals_of(refused)
        else:
            return redirect("forecast_run", number)
    found = queries.stands(rules, at=at)
    context = {
        "rules": rules,
        "found": found,
        "classes": list(_classes(rules, found)),
        "whole": _whole(rules, found),
        "form": form,
        "errors": [*form.summary(), *errors],
        "runs": queries.runs(line=LINE),
        "demand": queries.last_run(line=LINE, about="demand"),
        "demand_sentences": demand_sentences,
        "past": queries.last_run(line=LINE, about="past"),
        "past_sentences": past_sentences,
        "limits": LIMITS,
        "at": at,
    }
    return show(request, "forecast/forecast.html", context, status=422 if form.errors or errors else 200)


@page(P.MEASURES_READ)
@require_http_methods(["GET", "POST"])
def forecast_run(request: HttpRequest, forecast_id: int, draw: Draw) -> HttpResponse:
    """One answer: sentences, the table, the chart, the classes, and how it was made; a button runs it again from what was kept."""
    row = queries.run(forecast_id)
    if row is None or row.about != "plans":
        raise NotVisible
    if request.method == "POST":
        same = actions.again(actor=actor_of(request), number=forecast_id, now=timezone.now())
        if same:
            messages.success(request, "Run again from what was kept: the same answer, to the byte.")
        else:
            messages.error(request, "Run again from what was kept, the answer is another: the engine or its libraries have changed since.")
        return redirect("forecast_run", forecast_id)
    said = row.answer
    chosen = next((place for place, plan in enumerate(row.document["plans"], 1) if plan["posts"][0]["count"] == row.question["posts"]), 0)
    context = {
        "row": row,
        "said": said,
        "rules": queries.rules_of(row.line, at=row.asked_at),
        "chosen": said["plans"][chosen],
        "number": chosen,
        "headline": list(headline(said, chosen)),
        "lines": plan_lines,
        "months": [month for month in SHOWN_MONTHS if month <= said["months"]],
        "drawn": drawn_twice(plan_chart(said, chosen, today=local_date(row.asked_at)), draw),
        "limits": LIMITS,
    }
    return show(request, "forecast/run.html", context)


@page(P.MEASURES_READ)
@require_GET
def forecast_scenario(request: HttpRequest, forecast_id: int) -> HttpResponse:
    """The scenario of an answer, as ``lodestar forecast`` reads it: counts and ages, nobody's case."""
    row = queries.run(forecast_id)
    if row is None or row.about != "plans":
        raise NotVisible
    answer = JsonResponse(row.document, json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="forecast-{forecast_id}.json"'
    return answer


@page(P.MEASURES_READ)
@require_GET
def forecast_demand(request: HttpRequest, draw: Draw) -> HttpResponse:
    """What is coming month by month, how it was told from past months, and whether that is better than last year."""
    row = queries.last_run(line=LINE, about="demand")
    context: dict[str, Any] = {"row": row, "rules": queries.rules_of(LINE, at=timezone.now()), "limits": LIMITS}
    if row is not None:
        context |= {
            "said": row.answer,
            "sentences": list(demand_sentences(row.answer)),
            "since": f"{date.fromisoformat(row.answer['first_origin']):%B %Y}" if row.answer["first_origin"] else "",
            "drawn": drawn_twice(demand_chart(row.answer), draw),
        }
    return show(request, "forecast/demand.html", context)


@page(P.MEASURES_READ)
@require_POST
def forecast_foretell(request: HttpRequest) -> HttpResponse:
    """Tell what is coming again now, rather than tonight."""
    if actions.foretell(actor=actor_of(request), line=LINE, now=timezone.now(), clock=monotonic) is None:
        messages.error(request, "There is not yet a year of whole months to tell from.")
    return redirect("forecast_demand")


@page(P.MEASURES_READ)
@require_http_methods(["GET", "POST"])
def forecast_past(request: HttpRequest, draw: Draw) -> HttpResponse:
    """How the engine did on the past, under the posts that were held; a button tells it again now."""
    if request.method == "POST":
        if actions.retell(actor=actor_of(request), line=LINE, now=timezone.now(), clock=monotonic) is None:
            messages.error(request, "No past month can be told again yet.")
        return redirect("forecast_past")
    row = queries.last_run(line=LINE, about="past")
    context: dict[str, Any] = {"row": row, "rules": queries.rules_of(LINE, at=timezone.now()), "limits": LIMITS}
    if row is not None:
        chart = past_chart(row.answer)
        context |= {
            "said": row.answer,
            "sentences": list(past_sentences(row.answer)),
            "day": date.fromisoformat,
            "drawn": drawn_twice(chart, draw) if chart is not None else None,
        }
    return show(request, "forecast/past.html", context)


def _classes(rules: LineRules, found: Standing) -> Any:
    for one in rules.classes:
        ages = [age for code, age in found.waiting if code == one.code]
        yield {
            "title": one.title,
            "deadline": one.deadline_days,
            "waiting": len(ages),
            "late": sum(age > one.deadline_days for age in ages),
            "long_late": sum(age > one.deadline_days + 30 for age in ages),
            "oldest": max(ages, default=0.0),
        }


def _whole(rules: LineRules, found: Standing) -> dict[str, Any]:
    rows = list(_classes(rules, found))
    return {name: sum(row[name] for row in rows) for name in ("waiting", "late", "long_late")} | {
        "oldest": max((row["oldest"] for row in rows), default=0.0)
    }
