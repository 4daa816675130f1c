"""What each stored field says about people, and how long its row is kept: nothing is stored unclassified.

A field's class says what it could give away; who may see it is decided by permission and reach, whatever its class.
The build fails on a field that is not here (tests/shape/test_fields.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FieldClass(StrEnum):
    """What a field could give away, from nothing to a way in."""

    PUBLIC = "public"  # a code, a count or a time of the machinery: says nothing about a person
    PERSONAL = "personal"  # about somebody: who they are, what they did, or whose record it is
    SENSITIVE = "sensitive"  # about a child's life, health, risk or harm, or what somebody said of it
    SECRET = "secret"  # lets somebody in, or would help them to


class Kept(StrEnum):
    """How long a row is kept. What no code removes is kept until the force's own review removes it."""

    RECORD = "with the child's record"
    AUDIT = "with the audit"
    ACCOUNT = "with the account"
    FIGURE = "with the figures"
    HOUSE = "as long as the force uses it"
    SESSION = "until the session ends"
    SIGN_IN = "until the force clears its sign-in log"


MEANING: dict[Kept, str] = {
    Kept.RECORD: "No code deletes it. Review and disposal are the force's, under its retention schedule; a tool for that is not built.",
    Kept.AUDIT: "No code deletes it, and the database refuses to change or delete it.",
    Kept.ACCOUNT: "An account is made inactive rather than deleted, because the record names who did what.",
    Kept.FIGURE: "Kept as computed, so that a figure once given can be explained. Nothing in it names a child.",
    Kept.HOUSE: "The force's own places, posts and job times. No code deletes it.",
    Kept.SESSION: "Twelve hours, or until the browser closes or the person signs out. Old rows go with Django's clearsessions.",
    Kept.SIGN_IN: "Written by django-axes. No job clears it yet: run axes_reset_logs from manage.py on a schedule.",
}


@dataclass(frozen=True, slots=True)
class Table:
    """One table's fields by class, and how long its rows are kept."""

    kept: Kept
    public: str = ""
    personal: str = ""
    sensitive: str = ""
    secret: str = ""

    def of(self) -> dict[str, FieldClass]:
        """The class of each field; a field in two classes is a fault in our code."""
        found: dict[str, FieldClass] = {}
        for kind in FieldClass:
            for name in str(getattr(self, kind.value)).split():
                if name in found:
                    raise ValueError(f"{name} stands in two classes")
                found[name] = kind
        return found


_R, _A, _U, _H = Kept.RECORD, Kept.AUDIT, Kept.ACCOUNT, Kept.HOUSE

