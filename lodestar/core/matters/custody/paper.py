"""The certificate about a child kept after charge, as a paper for the court (Police and Criminal Evidence Act 1984, s.38).

Section 38(6) has the custody officer certify why the child was not moved to local authority accommodation; section 38(7)
has the certificate produced to the court before which the child is first brought after it is made. A paper that lacks what
the Act asks for is not made: the court would be handed a form and not a certificate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lodestar.core.paper import Grid, Paper, Part, paragraphs
from lodestar.core.times import age_on, say, say_date
from lodestar.core.words import Allowed, Refusal, Refusals, listed

ACT = "Police and Criminal Evidence Act 1984"
LIMB_A, LIMB_B = "a", "b"
LIMB_B_FROM_AGE = 12
MARKING = "OFFICIAL-SENSITIVE: about a child. For the court and those the law allows to see it."
SECURE, NON_SECURE = "secure", "non_secure"
ANSWERS = {"offered": "A place was offered", "partly": "A place was offered in part", "refused": "Refused", "asks": "Asked a question back"}
SAYING_NO = ("refused", "no_reply")
NO_ANSWER = "No answer"
KINDS = {SECURE: "Secure", NON_SECURE: "Not secure"}


@dataclass(frozen=True, slots=True)
class RequestMade:
    """One request to a local authority under s.38(6), and what came of it by the time the certificate was made."""

    at: datetime
    authority: str
    kind: str  # secure, non_secure
    answer: str = ""  # offered, partly, refused, asks, no_reply where that was noted, or empty
    answered_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Produced:
    """The certificate handed to the court: when, to which, and by whom (s.38(7))."""

    at: datetime
    court: str
    by_whom: str
    to_whom: str = ""


@dataclass(frozen=True, slots=True)
class CertificatePaper:
    """Everything that one certificate says."""

    child: str
    custody_reference: str
    charges: tuple[str, ...]
    limb: str  # a, b
    made_at: datetime
    made_by: str  # name and rank
    court: str
    station: str = ""
    district: str = ""
    born: date | None = None
    age_given: str = ""  # where the date of birth is not known: the age, and how it was arrived at
    charged_at: datetime | None = None
    circumstances: str = ""  # limb (a): why it is impracticable to move the child
    beside: tuple[tuple[str, str], ...] = ()  # limb (a): what stands beside them, such as the hours of a journey
    harm: str = ""  # limb (b): the serious harm, and why other accommodation would not protect the public from it
    test: str = ""  # limb (b), a specified offence: how the meaning of serious harm in s.38(6A) is met
    specified_offence: bool = False  # s.38(6A): a violent, sexual or terrorism offence
    requests: tuple[RequestMade, ...] = ()
    failed_to_provide: bool = False
    produced: Produced | None = None

    @property
    def age(self) -> int | None:
        """The child's age when the certificate was made, where a date of birth says it."""
        return age_on(self.born, self.made_at) if self.born is not None else None


def paper_from(paper: CertificatePaper) -> Allowed[CertificatePaper] | Refusals:
    """A certificate says who, where, for what, under which limb, why, by whom and for which court; nothing owed is blank.

    Refuses every blank at once; under limb (b) also a child under 12, a case with no secure request or no answer to one,
    and a test not written out (PACE 1984 s.38(6), (6A), (7)).
    """
    refusals = (*_blanks(paper), *_instants(paper), *(_limb_b(paper) if paper.limb == LIMB_B else ()))
    return refusals or Allowed(paper)


