"""The desk for children kept after charge, told to the machinery that every kind of matter shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from lodestar.core.matters.custody import certificates, charges, requests, reviews
from lodestar.core.matters.custody.court import first_court
from lodestar.core.matters.custody.deeds import DEEDS
from lodestar.core.matters.custody.follow import follow, opens
from lodestar.core.matters.custody.lifecycle import CUSTODY, HELD
from lodestar.core.matters.deeds import instant
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


def straight_to_court(*, story: Story) -> bool:
    """True where the child went straight to a court that was sitting: no request was needed, and the case is listed all the same."""
    done = story.last("brought_to_court")
    return done is not None and done.said.get("straight") == "yes"


def _refuse_court(attempt: Attempt) -> Refusals:
    return tuple(_court_gaps(attempt))


def _court_gaps(attempt: Attempt) -> Iterator[Refusal]:
    said, story = attempt.said, attempt.story
    made = certificates.certified(story=story)
    if made and said.get("certificate_produced") != "yes":
        sentence = "A certificate was made, so it is produced to the court before which the child is first brought. Say to whom."
        yield Refusal("custody.certificate_not_produced", sentence, "PACE 1984 s.38(7)", "certificate_produced")
    if not made and said.get("certificate_produced") == "yes":
        yield Refusal(
            "custody.no_certificate", "No certificate is on record. Make it first, or say that none was made.", "", "certificate_produced"
        )
    if story.state in HELD and not made and not requests.requests(story=story) and said.get("straight") != "yes":
        sentence = (
            "No place was asked for and no certificate made. Ask the authority, or record that a court was sitting then, with both times."
        )
        yield Refusal("custody.never_asked", sentence, "PACE 1984 s.38(6)", "straight")
    sat, left = (instant(said.get(name, "")) for name in ("sat_at", "left_at"))
    if said.get("straight") == "yes" and sat is not None and left is not None and left > sat:
        yield Refusal("custody.left_after", "The child left after the court sat. Check both times.", "", "left_at")


def _refuse_secure_refused(attempt: Attempt) -> Refusals:
    """Where a secure place was refused, certificate (a) does not pass over the second question (G6)."""
    gaps = certificates.refuse_impracticable(attempt)
    if requests.open_question(story=attempt.story) and attempt.said.get("reason") not in ("extreme_weather", "hospital"):
        sentence = "A secure place was refused. Say whether one that is not secure would protect the public; if it would, ask for it."
        gaps = (*gaps, Refusal("custody.second_question", sentence, "PACE 1984 s.38(6)(b)"))
    return gaps


def _refuse_move(attempt: Attempt) -> Refusals:
    request = attempt.story.one(attempt.said.get("about", ""))
    answer = requests.answer_to(story=attempt.story, request=request) if request is not None else None
    if answer is not None and answer.said.get("answer") in ("offered", "partly"):
        return ()
    return (Refusal("custody.no_offer", "No place has been offered on this request. Note the offer first.", "PACE 1984 s.38(6)", "about"),)


def _refuse_review_before(attempt: Attempt) -> Refusals:
    opened = attempt.story.last("detention_authorised")
    same = opened is not None and opened.by is not None and opened.by == attempt.by
    involved = Refusal(
        "custody.review_involved", "A review before charge is done by an inspector not directly involved.", "PACE 1984 s.40(1)(b)"
    )
    return (*reviews.refuse_review(attempt), *((involved,) if same else ()))


def closing_gaps(story: Story, _now: datetime) -> Refusals:
    """What closing needs: the child is out of the cells, the look afterwards is done, and nothing is loose."""
    return tuple(_closing(story))


def _closing(story: Story) -> Iterator[Refusal]:
    if story.state not in ("released", "at_court", "audited", "closed"):
        yield Refusal("custody.still_held", "The child is still in custody, or with the authority until court.", "PACE 1984 s.38, s.46")
    if story.last("after_action_recorded") is None:
        yield Refusal("custody.not_audited", "A senior officer must look at it afterwards.", "Concordat, principle 7")
    if story.last("bail_refused") is not None and story.last("daily_meeting_scrutinised") is None:
        yield Refusal("custody.not_scrutinised", "The daily meeting has not looked at it.", "The force's reply: daily scrutiny")
    if story.news_waiting:
        yield Refusal("custody.news", f"Assess the news that has come in ({story.news_waiting} waiting).")
    if story.open_tasks:
        yield Refusal("custody.tasks", f"Finish or cancel the tasks still open ({story.open_tasks}).")
    if story.unsure_identity:
        yield Refusal("custody.identity", "It is not settled who the child is. Answer the identity question first.")


def summary(story: Story, now: datetime) -> tuple[tuple[str, str], ...]:
    """What the top of the page says."""
    return tuple(_summary(story, now))


def _summary(story: Story, now: datetime) -> Iterator[tuple[str, str]]:
    charged, kept = story.last("child_charged"), requests.kept_at(story=story)
    if charged:
        sitting = instant(charged.said.get("sitting", ""))
        owed = first_court(charged_at=charged.at, sittings=(sitting,) if sitting else ())
        yield "Charged", f"{say(charged.at)}: {charged.said.get('charges', '')}"
        yield "First court", f"by {say(owed.due_at)}, {charged.said.get('court', '')}"
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
        "review_late": lambda story, _: bool(story.late & {"CUS-REVIEW-FIRST", "CUS-REVIEW-NEXT"}),
        "drug_sample_expired": lambda story, _: bool(story.late & {"CUS-DRUG-SAMPLE"}),
        "secure_refused_unasked": lambda story, _: _held(story) and requests.open_question(story=story),
        "court_late": lambda story, _: bool(story.late & {"CUS-FIRST-COURT"}),
        "kept_after_charge": lambda story, _: _held(story),
        "request_unanswered": lambda story, _: bool(story.late & {"CUS-LA-REPLY"}),
        "statutory_due_soon": lambda story, _: bool(story.soon & {"CUS-REVIEW-FIRST", "CUS-REVIEW-NEXT", "CUS-FIRST-COURT"}),
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
        "bail_refused": charges.refuse_keeping,
        "review_before_charge": _refuse_review_before,
        "review_after_charge": reviews.refuse_review,
        "place_requested": requests.refuse_request,
        "place_answered": requests.refuse_answer,
        "answer_noted": requests.refuse_answer,
        "failure_to_provide": requests.refuse_failure,
        "certified_impracticable": _refuse_secure_refused,
        "certified_serious_harm": certificates.refuse_serious_harm,
        "child_moved": _refuse_move,
        "brought_to_court": _refuse_court,
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
)
