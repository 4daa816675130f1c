"""What can be recorded as done about a child kept after charge."""

from __future__ import annotations

from lodestar.core.access.permissions import Permission as P
from lodestar.core.matters.custody.certificates import ACCEPTED, REFUSED, REFUSED_TITLES
from lodestar.core.matters.custody.charges import EXCUSES, GROUNDS
from lodestar.core.matters.custody.court_deeds import COURT_DEEDS, HOSPITAL_DEEDS
from lodestar.core.matters.custody.lifecycle import BEFORE_CHARGE, HELD
from lodestar.core.matters.deeds import YES_NO, Asked, DeedKind

_D = P.CUSTODY_DECIDE
_REQUEST = Asked("about", "Which request?", choices=("place_requested",), form="deed")
_GROUNDS = tuple(row[0] for row in GROUNDS.values())
_WHY_REASON = Asked("reason", "Why?")
_REVIEW = (
    Asked("postponed", "Was it postponed beyond its time?", choices=YES_NO),
    Asked("postponed_why", "Why was it postponed?", when=("postponed", "yes")),
    Asked("asleep", "Was the child asleep?", choices=YES_NO),
    Asked("representations", "What did the child, the adult or the solicitor say? Say if nothing, and who was asked", verbatim=True),
)

_KEPT = (
    Asked("grounds", "On which grounds?", form="many", choices=tuple(GROUNDS), titles=_GROUNDS),
    Asked("facts", "What are the facts for each?"),
    Asked("conditions", "Which conditions were considered, and why are they not enough?"),
    Asked("package", "What did the youth justice service offer?"),
    Asked("representations", "What did the child, the adult and the solicitor say?", verbatim=True),
    Asked("presence", "Was the record made in the child's presence?", choices=YES_NO),
    Asked(
        "presence_why", "Which excuse?", choices=EXCUSES, when=("presence", "no"),
        titles=("Incapable of understanding", "Violent or likely to be", "In urgent need of medical attention"),
    ),
    Asked("told_at", "When was the child told the grounds?", form="time"),
    Asked("adult_present", "Was an appropriate adult there?", choices=YES_NO),
    Asked("adult_why", "Why not?", when=("adult_present", "no")),
)  # fmt: skip

