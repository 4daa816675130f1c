"""Who a report is about: joined by rule or person, put before a person when unsure, and undone with the history intact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError

from lodestar.actions import clocks, linking, partings, shaken
from lodestar.actions.engagements import telling
from lodestar.actions.matters import opening
from lodestar.actions.matters.moving import next_number, settle
from lodestar.actions.matters.work import follow_child
from lodestar.actions.perform import Act, perform
from lodestar.actions.reading import open_row
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.identity.live import Told
from lodestar.core.people.deciding import Candidate, New, Sure, Unsure, decide
from lodestar.core.people.identifiers import Key
from lodestar.core.people.reading import name_key, phone, postcode
from lodestar.core.people.undoing import unlink
from lodestar.core.reports.draft import Subject
from lodestar.core.words import Caution, Conflict, insist
from lodestar.store.models import Label, Link, LinkQuestion, Matter, Person, PersonKey, Report
from lodestar.store.queries import identity as queries
from lodestar.store.queries import linking as linkage
from lodestar.store.queries import matters, reviewing
from lodestar.store.queries.engagements import stated_by
from lodestar.store.queries.kept import of_number, of_number_soon
from lodestar.store.queries.leads import resting_on
from lodestar.store.queries.matters import joined_by, made_known_by, missing_of, searched_for
from lodestar.store.queries.people import nobodys, other_reports
from lodestar.store.queries.quoting import touched


def resolve(
    act: Act, *, report: Report, subject: Subject, told: Told | None = None, joins: str = ""
) -> tuple[Person, bool, tuple[Caution, ...]]:
    """Find or make the person a report is about; returns them, whether a person must still decide, and cautions.

    Sure joins by rule. Unsure makes a provisional person, so that the search never waits, and asks. ``told`` is
    what an engagement says of them, beside its kind: what would put a flag on a child is always asked. ``joins`` names a desk
    whose open matter about them is what the report joins next.
    """
    said, cautions = queries.identity_of(subject)
    statement = linkage.prepared(said, number=f"r{report.pk}")
    looked = linkage.look(statement, among=queries.candidates(said), at=act.now, told=told or Told(report.kind), beside=nobodys)
    linking.keep_keys(act, report=report, statement=statement)
    held = [one for one in looked.holders if one.person not in looked.beside]
    weighed = [one for one in looked.weighed if one.person not in looked.beside]
    verdict = decide(subject=said, holders=held, rules=queries.rules(at=act.now), weighed=weighed)
    if isinstance(verdict, Sure):
        if joins:
            act.ask_ahead(searched_for, verdict.person, joins)
        person = of_number(Person, verdict.person)
        learnt = _learn(act, person, subject, said.keys)
        evidence = {**_shown(verdict.evidence), "looked": looked.counts(), "learnt": learnt}
        _link(act, report, person, rule=verdict.rule, version=verdict.version, evidence=evidence)
        return person, False, cautions
    withheld = verdict.withheld if isinstance(verdict, New) else ()
    keys = tuple(key for key in said.keys if key not in withheld)  # what somebody else holds is not taken from them
    person = _new_person(act, subject, report, keys)
    evidence = {"because": verdict.sentence, "looked": looked.counts()}
    _link(act, report, person, rule=verdict.rule, version=verdict.version, evidence=evidence)
    if isinstance(verdict, Unsure):
        _ask(act, report, person, verdict)
    return person, isinstance(verdict, Unsure), cautions


def join_by_hand(act: Act, *, report: Report, subject: Subject, person: Person, reason: str) -> None:
    """A report made from somebody's own record is theirs, by the word of whoever makes it; it can be undone like any other join."""
    said, _ = queries.identity_of(subject)
    linking.keep_keys(act, report=report, statement=linkage.prepared(said, number=f"r{report.pk}"))
    _say(act, report, person.pk, joined=True, reason=reason)


def _shown(candidate: Candidate | None) -> dict[str, Any]:
    return candidate.as_document() if candidate is not None else {}


