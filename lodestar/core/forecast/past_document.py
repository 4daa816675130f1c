"""The line's past as a document: instants of cases and of posts, nobody's name and no number of a case; written, and read again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lodestar.core.forecast.past import Held, History, PastCase, Stamped
from lodestar.core.forecast.scenario import BadScenario


def history_document(history: History) -> dict[str, Any]:
    """The history as plain values: instants of cases and posts, no name and no number."""
    return {"cases": [_plain_case(one) for one in history.cases], "posts": [_plain(one.from_at, one.until_at) for one in history.posts]}


def read_history(table: Any) -> History:
    """The history of a document. Refuses what is none, with the place: ``cases[3]: ...``."""
    if not isinstance(table, Mapping) or not isinstance(table.get("cases"), list) or not isinstance(table.get("posts"), list):
        raise BadScenario(("a history has a list of cases and a list of posts",))
    faults: list[str] = []
    cases = [one for place, row in enumerate(table["cases"]) if (one := _read(_read_case, row, f"cases[{place}]", faults)) is not None]
    posts = [one for place, row in enumerate(table["posts"]) if (one := _read(_read_post, row, f"posts[{place}]", faults)) is not None]
    if faults:
        raise BadScenario(tuple(faults))
    return History(tuple(cases), tuple(posts))


def _plain_case(one: PastCase) -> dict[str, Any]:
    found: dict[str, Any] = {"received": one.received_at.isoformat(), "recorded": one.recorded_at.isoformat()}
    found["grades"] = [[when.isoformat(), level] for when, level in one.grades]
    return found | {
        name: [at.isoformat() for at in said] for name in ("begun", "ended", "left") if (said := getattr(one, name)) is not None
    }


def _plain(from_at: datetime, until_at: datetime | None) -> dict[str, Any]:
    return {"from": from_at.isoformat(), "until": until_at.isoformat() if until_at else None}


def _read(reader: Any, row: Any, where: str, faults: list[str]) -> Any:
    try:
        return reader(row)
    except (KeyError, TypeError, ValueError) as fault:
        lacks = f"lacks {fault.args[0]}" if isinstance(fault, KeyError) else "an instant is written like 2026-06-04T09:00:00+01:00"
        faults.append(f"{where}: {lacks}")
        return None


def _read_case(row: Mapping[str, Any]) -> PastCase:
    received = _moment(row["received"])
    stamps = {name: _stamped(row[name]) for name in ("begun", "ended", "left") if row.get(name)}
    grades = tuple(sorted((_moment(when), str(level)) for when, level in row.get("grades", ())))
    return PastCase(received, max(received, _moment(row.get("recorded", row["received"]))), grades, **stamps)


def _read_post(row: Mapping[str, Any]) -> Held:
    return Held(_moment(row["from"]), _moment(row["until"]) if row.get("until") else None)


def _stamped(said: Any) -> Stamped:
    at, *recorded = [said] if isinstance(said, str) else said
    return _moment(at), max(_moment(at), _moment(recorded[0])) if recorded else _moment(at)


def _moment(said: Any) -> datetime:
    found = datetime.fromisoformat(str(said))
    if found.tzinfo is None:
        raise ValueError("an instant has its zone")
    return found
