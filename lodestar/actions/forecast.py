"""Asking the forecast: the question, its inputs and the answer are kept together, so that the same question gives the same bytes.

Nothing is decided by an answer and no case is touched. What is kept holds counts and ages, never a name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import numpy as np
import scipy

from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.forecast.answer import ENGINE, answer
from lodestar.core.forecast.backtest import foresee
from lodestar.core.forecast.document import digest, read_scenario
from lodestar.core.forecast.ledger import read_ledger, taken_gaps
from lodestar.core.forecast.nowcast import History, nowcast
from lodestar.core.forecast.past import RUNS as PAST_RUNS
from lodestar.core.forecast.past import retell as retold
from lodestar.core.forecast.past_document import history_document, read_history
from lodestar.core.forecast.past_said import past_document
from lodestar.core.forecast.pose import Asked, pose, seed_of
from lodestar.core.forecast.rules import LineRules
from lodestar.core.forecast.telling import demand_document
from lodestar.core.tasking.canonical import canonical
from lodestar.core.times import local_date
from lodestar.core.words import Refusal, Refused
from lodestar.store.models import EarlierCount, ForecastRun
from lodestar.store.queries import forecast as queries

VERSIONS = f"{ENGINE}; numpy {np.__version__}; scipy {scipy.__version__}"  # the libraries' chance is part of the bytes
LEAST_MONTHS = 12
CHUNK = 500
Clock = Callable[[], float]


def ask(*, actor: Actor, line: str, asked: Asked, now: datetime, clock: Clock) -> int:
    """Ask what more posts would do: pose it from the line as it stands, run it, keep it whole. Returns its number.

    Refused where nothing can be told from: no post, or too little ended work. ``clock`` gives seconds, for how long it took.
    """
    with perform("forecast.asked", actor=actor, now=now, permission=P.MEASURES_READ) as act:
        begun = clock()
        rules = queries.rules_of(line, at=now)
        found = queries.stands(rules, at=now)
        if found.can_be_asked:
            raise Refused(Refusal("forecast.too_little", found.can_be_asked))
        document = pose(found, asked)
        read = read_scenario(document)
        seed = seed_of(local_date(now))
        said = {"fitted": [one.plain for one in read.fits], **answer(scenario=read.scenario, seed=seed, runs=rules.runs)}
        row = act.add(
            _run(
                rules,
                about="plans",
                asked_at=now,
                asked_by_id=actor.id,
                question={**asdict(asked), "from_day": asked.from_day.isoformat()},
                document=document,
                document_sha256=read.sha256,
                seed=seed,
                runs=rules.runs,
                answer=said,
                took_ms=int((clock() - begun) * 1000),
            )
        )
        act.record(subject=row, detail={"line": line, "sha256": read.sha256})
        return row.pk


def foretell(*, actor: Actor, line: str, now: datetime, clock: Clock) -> int | None:
    """Tell what is coming, with how past forecasts did, and keep it. None where there is not a year of whole months to tell from."""
    rules, today = queries.rules_of(line, at=now), local_date(now)
    history, first = queries.received(rules, at=now)
    if first is None or (today.year - first.year) * 12 + today.month - first.month < LEAST_MONTHS:
        return None
    with perform("forecast.foretold", actor=actor, now=now, permission=P.MEASURES_READ) as act:
        begun = clock()
        seed = seed_of(today)
        told = foresee(history, first=first, today=today, seed=seed)
        recent = nowcast(history, at=today.toordinal(), seed=seed)
        document = _plain(history, first)
        said, took = demand_document(told, recent), int((clock() - begun) * 1000)
        return _keep_told(act, rules, about="demand", document=document, seed=seed, runs=0, answer=said, took_ms=took)


def retell(*, actor: Actor, line: str, now: datetime, clock: Clock) -> int | None:
    """Tell the engine again from every past month there is, and keep how it did. None where there is no month to tell from."""
    rules, today = queries.rules_of(line, at=now), local_date(now)
    with perform("forecast.retold", actor=actor, now=now, permission=P.MEASURES_READ) as act:
        begun = clock()
        history, seed = queries.past_of(rules), seed_of(today)
        told = retold(history=history, rules=rules, today=today, seed=seed)
        if not told.foretold:
            act.subject = ("forecast_run", line)
            act.record(outcome="nothing to tell from", detail={"line": line})
            return None
        document = history_document(history)
        said, took = past_document(told), int((clock() - begun) * 1000)
        return _keep_told(act, rules, about="past", document=document, seed=seed, runs=PAST_RUNS, answer=said, took_ms=took)


def again(*, actor: Actor, number: int, now: datetime) -> bool:
    """Ask a kept question again from what was kept; true where the answer is the same to the byte."""
    with perform("forecast.asked_again", actor=actor, now=now, permission=P.MEASURES_READ) as act:
        row = act.claim(ForecastRun, number)
        said = _said_again(row)
        same = _digest(said) == row.answer_sha256
        act.record(subject=row, detail={"same": same})
        return same


def _said_again(row: ForecastRun) -> Mapping[str, Any]:
    """The answer to a kept question, worked out from what was kept."""
    if row.about == "plans":
        read = read_scenario(row.document)
        return {"fitted": [one.plain for one in read.fits], **answer(scenario=read.scenario, seed=row.seed, runs=row.runs)}
    today = date.fromisoformat(row.question["today"])
    if row.about == "past":
        rules = queries.rules_of(row.line, at=row.asked_at)
        return past_document(retold(history=read_history(row.document), rules=rules, today=today, seed=row.seed, runs=row.runs))
    history, first = _history(row.document), date.fromisoformat(row.document["first"])
    told = foresee(history, first=first, today=today, seed=row.seed)
    return demand_document(told, nowcast(history, at=today.toordinal(), seed=row.seed))


def take_counts(*, actor: Actor, line: str, text: str, source: str, now: datetime) -> int:
    """Take a line's counts from before the service over, whole or not at all and once a source. Returns how many rows."""
    with perform("forecast.counts_taken", actor=actor, now=now, permission=P.REPORTS_IMPORT) as act:
        rows, faults = read_ledger(text, today=local_date(now))
        gaps = faults or taken_gaps(rows=rows, source=source, taken=queries.has_counts(line=line, source=source))
        if gaps:
            raise Refused(*gaps)
        EarlierCount._default_manager.bulk_create(
            [EarlierCount(line=line, source=source, taken_at=now, **asdict(row)) for row in rows], batch_size=CHUNK
        )
        act.subject = ("earlier_count", line)
        act.record(detail={"rows": len(rows), "sha256": sha256(text.encode()).hexdigest()})
        return len(rows)


def _keep_told(act: Act, rules: LineRules, *, document: Mapping[str, Any], **values: Any) -> int:
    """Keep what was told of a line on a day, with what it was told from."""
    row = act.add(
        _run(
            rules,
            asked_at=act.now,
            asked_by_id=act.actor.id,
            question={"today": local_date(act.now).isoformat()},
            document=document,
            document_sha256=digest(document),
            **values,
        )
    )
    act.record(subject=row, detail={"line": rules.code})
    return row.pk


def _run(rules: LineRules, *, answer: Mapping[str, Any], **values: Any) -> ForecastRun:
    return ForecastRun(
        line=rules.code, playbook_hash=rules.content_hash, engine=VERSIONS, answer=answer, answer_sha256=_digest(answer), **values
    )


def _digest(answer: Mapping[str, Any]) -> str:
    return sha256(canonical(answer).encode()).hexdigest()


def _plain(history: History, first: date) -> dict[str, Any]:
    columns = {name: getattr(history, name).tolist() for name in ("received", "recorded", "count")}
    return {"first": first.isoformat(), **columns}


def _history(document: Mapping[str, Any]) -> History:
    return History(*(np.array(document[name], dtype=np.int64) for name in ("received", "recorded", "count")))
