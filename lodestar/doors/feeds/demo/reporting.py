"""How an absence comes in: the report, what was asked about risk, and the same absence told again."""

from __future__ import annotations

from datetime import datetime, timedelta

from lodestar.doors.feeds.demo import names, wording
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.episode import Alert, Report, RiskFact, Subject
from lodestar.doors.feeds.demo.records import Child, Home
from lodestar.doors.feeds.demo.rota import LONDON, Rota

_MINUTE = timedelta(minutes=1)
_YES = {"high": 0.34, "medium": 0.16, "cannot_be_assessed": 0.08, "low": 0.06, "very_low": 0.02}
_UNKNOWN = {"cannot_be_assessed": 0.6}


def taken_by(rota: Rota, instant: datetime) -> str:
    """The call handler who leads the control room then."""
    return rota.lead("control_room", instant).username


def report(
    dice: Dice, *, rota: Rota, child: Child, home: Home | None, external_id: str, level: str,
    since: tuple[datetime, datetime], reported_at: datetime, recorded_at: datetime, again: bool = False,
) -> Report:  # fmt: skip
    """The first report of an absence, by the carer."""
    source, door = ("care-home-form", "web") if home and dice.chance(0.3) else ("control-room", "web")
    return Report(
        external_id=external_id,
        source=source,
        door=door,
        reporter_name=child.carer,
        reporter_relationship=child.carer_relationship,
        reporter_contact=child.carer_phone,
        subject=_subject(child, dice.pick(wording.CLOTHING)),
        district=child.district,
        since_from=since[0],
        since_to=since[1],
        reported_at=reported_at,
        recorded_at=recorded_at,
        received_by=taken_by(rota, recorded_at),
        circumstances=circumstances(dice, child=child, home=home, since_to=since[1], again=again),
        risk_facts=risk_facts(dice, child=child, level=level, at=reported_at),
        alerts=_alerts(dice, child, level, reported_at),
    )


def told_again(dice: Dice, *, rota: Rota, child: Child, first: Report, until: datetime, number: int) -> Report:
    """The same absence reported by somebody else, a little later."""
    wait = min(until - first.reported_at, timedelta(hours=6)) / _MINUTE
    at = first.reported_at + max(1, int(dice.between(0.1, 0.9) * wait)) * _MINUTE
    relation = dice.pick(("teacher", "grandparent", "night worker", "friend's mother"))
    return Report(
        external_id=f"{first.external_id}-{number}",
        source=first.source,
        door=first.door,
        reporter_name=names.grown_up(dice),
        reporter_relationship=relation,
        reporter_contact=names.landline(dice),
        subject=_subject(child, ""),
        district=child.district,
        since_from=None,
        since_to=first.since_to,
        reported_at=at,
        recorded_at=max(at, first.recorded_at) + dice.whole(1, 9) * _MINUTE,
        received_by=taken_by(rota, max(at, first.recorded_at)),
        circumstances=dice.pick(wording.DUPLICATES),
        risk_facts=(),
        alerts=(),
    )


def circumstances(dice: Dice, *, child: Child, home: Home | None, since_to: datetime, again: bool) -> str:
    """What the reporter said, in a few plain sentences."""
    last = dice.pick(wording.LAST_WORDS)
    if again:
        return wording.AGAIN.format(last=last)
    start = home.name if home else "home"
    clock = f"{since_to.astimezone(LONDON):%H:%M}"
    they = "she" if child.sex == "female" else "he"
    return dice.pick(wording.CIRCUMSTANCES).format(start=start, clock=clock, place=dice.pick(names.PLACES), they=they, last=last)


def risk_facts(dice: Dice, *, child: Child, level: str, at: datetime, yes: tuple[str, ...] = ()) -> tuple[RiskFact, ...]:
    """What was asked and answered; ``yes`` are answers that this story needs."""
    others = [code for code in wording.QUESTIONS if code not in wording.CORE_QUESTIONS]
    asked = dict.fromkeys((*yes, *wording.CORE_QUESTIONS, *dice.some(others, dice.whole(2, 5))))
    return tuple(
        _fact(code, "yes" if code in yes else _answer(dice, level), child, at + number * _MINUTE / 2) for number, code in enumerate(asked)
    )


def _answer(dice: Dice, level: str) -> str:
    if dice.chance(_YES[level]):
        return "yes"
    return "unknown" if dice.chance(_UNKNOWN.get(level, 0.2)) else "no"


def _fact(code: str, answer: str, child: Child, at: datetime) -> RiskFact:
    detail = wording.YES[code] if answer == "yes" else ""
    return RiskFact(code, answer, detail, f"{child.carer} ({child.carer_relationship})", at)


def _alerts(dice: Dice, child: Child, level: str, at: datetime) -> tuple[Alert, ...]:
    said_by = f"{child.carer} ({child.carer_relationship})"
    alerts = []
    if dice.chance(0.06):
        alerts.append(Alert("medical", "Asthma: carries a blue inhaler and may not have it.", said_by, at))
    if level == "high" and dice.chance(0.3):
        alerts.append(Alert("threat", "Has had threatening messages from somebody older.", said_by, at))
    return tuple(alerts)


def _subject(child: Child, description: str) -> Subject:
    return Subject(child.given_name, child.family_name, child.birth_date, child.sex, child.address, child.local_authority_id, description)
