"""What the journeys do outside the server: filling the database, moving the clock on, looking at what was kept.

Run as ``python -m tests.journeys.outside WHAT JSON``; the last line printed is the answer as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import date, datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lodestar.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django must be set up first
from django.utils import timezone  # noqa: E402

from lodestar.actions import access, audit, detectors, duty, leads, partners, replanning, reports, sweeping, tasking, tasks  # noqa: E402
from lodestar.actions import formulas as formula_actions  # noqa: E402
from lodestar.actions.formulas import draft as draft_formula  # noqa: E402
from lodestar.actions.matters import deeds, grading, involving, news, transfers  # noqa: E402
from lodestar.core.access.scope import system_actor  # noqa: E402
from lodestar.core.identity.reviewing import drawn  # noqa: E402
from lodestar.core.matters.involved import Statement  # noqa: E402
from lodestar.doors.feeds.bringing import bring_in  # noqa: E402
from lodestar.doors.jobs import running  # noqa: E402
from lodestar.store.guard import writing  # noqa: E402
from lodestar.store.models import (  # noqa: E402
    AuditRow,
    BadRow,
    Hit,
    Holding,
    Lead,
    LinkQuestion,
    Matter,
    MatterReport,
    Mention,
    Notice,
    Obligation,
    Report,
    RoleGrant,
    Task,
    User,
)
from lodestar.store.queries import formulas, reviewing  # noqa: E402
from tests.actions import conftest as small  # noqa: E402
from tests.actions.engaged import engaged  # noqa: E402
from tests.actions.inspecting import inspected  # noqa: E402
from tests.actions.lines import asked_of_the_forecast, fill_line  # noqa: E402
from tests.actions.meeting import held_today, planned_today  # noqa: E402
from tests.actions.networking import a_man_and_three_children  # noqa: E402
from tests.actions.test_packs import CHARGED, KEPT  # noqa: E402
from tests.actions.year import a_year_of_missing  # noqa: E402
from tests.journeys.models import agreed_by_one, in_hand  # noqa: E402


def _force() -> small.Force:
    return small.Force({user.username: user for user in User.objects.all()})


def _people_of_the_signing_in() -> None:
    """People whose way of signing in a journey changes or locks: nobody else's journey may meet them, in whatever order they run."""
    with writing():
        for username in ("teasel", "sorrel", "clover"):
            user = User.objects.create(username=username, name=username.title(), email=f"{username}@force.example", password=small.HASHED)
            RoleGrant.objects.create(user=user, role="governance_reader", places=[], from_at=small.NOW - timedelta(days=400))


def fill() -> dict[str, str]:
    """Migrate, write the small force's people and shifts around today, and make a machine's key."""
    call_command("migrate", verbosity=0)
    small.NOW = timezone.now().replace(second=0, microsecond=0)
    force = small.make_force()
    _people_of_the_signing_in()
    now = timezone.now()
    key = access.add_api_client(actor=force.actor("yew", now), name="test machine", user_id=force.users["ivy"].pk, now=now)
    running.minutely()
    return {"test machine": key}


def report(*, given: str, family: str, hours_ago: float = 1, level: str = "", **changes: Any) -> int:
    """A report that came in some hours ago, graded where a level is given; returns its matter."""
    force, at = _force(), timezone.now() - timedelta(hours=hours_ago)
    born = datetime.strptime(changes.pop("born", "2012-04-03"), "%Y-%m-%d").date()
    home = {name: changes.pop(name, "") for name in ("postcode", "phone")}
    subject = small.Subject(given_name=given, family_name=family, birth_date=born, responsible_authority="shire", **home)
    number = changes.pop("number", f"T-{given}-{family}")
    matter = force.report(at=at, external_id=number, subject=subject, since_from=at, since_to=at, **changes)
    if level:
        force.grade(matter, level, at=at)
    return int(matter.pk)


def report_and_when(**words: Any) -> float:
    """A report, and the clock's time just before it: nothing is committed earlier, so no latency is counted too short."""
    at = time.time()
    report(**words)
    return at


