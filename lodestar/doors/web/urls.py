"""Every page there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from lodestar.core.packs.forms import ENDINGS, Writers
from lodestar.doors.web import (
    access,
    account,
    audit,
    board,
    case_audits,
    clocks,
    commitments,
    conflicts,
    desks,
    detectors,
    duty,
    engagements,
    events,
    forecast,
    formulas,
    health,
    identity_models,
    imports,
    inspection,
    language,
    leads,
    lookup,
    mappings,
    matters,
    measures,
    networks,
    packs,
    papers,
    partners,
    people,
    publication,
    reports,
    reviewing,
    star,
    tasking,
    tasks,
    transfers,
)


def pages(
    *,
    bring_in: Callable[..., Any],
    mend: Callable[..., Any],
    error_file: Callable[[int], bytes],
    read_sample: mappings.ReadSample,
    write_pdf: papers.Writer,
    write_docx: papers.Writer,
    draw: measures.Draw,
    write_csv: publication.WriteRows,
    write_book: publication.WriteBook,
    pack_writers: Writers,
    write_star: Callable[..., dict[str, bytes]],
    pack_star: Callable[..., bytes],
    load_register: inspection.Load,
    write_register: inspection.Export,
) -> list[URLPattern]:
    """The pages, with the readers and writers of files handed in: doors do not know each other."""
    return [
        path("", account.home, name="home"),
        path("board/", board.board, name="board"),
        path("duty-list/", board.duty_list, name="duty_list"),
        path("events/", events.events, name="events"),
        path("words/", language.words_live, name="words_live"),
        *_of_desks(),
        *_of_a_matter(write_pdf=write_pdf, write_docx=write_docx),
        path("reports/new/", reports.report_new, name="report_new"),
        path("reports/new/<str:part>/", reports.report_part, name="report_part"),
        path("news/<int:news_id>/", matters.news_assess, name="news_assess"),
        path("lower-grades/<int:downgrade_id>/", matters.downgrade, name="downgrade"),
        path("transfers/<int:transfer_id>/", transfers.transfer_answer, name="transfer_answer"),
        path("transfers/", transfers.transfer_list, name="transfers"),
        path("transfers/<int:transfer_id>/in/", transfers.transfer_in, name="transfer_in"),
        *_of_people(),
        *_of_files(bring_in=bring_in, mend=mend, error_file=error_file),
        *_of_engagements(read_sample),
        path("owed/", clocks.owed, name="owed"),
        path("owed/<int:obligation_id>/hold/", clocks.pause, name="pause"),
        path("detectors/", detectors.detectors, name="detectors"),
        path("detectors/findings/<int:hit_id>/set-aside/", detectors.set_aside, name="hit_set_aside"),
        *_of_leads(),
        path("linkage/", identity_models.models, name="identity_models"),
        path("linkage/<int:model_number>/", identity_models.model, name="identity_model"),
        *_of_duty(),
        *_of_tasks(),
        *_of_tasking(),
        *_of_measures(draw=draw, write_csv=write_csv, write_book=write_book),
        *_of_the_forecast(draw=draw),
        *_of_meetings(pack_writers),
        path("tables/", star.star, name="star"),
        path("tables/take/", star.star_file, {"write": write_star, "pack": pack_star}, name="star_file"),
        path("audit/", audit.audit, name="audit"),
        path("audit/verify/", audit.verify, name="audit_verify"),
        *_of_inspections(write_pdf=write_pdf, write_docx=write_docx, draw=draw),
        *_of_registers(load=load_register, export=write_register, write_csv=write_csv),
        *_of_the_house(),
    ]


def _of_people() -> list[URLPattern]:
    """Looking people up, and settling who a report is about."""
    return [
        path("look-up/", lookup.lookup, name="lookup"),
        path("look-up/live/", lookup.lookup_live, name="lookup_live"),
        path("people/", people.search, name="search"),
        path("people/<int:person_id>/", people.person, name="person"),
        path("people/<int:person_id>/report/", reports.report_about, name="report_about"),
        path("who-is-this/", reviewing.questions, name="questions"),
        path("who-is-this/agreement/", reviewing.agreement, name="agreement"),
        path("who-is-this/<int:question_id>/", reviewing.question, name="question"),
        path("reports/<int:report_id>/take-off/", people.unlink, name="unlink"),
    ]


def _of_leads() -> list[URLPattern]:
    """Leads and what is decided of them; whom and what somebody or something is linked to."""
    return [
        path("leads/", leads.lead_list, name="leads"),
        path("leads/<int:lead_id>/", leads.lead, name="lead"),
        path("leads/<int:lead_id>/accept/", leads.lead_accept, name="lead_accept"),
        path("leads/<int:lead_id>/dismiss/", leads.lead_dismiss, name="lead_dismiss"),
        path("people/<int:person_id>/network/", networks.person_network, name="person_network"),
        path("things/<int:thing_id>/network/", networks.thing_network, name="thing_network"),
        path("things/<int:thing_id>/what/", networks.thing_what, name="thing_what"),
    ]


def _of_duty() -> list[URLPattern]:
    """Who answers, the reviews owed, the roster and hand-overs."""
    return [
        path("duty/", duty.duty_page, name="duty"),
        path("duty/reviews/", duty.reviews, name="reviews"),
        path("duty/roster/", duty.roster, name="roster"),
        path("duty/<int:user_id>/not-here/", duty.call_off, name="call_off"),
        path("hand-overs/<int:handover_id>/", duty.handover_answer, name="handover_answer"),
    ]


def _of_tasking() -> list[URLPattern]:
    """The formula and its versions; proposals and what is decided of them."""
    return [
        path("tasking/formula/", formulas.formulas, name="formulas"),
        path("tasking/formula/draft/", formulas.draft, name="formula_draft"),
        path("tasking/formula/record/", formulas.record, name="formula_record"),
        path("tasking/formula/<int:number>/", formulas.formula, name="formula"),
        path("tasking/", tasking.tasking, name="tasking"),
        path("tasking/propose/", tasking.propose, name="propose"),
        path("tasking/<int:proposal_id>/", tasking.proposal, name="proposal"),
        path("tasking/<int:proposal_id>/second/", tasking.second, name="second"),
        path("tasking/<int:proposal_id>/again/", tasking.run_again, name="run_again"),
        path("tasking/<int:proposal_id>/briefing/", tasking.briefing, name="briefing"),
    ]


def _of_a_matter(*, write_pdf: papers.Writer, write_docx: papers.Writer) -> list[URLPattern]:
    """One matter's page, its steps, and the papers it gives."""
    certificate = "matters/<int:matter_id>/certificate/<int:deed_id>"
    return [
        path("matters/<int:matter_id>/involve/person/", desks.involve_person, name="involve_person"),
        path("matters/<int:matter_id>/involve/thing/", desks.involve_thing, name="involve_thing"),
        path("matters/<int:matter_id>/", matters.matter, name="matter"),
        path("matters/<int:matter_id>/grade/", matters.grade, name="grade"),
        path("matters/<int:matter_id>/done/<str:code>/", matters.deed, name="deed"),
        path("matters/<int:matter_id>/hand-over/", duty.handover_offer, name="handover_offer"),
        path("matters/<int:matter_id>/conflict/", conflicts.declare, name="conflict"),
        path("matters/<int:matter_id>/conflict/<int:conflict_id>/end/", conflicts.end, name="conflict_end"),
        path("matters/<int:matter_id>/task/", tasks.task_ask, name="task_ask"),
        *(path(f"matters/<int:matter_id>/{slug}/", matters.step_view(slug), name=f"matter_{slug}") for slug in matters.STEPS),
        path(f"{certificate}.pdf", papers.certificate, {"ending": "pdf", "write": write_pdf}, name="certificate_pdf"),
        path(f"{certificate}.docx", papers.certificate, {"ending": "docx", "write": write_docx}, name="certificate_docx"),
    ]