DEEDS: dict[str, DeedKind] = {
    deed.code: deed
    for deed in (
        DeedKind(
            "detention_authorised", "Detention authorised", _D,
            (
                Asked("authorised_at", "When was detention first authorised?", form="time", hint="The reviews count from here."),
                Asked("station", "At which police station?", owed=False, hint="The certificate for the court says it."),
                Asked("relevant_time", "When did the 24 hours begin (the relevant time)?", form="time"),
                Asked(
                    "age_basis", "How is the age known?", choices=("confirmed", "stated", "appears_under_18"),
                    titles=("Confirmed", "As stated", "Appears under 18"),
                ),
                Asked("arrested_for", "What were they arrested for?"),
                Asked("exploitation", "Are there signs that the child is exploited or trafficked?", choices=("yes", "no", "not_known")),
            ),
            states=("detained",), authority="PACE 1984 s.37, s.40(3); Code C 1.5",
        ),
        DeedKind(
            "appropriate_adult_called", "Appropriate adult called", _D,
            (Asked("who", "Who was called, and how?"),), authority="PACE Code C",
        ),
        DeedKind(
            "appropriate_adult_arrived", "Appropriate adult arrived", _D, (Asked("who", "Who came?"),), authority="PACE Code C",
        ),
        DeedKind(
            "appropriate_adult_not_called", "No appropriate adult called", _D,
            (Asked("why", "Why was none called? Every child detained needs one"),), authority="PACE Code C",
        ),
        DeedKind(
            "authority_pre_alerted", "Local authority and youth justice service warned", P.SHARING_RECORD,
            (
                Asked("person_told", "Who was told? Name, team and body"),
                Asked("what", "What were they told?"),
                Asked("power", "Under which power or duty?"),
                Asked("bail_package", "What can they offer that would let the child be bailed?"),
            ),
            recipient="children's services",
            states=(*BEFORE_CHARGE, "charged"),
            authority="Appropriate adult network's flowchart: warn early",
        ),
        DeedKind(
            "child_charged", "Charged", _D,
            (
                Asked("charges", "With what? Offence and section, one on each line"),
                Asked("imprisonable", "Is any of them imprisonable?", choices=YES_NO),
                Asked("specified", "Is any a violent, sexual or terrorism offence of Schedule 18?", choices=YES_NO),
                Asked("murder", "Is any of them murder?", choices=YES_NO),
                Asked("section_25", "Does section 25 of the 1994 Act apply?", choices=YES_NO),
                Asked("sitting", "When does the court next sit?", form="time", owed=False, hint="Empty if none sits today or tomorrow."),
                Asked("court", "Which court?"),
            ),
            states=BEFORE_CHARGE, authority="PACE 1984 s.38, s.46",
        ),
        DeedKind(
            "designated_officer_told", "Court's designated officer told that no court sits", _D,
            (Asked("person_told", "Who was told?"), Asked("sitting", "What sitting did they arrange?", form="time")),
            authority="PACE 1984 s.46(3)",
        ),
        DeedKind(
            "child_released", "Released", _D,
            (
                Asked("how", "How?", choices=("bail", "bail_with_conditions", "unconditional", "no_charge")),
                Asked("conditions", "Which conditions?", when=("how", "bail_with_conditions")),
                Asked("to_whom", "To whom, and where do they go?"),
                Asked("exceptional", "If section 25 of the 1994 Act applies: what is exceptional?", owed=False),
            ),
            states=(*BEFORE_CHARGE, "charged", *HELD), authority="PACE 1984 s.38(1): release is the default",
        ),
        DeedKind(
            "bail_refused", "Bail refused", _D,
            _KEPT,
            states=("charged",), authority="PACE 1984 s.38(1)-(5)",
        ),
        DeedKind(
            "bail_refused_afresh", "Bail refused on another ground", _D, _KEPT, states=HELD, authority="PACE 1984 s.38(1)-(5), s.40(10)",
        ),
        DeedKind(
            "review_before_charge", "Review of detention before charge", P.CUSTODY_APPROVE,
            (*_REVIEW, Asked("decision", "What was decided?", choices=("detention_continues", "release")), _WHY_REASON),
            states=BEFORE_CHARGE, counts_as=("detention_review",), authority="PACE 1984 s.40(1)(b): an inspector not directly involved",
        ),
        DeedKind(
            "review_after_charge", "Review after charge: bail and the move decided afresh", _D,
            (
                *_REVIEW,
                Asked("bail", "Bail, decided afresh?", choices=("still_refused", "release_now")),
                Asked("bail_why", "Why is bail decided so?"),
                Asked("authority_contacted", "Has the local authority been contacted again?", choices=YES_NO),
                Asked("transfer", "The move, decided afresh?", choices=("asked_again", "place_found", "impracticable_still", "no_change")),
                Asked("transfer_why", "Why, where nothing has changed or nobody was contacted?", owed=False),
            ),
            states=("charged", *HELD), counts_as=("detention_review",), authority="PACE 1984 s.40(10)",
        ),
        DeedKind(
            "secure_approved", "Asking for a secure place approved", P.CUSTODY_APPROVE,
            (Asked("harm", "What serious harm, by this child, before court?"), Asked("reason", "Why is nothing less enough?")),
            states=HELD, authority="Local practice, as in R (AR) v Waltham Forest [2021] EWCA Civ 1185",
        ),
        DeedKind(
            "place_requested", "Place asked for", _D,
            (
                Asked("authority", "Which local authority?"),
                Asked("person_told", "Who was asked? Name and team"),
                Asked("channel", "How?", choices=("telephone", "email", "portal", "in_person")),
                Asked(
                    "type", "Secure, or not?", choices=("non_secure", "secure"),
                    titles=("A place that is not secure", "A secure place: only with the test below"),
                ),
                Asked("power", "Under which power or duty?"),
                Asked("harm", "Serious harm feared, to whom, until court only", when=("type", "secure")),
                Asked("not_enough", "Why is a place that is not secure not enough?", when=("type", "secure")),
                Asked("test", "How is the test of the Act met, for a specified offence?", owed=False),
            ),
            recipient="children's services", states=HELD, authority="PACE 1984 s.38(6); Children Act 1989 s.21(2)(b)",
        ),
        DeedKind(
            "place_answered", "Authority's answer", P.CUSTODY_ANSWER,
            (
                _REQUEST,
                Asked("answer", "What is the answer?", choices=("offered", "partly", "refused", "asks")),
                Asked("why", "Why, or what is asked?", when=("answer", "refused", "asks", "partly")),
                Asked("place", "What kind of place?", when=("answer", "offered", "partly"), hint="Its kind, never its address."),
                Asked("available_at", "From when?", form="time", when=("answer", "offered", "partly")),
                Asked("transport", "Who brings the child?", when=("answer", "offered", "partly")),
                Asked("answered_by", "Who answers? Name and post"),
            ),
            states=HELD, authority="Children Act 1989 s.21(2)(b)",
        ),
        DeedKind(
            "answer_noted", "Authority's answer, taken by telephone", _D,
            (
                _REQUEST,
                Asked("answer", "What was the answer?", choices=("offered", "partly", "refused", "no_reply")),
                Asked("why", "Why, or what has been tried to reach them?", when=("answer", "refused", "no_reply", "partly")),
                Asked("place", "What kind of place?", when=("answer", "offered", "partly")),
                Asked("available_at", "From when?", form="time", when=("answer", "offered", "partly")),
                Asked("answered_by", "Who answered? Name and post. Say if nobody did"),
            ),
            states=HELD, counts_as=("place_answered",), authority="Concordat on children in custody, 2017",
        ),
        DeedKind(
            "adequacy_assessed", "Would a place that is not secure protect the public?", _D,
            (
                Asked("adequate", "Would it?", choices=("yes", "no", "not_known")),
                Asked("why", "Why? What support was considered?"),
            ),
            states=HELD, authority="PACE 1984 s.38(6)(b)",
        ),
        DeedKind(
            "failure_to_provide", "The authority failed to provide", _D,
            (
                _REQUEST,
                Asked("escalated", "Who was it taken up to, and when? Team manager, director on call, assistant chief constable"),
                Asked("said", "What did they say?", verbatim=True),
            ),
            states=HELD, authority="Children Act 1989 s.21(2)(b); Concordat, principles 4 and 6",
        ),
        DeedKind(
            "certified_impracticable", "Certificate (a): the move is impracticable", _D,
            (
                Asked(
                    "reason", "What makes it impracticable?", choices=(*ACCEPTED, *REFUSED),
                    titles=(*ACCEPTED.values(), *REFUSED_TITLES.values()),
                ),
                Asked("circumstances", "The circumstances, as the court will read them"),
                Asked("arrives_at", "When would the child arrive?", form="time", when=("reason", "journey")),
                Asked("court_at", "When does the court sit?", form="time", when=("reason", "journey")),
                Asked("inspector", "Which inspector says so, in which words?", when=("reason", "other")),
            ),
            states=HELD, authority="PACE 1984 s.38(6)(a); Code C note 16D",
        ),
        DeedKind(
            "certified_serious_harm", "Certificate (b): serious harm, and no secure place", _D,
            (
                Asked("serious_harm", "From what serious harm must the public be protected?"),
                Asked("not_adequate", "Why would no other place protect them?"),
                Asked("test", "For a specified offence: how is the test of the Act met?", owed=False),
            ),
            states=("answered",), authority="PACE 1984 s.38(6)(b)",
        ),
        DeedKind(
            "child_moved", "Child moved to local authority accommodation", _D,
            (
                _REQUEST,
                Asked("escort", "Who went with the child?"),
                Asked("received_by", "Who received them? Name and post"),
                Asked("arrived_at", "When did they arrive?", form="time"),
                Asked("papers", "Which papers went with them? Risk, medication"),
                Asked("court_plan", "Who brings them to court, and when?"),
            ),
            states=HELD, authority="PACE 1984 s.38(6B), s.39(4)",
        ),
        DeedKind(
            "child_came_back", "Child back in police custody, or gone", _D,
            (
                Asked("how", "What happened?", choices=("returned_by_authority", "absconded_and_found", "absconded")),
                Asked("missing_told", "If they went: reference of the missing report", when=("how", "absconded", "absconded_and_found")),
                _WHY_REASON,
            ),
            states=("moved",), authority="Guard: leaving the authority's care opens the duty again",
        ),
        DeedKind(
            "senior_directed", "Senior officer directed otherwise", _D,
            (Asked("direction", "Who directed what, against whose decision?"),),
            states=("charged", *HELD), authority="PACE 1984 s.39(6), s.40(11)",
        ),
        DeedKind(
            "senior_direction_referred", "Senior officer's direction referred to a superintendent", _D,
            (
                Asked("direction", "Who directed what, against whose decision?"),
                Asked("superintendent", "Which superintendent was told, at what time?"),
                Asked("settled", "What did they decide?"),
            ),
            states=("charged", *HELD), authority="PACE 1984 s.39(6), s.40(11)",
        ),
        *HOSPITAL_DEEDS,
        *COURT_DEEDS,
    )
}  # fmt: skip
