"""Every permission there is, in one sorted list: noun, full stop, what may be done to it.

A permission says what a role may do; its scope says to which children. Both are named in
``playbooks/access/roles.toml``. Permissions are code, never invented by a playbook.
"""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What may be asked of Lodestar. The second half is an imperative verb."""

    ACCESS_MANAGE = "access.manage"  # give and end roles, make API clients
    AUDIT_READ = "audit.read"
    AUDIT_VERIFY = "audit.verify"
    CLOCKS_PAUSE = "clocks.pause"
    CLOCKS_READ = "clocks.read"
    CLOCKS_SATISFY = "clocks.satisfy"  # record that an owed thing was done
    CUSTODY_ANSWER = "custody.answer"  # the local authority's answer to a request
    CUSTODY_APPROVE = "custody.approve"  # an inspector's word on a secure request or a certificate
    CUSTODY_DECIDE = "custody.decide"  # charge, bail, reviews, requests, certificates
    CUSTODY_SCRUTINISE = "custody.scrutinise"  # the meetings afterwards
    DETECTORS_SET_ASIDE = "detectors.set_aside"  # say with a reason why what a detector found is no concern
    DUTY_ANSWER = "duty.answer"
    DUTY_OFFER = "duty.offer"
    DUTY_READ = "duty.read"
    DUTY_REVIEW = "duty.review"  # record a supervisor's review
    DUTY_ROSTER = "duty.roster"  # put people on shifts
    ENGAGEMENTS_APPROVE = "engagements.approve"  # how a source is read comes into force
    ENGAGEMENTS_DRAFT = "engagements.draft"  # draft and try how a source is read
    ENGAGEMENTS_LOOK = "engagements.look"  # answer for an engagement that somebody must look at
    ENGAGEMENTS_READ = "engagements.read"
    ENGAGEMENTS_READ_INTELLIGENCE = "engagements.read_intelligence"
    ENGAGEMENTS_RECEIVE = "engagements.receive"
    EXPLOITATION_ASSESS = "exploitation.assess"
    EXPLOITATION_DECIDE = "exploitation.decide"  # accept or refuse what a rule suggests, approve plans
    FORMULAS_APPROVE = "formulas.approve"  # governance: a version of the tasking formula comes into force
    FORMULAS_DRAFT = "formulas.draft"
    FORMULAS_READ = "formulas.read"
    HISTORY_LOAD = "history.load"  # take over another system's records
    IDENTITY_ACTIVATE = "identity.activate"  # from when an approved model of linkage weighs, and going back to the one before
    IDENTITY_APPROVE = "identity.approve"  # one of the two words that a model needs
    IDENTITY_PROPOSE = "identity.propose"
    IDENTITY_READ = "identity.read"  # models of linkage and their figures: nobody's record
    INSPECTION_GRADE = "inspection.grade"  # grade the cases of the force's own audit
    INSPECTION_KEEP = "inspection.keep"  # the register: findings, commitments, evidence, the inspectorate's word
    INSPECTION_READ = "inspection.read"
    INSPECTION_REPLY = "inspection.reply"  # the local policing body's steps, and what its board decides
    INSPECTION_SAMPLE = "inspection.sample"  # draw cases for audit, and take them out
    JOBS_RUN = "jobs.run"
    LEADS_DECIDE = "leads.decide"  # accept or dismiss, by name, what the networks put forward
    MATTERS_CHECK_CLOSING = "matters.check_closing"  # the supervisor's check
    MATTERS_CLOSE = "matters.close"
    MATTERS_CONFIRM_DOWNGRADE = "matters.confirm_downgrade"  # the second person
    MATTERS_GRADE = "matters.grade"
    MATTERS_NEWS = "matters.news"  # add what a caller says
    MATTERS_PROGRESS = "matters.progress"
    MATTERS_READ = "matters.read"
    MATTERS_TRANSFER = "matters.transfer"
    MATTERS_VOID = "matters.void"  # opened in error
    MEASURES_EXPORT = "measures.export"
    MEASURES_READ = "measures.read"
    NETWORKS_READ = "networks.read"  # leads, and whom and what somebody is linked to
    NOTICES_READ = "notices.read"
    ONLINE_SUPERVISE = "online.supervise"  # check the risk tool, approve enforcement, agree to end a case
    ONLINE_WORK = "online.work"
    PACKS_ACT = "packs.act"  # finish what a meeting asked of one
    PACKS_HOLD = "packs.hold"  # chair a meeting: record what it decides, freeze its pack, say that it was not held
    PACKS_PREPARE = "packs.prepare"
    PACKS_PUBLISH = "packs.publish"
    PACKS_READ = "packs.read"
    PEOPLE_DECIDE = "people.decide"  # who a report is about, where two answered and differ or could not tell
    PEOPLE_INVOLVE = "people.involve"  # say who else a matter concerns, and in which role
    PEOPLE_LINK = "people.link"
    PEOPLE_LOOK_UP = "people.look_up"  # be told while a caller speaks who is known; out of reach, only that somebody is
    PEOPLE_READ = "people.read"
    PEOPLE_SEARCH = "people.search"
    REPORTS_IMPORT = "reports.import"
    REPORTS_READ = "reports.read"
    REPORTS_RECEIVE = "reports.receive"
    REPORTS_SETTLE = "reports.settle"  # work the queue of bad rows
    RETURN_INTERVIEW_RECORD = "return_interviews.record"
    SHARING_DECIDE = "sharing.decide"  # whether what is known about a child is shared
    SHARING_RECORD = "sharing.record"  # note who was told what
    TASKING_ACCEPT_RISK = "tasking.accept_risk"
    TASKING_DECIDE = "tasking.decide"
    TASKING_PROPOSE = "tasking.propose"
    TASKS_ANSWER = "tasks.answer"  # say yes or no, for one's own agency, to work it is asked for
    TASKS_CANCEL = "tasks.cancel"
    TASKS_ISSUE = "tasks.issue"
    TASKS_READ = "tasks.read"
    TASKS_WORK = "tasks.work"