def asked_of_two(*, given: str, family: str) -> dict[str, int]:
    """A child on record, and a report with the name alone, drawn by lot for two; returns the question, the child and the matter."""
    force, now = _force(), timezone.now()
    rules = reviewing.rules(at=now)
    known = report(given=given, family=family, number=f"W-{given}-{family}", hours_ago=2)
    number = next(f"W-{given}-{place}" for place in range(1000) if drawn(f"test|W-{given}-{place}", rules=rules))
    subject = small.Subject(given_name=given, family_name=family)
    matter = force.report(at=now, external_id=number, subject=subject, since_from=now, since_to=now)
    question = LinkQuestion.objects.get(report__external_id=number)
    return {"question": question.pk, "person": Matter.objects.get(pk=known).person_id, "matter": int(matter.pk)}


def ask_task(*, matter: int, kind: str = "premises_search", detail: str = "The house and the garden") -> int:
    """A task asked for by the sergeant."""
    now = timezone.now()
    asked = {"matter_id": matter, "kind": kind, "detail": detail, "earliest_at": now, "due_at": now + timedelta(hours=6)}
    return int(tasks.ask_for_task(actor=_force().actor("alder", now), now=now, **asked))


def request_of(*, task: int, agency: str = "youth_justice") -> int:
    """The hub asks a partner agency for a task."""
    now = timezone.now()
    said = {"agency": agency, "needed": "Her worker knows her", "power": "Children Act 2004 s.11", "reply_by": now + timedelta(hours=2)}
    seen = Task.objects.get(pk=task).version
    return int(partners.ask_partner(actor=_force().actor("hazel", now), task_id=task, seen_version=seen, now=now, **said))


def ask_lower(*, matter: int) -> int:
    """The sergeant asks for a lower grade, which waits for a second person."""
    force, now = _force(), timezone.now()
    row = Matter.objects.get(pk=matter)
    wanted = force.wanted(row, "low", now, reason="Her aunt says she is on the way")
    grading.grade_matter(actor=force.actor("alder", now), matter_id=matter, seen_version=row.version, wanted=wanted, now=now)
    return int(row.downgrades.get().pk)


def _incoming(force: small.Force, now: datetime) -> int:
    subject = small.Subject(given_name="Cleo", family_name="Nash", birth_date=date(2012, 9, 1))
    draft = force.draft(external_id="E-in", reported_at=now, recorded_at=now, since_from=now, since_to=now, subject=subject)
    said = {"other_force": "Fenshire", "offered_by": "Sgt Nash", "reason": "She is with her aunt here"}
    return int(transfers.note_incoming(actor=force.actor("hazel", now), draft=draft, raw="raw", now=now, **said))


def online_case(*, reference: str = "NCA-2026-1") -> dict[str, int]:
    """An online case with one child linked to it; returns the case and the link."""
    force, now = _force(), timezone.now()
    actor = force.actor("ash", now)
    draft = force.draft(
        kind="online", source="Lodestar, Online abuse", external_id=reference, reported_at=now, recorded_at=now, since_from=None,
        since_to=None, subject=small.Subject(family_name="user of account 5521"),
    )  # fmt: skip
    said = {
        "source": "nca_package", "source_reference": reference, "received_at": now.isoformat(), "source_document": "DOC-88121",
        "disseminated_at": (now - timedelta(hours=30)).isoformat(), "offence_times": "2026-02-11 21:14:09 UTC",
    }  # fmt: skip
    made = reports.receive(actor=actor, draft=draft, raw="raw", now=now, opening=said)
    child = small.Subject(given_name="Orla", family_name="Fenlock", birth_date=date(2015, 3, 9))
    link = involving.involve_person(
        actor=actor, matter_id=made.matter_id or 0, subject=child, role="child_in_household",
        statement=Statement("fact", "School records"), from_at=now, now=now,
    )  # fmt: skip
    return {"matter": made.matter_id or 0, "involvement": link}


