"""Asking a local authority for a place, and what its answer means (PACE s.38(6); Children Act 1989 s.21(2)(b)).

An authority must receive every child it is asked to; for a place that is not secure that is absolute. A secure place is
asked for only when the test is written out, and its refusal answers one limb of one certificate and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lodestar.core.matters.custody.charges import age, charges
from lodestar.core.matters.desk import Attempt, Done, Story
from lodestar.core.times import say
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "PACE 1984 s.38(6)(b), (6A)"
SECURE, NON_SECURE = "secure", "non_secure"
ANSWERS = ("place_answered", "answer_noted")
OFFERS = ("offered", "partly")
OLD_ENOUGH = 12


def requests(*, story: Story, kind: str = "") -> tuple[Done, ...]:
    """Every request since the child was last kept, of one kind where it is named."""
    since = kept_at(story=story)
    made = story.all("place_requested")
    return tuple(done for done in made if (since is None or done.at >= since) and (not kind or done.said.get("type") == kind))


def kept_at(*, story: Story) -> datetime | None:
    """When the duty to move was last opened: at the refusal of bail, or when the child came back."""
    opened = story.last("bail_refused", "child_came_back")
    return opened.at if opened else None


def answer_to(*, story: Story, request: Done) -> Done | None:
    """The newest answer to a request, given by the authority or noted by the custody officer."""
    found = [done for done in story.all(*ANSWERS) if done.said.get("about") == str(request.id)]
    return found[-1] if found else None


def said_no(*, story: Story, kind: str) -> tuple[Done, ...]:
    """The requests of a kind that were refused, or never answered."""
    answers = ((request, answer_to(story=story, request=request)) for request in requests(story=story, kind=kind))
    return tuple(request for request, answer in answers if answer is not None and answer.said.get("answer") in ("refused", "no_reply"))


def decided_afresh_at(*, story: Story) -> datetime | None:
    """When a review last reopened what a certificate had answered; what was asked and judged before it no longer carries one."""
    made = story.last("certified_impracticable", "certified_serious_harm")
    if made is None:
        return None
    later = [done.at for done in story.all("review_after_charge") if (done.at, done.id) > (made.at, made.id)]
    return later[0] if later else None


def secure_refused(*, story: Story) -> Done | None:
    """The answer that shows no secure place is available: a refusal, to the newest secure request answered, and still fresh.

    That nobody replied shows nothing about places, and an offer made since takes the limb away (s.38(6)(b), G7).
    """
    answers = [answer_to(story=story, request=request) for request in requests(story=story, kind=SECURE)]
    given = [answer for answer in answers if answer is not None and answer.said.get("answer") != "asks"]
    if not given or any(answer.said.get("answer") in OFFERS for answer in given):
        return None
    newest = max(given, key=lambda answer: (answer.at, answer.id))
    afresh = decided_afresh_at(story=story)
    if newest.said.get("answer") != "refused" or (afresh is not None and newest.at < afresh):
        return None
    return newest


def judged_inadequate(*, story: Story) -> bool:
    """True where, after the secure refusal, a place that is not secure was judged not to protect the public (G6)."""
    refused, judged = secure_refused(story=story), story.last("adequacy_assessed")
    if refused is None or judged is None or judged.said.get("adequate") != "no":
        return False
    return (judged.at, judged.id) > (refused.at, refused.id)


def refuse_move(attempt: Attempt) -> Refusals:
    """A child is moved to a place that was offered, on a request made since the child was last kept."""
    request = attempt.story.one(attempt.said.get("about", ""))
    if request is not None and request in requests(story=attempt.story):
        answer = answer_to(story=attempt.story, request=request)
        if answer is not None and answer.said.get("answer") in OFFERS:
            return ()
    sentence = "No place has been offered on this request. Note the offer first."
    return (Refusal("custody.no_offer", sentence, "PACE 1984 s.38(6)", "about"),)


def open_question(*, story: Story) -> bool:
    """True where a secure place was refused and nobody has yet asked the second question, or its answer is acted on (G6)."""
    refused = said_no(story=story, kind=SECURE)
    if not refused or requests(story=story, kind=NON_SECURE):
        return False
    judged = [done for done in story.all("adequacy_assessed") if done.at >= refused[-1].at]
    return not judged or judged[-1].said.get("adequate") != "no"


def refuse_return(attempt: Attempt) -> Refusals:
    """A child comes back after going, if only by a minute: at one and the same instant it would be no new detention, and owe no review."""
    gone = attempt.story.last("child_moved")
    if gone is None or attempt.at > gone.at:
        return ()
    return (Refusal("custody.back_before_gone", f"The child was moved on {say(gone.at)}. Give a later time.", AUTHORITY, "at"),)


def refuse_request(attempt: Attempt) -> Refusals:
    """A place that is not secure needs nothing but the asking; a secure one needs age, the test written out and an inspector."""
    return tuple(_secure_gaps(attempt)) if attempt.said.get("type") == SECURE else ()


def refuse_answer(attempt: Attempt) -> Refusals:
    """An answer is to one request; a refusal says why, an offer says what and when."""
    return tuple(_answer_gaps(attempt))


def refuse_failure(attempt: Attempt) -> Refusals:
    """A failure to provide is about a place that is not secure, asked for and not given (G9)."""
    request = attempt.story.one(attempt.said.get("about", ""))
    if request is not None and request in said_no(story=attempt.story, kind=NON_SECURE):
        return ()
    sentence = "Choose a request for a place that is not secure, which was refused or had no answer. Note the answer first."
    return (Refusal("custody.no_failure", sentence, "Children Act 1989 s.21(2)(b); Concordat, principles 4 and 6", "about"),)


def _secure_gaps(attempt: Attempt) -> Iterator[Refusal]:
    said, story = attempt.said, attempt.story
    years = age(story=story, at=attempt.at)
    if years is None:
        sentence = "A secure place needs an age of 12 or over. Record the date of birth first, or ask for a place that is not secure."
        yield Refusal("custody.age_not_known", sentence, AUTHORITY, "type")
    elif years < OLD_ENOUGH:
        sentence = "A secure place may be asked for only at 12 or over. Ask for one that is not secure."
        yield Refusal("custody.secure_age", sentence, AUTHORITY, "type")
    if len(said.get("harm", "").split()) < 3:
        sentence = "Write out the serious harm feared, from whom to whom, between now and court only."
        yield Refusal("custody.secure_harm", sentence, AUTHORITY, "harm")
    if len(said.get("not_enough", "").split()) < 3:
        yield Refusal("custody.secure_why", "Say why a place that is not secure, with support, is not enough.", AUTHORITY, "not_enough")
    if charges(story=story).specified and len(said.get("test", "").split()) < 3:
        sentence = "For this charge the test is death or serious personal injury from further such offences. Write how it is met."
        yield Refusal("custody.secure_test", sentence, "PACE 1984 s.38(6A)", "test")
    approved = [done for done in story.all("secure_approved") if done.by != attempt.by]
    since = kept_at(story=story)
    if not approved or (since is not None and approved[-1].at < since):
        sentence = "An inspector must approve asking for a secure place first. Ask one, or ask for a place that is not secure."
        yield Refusal("custody.secure_approval", sentence, "Local practice, as in R (AR) v Waltham Forest [2021] EWCA Civ 1185", "type")


def _answer_gaps(attempt: Attempt) -> Iterator[Refusal]:
    said = attempt.said
    request = attempt.story.one(said.get("about", ""))
    if request is None or request.code != "place_requested":
        yield Refusal("custody.no_request", "Choose the request that this answers.", AUTHORITY, "about")
    elif attempt.at < request.at:
        yield Refusal("custody.answer_first", "The answer is before the request. Check the time.", "", "at")
    if (
        said.get("answer") == "refused"
        and request is not None
        and request.said.get("type") == NON_SECURE
        and not said.get("why", "").strip()
    ):
        sentence = "The duty to provide a place that is not secure is absolute. Say why it is refused, and by whose decision."
        yield Refusal("custody.refusal_reason", sentence, "Children Act 1989 s.21(2)(b)", "why")