def _ask(act: Act, report: Report, person: Person, verdict: Unsure) -> None:
    shown = [candidate.as_document() for candidate in verdict.candidates]
    question = act.add(
        LinkQuestion(
            report=report,
            provisional=person,
            asked_at=act.now,
            candidates={"because": verdict.sentence, "people": shown},
            double=reviewing.asked_of_two(report, at=act.now),
        )
    )
    act.record(question, verb="people.asked", detail={"report": report.pk, "candidates": [item["person"] for item in shown]})
    clocks.begin(act, None, "link_unsure", at=act.now, about=question)


def carry_out(act: Act, question: LinkQuestion, *, same_as: int | None, reason: str) -> None:
    """What people answered is carried out: the report is one of the candidates', or somebody new's. It outranks every rule after it."""
    offered = [item["person"] for item in question.candidates["people"]]
    act.move(question, state="settled", settled_at=act.now, settled_by_id=act.actor.id)
    act.record(question, verb="people.settled", detail={"report": question.report_id, "same_as": same_as})
    clocks.settle_about(act, question, code="link_settled")
    if same_as is None:
        _is_somebody_new(act, question, offered, reason)
        return
    for key in PersonKey.objects.filter(person_id=question.provisional_id, ended_at=None):
        key.ended_at = act.now  # they were only ever the provisional person's
        key.save(update_fields=["ended_at"])
    number = next_number(Link, report=question.report)
    same = of_number(Person, same_as)
    _rejoin(act, question.report, question.provisional, same, reason, number=number)
    _follow(act, question.report, question.provisional, same)


def _is_somebody_new(act: Act, question: LinkQuestion, offered: list[int], reason: str) -> None:
    for person_id in offered:
        _say(act, question.report, person_id, joined=False, reason=reason)
    _say(act, question.report, question.provisional_id, joined=True, reason=reason)
    said, _ = queries.identity_of(queries.subject_of(question.report))
    _add_keys(act, question.provisional, said.keys)


def undo_link(*, actor: Actor, report_id: int, reason: str, now: datetime, seen_version: int | None = None) -> int:
    """Take a report off the person it was joined to: it gets a person of its own, and the history stays. Returns that person.

    What only this report gave goes with it, identifiers and whatever it filled: left behind, they would join the child's next
    report wrongly again. Everybody who holds something that quotes the person is told. "Not the same" is a label for the next model.
    ``seen_version`` is the number of the join that was read: where another counts by now, it is a conflict.
    """
    with perform("people.unlinked", actor=actor, now=now, permission=P.PEOPLE_LINK) as act:
        last = queries.last_link(report_id)
        report = act.claim(Report, report_id)
        link = last()
        insist(unlink(permissions=actor.permissions, linked=link is not None, reason=reason))
        assert link is not None  # noqa: S101 - refused just above
        if seen_version not in (None, link.number):
            raise Conflict
        link.report = report
        held = of_number_soon(Person, link.person_id)
        _ask_what_moves(act, link)
        person = _new_person(act, queries.subject_of(report), report, ())
        link.person = old = held()
        _give_back(act, link)
        undone = _part(act, link, person, reason)
        _follow(act, report, old, person)
        partings.tell(act, link=undone, report=report, new=person)
        if actor.id is not None:  # nobody's word is no label
            act.add_soon([Label(report=report, person=old, same=False, turn="undone", blind=False, at=now, by_id=actor.id)])
        act.record(report, detail={"from": old.pk, "to": person.pk})
        shaken.tell(act, old=old.pk, new=person.pk)
        return int(person.pk)


def _give_back(act: Act, link: Link) -> None:
    """What only this report gave the person goes: its identifiers end, and what it filled is another's word, or blank again."""
    keys, filled = _given(link)
    if not (keys or filled):
        return
    others = act.answer(other_reports, link.person_id, link.report_id)
    gone = keys - {key for report in others for key in _stated(report)}
    for row in act.answer(queries.keys_since, link.person_id, link.at):
        if Key(row.scheme, row.value, row.issuer) in gone:
            row.ended_at = act.now
            row.save(update_fields=["ended_at"])
    changes = _blank_again(link, filled, others)
    if changes:
        act.move(link.person, **changes)


