"""The figures and charts of a pack: each figure kept as its own row, so that it can be worked out again from what was known."""

from __future__ import annotations

from typing import Any

from lodestar.actions import measures
from lodestar.actions.perform import Act
from lodestar.core.measures.catalogue import entry
from lodestar.core.packs.charts import kept as kept_chart
from lodestar.core.packs.figures import Drawn, Kept, figures
from lodestar.core.packs.forms import Writers
from lodestar.core.packs.template import FIGURES, Template
from lodestar.core.words import Period
from lodestar.store.queries import measures as queries
from lodestar.store.queries import readings

Charts = dict[str, list[dict[str, Any]]]


def keep_figures(act: Act, template: Template, writers: Writers) -> tuple[dict[str, tuple[Kept, ...]], Charts]:
    """Keep every figure that a template asks for, as known now; returns figures and charts by part of the pack.

    A measure's chart is drawn once in a pack, where the measure first stands: its months are the same whatever the period.
    """
    found: dict[str, tuple[Kept, ...]] = {}
    charts: Charts = {}
    drawn: set[str] = set()
    for section in (one for one in template.sections if one.kind == FIGURES):
        period = queries.last_days(days=section.days, at=act.now)
        found[section.code] = tuple(one for code in section.measures for one in _kept(act, code, period, template))
        new = [code for code in section.measures if code not in drawn]
        charts[section.code] = [one for code in new for one in _charts(act, template, code, writers)]
        drawn.update(new)
    return found, charts


def _kept(act: Act, code: str, period: Period, template: Template) -> tuple[Kept, ...]:
    told = entry(code)
    rows = measures.keep(act, code=code, period=period)
    lines = queries.figures_of(code, period=period, at=act.now, known_at=act.now)
    drawn = []
    for row, one in zip(rows, lines, strict=True):
        line = told.line(one.line)
        headline = one.line == told.headline.code
        title = line.title if line is not told.groups else f"{line.title}: {one.line.replace('_', ' ')}"
        drawn.append(Drawn(one, row.pk, title, line.published, headline))
    return figures(drawn=drawn, small=template.small)


def _charts(act: Act, template: Template, code: str, writers: Writers) -> list[dict[str, Any]]:
    """The chart of a measure's headline, as its own page draws it; none where there are too few months to say anything."""
    asked = readings.Asked(queries.last_days(days=365, at=act.now), act.now, known_at=act.now)
    found = readings.reading_of(code, asked)
    if found is None or found.drawn is None:
        return []
    points = queries.series(code, at=act.now, months=readings.MONTHS, known_at=act.now)
    return [kept_chart(found.drawn, svg=writers.draw(found.drawn).decode(), points=points, small=template.small)]