def absent(*, given: str = "Ann") -> dict[str, int]:
    """A child at high risk for three hours with no photograph, as the detectors find it; returns the hit, its matter and the child."""
    matter = report(given=given, family="Absent", level="high", hours_ago=3, number=f"H-{given}")
    detectors.look(actor=system_actor("jobs"), now=timezone.now())
    hit = Hit.objects.get(matter_id=matter, detector="DET-HIGH-RISK-PHOTOGRAPH")
    return {"hit": hit.pk, "absent": matter, "absent_child": hit.person_id}


def year_of_missing() -> int:
    """A year of episodes that have ended, for the pages of measures."""
    a_year_of_missing(now=timezone.now())
    return Matter.objects.filter(is_open=False).count()


def waiting_line() -> dict[str, int]:
    """A line with work ended and work waiting, so that the forecast can be asked."""
    force, now = _force(), timezone.now()
    return {"cases": len(fill_line(holder=force.users["ash"].pk, now=now, months=36))}


def lead(*, family: str) -> dict[str, int]:
    """A man, a hotel and a phone that three children of this name are linked to, and the leads that a night's look raises."""
    force, now = _force(), timezone.now()
    made = a_man_and_three_children(force, now, family)
    leads.look(actor=system_actor("test"), now=now)
    row = Lead.objects.get(kind="adult", person__family_name=f"Crake{family}")
    thing = Mention.objects.filter(matter=made[1], thing__kind="place").earliest("pk").thing_id
    missed = Lead.objects.filter(kind="missed", key="missed:MIS-CHILDRENS-SERVICES:district:north").latest("pk")
    return {"lead": row.pk, "thing": thing, "led_to": made[0].pk, "led_child": made[0].person_id, "lead_missed": missed.pk}


def _looked_at(force: small.Force, now: datetime) -> dict[str, int]:
    """What inspectors found, a lead, an engagement with its look and a mapping, and the first item of a meeting."""
    return {"item": 1, **inspected(force, now), **lead(family="Everypage"), **engaged(force, now=now)}


def one_of_everything() -> dict[str, int]:
    """One of each kind of row that a page is about; returns their numbers by kind."""
    force, now = _force(), timezone.now()
    first, second, back = (report(given=given, family="Marsh", level="medium", number=f"E-{given}") for given in ("Mina", "Ada", "Bea"))
    task = ask_task(matter=first)
    row = Matter.objects.get(pk=first)
    item = news.add_news(actor=force.actor("hazel", now), matter_id=first, from_whom="Her aunt", contact="", text="Seen at noon", now=now)
    row.refresh_from_db()
    offered = {"other_force": "Fenshire", "receiver_named": "Sgt Nash", "reason": "She is with her aunt there"}
    transfer = transfers.offer_transfer(actor=force.actor("hazel", now), matter_id=first, seen_version=row.version, now=now, **offered)
    row.refresh_from_db()
    note = {"open_lines": "Two friends", "family_promises": "A call at noon", "next_actions": "Ring the school"}
    receiver = force.users["cedar"].pk
    handover = duty.offer_handover(
        actor=force.actor("alder", now), matter_id=first, seen_version=row.version, receiver_id=receiver, note=note, now=now
    )
    lower = ask_lower(matter=second)
    force.found(Matter.objects.get(pk=back), at=now)
    report(given="Ada", family="Marsh", number="E-question", born="2012-03-04")
    head, cells = "Report reference,Given name,Date reported,Reported by,District", "E/9,Kit,31/02/2026 10:00,Lena Dunn,north"
    content = f"{head}\r\n{cells}\r\n".encode()
    sent = {"kind": "missing", "source": "every page", "file_name": "one.csv", "content": content, "now": now}
    run = bring_in(actor=force.actor("hazel", now), **sent).run_id
    wanted = {task: (force.users["rowan"].pk, force.users["holly"].pk)}
    tasking_numbers = [tasking.propose(actor=force.actor("hazel", now), now=now)]
    decided = {"proposal_id": tasking_numbers[0], "seen_version": 1, "wanted": wanted, "reason": "He is next door", "refused": False}
    tasking.decide_proposal(actor=force.actor("elm", now), now=now, **decided)
    for verb in ("acknowledge", "start"):
        seen = Task.objects.get(pk=task).version
        tasks.work_task(actor=force.actor("rowan", now), task_id=task, seen_version=seen, verb=verb, reason="", now=now)
    ask_task(matter=first, kind="area_search", detail="The river")
    unasked, asked = (ask_task(matter=second, kind="family_contact", detail="Ring her aunt") for _ in range(2))
    request_of(task=asked)
    return {
        "matter": first,
        "returned": back,
        "news": item,
        "transfer": transfer,
        "incoming": _incoming(force, now),
        "handover": handover,
        "downgrade": lower,
        "person": row.person_id,
        "report": row.matter_reports.earliest("pk").report_id,
        "question": LinkQuestion.objects.filter(settled_at=None).latest("pk").pk,
        "run": run,
        "row": BadRow.objects.filter(import_run_id=run).get().pk,
        "obligation": Obligation.objects.filter(matter_id=first, is_open=True).earliest("pk").pk,
        "task": task,
        "unasked": unasked,
        "asked": asked,
        "forecast": asked_of_the_forecast(force, now),
        "proposal": tasking.propose(actor=force.actor("hazel", now), now=now),
        "user": force.users["rowan"].pk,
        "formula": draft(force, now),
        "identity_model": agreed_by_one(force, now),
        "involvement": online_case()["involvement"],
        **absent(),
        **held_today(force, now=now, matter_id=first),
        **_looked_at(force, now),
    }


