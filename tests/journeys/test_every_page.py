"""Every page there is, in a real Chromium: axe finds nothing, one heading, a title of its own, 320 px, nothing that the policy blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLPattern

from lodestar.config.writers import WRITERS
from lodestar.doors.web.urls import pages
from tests.journeys.conftest import NARROW, PASSWORD, WIDE, Person
from tests.journeys.world import World

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}


@dataclass(frozen=True)
class Look:
    """One page to look at: its route's name, its address and who opens it."""

    name: str
    path: str
    who: str = "hazel"


NOT_PAGES = {
    "home": "sends on to the first page of one's role",
    "events": "the stream; it has tests of its own",
    "lookup_live": "answers what is being typed; asked in the journey of looking somebody up",
    "words_live": "answers what is being typed; asked in the journey of words",
    "import_errors": "a file; downloaded in the journey of files",
    "certificate_pdf": "a file; taken in the tests of papers",
    "certificate_docx": "a file; taken in the tests of papers",
    "inspection_reply": "a button; pressed in the journey of the inspection",
    "reply_pdf": "a file; taken in the journey of the inspection",
    "reply_docx": "a file; taken in the journey of the inspection",
    "register_csv": "a file; taken in the tests of the register",
    "register_xlsx": "a file; taken in the tests of the register",
    "case_audit_export": "a file; taken in the tests of case audits",
    "publication_csv": "a file; taken in the tests of measures",
    "publication_xlsx": "a file; taken in the tests of measures",
    "pack_pdf": "a file; taken in the tests of pages and the journey of meetings",
    "pack_html": "a file; taken in the tests of pages",
    "pack_xlsx": "a file; taken in the tests of pages",
    "star_file": "a file; taken in the tests of pages",
    "propose": "a button; pressed below and in the journey of tasking",
    "second": "a button; pressed in the journey of tasking",
    "run_again": "a button; pressed in the tests of pages",
    "conflict_end": "a button on the page of conflicts",
    "access_end": "a button on the page of access",
    "access_revoke": "a button on the page of access",
    "notice_seen": "a button; pressed on the page of notices",
    "forecast_foretell": "a button; pressed in the tests of the forecast's pages",
    "forecast_scenario": "a file; taken in the tests of the forecast's pages",
    "healthz": "for machines",
    "readyz": "for machines",
    "metrics": "for machines",
}


@pytest.fixture(scope="module")
def rows(world: World) -> dict[str, int]:
    """One of everything, so that every page has something on it."""
    found = world.do("one_of_everything")
    assert isinstance(found, dict)
    return found


def looks(rows: dict[str, int]) -> Iterator[Look]:
    """Every named route with an address that opens."""
    numbers = {
        "matter_id": "matter",
        "news_id": "news",
        "downgrade_id": "downgrade",
        "transfer_id": "transfer",
        "person_id": "person",
        "question_id": "question",
        "report_id": "report",
        "run_id": "run",
        "row_id": "row",
        "obligation_id": "obligation",
        "handover_id": "handover",
        "task_id": "task",
        "proposal_id": "proposal",
        "user_id": "user",
        "involvement_id": "involvement",
        "hit_id": "hit",
        "number": "formula",
        "model_number": "identity_model",
        "forecast_id": "forecast",
        "meeting_id": "meeting",
        "item": "item",
        "pack_id": "pack",
        "action_id": "meeting_action",
        "inspection_id": "inspection",
        "finding_id": "finding",
        "commitment_id": "commitment",
        "audit_id": "case_audit",
        "case_id": "sampled_case",
        "engagement_id": "engagement",
        "look_id": "look",
        "mapping_number": "mapping",
        "lead_id": "lead",
        "thing_id": "thing",
    }
    for route in routes():
        path = "/" + str(route.pattern)
        if route.name in NOT_PAGES:
            continue
        for word, value in (
            ("part", "child"),
            ("measure_code", "M1"),
            ("kind", "online"),
            ("code", "review_recorded"),
            ("outcome", "searched"),
        ):
            path = path.replace(f"<str:{word}>", value)
        for word, row in numbers.items():
            number = rows[ANOTHER.get((str(route.name), row), row)]
            path = path.replace(f"<int:{word}>", str(number))
        yield Look(str(route.name), path, OPENED_BY.get(str(route.name), "hazel"))


