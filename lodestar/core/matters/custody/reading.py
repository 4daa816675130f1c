"""What the deeds of one child's detention say, as the certificate and the funnel read them.

A deed that lacks an answer gives a blank, and the certificate refuses the blank: nothing is made up on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from lodestar.core.matters.custody.casefile import CaseFile
from lodestar.core.matters.custody.certificates import ACCEPTED
from lodestar.core.matters.custody.charges import charges
from lodestar.core.matters.custody.funnel import Asked, Charged
from lodestar.core.matters.custody.paper import CertificatePaper, Produced, RequestMade
from lodestar.core.matters.custody.requests import ANSWERS, NON_SECURE
from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Done, Story
from lodestar.core.paper import paragraphs
from lodestar.core.times import say

LIMBS = {"certified_impracticable": "a", "certified_serious_harm": "b"}
AGES = {"appears_under_18": "Appears to be under 18.", "stated": "Under 18, as stated.", "confirmed": "Under 18, confirmed."}
OFFERS = {"offered": "offered", "partly": "offered", "refused": "refused"}


@dataclass(frozen=True, slots=True)
class Named:
    """Who the certificate is about, where, and who certifies: what the deeds do not say, or give only as ids."""

    child: str
    born: date | None
    custody_reference: str
    district: str
    certified_by: str


def certificate(*, story: Story, deed: Done, named: Named) -> CertificatePaper | None:
    """A certificate says what was on record when it was made, and whether it has been produced since; None for another deed."""
    if deed.code not in LIMBS:
        return None
    charge = _by(story, "child_charged", deed.at)
    opened = _by(story, "detention_authorised", deed.at)
    said = deed.said
    return CertificatePaper(
        child=named.child,
        born=named.born,
        age_given=AGES.get(opened.said.get("age_basis", ""), "") if opened else "",
        custody_reference=named.custody_reference,
        district=named.district,
        station=opened.said.get("station", "") if opened else "",
        charges=paragraphs(charge.said.get("charges", "")) if charge else (),
        charged_at=charge.at if charge else None,
        specified_offence=charges(story=story).specified,
        limb=LIMBS[deed.code],
        circumstances=said.get("circumstances", ""),
        beside=tuple(_beside(deed)),
        harm="\n".join(filter(None, (said.get("serious_harm", ""), said.get("not_adequate", "")))),
        test=said.get("test", ""),
        made_at=deed.at,
        made_by=named.certified_by,
        court=charge.said.get("court", "") if charge else "",
        requests=tuple(_request(story, done, deed.at) for done in story.all("place_requested") if done.at <= deed.at),
        failed_to_provide=_by(story, "failure_to_provide", deed.at) is not None,
        produced=_produced(story, deed),
    )


def charged(*, story: Story, row: str) -> Charged | None:
    """One child as the funnel reads it; None where no charge is on record, since the funnel counts from the charge.

    Bail once refused stays refused here, whatever a later review decided: the duty to move the child had begun.
    """
    first = next(iter(story.all("child_charged")), None)
    if first is None:
        return None
    refused, released = story.all("bail_refused"), story.all("child_released")
    court = story.last("brought_to_court")
    return Charged(
        id=row,
        charged_at=first.at,
        bail="refused" if refused else "released" if released else "",
        straight_to_court=court is not None and court.said.get("straight") == "yes",
        asked=tuple(Asked(done.said.get("type", NON_SECURE), _offer(story, done)) for done in story.all("place_requested")),
        moved=bool(story.all("child_moved")),
        certificates=frozenset(LIMBS[done.code] for done in story.all(*LIMBS)),
        failed_to_provide=bool(story.all("failure_to_provide")),
    )


def told(case: CaseFile) -> Story:
    """A case file as the story it tells, whether or not the rules would have let each step be taken."""
    numbers = {entry.of: number for number, entry in enumerate(case.entries, start=1) if entry.code == "place_requested"}
    done = tuple(
        Done(number, entry.code, entry.at, entry.at, entry.by, {**entry.said, **_about(entry.of, numbers)})
        for number, entry in enumerate(case.entries, start=1)
    )
    return Story("custody", "", case.opened_at, case.opened_at, born=case.born, done=done)


def _about(place: int | None, numbers: Mapping[int | None, int]) -> dict[str, str]:
    return {"about": str(numbers[place])} if place is not None and place in numbers else {}


def _by(story: Story, code: str, at: datetime) -> Done | None:
    """The newest deed of this code on record at an instant."""
    return next((done for done in reversed(story.all(code)) if done.at <= at), None)


def _beside(deed: Done) -> Iterator[tuple[str, str]]:
    """What a certificate under limb (a) says beside its circumstances."""
    if reason := ACCEPTED.get(deed.said.get("reason", "")):
        yield "What makes it impracticable", reason
    for name, words in (("arrives_at", "The child would arrive"), ("court_at", "The court sits")):
        if (at := instant(deed.said.get(name, ""))) is not None:
            yield words, say(at)
    if inspector := deed.said.get("inspector", "").strip():
        yield "The inspector", inspector


def _request(story: Story, asked: Done, until: datetime) -> RequestMade:
    found = _answer(story, asked, until)
    return RequestMade(
        at=asked.at,
        authority=asked.said.get("authority", ""),
        kind=asked.said.get("type", NON_SECURE),
        answer=found.said.get("answer", "") if found else "",
        answered_at=found.at if found else None,
        reason=found.said.get("why", "") if found else "",
    )


def _answer(story: Story, asked: Done, until: datetime | None = None) -> Done | None:
    """The newest answer to a request, given by the authority or noted by the custody officer."""
    about = [done for done in story.all(*ANSWERS) if done.said.get("about") == str(asked.id)]
    return next((done for done in reversed(about) if until is None or done.at <= until), None)


def _offer(story: Story, asked: Done) -> str:
    """An offer in part is an offer; a question back, or that nobody replied, is no answer."""
    found = _answer(story, asked)
    return OFFERS.get(found.said.get("answer", ""), "") if found else ""


def _produced(story: Story, made: Done) -> Produced | None:
    """Section 38(7) is about the first court after the certificate: a later one does not mend it."""
    first = next((done for done in story.all("brought_to_court") if done.at >= made.at), None)
    if first is None or first.said.get("certificate_produced") != "yes":
        return None
    return Produced(first.at, first.said.get("court", ""), first.said.get("who", ""), first.said.get("produced_to", ""))