def _given(link: Link) -> tuple[set[Key], Sequence[str]]:
    """The identifiers that a report states, and what it filled on whom it was joined to."""
    return set(_stated(link.report)), link.evidence.get("learnt", ())


def _blank_again(link: Link, filled: Sequence[str], others: Sequence[Report]) -> dict[str, Any]:
    ours, stated = _gaps(queries.subject_of(link.report)), [_gaps(queries.subject_of(report)) for report in others]
    changes: dict[str, Any] = {}
    for name in filled:
        if getattr(link.person, name) != ours[name]:
            continue  # somebody has corrected it since
        blank = None if name in ("birth_date", "looked_after") else ""
        changes[name] = next((one[name] for one in stated if one[name] not in ("", None)), blank)
    return changes


def _stated(report: Report) -> tuple[Key, ...]:
    return queries.identity_of(queries.subject_of(report))[0].keys


def _rejoin(act: Act, report: Report, old: Person, new: Person, reason: str, *, number: int) -> Callable[[], Link]:
    """Undo one link and make another, numbered from ``number``; the matter that the report opened follows it.

    What undid it is given to whoever asks, with its number.
    """
    subject = queries.subject_of(report)
    said, _ = queries.identity_of(subject)
    learnt = _learn(act, new, subject, said.keys)
    undone = _said(act, report, old.pk, number=number, joined=False, reason=reason)
    numbered = act.add_soon([undone, _said(act, report, new.pk, number=number + 1, joined=True, reason=reason, learnt=learnt)])
    _move_matters(act, report, old, new)
    _move_involvements(act, report, old, new)

    def parted() -> Link:
        numbered()
        return undone

    return parted


def _follow(act: Act, report: Report, old: Person, new: Person) -> None:
    """What hangs on who a report is about goes with it: plans of a search, and what its engagement was news on."""
    follow_child(act, old, new)
    telling.follow(act, report, old, new)


def _part(act: Act, link: Link, new: Person, reason: str) -> Link:
    """Undo the last link of a report; returns what undid it. Whoever said whose it is at the same instant was first."""
    report, old = link.report, link.person
    try:
        parted = _rejoin(act, report, old, new, reason, number=link.number + 1)
        _ask_who_is_told(act, report.pk, old.pk, new.pk)
        return parted()
    except IntegrityError as taken:
        raise Conflict from taken


def _ask_what_moves(act: Act, link: Link) -> None:
    """What stands on a join, asked before it is undone."""
    act.ask_ahead(joined_by, link.report_id, link.person_id)
    act.ask_ahead(made_known_by, link.report_id, link.person_id)
    act.ask_ahead(stated_by, link.report_id)
    if any(_given(link)):
        act.ask_ahead(other_reports, link.person_id, link.report_id)
        act.ask_ahead(queries.keys_since, link.person_id, link.at)


def _ask_who_is_told(act: Act, report: int, old: int, new: int) -> None:
    """Which searches, matters and leads a part of two people touches: plans and news that follow the child change none of them."""
    act.ask_ahead(missing_of, old, new)
    act.ask_ahead(touched, old, new, report)
    act.ask_ahead(resting_on, old, new)


def _say(act: Act, report: Report, person_id: int, *, joined: bool, reason: str) -> None:
    act.add(_said(act, report, person_id, number=next_number(Link, report=report), joined=joined, reason=reason))


def _said(act: Act, report: Report, person_id: int, *, number: int, joined: bool, reason: str, learnt: Sequence[str] = ()) -> Link:
    return Link(
        report=report,
        person_id=person_id,
        number=number,
        joined=joined,
        how="person",
        at=act.now,
        by_id=act.actor.id,
        reason=reason,
        evidence={"learnt": list(learnt)} if learnt else {},
    )


def _move_involvements(act: Act, report: Report, old: Person, new: Person) -> None:
    """Whoever a report made known to a matter is, from now on, the person it is joined to."""
    for row in act.answer(made_known_by, report.pk, old.pk):
        act.move(row, person_id=new.pk)
        act.record(row, verb="matter.involved_changed", detail={"matter": row.matter_id, "from": old.pk, "to": new.pk})
        act.changed(row.matter_id)


