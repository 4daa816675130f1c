"""The figures and charts of a pack: each figure kept as its own row, so that it can be worked out again from what was known."""

from __future__ import annotations

from typing import Any

from lodestar.actions import measures
from lodestar.actions.perform import Act
from lodestar.core.measures.charged import group_of
from lodestar.core.packs.charts import kept as kept_chart
from lodestar.core.packs.figures import Drawn, Kept, apart, figures
from lodestar.core.packs.forms import Writers
from lodestar.core.packs.tables import tables
from lodestar.core.packs.template import FIGURES, Template
from lodestar.core.words import Period
from lodestar.store.queries import pack_measures as queries
from lodestar.store.queries.measures import last_days

Charts = dict[str, list[dict[str, Any]]]


def keep_figures(act: Act, template: Template, writers: Writers) -> tuple[dict[str, tuple[Kept, ...]], Charts, Charts]:
    """Keep every figure that a template asks for, as known now; returns figures, charts and tables of groups by part of the pack.

    A measure's chart is drawn once in a pack, where the measure first stands: its months are the same whatever the period.
    """
    found: dict[str, tuple[Kept, ...]] = {}
    charts: Charts = {}
    groups: Charts = {}
    sections = [one for one in template.sections if one.kind == FIGURES]
    periods = {one.code: last_days(days=one.days, at=act.now) for one in sections}
    sources: dict[str, queries.Source] = {}
    for section in sections:
        new = [code for code in section.measures if code not in sources]
        sources |= {code: queries.source(code, periods=tuple(periods.values()), at=act.now) for code in new}
        asked = (sources[code] for code in section.measures)
        told = tuple(one for source in asked for one in _kept(act, source, periods[section.code], template))
        for earlier in found.values():
            told = apart(earlier, told, small=template.small)
        found[section.code] = told
        groups[section.code] = [one for code in section.tables for one in _tables(act, sources[code], periods[section.code], template)]
        charts[section.code] = [one for code in new for one in _charts(sources[code], template, writers)]
    return found, charts, groups


def _kept(act: Act, source: queries.Source, period: Period, template: Template) -> tuple[Kept, ...]:
    """The lines of a measure, but those of groups that stand in tables."""
    lines = [one for one in queries.figures(source, period=period) if group_of(one.line) is None]
    drawn = []
    for row, one in zip(measures.keep_found(act, lines, period=period), lines, strict=True):
        line = source.one.line(one.line)
        title = line.title if line is not source.one.groups else f"{line.title}: {one.line.replace('_', ' ')}"
        drawn.append(Drawn(one, row.pk, title, line.published, one.line == source.one.headline.code))
    return figures(drawn=drawn, small=template.small)


def _tables(act: Act, source: queries.Source, period: Period, template: Template) -> list[dict[str, Any]]:
    """The groups of a measure side by side, each kept as a figure of its own."""
    lines = [one for one in queries.figures(source, period=period) if group_of(one.line) is not None]
    rows = [(one, row.pk) for row, one in zip(measures.keep_found(act, lines, period=period), lines, strict=True)]
    compared = source.told.own.get("compared_with", {})
    return tables(drawn=rows, small=template.small, compared_with=compared, names=queries.names_of_places())


def _charts(source: queries.Source, template: Template, writers: Writers) -> list[dict[str, Any]]:
    """The chart of a measure's headline, as its own page draws it; none where there are too few months to say anything."""
    found = queries.chart(source)
    if found is None or found[0].drawn is None:
        return []
    chart, points = found[0].drawn, found[1]
    return [kept_chart(chart, svg=writers.draw(chart).decode(), points=points, small=template.small)]