TABLES: dict[str, Table] = {
    # Who signs in
    "store.User": Table(
        _U,
        public="id is_superuser is_staff is_active skills skills_until groups user_permissions",
        personal="username email date_joined last_login name rank agency sex",
        secret="password",
    ),
    "store.RoleGrant": Table(_U, public="id role places from_at until_at", personal="user given_by"),
    "store.ApiClient": Table(_U, public="id name created_at revoked_at", personal="user", secret="key_digest"),
    # The audit
    "store.AuditRow": Table(
        _A, public="id at roles door request_id verb outcome subject_kind", personal="actor_id actor_name subject_id detail"
    ),
    "store.AuditSeal": Table(_A, public="id number previous digest rows sealed_at"),
    "store.SealedRow": Table(_A, public="id row_id seal position row_hash"),
    # What came in
    "store.ImportRun": Table(_R, public="id kind source file_digest at rows new repeated bad", personal="by file_name"),
    "store.Report": Table(
        _R,
        public="id kind source door import_run row_number raw_digest reported_at recorded_at precision district",
        personal="external_id reporter_name reporter_relationship reporter_contact received_by",
        sensitive="raw subject since_from since_to circumstances cautions",
    ),
    "store.RiskFact": Table(_R, public="id code version said_at", personal="report said_by", sensitive="answer detail"),
    "store.Alert": Table(_R, public="id said_at", personal="report said_by", sensitive="kind what"),
    "store.BadRow": Table(
        _R,
        public="id import_run source row_number raw_digest faults state version settled_at",
        personal="settled_by report settled_reason",
        sensitive="raw",
    ),
    # What agencies stated
    "store.EngagementMapping": Table(
        _R,
        public="id number code title document content_hash state version drafted_at tried tried_at approved_at in_force_from",
        personal="drafted_by tried_by approved_by reason approval_reason",
    ),
    "store.Engagement": Table(
        _R,
        public="id kind source mapping_version precision received_at district raw_digest door import_run row_number",
        personal="external_id happened_at received_by",
        sensitive="grading reason circumstances raw",
    ),
    "store.EngagementPerson": Table(_R, public="id number", personal="engagement report", sensitive="role said nature grading"),
    "store.Presence": Table(_R, public="how rule", personal="report person engagement happened_at", sensitive="role nature grading"),
    "store.Sighting": Table(_R, public="id", personal="engagement thing at", sensitive="said nature grading"),
    "store.EngagementLook": Table(
        _R,
        public="id district asked_at state version looked_at",
        personal="stated looked_by",
        sensitive="answer finding",
    ),
    # Who it is about
    "store.Person": Table(
        _R,
        public="id created_at version ready_of",
        personal="given_name family_name birth_date sex address postcode phone authority district name_key ready",
        sensitive="ethnicity looked_after",
    ),
    "store.PersonKey": Table(_R, public="id scheme issuer from_at ended_at", personal="person value"),
    "store.Link": Table(_R, public="id number joined how rule rule_version at", personal="report person evidence by", sensitive="reason"),
    "store.BlockingKey": Table(_R, public="id", personal="key report person"),
    "store.CommonValues": Table(_H, public="id counted_at size labels sha256", personal="document"),
    "store.IdentityModel": Table(
        _H,
        public="id number document digest trained_on snapshot labels link_from report state version proposed_at",
        personal="reason proposed_by",
    ),
    "store.PartingTold": Table(_R, public="id what at", personal="link new_person matter user"),
    "store.ModelApproval": Table(_H, public="id model at", personal="by reason"),
    "store.ModelInForce": Table(_H, public="id model from_at how at", personal="by reason"),
    "store.ReportWord": Table(_R, public="id", personal="word report"),
    "store.LinkQuestion": Table(
        _R,
        public="id asked_at state double turn version settled_at",
        personal="report provisional candidates truth settled_by",
    ),
    "store.ReviewAnswer": Table(_R, public="id number turn blind word at", personal="question person by", sensitive="reason would_tell"),
    "store.Label": Table(_R, public="id same turn blind at", personal="answer report person by"),
    "store.Lead": Table(
        _R,
        public="id kind missing sources last_at rules_hash raised_at state version decided_at",
        personal="key person thing owner because attention decided_by matter task facts",
        sensitive="reason decided_reason",
    ),
    "store.LeadPerson": Table(_R, public="id", personal="lead person"),
    "store.ThingKind": Table(_R, public="id kind at", personal="thing by", sensitive="reason"),
    # The problem being worked
    "store.Matter": Table(
        _R,
        public="id kind state version district authority opened_at recorded_at reported_at closed_at is_open is_child "
        "tier next_due_at next_owed",
        personal="person holder next_owed_by located_by wellbeing_by",
        sensitive="since_from since_to looked_after located_at located_where located_from located_to wellbeing_at "
        "wellbeing_where returned_at outcome level first_level tier_reason",
    ),
    "store.MatterStep": Table(_R, public="id number verb source target at recorded_at", personal="matter by", sensitive="reason detail"),
    "store.MatterReport": Table(_R, public="id at how", personal="matter report"),
    "store.Grade": Table(
        _R,
        public="id number list_code list_hash at review_at saw",
        personal="matter by second_person",
        sensitive="level rationale relied_on steps_agreed reason",
    ),
    "store.Downgrade": Table(
        _R,
        public="id asked_at state version answered_at",
        personal="matter asked_by answered_by",
        sensitive="from_level wanted answer_reason",
    ),
    "store.Deed": Table(_R, public="id code at recorded_at", personal="matter by", sensitive="detail"),
    "store.News": Table(
        _R,
        public="id received_at matter_state state version assessed_at",
        personal="matter by from_whom contact assessed_by engagement",
        sensitive="text assessment reply_given",
    ),
    "store.Transfer": Table(
        _R,
        public="id direction other_force state version offered_at answered_at",
        personal="matter receiver_named offered_by answered_by",
        sensitive="reason bundle answer_reason",
    ),
    "store.Involvement": Table(
        _R,
        public="id from_at until_at recorded_at version",
        personal="matter person report by",
        sensitive="role nature source grading ended_reason",
    ),
    "store.Thing": Table(_R, public="id kind created_at", personal="value key"),
    "store.Mention": Table(_R, public="id at recorded_at", personal="matter thing by", sensitive="said nature source grading"),
    "store.Hit": Table(
        _R,
        public="id detector detector_hash key wanted_from found_at expires_at state version settled_at",
        personal="matter person owner because settled_by",
        sensitive="sentence settled_reason",
    ),
    # What was known from when
    "store.MatterKnown": Table(
        _R,
        public="id known_from written_at state district authority reported_at recorded_at opened_at closed_at",
        personal="matter person",
        sensitive="since_from since_to looked_after located_at located_from located_to returned_at outcome first_level",
    ),
    "store.PersonKnown": Table(_R, public="id known_from written_at", personal="person birth_date sex", sensitive="ethnicity"),
    # What is owed
    "store.Obligation": Table(
        _R,
        public="id subject_kind subject_id rule rule_from rule_hash key title satisfied_by started_at chosen_at due_at "
        "warn_at owed_post version done_at deed cancelled_at cancelled_reason is_open",
        personal="matter owed_by because done_by",
        sensitive="level",
    ),
    "store.ObligationKnown": Table(_R, public="id obligation known_from written_at due_at done_at deed_id cancelled_at"),
    "store.Pause": Table(_R, public="id obligation from_at until_at", personal="by", sensitive="reason"),
    "store.Breach": Table(_R, public="id obligation fell_due_at noticed_at", personal="owed_by"),
    "store.LadderTold": Table(_R, public="id obligation step post_kind at", personal="user"),
    "store.Heartbeat": Table(_H, public="id job at took_ms note"),
    # Who answers
    "store.Authority": Table(_H, public="id code name out_of_hours_contact"),
    "store.District": Table(_H, public="id code name authority"),
    "store.Place": Table(_H, public="id code name district x_km y_km is_base"),
    "store.Post": Table(_H, public="id code kind title district desk base"),
    "store.Shift": Table(_R, public="id post from_at until_at lead", personal="user called_off_at"),
    "store.Holding": Table(_R, public="id number post from_at how", personal="matter user because"),
    "store.Handover": Table(
        _R,
        public="id offered_at state version answered_at",
        personal="matter giver receiver",
        sensitive="note answer_reason",
    ),
    # Priority, tasking and tasks
    "store.Assessment": Table(_R, public="id number tier playbook playbook_hash at", personal="matter", sensitive="reasons"),
    "store.Proposal": Table(
        _R,
        public="id made_at state version problem_sha256 playbook_hash seed iterations params warm_from formula because seconded_at",
        personal="made_by problem body judged issued seconded_by",
    ),
    "store.Decision": Table(_R, public="id proposal at kind", personal="by lines waiting", sensitive="reason"),
    "store.Formula": Table(
        _R,
        public="id number document content_hash state version drafted_at shadow shadowed_at approved_at in_force_from",
        personal="drafted_by shadowed_by approved_by reason approval_reason",
    ),
    "store.ConflictOfInterest": Table(_R, public="id declared_at ended_at version", personal="user person declared_by"),
    "store.AcceptedRisk": Table(_R, public="id at expires_at tier rank", personal="matter task by", sensitive="reason"),
    "store.Task": Table(
        _R,
        public="id kind title state version minutes skills crew after place earliest_at due_at created_at planned_start issued_at "
        "proposal done_at outcome is_open origin_number asked_of officer_sex",
        personal="matter created_by assignee because origin with_partner",
        sensitive="detail blocked_by evidence",
    ),
    "store.CrewMember": Table(_R, public="id slot issued_at acknowledged_at released_at version", personal="task assignee"),
    "store.TaskStep": Table(_R, public="id number verb source target at", personal="task by", sensitive="reason detail"),
    # Telling people
    "store.Notice": Table(
        _R,
        public="id kind subject_kind text key created_at delivered_at seen_at tries next_try_at last_failure version",
        personal="user subject_id",
    ),
    "store.Change": Table(_R, public="id what at", personal="matter_id"),
    "store.Disclosure": Table(_R, public="id recipient power told_at", personal="matter deed person_told by", sensitive="what"),
    "store.Receipt": Table(_R, public="id received_at", personal="disclosure received_by by"),
    # Measures
    "store.Figure": Table(
        Kept.FIGURE,
        public="id code definition_version definition_hash as_of known_at period_from period_until filters value content_hash computed_at",
    ),
    # Meetings and their packs
    "store.Meeting": Table(
        _R,
        public="id template template_from template_hash due_at state version planned_at prepared_at held_at not_held_at published_version",
        personal="prepared_by chair attended not_held_by published_by",
        sensitive="agenda left_reason not_held_reason",
    ),
    "store.MeetingDecision": Table(_R, public="id number key at", personal="meeting matter by deed", sensitive="decision reason narrative"),
    "store.MeetingAction": Table(
        _R,
        public="id state version due_at made_at ended_at",
        personal="meeting decision matter owner ended_by",
        sensitive="words outcome",
    ),
    "store.Pack": Table(_R, public="id version frozen_at sha256 forms", personal="meeting frozen_by", sensitive="content reason"),
    # Inspection
    "store.Inspection": Table(
        _H,
        public="id reference title kind body published_on document overall reply state answer_by version kept_at",
        personal="accountable",
    ),
    "store.InspectionStep": Table(_H, public="id inspection number verb source target on_day document detail at", personal="by"),
    "store.ReplyPaper": Table(_H, public="id inspection made_at content_hash body", personal="by"),
    "store.Finding": Table(
        _H,
        public="id inspection reference kind theme words addressed_to due_on status response their_status version",
        personal="accountable",
    ),
    "store.FindingWord": Table(_H, public="id finding status body said_on document at", personal="by"),
    "store.FindingChange": Table(_H, public="id finding status response at", personal="by"),
    "store.Commitment": Table(
        _H,
        public="id finding reference sort words owner_role due_on measure line side baseline target state closed_through "
        "reopened_after theme_of version kept_at",
        personal="owner",
    ),
    "store.CommitmentStep": Table(_H, public="id commitment number verb source target reason detail at", personal="by"),
    "store.Evidence": Table(Kept.FIGURE, public="id commitment figure mark why body content_hash at", personal="by"),
    "store.ForecastRun": Table(
        Kept.FIGURE,
        public="id line about asked_at question document document_sha256 playbook_hash seed runs engine answer answer_sha256 took_ms",
        personal="asked_by",
    ),
    "store.EarlierCount": Table(Kept.FIGURE, public="id line received_on recorded_on level count source taken_at"),
    "store.CaseAudit": Table(
        _R, public="id title kind method seed size from_day until_day rubric rubric_from rubric_hash at", personal="listed by"
    ),
    "store.SampledCase": Table(_R, public="id audit place area key", personal="matter", sensitive="level"),
    "store.CaseGrade": Table(_R, public="id at grade settles", personal="case by", sensitive="answers reasons"),
    # What the libraries for signing in keep
    "auth.Permission": Table(_H, public="id name content_type codename"),
    "auth.Group": Table(_H, public="id name permissions"),
    "contenttypes.ContentType": Table(_H, public="id app_label model"),
    "sessions.Session": Table(Kept.SESSION, public="expire_date", sensitive="session_data", secret="session_key"),
    "account.EmailAddress": Table(_U, public="id verified primary", personal="user email"),
    "account.EmailConfirmation": Table(_U, public="id created sent", personal="email_address", secret="key"),
    "mfa.Authenticator": Table(_U, public="id type created_at last_used_at", personal="user", secret="data"),
    "socialaccount.SocialApp": Table(_H, public="id provider provider_id name client_id settings", secret="secret key"),
    "socialaccount.SocialAccount": Table(_U, public="id provider date_joined last_login", personal="user uid extra_data"),
    "socialaccount.SocialToken": Table(_U, public="id app expires_at", personal="account", secret="token token_secret"),
    "axes.AccessAttempt": Table(
        Kept.SIGN_IN,
        public="id http_accept path_info attempt_time failures_since_start",
        personal="user_agent ip_address username get_data post_data",
    ),
    "axes.AccessAttemptExpiration": Table(Kept.SIGN_IN, public="expires_at", personal="access_attempt"),
    "axes.AccessFailureLog": Table(
        Kept.SIGN_IN, public="id http_accept path_info attempt_time locked_out", personal="user_agent ip_address username"
    ),
    "axes.AccessLog": Table(
        Kept.SIGN_IN,
        public="id http_accept path_info attempt_time logout_time",
        personal="user_agent ip_address username",
        secret="session_hash",
    ),
}