def kept_child_and_meeting(*, given: str, family: str) -> dict[str, int]:
    """A child charged and refused bail today, and today's daily meeting, planned."""
    force, now = _force(), timezone.now()
    at = now - timedelta(hours=6)
    subject = small.Subject(given_name=given, family_name=family, birth_date=date(2011, 6, 4), responsible_authority="shire")
    said = {
        "authorised_at": at.isoformat(), "relevant_time": at.isoformat(), "age_basis": "confirmed",
        "arrested_for": "Theft from a shop", "exploitation": "no",
    }  # fmt: skip
    case = {"kind": "custody", "source": "Lodestar, Custody", "external_id": f"CR-{given}", "reported_at": at, "recorded_at": at}
    sent = force.draft(**case, since_from=None, since_to=None, subject=subject)
    made = reports.receive(actor=force.actor("fir", at), draft=sent, raw="raw", now=at, opening=said)
    charged = at + timedelta(hours=2)
    court = {**CHARGED, "sitting": (now + timedelta(hours=18)).isoformat()}
    for code, answers in (("child_charged", court), ("bail_refused", {**KEPT, "told_at": charged.isoformat()})):
        actor = force.actor("fir", charged)
        deeds.record_deed(actor=actor, matter_id=made.matter_id or 0, code=code, at=charged, said=answers, now=charged)
    return {"matter": made.matter_id or 0, "meeting": planned_today(now=now).pk}


def draft(force: small.Force, now: datetime) -> int:
    """A draft of the formula in which travel costs nothing."""
    table = formulas.plain(formulas.in_force(at=now).document)
    table["values"]["travel_minute"] = 0
    return draft_formula(actor=force.actor("hazel", now), document=table, reason="Journeys are short here", now=now)


def ready_to_close() -> dict[str, int]:
    """A matter with everything that closing needs."""
    force, at = _force(), timezone.now() - timedelta(hours=3)
    row = Matter.objects.get(pk=report(given="Rae", family="Race", level="medium", hours_ago=4))
    force.found(row, at=at)
    force.evidence(row, at=at + timedelta(hours=1))
    return {"matter": row.pk, "version": row.version}


