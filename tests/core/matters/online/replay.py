"""A case lived through in a test: each deed goes through the same gates as in the service, and moves by the same table."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from lodestar.core.lifecycle import Row
from lodestar.core.matters import deeds as gate
from lodestar.core.matters.desk import Attempt, Done, Involved, Started, Story
from lodestar.core.matters.online.desk import ONLINE_DESK
from lodestar.core.matters.online.lifecycle import ONLINE
from lodestar.core.words import Allowed, Refusal, Refusals
from tests.core.matters.online.examples import AT, told

OFFICER, CHECKER, SERGEANT = 1, 2, 3
HOUR = timedelta(hours=1)

IP = {
    "ip": "81.2.69.142", "port_given": "yes", "port": "50122", "time_text": "2026-02-11 21:14:09", "zone": "UTC",
    "converted_at": "2026-02-11T21:14:09+00:00", "entered": "machine_copied", "source_document": "DOC-88121",
}  # fmt: skip
# What each deed says in a case where nothing is wrong; answers about earlier deeds and children are filled in as it is lived.
SAYS: dict[str, dict[str, str]] = {
    "referral_received": {
        "source": "nca_package", "source_reference": "NCA-2026-0417", "received_at": AT.isoformat(),
        "disseminated_at": (AT - 30 * HOUR).isoformat(), "offence_times": "2026-02-11 21:14:09 UTC", "source_document": "DOC-88121",
    },
    "ip_event_recorded": IP,
    "time_zone_checked": {"read_from": "DOC-88121", "converted_at": "2026-02-11T21:14:09+00:00", "address_agrees": "yes"},
    "ip_events_compared": {"finding": "same_subscriber", "resolved_by": "RES-1 and RES-2", "limits": "None found"},
    "kirat_recorded": {
        "version": "3.1", "assessor": "Noor Hale 4471", "trained_on": "12 March 2026", "reference": "K-2291", "band": "medium",
    },
    "kirat_checked": {"agrees": "yes", "checked": "Read every answer against the package"},
    "kirat_overridden": {"band": "high", "reason": "The tool cannot see the sister's allegation"},
    "share_decided": {
        "decision": "share", "reason": "Two girls live there", "gateway": "Children Act 1989 s.47", "recipient": "Children's services",
        "conditions": "Nobody speaks to the family", "harm": "The suspect would be warned",
        "next_review": (AT + 60 * 24 * HOUR).isoformat(),
    },
    "child_shared": {
        "recipient": "Children's services", "person_told": "Ida Brook, duty manager", "what": "Suspect lives with the child",
        "power": "Children Act 1989 s.47", "receipt": "CS-771",
    },
    "enforcement_approved": {"approves": "yes", "reason": "Safe for both girls"},
    "warrant_answered": {"result": "granted", "reference": "W-19"},
    "suicide_plan_made": {"risk": "Lives alone, no history", "plan": "Call at 24 and 48 hours", "contact_route": "invitation"},
    "device_seized": {"exhibit": "JH/1", "seal": "A123", "what": "phone", "whose": "The suspect's, bedroom", "band": "high"},
    "device_banded": {"band": "low", "reason": "Belongs to the grandmother"},
    "device_triaged": {"result": "examine_in_full", "note": "Messages seen"},
    "device_examined": {
        "category_a": "3", "category_b": "0", "category_c": "12", "trusted": "yes", "first_generation": "no", "new_victims": "no",
        "examiner": "Two hours a day",
    },
    "waiting_began": {"waiting_for": "provider", "whom": "Provider's desk", "chase_at": (AT + 3000 * 24 * HOUR).isoformat()},
    "trigger_date_set": {"kind": "release", "when": (AT + 30 * 24 * HOUR).isoformat(), "contact": "Noor Hale"},
    "cps_submitted": {
        "reference": "F-1", "colour": "green", "standard": "yes", "disclosure": "D-1", "streamlined": "No: category A",
    },
    "cps_action_set": {"action": "Statement from the sister", "due": (AT + 3000 * 24 * HOUR).isoformat()},
    "cps_decided": {"decision": "charge", "reference": "CPS-1", "consent": "yes"},
    "no_further_action": {"reason": "The subscriber was a shared house", "basis": "wrong_person", "suspect_told": "Never knew"},
}  # fmt: skip


@dataclass
class Case:
    """One case as it is lived; ``now`` is when the last thing was recorded."""

    story: Story = field(default_factory=told)
    now: datetime = AT
    started: list[tuple[str, Started]] = field(default_factory=list)

    @property
    def state(self) -> str:
        """Where the case stands."""
        return self.story.state

    def record(self, code: str, *, by: int = OFFICER, after: timedelta = HOUR, **said: str) -> Refusals:
        """Record a deed an hour later than the last, unless the test says otherwise; gives what was refused."""
        at = self.now + after
        kind = ONLINE_DESK.deeds[code]
        answers = {asked.name: "As it was" for asked in kind.asks if asked.asked_as == "text"}
        answers |= {asked.name: asked.choices[0] for asked in kind.asks if asked.asked_as == "choice"}
        answers |= {**SAYS.get(code, {}), **self._about(code), **said}
        answers = {asked.name: answers.get(asked.name, "").strip() for asked in kind.asks}
        verdict = gate.record(kind=kind, state=self.state, at=at, said=answers, opened_at=self.story.reported_at, now=at)
        if not isinstance(verdict, Allowed):
            return verdict
        refused = ONLINE_DESK.refuse(Attempt(self.story, code, answers, at, by, at))
        if not refused:
            self._write(code, at, by, answers)
        return refused

    def grade(self, level: str, *, by: int = SERGEANT, after: timedelta = HOUR) -> Refusals:
        """Grade it, as the service's own grading does."""
        refused = ONLINE_DESK.refuse_grade(self.story)
        if self.story.level == "" and ONLINE.row(state=self.state, verb="grade") is None:
            refused = (*refused, Refusal("no_row", "No."))
        if not refused:
            self.story = replace(self.story, level=level)
            self._write("graded", self.now + after, by, {"level": level})
        return refused

    def link(self, role: str = "child_in_household", *, person: int = 0) -> int:
        """Link a child; gives the number of the link."""
        number = 1000 + len(self.story.involved)
        row = Involved(id=number, person=person or number, role=role, nature="fact", from_at=self.now)
        self.story = replace(self.story, involved=(*self.story.involved, row))
        self.started += [("linked", started) for started in ONLINE_DESK.involve(self.story, row)]
        return number

    def must(self, code: str, **said: Any) -> None:
        """Record what must not be refused."""
        refused = self.record(code, **said)
        assert refused == (), (code, refused)

    def apply(self, verb: str) -> Row:
        """Make a move that the table holds."""
        row = ONLINE.row(state=self.state, verb=verb)
        assert row is not None, f"{verb} from {self.state} is not in the table"
        self.story = replace(self.story, state=row.target)
        return row

    def _write(self, code: str, at: datetime, by: int, said: dict[str, str]) -> None:
        done = Done(len(self.story.done) + 1, code, at, at, by, said)
        self.now = at
        self.story = replace(self.story, done=(*self.story.done, done))
        following = ONLINE_DESK.follow(self.story, done)
        self.started += [(code, started) for started in following.starts]
        for verb in following.verbs:
            if self.apply(verb).target in ("closed", "opened_in_error"):
                self.story = replace(self.story, closed_at=at)
            elif verb == "reopen":
                self.story = replace(self.story, closed_at=None)

    def _about(self, code: str) -> dict[str, str]:
        """The newest deed or child that each question can mean."""
        found = {}
        for asked in ONLINE_DESK.deeds[code].asks:
            if asked.asked_as == "deed":
                earlier = self.story.all(*asked.choices)
                found[asked.name] = str(earlier[-1].id) if earlier else ""
            elif asked.asked_as == "involved":
                rows = self.story.in_role(*asked.choices)
                found[asked.name] = str(rows[-1].id) if rows else ""
        events = self.story.all("ip_event_recorded")
        if code == "ip_events_compared" and events:
            found |= {"first": str(events[0].id), "second": str(events[-1].id)}
        return found


