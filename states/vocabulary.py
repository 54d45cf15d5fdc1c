"""The closed word lists of the engine: states, triggers, guards, events, roles, outcomes.

These names stand on the transition log for good, so they are never renamed. Words that a city
chooses for itself (agreement types, project kinds, grounds) are policy data and not found here.
"""

from enum import StrEnum


class State(StrEnum):
    """Where an agreement stands in its lifecycle (report: BOX1 to BOX6)."""

    PROPOSAL = "proposal"
    DECISION = "decision"
    NEGOTIATION = "negotiation"
    SIGNED = "signed"
    ACTIVE = "active"
    EVALUATION = "evaluation"
    RENEWAL = "renewal"
    SUNSET = "sunset"
    DECLINED = "declined"


FINAL = frozenset({State.SUNSET, State.DECLINED})
"""States that nothing leads out of."""

RUNNING = frozenset({State.SIGNED, State.ACTIVE})
"""States in which a term runs, or waits for its first day."""

IN_FORCE = RUNNING | {State.EVALUATION, State.RENEWAL}
"""States in which what was agreed on is owed."""

DRAFTED = frozenset({State.PROPOSAL, State.DECISION, State.NEGOTIATION})
"""States in which the document may still change as a whole: nothing is signed for this term."""


class Trigger(StrEnum):
    """What moves an agreement from one state to another."""

    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    SIGN = "sign"
    ACTIVATE = "activate"
    CONCLUDE = "conclude"
    EXPIRE = "expire"
    TERMINATE = "terminate"
    REINSTATE = "reinstate"
    RENEW = "renew"
    RENEGOTIATE = "renegotiate"
    SUNSET = "sunset"
    LAPSE = "lapse"


class Guard(StrEnum):
    """The rules that a transition must satisfy; `guards.registry` maps each to its predicate."""

    PROPOSAL_COMPLETE = "proposal_complete"
    TYPE_ALLOWED = "type_allowed"
    GROUNDS_STATED = "grounds_stated"
    NEVER_SIGNED = "never_signed"
    CRITERIA_SCORED = "criteria_scored"
    FACTORS_ANSWERED = "factors_answered"
    CAP_AVAILABLE = "cap_available"
    SECOND_PERSON = "second_person"
    SMART_COMPLETE = "smart_complete"
    RESOURCED = "resourced"
    TIME_BOUND = "time_bound"
    GUIDELINES_STATED = "guidelines_stated"
    ENDORSED = "endorsed"
    EFFECTIVE = "effective"
    PROJECT_FOCUS = "project_focus"
    PUBLISHED = "published"
    EVALUATION_OPEN = "evaluation_open"
    TERM_OVER = "term_over"
    REVIEW_DUE = "review_due"
    TERM_RUNNING = "term_running"
    EVALUATED = "evaluated"
    REPORTS_COMPLETE = "reports_complete"
    WAS_SIGNED = "was_signed"
    DECISION_OVERDUE = "decision_overdue"
    CONDITIONS_MET = "conditions_met"


class Event(StrEnum):
    """What a log line reports; a transition is `transitioned`, a refused attempt `refused`."""

    CREATED = "created"
    EDITED = "edited"
    SCORED = "scored"
    EVALUATED = "evaluated"
    RECORDED = "recorded"
    TRANSITIONED = "transitioned"
    REFUSED = "refused"
    ATTACHED = "attached"
    APPROVED = "approved"
    WAIVED = "waived"
    AMENDED = "amended"
    CORRECTED = "corrected"
    VOIDED = "voided"
    RECLASSIFIED = "reclassified"
    PUBLISHED = "published"
    TAKEN_OVER = "taken_over"
    ROLE_CHANGED = "role_changed"
    POLICY_ADOPTED = "policy_adopted"
    NIGHTLY_COMPLETED = "nightly_completed"
    RESTORED = "restored"
    KEY_CHANGED = "key_changed"
    ERASED = "erased"


class Role(StrEnum):
    """Who may do what in a program; `scheduler` is the system's own role."""

    STAFF = "staff"
    DECIDER = "decider"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SCHEDULER = "scheduler"


class Severity(StrEnum):
    """What an unmet guard does under a policy: refuse, tell, or nothing."""

    BLOCK = "block"
    WARN = "warn"
    OFF = "off"


class Outcome(StrEnum):
    """How an attempt ended; `unchanged` is never logged."""

    OK = "ok"
    REFUSED = "refused"
    UNCHANGED = "unchanged"


class DueRule(StrEnum):
    """What happens, or is owed, on an agreement's due date."""

    TERM_STARTS = "term_starts"
    TERM_OVER = "term_over"
    REVIEW_DUE = "review_due"
    DECISION_DUE = "decision_due"


class Rule(StrEnum):
    """What the nightly check watches an agreement for, and gives notices and alerts of.

    The first four are the junctures of `DueRule`, one at a time; the others stand beside it. Of a
    lapse notice is given when its decision is overdue, and never again.
    """

    TERM_STARTS = "term_starts"
    TERM_OVER = "term_over"
    REVIEW_DUE = "review_due"
    DECISION_DUE = "decision_due"
    LAPSES = "lapses"
    PROJECT_ENDED = "project_ended"
    EXAMINATION_DUE = "examination_due"
    MILESTONE_DUE = "milestone_due"
    OBLIGATION_DUE = "obligation_due"
    ANNUAL_DUE = "annual_due"
    DORMANT = "dormant"
    UNPUBLISHED = "unpublished"
    NOT_RECLASSIFIED = "not_reclassified"
    ENDORSEMENT_ENDS = "endorsement_ends"
    APPROVAL_ENDS = "approval_ends"
