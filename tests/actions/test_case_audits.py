"""The force's own audit as people work it: drawn once, graded blind within one's reach, settled by a third, taken out on record."""

from __future__ import annotations

import pytest

from lodestar.actions.inspection import audits
from lodestar.core.inspection.commitments import Promised
from lodestar.core.inspection.register import CommitmentDraft
from lodestar.core.inspection.sampling import Case, draw
from lodestar.core.words import NotVisible, Refused
from lodestar.store.models import AuditRow, CaseAudit, Commitment, Notice, SampledCase
from lodestar.store.queries import case_audits as queries
from tests.actions.conftest import NOW, Force
from tests.actions.inspecting import drawn
from tests.actions.year import a_year_of_missing

GOOD = dict.fromkeys(("risk_seen", "acted", "supervised", "childs_voice", "shared"), "good")
BAD = GOOD | {"acted": "inadequate"}


@pytest.fixture
def audit(force: Force) -> CaseAudit:
    """Four cases drawn of a year."""
    a_year_of_missing(now=NOW)
    return CaseAudit.objects.get(pk=drawn(force, NOW, size=4))


def give(force: Force, case: SampledCase, name: str, answers: dict[str, str]) -> str:
    return audits.grade_case(actor=force.actor(name), case_id=case.pk, answers=answers, reasons="Page 3 of the record", now=NOW)


def test_the_draw_can_be_made_again_from_what_was_kept(audit: CaseAudit) -> None:
    listed = [Case(**row) for row in audit.listed]
    again = draw(cases=listed, size=audit.size, seed=audit.seed, method=audit.method, weights=queries.rubric_of(audit).weights)
    assert [one.case.id for one in again] == list(audit.cases.order_by("place").values_list("matter_id", flat=True))
    rows = queries.list_rows(audit)
    assert len(rows) == len(listed) == 360
    assert sorted(row[3] for row in rows if row[3]) == ["1", "2", "3", "4"]


def test_a_sample_is_drawn_by_who_may_and_never_of_nothing(force: Force) -> None:
    with pytest.raises(Refused) as refused:
        drawn(force, NOW, size=4)
    assert [one.code for one in refused.value.refusals] == ["sample.none"]
    with pytest.raises(Refused):
        audits.draw_sample(
            actor=force.actor("hazel"), wanted=audits.Sample("x", "missing", "random", "s", 1, NOW.date(), NOW.date()), now=NOW
        )


def test_two_grade_blind_and_a_third_settles(force: Force, audit: CaseAudit) -> None:
    case = audit.cases.get(place=1)
    elm, hazel, spruce = (force.users[name].pk for name in ("elm", "hazel", "spruce"))
    assert give(force, case, "elm", GOOD) == "good"
    assert [one.by_id for one in queries.grades_seen(case, user_id=hazel)] == []
    assert [one.by_id for one in queries.grades_seen(case, user_id=elm)] == [elm]
    assert give(force, case, "hazel", BAD) == "inadequate"
    assert [one.by_id for one in queries.grades_seen(case, user_id=hazel)] == [elm, hazel]
    assert queries.grades_seen(case, user_id=spruce) == [], "the third is blind too"
    told = Notice.objects.get(kind="inspection")
    assert (told.user, "third" in told.text) == (force.users["willow"], True)
    with pytest.raises(Refused) as refused:
        give(force, case, "elm", BAD)
    assert [one.code for one in refused.value.refusals] == ["case_grade.again"]
    give(force, case, "spruce", BAD)
    found = queries.result(queries.audits().get(pk=audit.pk))
    assert found.counts["all"] == {"good": 0, "requires_improvement": 0, "inadequate": 1, "": 3}
    assert (found.agreement.cases, found.agreement.agreed, found.ungraded, found.differing) == (1, 0, 3, 0)
    assert AuditRow.objects.filter(verb="inspection.case_graded", subject_id=str(case.pk)).count() == 4, "the refusal is on record too"


def test_a_case_is_opened_only_within_the_grader_s_reach_and_each_opening_is_on_record(force: Force, audit: CaseAudit) -> None:
    case = audit.cases.get(place=1)
    audits.open_case(actor=force.actor("elm"), case_id=case.pk, now=NOW)
    seen = AuditRow.objects.get(verb="inspection.case_opened", outcome="seen")
    assert (seen.actor_name, seen.detail) == ("Insp Ruth Elm", {"matter": case.matter_id})
    for name in ("willow", "oak", "ash", "rowan"):  # who draws, who governs, another desk's officer, whoever was given no work on it
        with pytest.raises((Refused, NotVisible)):
            audits.open_case(actor=force.actor(name), case_id=case.pk, now=NOW)
    assert AuditRow.objects.filter(verb="inspection.case_opened", outcome="refused").count() == 4


def test_what_an_inspector_asks_for_is_taken_by_who_may_and_holds_no_name(force: Force, audit: CaseAudit) -> None:
    for part, many in (("list", 360), ("trail", 0), ("anonymised", 4)):
        _, rows = audits.export_part(actor=force.actor("willow"), audit_id=audit.pk, part=part, now=NOW)
        assert len(rows) == many
    _, rows = audits.export_part(actor=force.actor("willow"), audit_id=audit.pk, part="anonymised", now=NOW)
    text = str(rows)
    assert not any(word in text for word in ("Wren", "Yearling", "M-", "north", "south", "2025", "2026"))
    assert AuditRow.objects.filter(verb="inspection.sample_exported").count() == 4
    with pytest.raises(NotVisible):
        audits.export_part(actor=force.actor("willow"), audit_id=audit.pk, part="names", now=NOW)
    with pytest.raises(Refused):
        audits.export_part(actor=force.actor("elm"), audit_id=audit.pk, part="list", now=NOW)


def test_a_theme_becomes_a_finding_of_the_force_s_own_with_a_commitment(force: Force, audit: CaseAudit) -> None:
    draft = CommitmentDraft("T1.1", Promised("promise", "", None), "Sergeants look at each review.", "Head of the hub", "", "", None)
    theme = audits.Theme("Reviews", "Reviews changed nothing.", draft)
    made = audits.commit_to_theme(actor=force.actor("willow"), audit_id=audit.pk, theme=theme, now=NOW)
    row = Commitment.objects.get(pk=made)
    assert (row.theme_of_id, row.finding.kind, row.finding.inspection.body) == (audit.pk, "audit_theme", "force")