def researched() -> Case:
    """A case referred, compared and researched, with two events whose times a second person has checked."""
    case = Case()
    case.must("referral_received", after=timedelta(0))
    for _ in range(2):
        case.must("ip_event_recorded")
        case.must("time_zone_checked", by=CHECKER)
    case.must("deconfliction_recorded")
    case.must("stage_finished")
    case.must("stage_finished")
    for code in ("ip_events_compared", "corroboration_recorded", "household_researched", "suspect_researched"):
        case.must(code)
    return case


def graded(*, children: int = 1, level: str = "medium") -> Case:
    """A researched case with a child in the household, its tool's result checked, graded and past that stage."""
    case = researched()
    for _ in range(children):
        case.link()
        case.must("child_risk_known")
    case.must("kirat_recorded", band=level)
    case.must("kirat_checked", by=SERGEANT)
    assert case.grade(level) == ()
    case.must("stage_finished")
    case.must("stage_finished")
    assert case.state == "safeguarding_decided"
    return case


def safeguarded() -> Case:
    """A graded case with its child's risk shared and received, and the safety of the child agreed."""
    case = graded()
    for code in ("share_decided", "child_shared", "online_strategy_asked", "online_strategy_held", "interim_safety_agreed"):
        case.must(code)
    case.must("stage_finished")
    assert case.state == "enforcement_planned"
    return case


def contacted() -> Case:
    """A safeguarded case whose suspect has been arrested by an approved plan."""
    case = safeguarded()
    case.must("enforcement_planned_out")
    case.must("enforcement_approved", by=SERGEANT)
    for code in ("warrant_asked", "warrant_answered", "suicide_plan_made", "contact_made"):
        case.must(code)
    assert case.state == "enforced"
    return case


def at_cps() -> Case:
    """A case whose devices are examined and whose file is with the CPS."""
    case = contacted()
    for code in ("scene_recorded", "device_seized", "stage_finished", "welfare_checked", "care_referred", "trigger_date_set"):
        case.must(code)
    case.must("release_decided")
    case.must("employer_disclosure_decided", by=SERGEANT)
    for code in ("other_children_researched", "stage_finished", "device_triaged", "device_examined", "cps_early_advice", "cps_submitted"):
        case.must(code)
    assert case.state == "file_at_cps"
    return case
