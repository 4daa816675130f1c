"""Proposing who does what, deciding by name, and accepting by name what nobody can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lodestar.actions import clocks, notices, tasks
from lodestar.actions.matters.moving import settle
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.tasking import decide as rules
from lodestar.core.tasking.answer import answer
from lodestar.core.tasking.canonical import canonical
from lodestar.core.tasking.document import read_problem
from lodestar.core.tasking.events import UNRESOURCED, unresourced
from lodestar.core.tasking.formula import Formula
from lodestar.core.tasking.plan import read_lines
from lodestar.core.tasking.pose import pose
from lodestar.core.tasking.pose import task_id as name_of
from lodestar.core.tasking.problem import after_iterations
from lodestar.core.words import Conflict, NotVisible, insist, require
from lodestar.store.models import AcceptedRisk, Decision, Obligation, Proposal, Task
from lodestar.store.queries import duty, formulas
from lodestar.store.queries import tasking as queries


def propose(*, actor: Actor, now: datetime, because: str = "") -> int:
    """Run the formula in force over the work within reach and who is on duty; all that it was asked is kept for replay.

    ``because`` says what happened that asked for it, where it was not a person. Work already issued is where it is, and moves
    only for a higher tier.
    """
    held = formulas.in_force(at=now)
    day = queries.day(actor=actor, at=now, formula=held.formula)
    posed = pose(day=day, formula=held.formula)
    params = queries.kept_params(held.formula, start=day.start)
    asked: dict[str, Any] = {"document": posed.document, "issued": posed.issued, "params": params}
    body = _answered(**asked) if actor.may(P.TASKING_PROPOSE) else {}  # a second's work, so before anything is locked
    with perform("tasking.proposed", actor=actor, now=now, permission=P.TASKING_PROPOSE) as act:
        for old in Proposal.objects.filter(state="proposed"):
            act.move(old, state="lapsed")
            act.record(old, verb="tasking.lapsed")
        made = act.add(
            Proposal(
                made_at=now,
                made_by_id=actor.id,
                because=because,
                problem=posed.document,
                problem_sha256=body["problem_sha256"],
                playbook_hash=held.content_hash,
                formula=held.row,
                params=params,
                judged=posed.judged,
                issued=posed.issued,
                seed=held.formula.search["seed"],
                iterations=held.formula.search["iterations"],
                body=body,
            )
        )
        placed, unplaced = len(body["assignments"]), len(body["unplaced"])
        act.record(made, detail={"placed": placed, "unplaced": unplaced, "problem": made.problem_sha256})
        act.changed(None, "tasking.proposed")
        _mark_unresourced(act, made, held.formula)
        if because:
            _tell_deciders(act, made, f"Proposal {made.pk} waits for your decision, because {because}.")
        return int(made.pk)


def _mark_unresourced(act: Act, proposal: Proposal, formula: Formula) -> None:
    """What it could place with nobody is owed from now, once, until somebody does it or accepts by name that nobody does."""
    planned = queries.planned(proposal)
    owed = Obligation.objects.filter(is_open=True, satisfied_by="task_resourced", subject_kind="task", subject_id__in=planned)
    running = set(owed.values_list("subject_id", "rule"))
    for task in Task.objects.filter(pk__in=planned, is_open=True).select_related("matter").order_by("pk"):
        event = unresourced(tier=formula.tiers[proposal.judged[name_of(task.pk)]["tier"]])
        rules = {rule for pk, rule in running if pk == task.pk}
        nobody = not planned[task.pk].people
        if rules and (not nobody or UNRESOURCED[event] not in rules):
            clocks.settle_about(act, task, code="task_resourced")
        if nobody and UNRESOURCED[event] not in rules:
            clocks.begin(act, task.matter, event, at=act.now, about=task)
        if nobody or rules:
            clocks.mirror_next(task.matter)


def _answered(*, document: dict[str, Any], issued: list[dict[str, Any]], params: dict[str, Any]) -> dict[str, Any]:
    """The formula's answer to a problem as it was kept: the same on every run, whatever the tables hold now."""
    problem = read_problem(document)
    return answer(
        problem=problem,
        params=queries.read_params(params),
        seed=params["seed"],
        stop=after_iterations(params["iterations"]),
        warm=read_lines({"assignments": issued}, problem=problem),
        say=queries.clock(params, problem),
        longest_stay=params["longest_overrun_minutes"] * problem.scale,
    )


def run_again(*, actor: Actor, proposal_id: int, now: datetime) -> bool:
    """Run a proposal again from what it was asked then; true where the answer is the same, byte for byte. On record either way."""
    with perform("tasking.run_again", actor=actor, now=now, permission=P.TASKING_PROPOSE) as act:
        proposal = act.claim(Proposal, proposal_id)
        found = _answered(document=proposal.problem, issued=proposal.issued, params=proposal.params)
        same = canonical(found) == canonical(proposal.body)
        act.record(proposal, detail={"same": same, "problem": proposal.problem_sha256})
        return same