# Where a page wants a row in another state than the first of its kind is in.
ANOTHER = {
    ("transfer_in", "transfer"): "incoming",
    ("partner_ask", "task"): "unasked",
    ("partner_withdraw", "task"): "asked",
    ("partner_answer", "task"): "asked",
}
OPENED_BY = {
    "identity_models": "maple",
    "identity_model": "maple",
    "inspection_file": "willow",
    "inspection_hand_on": "willow",
    "handover_offer": "alder",
    "handover_answer": "cedar",
    "downgrade": "elm",
    "task": "rowan",
    "task_finish": "rowan",
    "audit": "yew",
    "audit_verify": "yew",
    "access": "yew",
    "access_give": "yew",
    "access_close": "yew",
    "access_describe": "yew",
    "requests": "lime",
    "partner_answer": "briar",
}
BEYOND = (
    Look("inspection_for_who_keeps_it", "/inspection/", "willow"),
    Look("inspection_for_the_board", "/inspection/reports/{inspection}/", "beech"),
    Look("finding_for_who_keeps_it", "/inspection/findings/{finding}/", "willow"),
    Look("commitment_for_the_board", "/inspection/commitments/{commitment}/", "beech"),
    Look("audits_for_who_draws", "/inspection/audits/", "willow"),
    Look("audit_for_who_keeps_it", "/inspection/audits/{case_audit}/", "willow"),
    Look("report_reporter", "/reports/new/reporter/"),
    Look("report_happened", "/reports/new/happened/"),
    Look("report_risk", "/reports/new/risk/"),
    Look("deed_interview", "/matters/{returned}/done/prevention_interview_recorded/"),
    Look("matter_returned", "/matters/{returned}/"),
    Look("detectors_of_a_rule", "/detectors/?rule=DET-HIGH-RISK-PHOTOGRAPH"),
    Look("detectors_without_children", "/detectors/", "oak"),
    Look("matter_with_a_hit", "/matters/{absent}/"),
    Look("child_with_a_hit", "/people/{absent_child}/"),
    Look("formula_as_governance", "/tasking/formula/{formula}/", "maple"),
    Look("identity_model_for_the_public_view", "/linkage/{identity_model}/", "oak"),
    Look("owed_week", "/owed/?view=7d"),
    Look("network_with_a_chain", "/people/{led_child}/network/?to=thing-{thing}"),
    Look("lookup_for_a_call_handler", "/look-up/", "ivy"),
    Look("lookup_for_an_officer", "/look-up/", "rowan"),
    Look("board_filtered", "/board/?tier=3&district=north"),
    Look("measures_of_a_district", "/measures/?days=30&district=north&known=2026-01-31"),
    Look("measure_of_time", "/measures/M2/"),
    Look("measure_line", "/measures/M1/?line=child+clock"),
    Look("rows_counted", "/measures/M1/rows/?only=counted"),
    Look("search_found", "/people/?name=Mar"),
    Look("requests_of_a_service", "/requests/", "briar"),
    Look("desk_custody", "/desks/custody/"),
    Look("desk_exploitation", "/desks/exploitation/"),
    Look("board_of_a_desk", "/board/?kind=missing&state=graded"),
    Look("engagement_of_a_kind", "/engagements/new/?kind=hospital"),
    Look("mapping_of_who_drafted_it", "/engagements/sources/{mapping}/", "pine"),
    Look("not_there", "/matters/999999/"),
    Look("second_step", "/sign-in/2fa/"),
    Look("passkeys", "/sign-in/2fa/webauthn/"),
    Look("password_change", "/sign-in/password/change/"),
    Look("password_again", "/sign-in/reauthenticate/"),
    Look("sign_out", "/sign-in/logout/"),
    Look("set_up_app", "/sign-in/2fa/totp/activate/"),
    Look("add_passkey", "/sign-in/2fa/webauthn/add/"),
)


def routes() -> list[URLPattern]:
    """Every page of the pages' own list."""

    def no_file(*_: object, **__: object) -> bytes:
        return b""

    return pages(
        bring_in=no_file,
        mend=no_file,
        error_file=no_file,
        read_sample=no_file,
        write_pdf=no_file,
        write_docx=no_file,
        draw=no_file,
        write_csv=no_file,
        write_book=no_file,
        pack_writers=WRITERS,
        write_star=no_file,
        pack_star=no_file,
        load_register=no_file,
        write_register=no_file,
    )


def faults_of(person: Person, look: Look) -> list[str]:
    """Everything that is wrong with one page."""
    page = person.page
    found = [f"axe: {item['id']}: {item['nodes'][0]['html'][:160]}" for item in Axe().run(page, options=RULES).response["violations"]]
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} main headings")
    if not page.title().removesuffix("– Lodestar").strip():
        found.append("no title")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    width = page.evaluate("() => document.documentElement.scrollWidth")
    if width > 320:
        found.append(f"{width} px wide on a screen of 320")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return [f"{look.name} {look.path}: {fault}" for fault in found]


def test_every_page_can_be_used_by_everybody(somebody: Somebody, rows: dict[str, int]) -> None:
    people: dict[str, Person] = {}
    faults: list[str] = []
    titles: dict[str, str] = {}
    for look in (*looks(rows), *(Look(look.name, look.path.format(**rows), look.who) for look in BEYOND)):
        if look.who not in people:
            people[look.who] = somebody(look.who)
        person = people[look.who]
        answer = person.page.goto(person.world.url + look.path)
        assert answer is not None
        if "reauthenticate" in person.page.url and look.name in ("set_up_app", "add_passkey"):
            person.page.get_by_label("Password", exact=True).fill(PASSWORD)
            person.presses("Go on")
            person.page.wait_for_url(f"**{look.path}")
        if answer.status != (404 if look.name == "not_there" else 200):
            faults.append(f"{look.name} {look.path}: answered {answer.status}")
            continue
        faults += faults_of(person, look)
        title = person.page.title()
        page_asked = look.path.partition("?")[0]
        if titles.setdefault(title, page_asked) != page_asked:
            faults.append(f"{look.name}: the same title as {titles[title]}: {title}")
    assert not faults, "\n".join(faults)
