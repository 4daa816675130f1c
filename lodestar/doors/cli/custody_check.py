"""``lodestar custody check``: where one case stands and what the law says of it, from a file and with no database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import click

from lodestar.core.matters.custody.casefile import BadCase, read
from lodestar.core.matters.custody.check import Checked, check
from lodestar.core.times import say, say_span
from lodestar.store.playbooks import calendars, clock_rules


@click.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output.")
def check_command(file: Path, as_json: bool) -> None:
    """Say where the child of case FILE stands, what is owed by when, what may be done next, and what the rules refuse.

    FILE is one case as JSON (see docs/reference/custody-case-file.md). The rules are those the pages use: PACE ss.38 to 46,
    Code C and the force's dated values. Nothing is written anywhere, and no database is asked.

    Ends with 0 when every step of the case was allowed, 1 when some were refused, 2 when the file cannot be read.
    """
    try:
        case = read(_object(file))
        found = check(case=case, rules_on=clock_rules, calendars_on=calendars)
    except BadCase as fault:
        _stop(file, str(fault))
    click.echo(json.dumps(_report(found), indent=2, ensure_ascii=False) if as_json else _readable(found))
    raise SystemExit(1 if found.refused else 0)


def _object(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        _stop(file, "it is not UTF-8 text; save it again as UTF-8.")
    except json.JSONDecodeError as fault:
        _stop(file, f"line {fault.lineno} is not JSON: {fault.msg}.")
    except RecursionError:
        _stop(file, "it is nested too deeply to be a case.")
    if not isinstance(found, dict):
        raise BadCase("the file must hold one object, in curly brackets.")
    return found


def _stop(file: Path, sentence: str) -> NoReturn:
    click.echo(f"{file.name}: {sentence}", err=True)
    raise SystemExit(2)


def _report(found: Checked) -> dict[str, Any]:
    return {
        "at": found.at.isoformat(),
        "state": found.state,
        "outcomes": list(found.outcomes),
        "owed": [
            {
                "code": clock.rule.code,
                "title": clock.rule.title,
                "since": clock.started_at.isoformat(),
                "due_at": clock.due_at.isoformat(),
                "late": clock.due_at < found.at and not clock.held,
                "held": clock.held,
                "owed_by": clock.rule.owed_by,
                "authority": clock.rule.authority,
                "verified": clock.rule.verified,
            }
            for clock in found.owed
        ],
        "allowed": [{"step": step.code, "title": step.title, "authority": step.authority} for step in found.allowed],
        "blocked": [
            {"step": step.code, "title": step.title, "code": gap.code, "sentence": gap.sentence, "authority": gap.authority}
            for step in found.blocked
            for gap in step.against
        ],
        "refusals": [
            {
                "where": one.where,
                "step": one.step,
                "code": one.refusal.code,
                "sentence": one.refusal.sentence,
                "authority": one.refusal.authority,
                "field": one.refusal.field,
            }
            for one in found.refused
        ],
    }


def _readable(found: Checked) -> str:
    lines = [f"At {say(found.at)}: {found.state.replace('_', ' ')}."]
    lines += [f"Outcome: {outcome.replace('_', ' ').lower()}." for outcome in found.outcomes]
    lines += ["", "Owed:"] if found.owed else ["", "Nothing is owed."]
    for clock in found.owed:
        late = f", {say_span(found.at - clock.due_at)} late" if clock.due_at < found.at else ""
        late = ", held while in hospital: not before then" if clock.held else late
        mark = "" if clock.rule.verified else " (period not yet verified)"
        lines.append(f"  {say(clock.due_at)}{late}: {clock.rule.title}{mark}. {clock.rule.authority}")
    if found.refused:
        lines += ["", "Refused:"]
        lines += [f"  {one.where}: {one.refusal.sentence} [{one.refusal.code}; {one.refusal.authority}]" for one in found.refused]
    if found.allowed:
        lines += ["", "May be done next:", *(f"  {step.title}" for step in found.allowed)]
    if found.blocked:
        lines += ["", "Not yet, or not at all:"]
        lines += [f"  {step.title}: {gap.sentence} [{gap.code}; {gap.authority}]" for step in found.blocked for gap in step.against]
    return "\n".join(lines)