def _move_matters(act: Act, report: Report, old: Person, new: Person) -> None:
    for row in act.answer(joined_by, report.pk, old.pk):
        others, matter = matters.other_reports(row.matter_id, but=report.pk), of_number(Matter, row.matter_id)
        matter.person = old
        if others():
            opening.join_or_open(act, report=report, person=new, kind=matter.kind)
            if matter.is_open:
                settle(act, matter)  # what the report said of life or a threat counts here no more
            continue
        act.move(matter, person=new, authority=new.authority or matter.authority, looked_after=new.looked_after)
        act.record(matter, verb="matter.person_changed", detail={"from": old.pk, "to": new.pk})
        act.changed(matter.pk, "matter.person_changed")
        if matter.is_open:
            clocks.watch_repeats(act, matter)
            settle(act, matter)


def _link(act: Act, report: Report, person: Person, *, rule: str, version: str, evidence: dict[str, Any]) -> None:
    act.note(
        Link(
            report=report,
            person=person,
            number=1,
            joined=True,
            how="rule",
            rule=rule,
            rule_version=version,
            evidence=evidence,
            at=act.now,
            by_id=None,
        )
    )


def _new_person(act: Act, subject: Subject, report: Report, keys: tuple[Key, ...]) -> Person:
    person = act.add(
        Person(
            given_name=subject.given_name,
            family_name=subject.family_name,
            birth_date=subject.birth_date,
            sex=subject.sex,
            ethnicity=subject.ethnicity,
            address=subject.address,
            postcode=postcode(subject.postcode) or subject.postcode[:10],
            phone=phone(subject.phone) or subject.phone[:30],
            looked_after=subject.looked_after,
            authority=subject.responsible_authority or queries.authority_of(report.district),
            district=report.district,
            name_key=name_key(given_name=subject.given_name, family_name=subject.family_name),
            created_at=act.now,
        )
    )
    _add_keys(act, person, keys)
    return person


def _learn(act: Act, person: Person, subject: Subject, keys: tuple[Key, ...]) -> list[str]:
    """A newer report fills what was blank; it never overwrites what is held. Returns the names of what it filled."""
    gaps = _gaps(subject)
    fill = {name: value for name, value in gaps.items() if value not in ("", None) and getattr(person, name) in ("", None)}
    if fill:
        act.move(person, **fill)
    _add_keys(act, person, keys)
    return sorted(fill)


def _gaps(subject: Subject) -> dict[str, str | date | bool | None]:
    """What a report may fill on a person, as it is held."""
    return {
        "birth_date": subject.birth_date,
        "sex": subject.sex,
        "ethnicity": subject.ethnicity,
        "address": subject.address,
        "postcode": postcode(subject.postcode),
        "phone": phone(subject.phone),
        "looked_after": subject.looked_after,
        "authority": subject.responsible_authority,
    }


def _add_keys(act: Act, person: Person, keys: tuple[Key, ...]) -> None:
    for key in keys:
        if not queries.is_held(key):
            act.add(PersonKey(person=person, scheme=key.scheme, value=key.value, issuer=key.issuer, from_at=act.now))


def open_person(*, actor: Actor, person_id: int, now: datetime) -> Person:
    """Open a child's record, leaving who looked: no audit row, no page."""
    return open_row(actor=actor, model=Person, pk=person_id, permission=P.PEOPLE_READ, verb="person.seen", now=now)


def open_join(*, actor: Actor, report_id: int, person_id: int, now: datetime) -> None:
    """Open a report beside whom it was joined to, leaving who looked at both."""
    with perform("report.seen", actor=actor, now=now, permission=P.PEOPLE_LINK) as act:
        report = act.claim(Report, report_id)
        act.subject = ("person", str(person_id))
        act.record(verb="people.compared", outcome="seen")
        act.record(report, outcome="seen")


def open_question(*, actor: Actor, question_id: int, now: datetime) -> LinkQuestion:
    """Open an identity question, leaving who looked: it shows other children too."""
    return open_row(actor=actor, model=LinkQuestion, pk=question_id, permission=P.PEOPLE_LINK, verb="people.compared", now=now)