def decide_proposal(
    *,
    actor: Actor,
    proposal_id: int,
    seen_version: int,
    wanted: Mapping[int, tuple[int, ...]],
    reason: str,
    refused: bool,
    now: datetime,
) -> str:
    """A named person accepts, amends or refuses; a reason is owed when it departs. Returns the state that the proposal is in.

    ``wanted`` maps a task to its people. Work of a tier that needs two people waits for the second; the rest goes out now.
    Refuses one's own case, a task or person outside the proposal, and a proposal that is not the newest.
    """
    with perform("tasking.decided", actor=actor, now=now, permission=P.TASKING_DECIDE) as act:
        proposal = act.claim(Proposal, proposal_id, seen_version=seen_version)
        named = queries.tasks_of(proposal, actor=actor)
        formula = formulas.in_force(at=now).formula
        lines = queries.lines(proposal, viewer=act.person, named=named, formula=formula)
        decision = insist(
            rules.decide(
                lines=lines,
                wanted=wanted,
                people=queries.on_duty(proposal),
                decider=act.person,
                reason=reason,
                refused=refused,
                free_moves=formula.free_moves(sum(bool(line.issued) for line in lines.values())),
            )
        )
        row = insist(rules.PROPOSAL.step(state=proposal.state, verb=decision.verb, permissions=actor.permissions, reason=reason))
        act.move(proposal, state=row.target)
        kind = {"accept": "accepted", "amend": "amended", "refuse": "refused"}[decision.kind]
        waiting = [[task, list(people)] for task, people in decision.waiting]
        given = [[task, list(people)] for task, people in decision.now]
        act.add(Decision(proposal=proposal, by_id=act.person, at=now, kind=kind, reason=reason, lines=given, waiting=waiting))
        act.record(proposal, verb=row.audit, detail={"lines": len(given), "waiting": len(waiting), "departs": kind == "amended"})
        _give_out(act, proposal, decision.now, reason=reason)
        if waiting:
            _tell_deciders(act, proposal, f"Proposal {proposal.pk} has work of the first tier that needs a second person now.")
        act.changed(None)
        return row.target


def second(*, actor: Actor, proposal_id: int, seen_version: int, verb: str, reason: str, now: datetime) -> str:
    """A second person agrees to the work that needs two, which goes out then, or withholds it with a reason."""
    with perform("tasking.seconded", actor=actor, now=now, permission=P.TASKING_DECIDE) as act:
        if verb not in ("second", "withhold"):
            raise NotVisible
        proposal = act.claim(Proposal, proposal_id, seen_version=seen_version)
        decision = proposal.decision
        lines = [(int(task), tuple(people)) for task, people in decision.waiting]
        own = Task.objects.filter(pk__in=[task for task, people in lines if act.person in people], matter__holder_id=act.person).exists()
        require(*rules.second(decider=decision.by_id, seconder=act.person, own=own, verb=verb, reason=reason))
        row = insist(rules.PROPOSAL.step(state=proposal.state, verb=verb, permissions=actor.permissions, reason=reason))
        act.move(proposal, state=row.target, seconded_by_id=act.person, seconded_at=now)
        act.record(proposal, verb=row.audit, detail={"lines": len(lines)})
        if verb == "second":
            _give_out(act, proposal, lines, reason=decision.reason)
        said = "was agreed to." if verb == "second" else "was withheld: read why."
        words = f"The first-tier work you gave out in proposal {proposal.pk} {said}"
        notices.tell(act, user_id=decision.by_id, kind="tasking", about=proposal, text=words)
        act.changed(None)
        return row.target


def _tell_deciders(act: Act, proposal: Proposal, words: str) -> None:
    """Whoever leads the hub and whoever leads the force now, except the one who acts: each once, though one person is both."""
    for person in {duty.owing(post_kind=kind, matter=None, about=None, at=act.now).person for kind in ("duty_inspector", "hub_sergeant")}:
        notices.tell(act, user_id=person, kind="tasking", about=proposal, text=words)


def _give_out(act: Act, proposal: Proposal, lines: Any, *, reason: str) -> None:
    """Work goes to its people, from whoever had it before; somebody who changed it since is asked to decide on what is true now."""
    planned = queries.planned(proposal)
    for pk, people in lines:
        task = Task.objects.select_related("matter").get(pk=pk)
        if task.state not in ("open", "issued", "acknowledged"):
            raise Conflict
        line = planned.get(pk)
        same = line is not None and line.people == people
        if task.state != "open":
            tasks.take_back(act, task, why=(line.moved if line and line.moved else reason) or "The plan has changed.")
            task.refresh_from_db()
        if people:
            because = line.because if line is not None and same else f"Chosen by {act.actor.name}: {reason}"
            start = line.start_at if line is not None and same else None
            tasks.issue(act, task, people=people, planned_start=start, because=because, proposal_id=proposal.pk)
        settle(act, task.matter)


def accept_risk(*, actor: Actor, task_id: int, reason: str, expires_at: datetime | None, now: datetime) -> int:
    """What nobody can do is accepted by name, at the rank its tier asks, with a reason, until it comes back."""
    with perform("tasking.risk_accepted", actor=actor, now=now, permission=P.TASKING_ACCEPT_RISK) as act:
        task = act.claim(Task, task_id)
        tier = queries.reason_of(task, formula=formulas.in_force(at=now).formula, at=now).tier
        rank = queries.rank_of(act.person)
        require(
            *rules.risk_gaps(
                free=task.state in ("open", "asked"),
                reason=reason,
                expires_at=expires_at,
                longest=tier.risk_span,
                rank=rank,
                owed=tier.risk_rank,
                now=now,
            ),
        )
        ends = expires_at or now
        risk = act.add(
            AcceptedRisk(matter=task.matter, task=task, by_id=act.person, at=now, reason=reason, expires_at=ends, tier=tier.code, rank=rank)
        )
        act.record(risk, detail={"matter": task.matter_id, "task": task.pk})
        clocks.settle_about(act, task, code="task_resourced")
        clocks.mirror_next(task.matter)
        act.changed(task.matter_id)
        return int(risk.pk)