def _of_meetings(writers: Writers) -> list[URLPattern]:
    """Meetings, what they asked, and the packs they left."""
    file = "packs/<int:pack_id>/pack"
    return [
        path("packs/", packs.packs, name="packs"),
        path("packs/meetings/<int:meeting_id>/", packs.meeting, {"writers": writers}, name="meeting"),
        path("packs/meetings/<int:meeting_id>/items/<int:item>/", packs.meeting_item, name="meeting_item"),
        path("packs/actions/<int:action_id>/", packs.meeting_action, name="meeting_action"),
        path("packs/<int:pack_id>/", packs.pack, name="pack"),
        *(path(f"{file}.{ending}", packs.pack_file, {"ending": ending, "writers": writers}, name=f"pack_{ending}") for ending in ENDINGS),
    ]


def _of_measures(*, draw: measures.Draw, write_csv: publication.WriteRows, write_book: publication.WriteBook) -> list[URLPattern]:
    """What is true of the performance, and each figure opened."""
    return [
        path("measures/", measures.measures_page, name="measures"),
        path("measures/published/", publication.publication, name="publication"),
        path("measures/published.csv", publication.publication_csv, {"write": write_csv}, name="publication_csv"),
        path("measures/published.xlsx", publication.publication_xlsx, {"write": write_book}, name="publication_xlsx"),
        path("measures/<str:measure_code>/", measures.measure, {"draw": draw}, name="measure"),
        path("measures/<str:measure_code>/rows/", measures.measure_rows, name="measure_rows"),
    ]