def _blanks(paper: CertificatePaper) -> Iterator[Refusal]:
    owed = {
        "child": (paper.child, "Say who the child is."),
        "custody_reference": (paper.custody_reference, "Give the custody record's reference."),
        "where": (paper.station or paper.district, "Say where the child is kept: the police station, or at least the district."),
        "charges": ("".join(paper.charges), "Say what the child is charged with."),
        "made_by": (paper.made_by, "Say who certifies, by name and rank."),
        "court": (paper.court, "Name the court before which the child is first brought after the certificate."),
    }
    if paper.limb == LIMB_A:
        owed["circumstances"] = (
            paper.circumstances,
            "Specify the circumstances. Section 38(6)(a) asks for them in the certificate itself.",
        )
    for name, (value, sentence) in owed.items():
        if not value.strip():
            yield Refusal(f"certificate.{name}", sentence, _authority(name), name)
    if paper.born is None and not paper.age_given.strip():
        yield Refusal("certificate.age", "Give the child's date of birth, or the age and how it was arrived at.", f"{ACT} s.37(15)", "born")
    if paper.limb not in (LIMB_A, LIMB_B):
        yield Refusal("certificate.limb", "Choose limb (a), impracticable, or limb (b), serious harm.", f"{ACT} s.38(6)", "limb")


def _authority(name: str) -> str:
    return f"{ACT} s.38(7)" if name == "court" else f"{ACT} s.38(6)"


def _instants(paper: CertificatePaper) -> Iterator[Refusal]:
    if paper.charged_at is not None and paper.made_at < paper.charged_at:
        yield Refusal(
            "certificate.before_charge",
            "The certificate is earlier than the charge. Check both times: the duty to move the child begins after charge.",
            f"{ACT} s.38(1), (6)",
            "made_at",
        )
    if paper.born is not None and paper.made_at.date() < paper.born:
        yield Refusal("certificate.born", "The date of birth is after the certificate. Check it.", "", "born")
    if paper.produced is not None and paper.produced.at < paper.made_at:
        yield Refusal("certificate.produced", "It was produced before it was made. Check both times.", f"{ACT} s.38(7)", "produced")


def _limb_b(paper: CertificatePaper) -> Iterator[Refusal]:
    authority = f"{ACT} s.38(6)(b)"
    if not paper.harm.strip():
        yield Refusal(
            "certificate.harm",
            "Write out the serious harm, and why other local authority accommodation would not be adequate to protect the public from it.",
            authority,
            "harm",
        )
    if paper.specified_offence and not paper.test.strip():
        yield Refusal(
            "certificate.test",
            "For this charge write how the child would cause death or serious personal injury by further such offences.",
            f"{ACT} s.38(6A)",
            "test",
        )
    if paper.born is not None and paper.born <= paper.made_at.date() and age_on(paper.born, paper.made_at) < LIMB_B_FROM_AGE:
        yield Refusal("certificate.under_12", "Limb (b) is for a child of 12 or over. Ask for other accommodation.", authority, "limb")
    secure = [request for request in paper.requests if request.kind == SECURE]
    if not secure:
        yield Refusal("certificate.not_asked", "No secure accommodation was asked for. Ask, and record the answer.", authority, "requests")
    elif not any(request.answer in SAYING_NO for request in secure):
        yield Refusal(
            "certificate.not_answered",
            "No answer says that there is no secure accommodation. Record the authority's answer first.",
            authority,
            "requests",
        )


def words_of(paper: CertificatePaper) -> Paper:
    """The certificate in plain English, part by part, with the sections it stands on."""
    return Paper(
        title="Certificate about a child kept at a police station after charge",
        under=f"Made under section 38(6)({paper.limb}) of the {ACT} (“the Act”), for production to the court under section 38(7).",
        author=paper.made_by,
        marking=MARKING,
        reference=f"Custody record {paper.custody_reference}",
        at=paper.made_at,
        parts=(
            _child(paper),
            Part("The charge" if len(paper.charges) == 1 else "The charges", points=paper.charges, facts=_charged(paper)),
            *((_impracticable(paper),) if paper.limb == LIMB_A else _serious_harm(paper)),
            _requests(paper),
            *((_failed(paper),) if paper.failed_to_provide else ()),
            Part("Who certifies", facts=(("Custody officer", paper.made_by), ("Certified", say(paper.made_at)))),
            _court(paper),
        ),
    )


