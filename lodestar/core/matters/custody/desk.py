"""The desk for children kept after charge, told to the machinery that every kind of matter shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from lodestar.core.matters.custody import certificates, charges, directions, hospital, production, requests, reviews
from lodestar.core.matters.custody.closing import closing_gaps
from lodestar.core.matters.custody.court import court_after
from lodestar.core.matters.custody.deeds import DEEDS
from lodestar.core.matters.custody.follow import follow, opens
from lodestar.core.matters.custody.lifecycle import CUSTODY, HELD
from lodestar.core.matters.desk import Attempt, Desk, Story, TierRule
from lodestar.core.times import say, say_span
from lodestar.core.words import Refusal, Refusals

ROLES = MappingProxyType(
    {
        "appropriate_adult": "Appropriate adult",
        "parent": "Parent or carer",
        "solicitor": "Solicitor",
        "social_worker": "Social worker",
        "exploiter": "Adult who may exploit the child",
        "victim": "Victim",
    }
)


def refuse(attempt: Attempt) -> Refusals:
    """Each deed answers to the guard that stands before it."""
    guard = _GUARDS.get(attempt.code)
    return guard(attempt) if guard else ()


def _refuse_secure_refused(attempt: Attempt) -> Refusals:
    """Where a secure place was refused, certificate (a) does not pass over the second question (G6)."""
    gaps = (*_refuse_any_certificate(attempt), *certificates.refuse_impracticable(attempt))
    if requests.open_question(story=attempt.story) and attempt.said.get("reason") not in ("extreme_weather", "hospital"):
        sentence = "A secure place was refused. Say whether one that is not secure would protect the public; if it would, ask for it."
        gaps = (*gaps, Refusal("custody.second_question", sentence, "PACE 1984 s.38(6)(b)"))
    return gaps


def _refuse_any_certificate(attempt: Attempt) -> Refusals:
    return (*directions.refuse_under_direction(attempt), *reviews.refuse_certifying(attempt))


def _refuse_serious_harm(attempt: Attempt) -> Refusals:
    return (*_refuse_any_certificate(attempt), *certificates.refuse_serious_harm(attempt))


def _refuse_keeping(attempt: Attempt) -> Refusals:
    return (*directions.refuse_under_direction(attempt), *charges.refuse_keeping(attempt))


def _refuse_review_before(attempt: Attempt) -> Refusals:
    opened = attempt.story.last("detention_authorised")
    same = opened is not None and opened.by is not None and opened.by == attempt.by
    involved = Refusal(
        "custody.review_involved", "A review before charge is done by an inspector not directly involved.", "PACE 1984 s.40(1)(b)"
    )
    return (*reviews.refuse_review(attempt), *((involved,) if same else ()))


def summary(story: Story, now: datetime) -> tuple[tuple[str, str], ...]:
    """What the top of the page says."""
    return tuple(_summary(story, now))


def _summary(story: Story, now: datetime) -> Iterator[tuple[str, str]]:
    charged, kept = story.last("child_charged"), requests.kept_at(story=story)
    if charged:
        yield "Charged", f"{say(charged.at)}: {charged.said.get('charges', '')}"
        owed = hospital.court_due(story=story) or court_after(charged=charged).due_at
        yield "First court", f"by {say(owed)}, {charged.said.get('court', '')}"
    stay = hospital.in_hospital(story=story)
    if stay is not None:
        yield "In hospital", f"since {say(stay.gone.at)}"
    if kept is not None and story.state in HELD:
        yield "In a cell since charge", say_span(now - (charged.at if charged else kept))
        yield "The duty to move", f"open since {say(kept)}"
    made = requests.requests(story=story)
    if made:
        answers = [requests.answer_to(story=story, request=done) for done in made]
        waiting = sum(answer is None for answer in answers)
        yield "Places asked for", f"{len(made)}, of which {waiting} without an answer"
    if story.all("failure_to_provide"):
        yield "The authority", "failed to provide a place that is not secure"
    if story.state in (*HELD, "detained", "early_warning", "charged"):
        yield "Next review", say(reviews.due(story=story))


def _held(story: Story) -> bool:
    return story.state in HELD


RULES: Mapping[str, TierRule] = MappingProxyType(
    {
        "transfer_owed_unasked": lambda story, _: _held(story) and not requests.requests(story=story),
        "review_late": lambda story, _: bool(story.late & reviews.CLOCKS),
        "drug_sample_expired": lambda story, _: bool(story.late & {"CUS-DRUG-SAMPLE"}),
        "secure_refused_unasked": lambda story, _: _held(story) and requests.open_question(story=story),
        "court_late": lambda story, _: bool(story.late & {"CUS-FIRST-COURT"}),
        "kept_after_charge": lambda story, _: _held(story),
        "request_unanswered": lambda story, _: bool(story.late & {"CUS-LA-REPLY"}),
        "statutory_due_soon": lambda story, _: bool(story.soon & {*reviews.CLOCKS, "CUS-FIRST-COURT"}),
        "charged_undecided": lambda story, _: story.state == "charged",
        "may_be_exploited": lambda story, _: _exploited(story),
        "news_waiting": lambda story, _: story.news_waiting > 0,
        "in_custody": lambda story, _: story.state in ("detained", "early_warning"),
        "with_authority": lambda story, _: story.state == "moved",
        "something_late": lambda story, _: bool(story.late),
        "something_due_soon": lambda story, _: bool(story.soon),
    }
)


def _exploited(story: Story) -> bool:
    opened = story.last("detention_authorised")
    return opened is not None and opened.said.get("exploitation") in ("yes", "not_known") and story.state not in ("audited", "closed")


_GUARDS: Mapping[str, Callable[[Attempt], Refusals]] = MappingProxyType(
    {
        "detention_authorised": charges.refuse_opening,
        "bail_refused": _refuse_keeping,
        "bail_refused_afresh": charges.refuse_keeping_afresh,
        "child_released": charges.refuse_release,
        "review_before_charge": _refuse_review_before,
        "review_after_charge": reviews.refuse_review,
        "place_requested": requests.refuse_request,
        "place_answered": requests.refuse_answer,
        "answer_noted": requests.refuse_answer,
        "failure_to_provide": requests.refuse_failure,
        "certified_impracticable": _refuse_secure_refused,
        "certified_serious_harm": _refuse_serious_harm,
        "child_moved": requests.refuse_move,
        "child_came_back": requests.refuse_return,
        "brought_to_court": production.refuse_court,
        hospital.GONE: hospital.refuse_going,
        hospital.QUESTIONED: hospital.refuse_questioned,
        hospital.BACK: hospital.refuse_back,
        "custody_closed": lambda attempt: closing_gaps(attempt.story, attempt.now),
    }
)

CUSTODY_DESK = Desk(
    kind="custody",
    title="Custody after charge",
    noun="child in police custody",
    lifecycle=CUSTODY,
    deeds=DEEDS,
    opening="detention_authorised",
    answered_by="custody_officer",
    joins=False,
    tiers="TIERS-CUSTODY",
    rules=RULES,
    roles=ROLES,
    words={
        "open": "A child is in custody",
        "external_id": "Custody record number",
        "reporter_name": "Custody officer",
        "reported_at": "When was detention first authorised?",
        "circumstances": "What happened?",
        "person": "Who is the child?",
    },
    refuse=refuse,
    follow=follow,
    missing=closing_gaps,
    summary=summary,
    opens=opens,
    holds=hospital.holds,
)
