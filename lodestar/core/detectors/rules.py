"""What should have happened and did not: rules that look for an absence, over small facts that the store fills in.

Nobody records what was not done, so a rule must go and look. Each rule is code; who owns it, within how many hours and until
which day it runs is a dated playbook, because a rule that nobody looks after goes on crying until nobody hears it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType

from lodestar.core.playbook import Block, Playbook
from lodestar.core.times import local_date


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident that concerns a child, and when it was first noticed to children's services, if it was."""

    id: int | str  # the matter's number, or the link of a child who is named in one
    child: int
    at: datetime
    noticed_at: datetime | None = None
    what: str = ""  # the incident's kind in words: reported missing and the like
    over_at: datetime | None = None  # no notice is wanted any more: opened in error, decided against with a reason
    matter: int | None = None  # where a finding is shown


@dataclass(frozen=True, slots=True)
class MissingReports:
    """One child's missing reports, and every strategy discussion asked for or held about them."""

    child: int
    reported_at: tuple[datetime, ...]
    discussed_at: tuple[datetime, ...] = ()
    set_aside_at: tuple[datetime, ...] = ()  # somebody said of an earlier finding why it is no concern
    matter: int | None = None  # the newest report's, where a finding is shown


@dataclass(frozen=True, slots=True)
class Charged:
    """One child charged and refused bail, and the requests made for accommodation."""

    id: int  # the detention's matter
    child: int
    refused_bail_at: datetime
    asked_at: tuple[datetime, ...] = ()
    left_at: datetime | None = None  # moved, bailed or produced at court


@dataclass(frozen=True, slots=True)
class HighRisk:
    """One child at high risk on an open matter, and whether a photograph is referred to there."""

    id: int  # the matter
    child: int
    since: datetime
    photographed_at: datetime | None = None
    until: datetime | None = None  # no longer high, or ended


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the rules look at, as known at one instant."""

    incidents: tuple[Incident, ...] = ()
    missing: tuple[MissingReports, ...] = ()
    charged: tuple[Charged, ...] = ()
    high_risk: tuple[HighRisk, ...] = ()


@dataclass(frozen=True, slots=True)
class Detector:
    """One rule with the block in force: its owner, the hours it allows, and the day after which it no longer runs."""

    code: str
    title: str
    rule: str
    owner: str  # a kind of post
    within: timedelta
    expires: date
    authority: str
    verified: bool
    values: Mapping[str, int] = field(default_factory=dict)

    def runs(self, at: datetime) -> bool:
        """True until its last day is over; after that somebody must decide to go on."""
        return local_date(at) <= self.expires


@dataclass(frozen=True, slots=True)
class Absence:
    """One thing that should be there: since when it is wanted, from when it is late, and what became of it.

    ``key`` is the same however often it is looked for, so that one absence is one hit.
    """

    detector: str
    key: str
    child: int
    wanted_from: datetime
    late_from: datetime
    sentence: str
    met_at: datetime | None = None  # it was done
    over_at: datetime | None = None  # it was never done, and is wanted no longer
    matter: int | None = None

    def is_missing(self, at: datetime) -> bool:
        """True where it is late, and neither done nor over."""
        return self.late_from <= at and not _reached(self.met_at, at) and not _reached(self.over_at, at)


Rule = Callable[[Facts, Detector, datetime], Iterator[Absence]]


def detector(playbook: Playbook, *, on: date) -> Detector:
    """A detector is its playbook with the block in force on the day; a day before the first block is refused."""
    block: Block = playbook.in_force(on)
    values = {key: value for key, value in block.values.items() if key in ("reports", "within_days")}
    return Detector(
        code=playbook.code,
        title=playbook.title,
        rule=playbook.body["rule"],
        owner=block.values["owner"],
        within=timedelta(hours=block.values["within_hours"]),
        expires=block.values["expires"],
        authority=block.authority,
        verified=block.verified,
        values=values,
    )


def find(*, detector: Detector, facts: Facts, at: datetime) -> tuple[Absence, ...]:
    """Every absence that this rule finds late at this instant, the longest wanting first; none once it has expired."""
    if not detector.runs(at):
        return ()
    found = RULES[detector.rule](facts, detector, at)
    return tuple(sorted((one for one in found if one.is_missing(at)), key=lambda one: (one.late_from, one.key)))


def met(*, detector: Detector, facts: Facts, at: datetime) -> frozenset[str]:
    """The keys of what this rule wanted and somebody has done, in time or late: what alone counts as put right."""
    return frozenset(one.key for one in RULES[detector.rule](facts, detector, at) if _reached(one.met_at, at))


def detector_faults(detector: Detector, *, posts: frozenset[str]) -> tuple[str, ...]:
    """What a detector's playbook says that cannot be followed; a sound one says nothing of the kind."""
    found = [] if detector.rule in RULES else [f"there is no rule {detector.rule}"]
    found += [] if detector.owner in posts else [f"nobody is called {detector.owner}"]
    found += [] if detector.within > timedelta(0) else ["it allows no time"]
    if detector.rule == "repeat_missing_no_strategy" and detector.values.keys() != {"reports", "within_days"}:
        found.append("it does not say how many reports in how many days")
    return tuple(f"{detector.code}: {fault}" for fault in found)