def _child(paper: CertificatePaper) -> Part:
    if paper.born is None:
        age = (("Age", f"{paper.age_given} The date of birth is not known."),)
    else:
        age = (("Date of birth", f"{say_date(paper.born)}, aged {paper.age} when this was made"),)
    where = (("Custody record", paper.custody_reference), ("Police station", paper.station), ("Police district", paper.district))
    return Part("The child", facts=(("Name", paper.child), *age, *((name, value) for name, value in where if value.strip())))


def _charged(paper: CertificatePaper) -> tuple[tuple[str, str], ...]:
    return (("Charged", say(paper.charged_at)),) if paper.charged_at is not None else ()


def _impracticable(paper: CertificatePaper) -> Part:
    return Part(
        "What is certified: moving the child is impracticable",
        (
            "I certify, under section 38(6)(a) of the Act, that because of the circumstances set out here it is impracticable for me to "
            "arrange for the child to be moved to local authority accommodation. The circumstances are these.",
            *paragraphs(paper.circumstances),
        ),
        facts=paper.beside,
    )


def _serious_harm(paper: CertificatePaper) -> tuple[Part, ...]:
    certified = Part(
        "What is certified: no secure place, and a risk of serious harm",
        ("I certify each of these, under section 38(6)(b) of the Act.",),
        points=(
            f"The child has reached the age of {LIMB_B_FROM_AGE}.",
            "No secure accommodation is available.",
            "Keeping the child in other local authority accommodation would not be adequate to protect the public from serious harm "
            "from the child.",
        ),
    )
    why = Part("Why other accommodation would not protect the public", paragraphs(paper.harm))
    if not paper.test.strip():
        return certified, why
    meaning = (
        "For the offence charged, serious harm means death or serious personal injury, physical or psychological, caused by further "
        "such offences (section 38(6A) of the Act)."
    )
    return certified, why, Part("How that meaning is met", (meaning, *paragraphs(paper.test)))


def _requests(paper: CertificatePaper) -> Part:
    heading = "What the local authority was asked"
    if not paper.requests:
        return Part(heading, ("No request was made to a local authority before this certificate.",))
    rows = tuple(
        (
            say(request.at),
            request.authority,
            KINDS[request.kind],
            _answer(request),
            " ".join(paragraphs(request.reason)) or "None given",
        )
        for request in paper.requests
    )
    return Part(heading, grid=Grid(("Asked", "Authority", "Accommodation", "Answer", "Reason"), rows))


def _answer(request: RequestMade) -> str:
    words = ANSWERS.get(request.answer, NO_ANSWER)
    return f"{words}, {say(request.answered_at)}" if request.answered_at is not None and request.answer in ANSWERS else words


def _failed(paper: CertificatePaper) -> Part:
    who = listed(dict.fromkeys(request.authority for request in paper.requests if request.kind == NON_SECURE)) or "The local authority"
    return Part(
        "The local authority failed to provide",
        (
            f"{who} was asked for accommodation that is not secure and provided none.",
            "A local authority must receive, and provide accommodation for, a child whom it is asked to receive under section 38(6) of the "
            "Act (Children Act 1989, section 21(2)(b)). The failure is recorded as an outcome of its own.",
        ),
    )


def _court(paper: CertificatePaper) -> Part:
    duty = "Section 38(7) of the Act: this certificate is produced to the court before which the child is first brought after it is made."
    if paper.produced is None:
        return Part("The court", (duty,), (("Court", paper.court), ("Produced", "Not yet recorded when this copy was taken")))
    handed = paper.produced
    return Part(
        "The court",
        (duty,),
        (
            ("Court", handed.court),
            ("Produced", say(handed.at)),
            ("Produced by", handed.by_whom),
            ("Produced to", handed.to_whom or "Not said"),
        ),
    )
