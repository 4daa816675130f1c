"""What happened: one episode and everything that was said, decided and done about it, as plain frozen facts.

Every instant is UTC with its zone. Staff are named by ``username``, children by ``key``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class RiskFact:
    """One answer to a question of risk: yes, no or unknown, with who said it and when."""

    code: str
    answer: str
    detail: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """A medical or threat fact that travels to whoever grades."""

    kind: str
    what: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a report is about, in the reporter's words; what they did not know is empty."""

    given_name: str
    family_name: str
    birth_date: date | None
    sex: str
    address: str
    local_authority_id: str
    description: str


@dataclass(frozen=True, slots=True)
class Report:
    """One report as it was made. The second and later ones of an episode are the same absence told again."""

    external_id: str
    source: str
    door: str
    reporter_name: str
    reporter_relationship: str
    reporter_contact: str
    subject: Subject
    district: str
    since_from: datetime | None
    since_to: datetime | None
    reported_at: datetime
    recorded_at: datetime
    received_by: str
    circumstances: str
    risk_facts: tuple[RiskFact, ...]
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of risk. Lowering one carries a reason and a second person."""

    level: str
    at: datetime
    by: str
    post: str
    rationale: str
    relied_on: tuple[str, ...]
    steps_agreed: str
    review_at: datetime
    reason: str = ""
    second_person: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """From this instant this person answers for the matter, until the next holding."""

    post: str
    username: str
    from_at: datetime
    how: str
    because: str


@dataclass(frozen=True, slots=True)
class Handover:
    """An offer to pass a matter on; answered_at None is one nobody has answered."""

    giver: str
    receiver: str
    offered_at: datetime
    answered_at: datetime | None
    state: str
    note: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One move along the lifecycle of core."""

    verb: str
    source: str
    target: str
    at: datetime
    recorded_at: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done, by core's code, with what it must say."""

    code: str
    at: datetime
    recorded_at: datetime
    by: str
    detail: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A supervisor's review that was due on one shift, and whether it was done."""

    shift_from: datetime
    due_at: datetime
    owed_by: str
    done_at: datetime | None
    done_by: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Who saw the child, when and where."""

    by: str
    at: datetime
    where: str


@dataclass(frozen=True, slots=True)
class ReturnInterview:
    """The independent return home interview. Outcome: held, declined, not_held (ended, with why) or owed."""

    authority: str
    requested_at: datetime | None
    due_at: datetime | None
    offered_at: datetime | None
    held_at: datetime | None
    declined_at: datetime | None
    ended_at: datetime | None
    outcome: str
    why: str


@dataclass(frozen=True, slots=True)
class News:
    """Something a caller says about a matter; on a closed one somebody must assess it."""

    received_at: datetime
    by: str
    from_whom: str
    contact: str
    text: str
    assessed_at: datetime | None
    assessed_by: str
    assessment: str
    reply_given: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """An offer to or from another force."""

    direction: str
    other_force: str
    receiver_named: str
    state: str
    offered_at: datetime
    offered_by: str
    reason: str
    answered_at: datetime | None
    answered_by: str
    answer_reason: str


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work on an open matter."""

    kind: str
    title: str
    detail: str
    state: str  # open, issued, blocked, done
    minutes: int
    skills: tuple[str, ...]
    earliest_at: datetime
    due_at: datetime
    created_at: datetime
    created_by: str
    assignee: str
    issued_at: datetime | None
    blocked_by: str
    done_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """It is not settled who a report is about: the children it could be, and what agrees and differs."""

    report: str  # its external id
    candidates: tuple[str, ...]
    agrees: str
    differs: str


@dataclass(frozen=True, slots=True)
class TrueSpan:
    """What really happened to one episode, before any dirt: the start and the end, known or yet to come."""

    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Episode:
    """One absence of one child, with everything that was done about it up to the data cut."""

    key: str
    child: str
    state: str  # a state of core's lifecycle
    district: str
    authority: str
    looked_after: bool
    from_home: str  # the home's code, empty for the family home
    since_from: datetime | None
    since_to: datetime | None
    reported_at: datetime
    recorded_at: datetime
    reports: tuple[Report, ...]
    grades: tuple[Grade, ...]
    holdings: tuple[Holding, ...]
    handovers: tuple[Handover, ...]
    steps: tuple[Step, ...]
    deeds: tuple[Deed, ...]
    reviews: tuple[Review, ...]
    located: Seen | None
    located_from: datetime | None  # bounds, where the time of finding is not known
    located_to: datetime | None
    wellbeing: Seen | None
    returned_at: datetime | None
    closed_at: datetime | None
    outcome: str  # found_safe, found_harmed, transferred, or empty while open
    return_interview: ReturnInterview | None
    news: tuple[News, ...]
    transfers: tuple[Transfer, ...]
    tasks: tuple[Task, ...]
    unsure: Unsure | None
    dirt: tuple[str, ...]  # the switches that touched this episode
    scene: str  # what a live or story episode is there to show
    truth: TrueSpan

    @property
    def is_open(self) -> bool:
        """Open until it has ended in any of the ways there are."""
        return self.state not in ("closed", "transferred", "opened_in_error")