def _incident_without_notice(facts: Facts, detector: Detector, at: datetime) -> Iterator[Absence]:
    for one in facts.incidents:
        if one.at <= at:
            sentence = f"{one.what or 'An incident concerning a child'}: children's services have not been told."
            yield Absence(
                detector.code,
                f"incident-{one.id}",
                one.child,
                one.at,
                one.at + detector.within,
                sentence,
                met_at=one.noticed_at,
                over_at=one.over_at,
                matter=one.matter,
            )


def _repeat_missing_no_strategy(facts: Facts, detector: Detector, at: datetime) -> Iterator[Absence]:
    """The report that reaches the number starts it; a discussion at any time since that run of reports began answers it."""
    number, window = detector.values["reports"], timedelta(days=detector.values["within_days"])
    sentence = f"Missing {number} times in {detector.values['within_days']} days, and no strategy discussion."
    for child in facts.missing:
        times = sorted(time for time in child.reported_at if time <= at)
        for first, reached in zip(times, times[number - 1 :], strict=False):
            if reached - first > window:
                continue
            one = Absence(
                detector.code,
                f"child-{child.child}-{reached:%Y%m%dT%H%M%SZ}",
                child.child,
                reached,
                reached + detector.within,
                sentence,
                met_at=min((talk for talk in child.discussed_at if talk >= first), default=None),
                over_at=min((answer for answer in child.set_aside_at if answer >= first), default=None),
                matter=child.matter,
            )
            yield one
            if not _reached(one.met_at, at) and not _reached(one.over_at, at):
                break  # one hit for a child until it is answered, from the first report that reached the number


def _charged_without_request(facts: Facts, detector: Detector, at: datetime) -> Iterator[Absence]:
    sentence = "A child charged and refused bail: nobody has asked the authority for accommodation."
    for one in facts.charged:
        if one.refused_bail_at <= at:
            asked = min(one.asked_at, default=None)
            yield _of_matter(detector, one.id, one.child, sentence, _Span(one.refused_bail_at, asked, one.left_at))


def _high_risk_without_photograph(facts: Facts, detector: Detector, at: datetime) -> Iterator[Absence]:
    sentence = "A child at high risk: no photograph is ready to use."
    for one in facts.high_risk:
        if one.since <= at:
            yield _of_matter(detector, one.id, one.child, sentence, _Span(one.since, one.photographed_at, one.until))


@dataclass(frozen=True, slots=True)
class _Span:
    """Since when something is wanted, when it was done, and when it was wanted no longer."""

    wanted_from: datetime
    met_at: datetime | None
    over_at: datetime | None


def _of_matter(detector: Detector, matter: int, child: int, sentence: str, span: _Span) -> Absence:
    late_from = span.wanted_from + detector.within
    key = f"matter-{matter}"
    return Absence(detector.code, key, child, span.wanted_from, late_from, sentence, span.met_at, span.over_at, matter)


def _reached(instant: datetime | None, at: datetime) -> bool:
    return instant is not None and instant <= at


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "incident_without_notice": _incident_without_notice,
        "repeat_missing_no_strategy": _repeat_missing_no_strategy,
        "charged_without_request": _charged_without_request,
        "high_risk_without_photograph": _high_risk_without_photograph,
    }
)