def _of_the_forecast(*, draw: measures.Draw) -> list[URLPattern]:
    """What waits, what more posts would do, and what is coming."""
    return [
        path("forecast/", forecast.forecast, name="forecast"),
        path("forecast/demand/", forecast.forecast_demand, {"draw": draw}, name="forecast_demand"),
        path("forecast/demand/now/", forecast.forecast_foretell, name="forecast_foretell"),
        path("forecast/past/", forecast.forecast_past, {"draw": draw}, name="forecast_past"),
        path("forecast/<int:forecast_id>/", forecast.forecast_run, {"draw": draw}, name="forecast_run"),
        path("forecast/<int:forecast_id>/scenario.json", forecast.forecast_scenario, name="forecast_scenario"),
    ]


def _of_tasks() -> list[URLPattern]:
    """Work: with somebody, asked of a partner agency, or left by name."""
    return [
        path("tasks/", tasks.task_list, name="tasks"),
        path("tasks/<int:task_id>/", tasks.task, name="task"),
        path("tasks/<int:task_id>/finish/<str:outcome>/", tasks.task_finish, name="task_finish"),
        path("tasks/<int:task_id>/cancel/", tasks.task_cancel, name="task_cancel"),
        path("tasks/<int:task_id>/ask-partner/", partners.ask, name="partner_ask"),
        path("tasks/<int:task_id>/withdraw/", partners.withdraw, name="partner_withdraw"),
        path("tasks/<int:task_id>/risk/", tasking.accept_risk, name="accept_risk"),
    ]


def _of_inspections(*, write_pdf: papers.Writer, write_docx: papers.Writer, draw: measures.Draw) -> list[URLPattern]:
    """What inspectors found, what was promised, and the reply; and the force's own audit of cases."""
    return [
        path("inspection/", inspection.home, name="inspection"),
        path("inspection/reports/<int:inspection_id>/", inspection.report, name="inspection_report"),
        path("inspection/reports/<int:inspection_id>/hand-on/", inspection.hand_on, name="inspection_hand_on"),
        path("inspection/reports/<int:inspection_id>/reply/", inspection.make_reply, name="inspection_reply"),
        path("inspection/replies/<int:paper_id>.pdf", inspection.reply_paper, {"ending": "pdf", "write": write_pdf}, name="reply_pdf"),
        path("inspection/replies/<int:paper_id>.docx", inspection.reply_paper, {"ending": "docx", "write": write_docx}, name="reply_docx"),
        path("inspection/findings/<int:finding_id>/", inspection.finding, name="inspection_finding"),
        path("inspection/commitments/<int:commitment_id>/", commitments.commitment, {"draw": draw}, name="commitment"),
        path("inspection/audits/", case_audits.audits, name="case_audits"),
        path("inspection/audits/<int:audit_id>/", case_audits.audit, name="case_audit"),
        path("inspection/cases/<int:case_id>/", case_audits.sampled_case, name="sampled_case"),
    ]


