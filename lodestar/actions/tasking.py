"""Proposing who does what, deciding by name, and accepting by name what nobody can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from lodestar.actions import tasks
from lodestar.actions.matters.moving import settle
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.tasking import decide as rules
from lodestar.core.tasking.first_come.problem import Stop, params_from
from lodestar.core.tasking.first_come.solve import solve
from lodestar.core.words import Conflict, insist, require
from lodestar.store.models import AcceptedRisk, Decision, Proposal, Task
from lodestar.store.playbooks import playbook
from lodestar.store.queries import tasking as queries

FORMULA = "FORMULA-TASKING"


def propose(*, actor: Actor, now: datetime, seed: int = 0) -> int:
    """Run the formula over the open tasks and who is on duty; the problem, its hash and the answer are kept for replay."""
    with perform("tasking.proposed", actor=actor, now=now, permission=P.TASKING_PROPOSE) as act:
        problem = queries.problem(actor=actor, at=now)
        book = playbook(FORMULA)
        answer = solve(problem=problem, params=params_from(book.in_force(now).values), seed=seed, stop=Stop())
        for old in Proposal.objects.filter(state="proposed"):
            act.move(old, state="lapsed")
            act.record(old, verb="tasking.lapsed")
        made = act.add(
            Proposal(
                made_at=now,
                made_by_id=actor.id,
                problem=asdict(problem),
                problem_sha256=answer.problem_sha256,
                playbook_hash=book.content_hash,
                seed=seed,
                iterations=answer.iterations,
                body=answer.as_json(),
            )
        )
        act.record(made, detail={"placed": len(answer.placed), "unplaced": len(answer.unplaced), "problem": answer.problem_sha256})
        act.changed(None, "tasking.proposed")
        return int(made.pk)


def decide_proposal(
    *, actor: Actor, proposal_id: int, seen_version: int, wanted: Mapping[int, int], reason: str, refused: bool, now: datetime
) -> str:
    """A named person accepts, amends or refuses; a reason is owed when it departs. Returns what was decided.

    ``wanted`` maps a task to the person who is to do it. Refuses one's own case, a task or person outside the proposal, and
    a proposal that is not the newest.
    """
    with perform("tasking.decided", actor=actor, now=now, permission=P.TASKING_DECIDE) as act:
        proposal = act.claim(Proposal, proposal_id, seen_version=seen_version)
        lines = {line["need"]: line for line in proposal.body["placed"]}
        proposed = {need: line["asset"] for need, line in lines.items()}
        own = frozenset(Task.objects.filter(pk__in=list(wanted), matter__holder_id=actor.id).values_list("pk", flat=True))
        reach = rules.Reach(
            tasks=frozenset(need["id"] for need in proposal.problem["needs"]),
            people=frozenset(asset["id"] for asset in proposal.problem["assets"]),
        )
        decision = insist(
            rules.decide(
                proposed=proposed,
                wanted=wanted,
                reach=reach,
                decider=actor.id or 0,
                holds_matter_of=own,
                reason=reason,
                refused=refused,
            )
        )
        row = insist(rules.PROPOSAL.step(state=proposal.state, verb=decision.verb, permissions=actor.permissions, reason=reason))
        act.move(proposal, state=row.target)
        act.add(
            Decision(
                proposal=proposal, by_id=act.person, at=now, kind=row.target, reason=reason, lines=[list(line) for line in decision.lines]
            )
        )
        act.record(proposal, verb=row.audit, detail={"lines": len(decision.lines), "departs": row.target == "amended"})
        _issue(act, proposal, dict(decision.lines))
        return row.target


def _issue(act: Act, proposal: Proposal, lines: Mapping[int, int]) -> None:
    start = datetime.fromisoformat(proposal.problem["start"])
    placed = {line["need"]: line for line in proposal.body["placed"]}
    for task_id, person in lines.items():
        task = Task.objects.select_related("matter").get(pk=task_id)
        if task.state != "open":  # somebody issued or cancelled it since: decide again on what is true now
            raise Conflict
        line = placed.get(task_id)
        same = line is not None and line["asset"] == person
        planned = start + timedelta(minutes=line["start"]) if line is not None and same else None
        because = line["because"] if line is not None and same else f"Chosen by {act.actor.name} against the proposal."
        tasks.issue(act, task, people=(person,), planned_start=planned, because=because, proposal_id=proposal.pk)
        settle(act, task.matter)


def accept_risk(*, actor: Actor, task_id: int, reason: str, expires_at: datetime | None, now: datetime) -> int:
    """What nobody can do is accepted by name, with a reason, until it comes back, within the formula's longest time."""
    with perform("tasking.risk_accepted", actor=actor, now=now, permission=P.TASKING_ACCEPT_RISK) as act:
        task = act.claim(Task, task_id)
        longest = timedelta(hours=playbook(FORMULA).in_force(now).values["longest_risk_hours"])
        require(*rules.risk_gaps(reason=reason, expires_at=expires_at, longest=longest, now=now))
        risk = act.add(AcceptedRisk(matter=task.matter, task=task, by_id=act.person, at=now, reason=reason, expires_at=expires_at or now))
        act.record(risk, detail={"matter": task.matter_id, "task": task.pk})
        act.changed(task.matter_id)
        return int(risk.pk)
