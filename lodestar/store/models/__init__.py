"""Every row there is, by noun. Only ``store.queries`` and ``actions`` import from here."""

from lodestar.store.models.access import ApiClient, RoleGrant, User
from lodestar.store.models.audit import AuditRow, AuditSeal, SealedRow
from lodestar.store.models.clocks import Breach, Heartbeat, LadderTold, Obligation, Pause
from lodestar.store.models.detectors import Hit
from lodestar.store.models.duty import Authority, District, Handover, Holding, Place, Post, Shift
from lodestar.store.models.engagements import Engagement, EngagementLook, EngagementMapping, EngagementPerson, Presence, Sighting
from lodestar.store.models.forecast import EarlierCount, ForecastRun
from lodestar.store.models.inspection import (
    CaseAudit,
    CaseGrade,
    Commitment,
    CommitmentStep,
    Evidence,
    Finding,
    FindingChange,
    FindingWord,
    Inspection,
    InspectionStep,
    ReplyPaper,
    SampledCase,
)
from lodestar.store.models.involved import Involvement, Mention, Thing
from lodestar.store.models.known import MatterKnown, ObligationKnown, PersonKnown
from lodestar.store.models.linking import BlockingKey, CommonValues, IdentityModel, ModelApproval, ModelInForce, PartingTold
from lodestar.store.models.lookup import ReportWord
from lodestar.store.models.matters import (
    Deed,
    Downgrade,
    Grade,
    Matter,
    MatterReport,
    MatterStep,
    News,
    Transfer,
)
from lodestar.store.models.measures import Figure
from lodestar.store.models.networks import Lead, LeadPerson, ThingKind
from lodestar.store.models.notices import Change, Notice
from lodestar.store.models.packs import Meeting, MeetingAction, MeetingDecision, Pack
from lodestar.store.models.people import Link, LinkQuestion, Person, PersonKey
from lodestar.store.models.priority import Assessment
from lodestar.store.models.reports import Alert, BadRow, ImportRun, Report, RiskFact
from lodestar.store.models.reviewing import Label, ReviewAnswer
from lodestar.store.models.sharing import Disclosure, Receipt
from lodestar.store.models.tasking import AcceptedRisk, ConflictOfInterest, Decision, Formula, Proposal
from lodestar.store.models.tasks import CrewMember, Task, TaskStep

__all__ = [
    "AcceptedRisk",
    "Alert",
    "ApiClient",
    "Assessment",
    "AuditRow",
    "AuditSeal",
    "Authority",
    "BadRow",
    "BlockingKey",
    "Breach",
    "CaseAudit",
    "CaseGrade",
    "Change",
    "Commitment",
    "CommitmentStep",
    "CommonValues",
    "ConflictOfInterest",
    "CrewMember",
    "Decision",
    "Deed",
    "Disclosure",
    "District",
    "Downgrade",
    "EarlierCount",
    "Engagement",
    "EngagementLook",
    "EngagementMapping",
    "EngagementPerson",
    "Evidence",
    "Figure",
    "Finding",
    "FindingChange",
    "FindingWord",
    "ForecastRun",
    "Formula",
    "Grade",
    "Handover",
    "Heartbeat",
    "Hit",
    "Holding",
    "IdentityModel",
    "ImportRun",
    "Inspection",
    "InspectionStep",
    "Involvement",
    "Label",
    "LadderTold",
    "Lead",
    "LeadPerson",
    "Link",
    "LinkQuestion",
    "Matter",
    "MatterKnown",
    "MatterReport",
    "MatterStep",
    "Meeting",
    "MeetingAction",
    "MeetingDecision",
    "Mention",
    "ModelApproval",
    "ModelInForce",
    "News",
    "Notice",
    "Obligation",
    "ObligationKnown",
    "Pack",
    "PartingTold",
    "Pause",
    "Person",
    "PersonKey",
    "PersonKnown",
    "Place",
    "Post",
    "Presence",
    "Proposal",
    "Receipt",
    "ReplyPaper",
    "Report",
    "ReportWord",
    "ReviewAnswer",
    "RiskFact",
    "RoleGrant",
    "SampledCase",
    "SealedRow",
    "Shift",
    "Sighting",
    "Task",
    "TaskStep",
    "Thing",
    "ThingKind",
    "Transfer",
    "User",
]