def offered() -> dict[str, int]:
    """A hand-over from one sergeant to another, not answered yet."""
    force, now = _force(), timezone.now()
    row = Matter.objects.get(pk=report(given="Ola", family="Offer", level="medium"))
    note = {"open_lines": "Two friends", "family_promises": "A call at noon", "next_actions": "Ring the school"}
    receiver, giver = force.users["cedar"].pk, force.actor("alder", now)
    number = duty.offer_handover(actor=giver, matter_id=row.pk, seen_version=row.version, receiver_id=receiver, note=note, now=now)
    return {"matter": row.pk, "handover": number}


def history(*, matter: int, verb: str) -> dict[str, int]:
    """How often a step was taken on a matter, and how often somebody was told that they were too late."""
    row = Matter.objects.get(pk=matter)
    return {
        "steps": row.steps.filter(verb=verb).count(),
        "conflicts": AuditRow.objects.filter(outcome="conflict", subject_id=str(matter), subject_kind="matter").count(),
    }


def hits(*, matter: int) -> dict[str, int]:
    """How many findings a matter has, and how often anybody was told of one."""
    rows = Hit.objects.filter(matter_id=matter)
    told = Notice.objects.filter(kind="detector", subject_id__in=rows.values("pk")).count()
    return {"open": rows.filter(state="open").count(), "ended": rows.exclude(state="open").count(), "told": told}


def joins(*, matter: int) -> dict[str, Any]:
    """The report that opened a matter, how often it was joined to somebody, and how often taken off."""
    report = Matter.objects.get(pk=matter).matter_reports.get().report
    return {"report": report.pk, **{word: report.links.filter(joined=joined).count() for word, joined in (("on", True), ("off", False))}}


def holders(*, matter: int) -> dict[str, Any]:
    """Who answers for a matter, and how often it was handed over."""
    row = Matter.objects.get(pk=matter)
    return {"accepted": Holding.objects.filter(matter=row, how="handed_over").count(), "holder": row.holder.username}


def sweep(*, minutes_later: int) -> dict[str, int]:
    """The minute's sweep, as it will run some minutes from now."""
    swept = sweeping.sweep(actor=system_actor("jobs"), now=timezone.now() + timedelta(minutes=minutes_later))
    return {"told": swept.told, "failed": swept.failed}


def replan(*, minutes_later: int) -> int | None:
    """The minute's look at what happened, as it will be some minutes from now: later than any proposal of another journey."""
    return replanning.replan(actor=system_actor("jobs"), now=timezone.now() + timedelta(minutes=minutes_later))


def minutely() -> str:
    """The minute's jobs, now."""
    return running.minutely()


def shadows() -> int:
    """The shadow runs that were asked for, now."""
    return formula_actions.run_shadows(actor=system_actor("test"), now=timezone.now())


def kept(*, source: str) -> dict[str, Any]:
    """Every report of a source with its matter and its audit rows, and whether the audit's chain is whole."""
    reports = list(Report.objects.filter(source=source).order_by("pk"))
    matters = dict(MatterReport.objects.filter(report__source=source).values_list("report_id", "matter_id"))
    noted = set(AuditRow.objects.filter(verb="report.received", subject_kind="report").values_list("subject_id", flat=True))
    now = timezone.now()
    audit.seal_rows(actor=system_actor("jobs"), now=now)
    seals, rows, broken = audit.verify_chain(actor=system_actor("jobs"), now=now, anchors={})
    return {
        "reports": {row.external_id: [row.pk, matters.get(row.pk), str(row.pk) in noted] for row in reports},
        "count": len(reports),
        "seals": seals,
        "rows": rows,
        "broken": getattr(broken, "sentence", ""),
    }


WHAT = {
    do.__name__: do
    for do in (
        fill, report, report_and_when, kept_child_and_meeting, year_of_missing, lead, one_of_everything,
        waiting_line, absent, asked_of_two, online_case, ask_task, ask_lower, request_of, ready_to_close,
        offered, history, hits, holders, joins, in_hand, sweep, replan, minutely, shadows, kept,
    )
}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(WHAT[sys.argv[1]](**json.loads(sys.argv[2]))))