def _of_registers(*, load: inspection.Load, export: inspection.Export, write_csv: case_audits.WriteTable) -> list[URLPattern]:
    """The register as a file, in and out, and what an inspector asks for of an audit."""
    return [
        path("inspection/file/", inspection.register_file, {"load": load}, name="inspection_file"),
        path("inspection/register.csv", inspection.register_out, {"ending": "csv", "export": export}, name="register_csv"),
        path("inspection/register.xlsx", inspection.register_out, {"ending": "xlsx", "export": export}, name="register_xlsx"),
        path("inspection/audits/<int:audit_id>/<str:part>.csv", case_audits.export, {"write": write_csv}, name="case_audit_export"),
    ]


def _of_desks() -> list[URLPattern]:
    """The desks, and who is in their matters."""
    return [
        path("desks/", desks.desk_list, name="desks"),
        path("desks/exploitation/notices/", desks.notice_register_page, name="notice_register"),
        path("desks/<str:kind>/", desks.desk_page, name="desk"),
        path("desks/<str:kind>/new/", desks.desk_open, name="desk_open"),
        path("requests/", partners.requests, name="requests"),
        path("requests/<int:task_id>/", partners.answer, name="partner_answer"),
        path("involved/<int:involvement_id>/end/", desks.involve_end, name="involve_end"),
    ]


def _of_the_house() -> list[URLPattern]:
    """Access, one's own account, and what machines ask."""
    return [
        path("access/", access.access, name="access"),
        path("access/people/<int:user_id>/", access.give, name="access_give"),
        path("access/people/<int:user_id>/skills/", access.describe, name="access_describe"),
        path("access/roles/<int:grant_id>/end/", access.end, name="access_end"),
        path("access/people/<int:user_id>/close/", access.close, name="access_close"),
        path("access/machines/<int:client_id>/revoke/", access.revoke, name="access_revoke"),
        path("notices/", account.notices_page, name="notices"),
        path("notices/<int:notice_id>/", account.notice_seen, name="notice_seen"),
        path("account/", account.account, name="account"),
        path("privacy/", account.privacy, name="privacy"),
        path("healthz", health.healthz, name="healthz"),
        path("readyz", health.readyz, name="readyz"),
        path("metrics", health.metrics, name="metrics"),
    ]


def _of_engagements(read_sample: mappings.ReadSample) -> list[URLPattern]:
    """What agencies hold about people, and how each source is read."""
    return [
        path("engagements/", engagements.engagements, name="engagements"),
        path("engagements/new/", engagements.engagement_new, name="engagement_new"),
        path("engagements/try/", mappings.mapping_try, {"read_sample": read_sample}, name="mapping_try"),
        path("engagements/sources/draft/", mappings.mapping_draft, name="mapping_draft"),
        path("engagements/sources/<int:mapping_number>/", mappings.mapping, {"read_sample": read_sample}, name="mapping"),
        path("engagements/looks/<int:look_id>/", engagements.engagement_look, name="engagement_look"),
        path("engagements/<int:engagement_id>/", engagements.engagement, name="engagement"),
    ]


def _of_files(*, bring_in: Callable[..., Any], mend: Callable[..., Any], error_file: Callable[[int], bytes]) -> list[URLPattern]:
    """Bringing files in, what became of each, and the rows that could not be read."""
    return [
        path("files/", imports.imports, {"bring_in": bring_in}, name="imports"),
        path("files/<int:run_id>/", imports.import_run, name="import_run"),
        path("files/<int:run_id>/errors.csv", imports.import_errors, {"error_file": error_file}, name="import_errors"),
        path("rows/", imports.bad_rows, name="bad_rows"),
        path("rows/<int:row_id>/", imports.bad_row, {"mend": mend}, name="bad_row"),
    ]
