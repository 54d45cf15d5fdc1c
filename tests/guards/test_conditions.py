"""What guards say: each unmet condition is whole, and each verdict has its word for the log."""

import re

import pytest

from guards.case import Case
from guards.conditions import Unmet, Verdict
from guards.policy import Condition
from guards.registry import PREDICATES
from states.vocabulary import Guard, Severity, State, Trigger
from tests.builders import (
    ANNA,
    START,
    case,
    complete_agreement,
    facts,
    policy,
    standing,
)

BARE = complete_agreement(
    origin=None,
    parties=(),
    projects=(),
    term=None,
    renewal_guidelines="",
    termination_guidelines="",
)
_NONE: frozenset[int] = frozenset()
NOTHING = facts(
    scores=None, evaluation=None, annual=_NONE, notice=None, published=_NONE, counted=10
)
CHECKLIST = (Condition("legal_review", "Has the solicitor read it?", Trigger.SIGN),)

BROKEN: dict[Guard, Case] = {
    Guard.PROPOSAL_COMPLETE: case(Trigger.SUBMIT, of=BARE),
    Guard.TYPE_ALLOWED: case(Trigger.SUBMIT, of=complete_agreement(type="mou")),
    Guard.GROUNDS_STATED: case(Trigger.DECLINE, reason=None),
    Guard.NEVER_SIGNED: case(Trigger.WITHDRAW, at=standing(state=State.SIGNED)),
    Guard.CRITERIA_SCORED: case(Trigger.ACCEPT, among=NOTHING),
    Guard.FACTORS_ANSWERED: case(Trigger.ACCEPT, among=NOTHING),
    Guard.CAP_AVAILABLE: case(Trigger.ACTIVATE, among=NOTHING),
    Guard.SECOND_PERSON: case(actor=ANNA),
    Guard.SMART_COMPLETE: case(of=BARE),
    Guard.RESOURCED: case(
        of=complete_agreement(projects=(type(complete_agreement().projects[0])(),))
    ),
    Guard.TIME_BOUND: case(of=BARE),
    Guard.GUIDELINES_STATED: case(of=BARE),
    Guard.ENDORSED: case(of=complete_agreement(type="friendship")),
    Guard.EFFECTIVE: case(Trigger.ACTIVATE, effective_on=START.replace(year=2026)),
    Guard.PROJECT_FOCUS: case(Trigger.ACTIVATE, among=facts(projects={2027: 2})),
    Guard.PUBLISHED: case(Trigger.ACTIVATE, among=NOTHING),
    Guard.EVALUATION_OPEN: case(Trigger.CONCLUDE, effective_on=START),
    Guard.TERM_OVER: case(Trigger.EXPIRE, effective_on=START),
    Guard.REVIEW_DUE: case(Trigger.EXPIRE, of=BARE),
    Guard.TERM_RUNNING: case(Trigger.REINSTATE, of=BARE),
    Guard.EVALUATED: case(Trigger.RENEW, among=NOTHING),
    Guard.REPORTS_COMPLETE: case(Trigger.RENEW, among=NOTHING),
    Guard.WAS_SIGNED: case(Trigger.SUNSET, at=standing()),
    Guard.DECISION_OVERDUE: case(Trigger.LAPSE),
    Guard.CONDITIONS_MET: case(under=policy(conditions=CHECKLIST)),
}
SECTION = re.compile(r"BP[1-5]|REC([1-9]|10)|BOX[1-6]|DP[1-3]")


@pytest.mark.parametrize("guard", Guard)
def test_unmet_condition_says_guard_field_rule_report_and_what_to_do(guard: Guard) -> None:
    """No refusal leaves its reader alone: each says what is asked, by whom, and how to mend it."""
    conditions = list(PREDICATES[guard](BROKEN[guard]))
    assert conditions
    for condition in conditions:
        assert condition.guard == guard
        assert re.fullmatch(r"[a-z0-9_.]+", condition.code)
        assert condition.message.endswith((".", "?"))
        assert condition.fix
        assert condition.rule
        assert SECTION.fullmatch(condition.report)


ASKED = Unmet(Guard.ENDORSED, "endorsement.missing", "None.", "ask", "a rule (R29)", "REC3")
ADVICE = Unmet(Guard.EVALUATED, "a.b", "See.", "look", "a rule (R45)", "BOX6", advisory=True)


@pytest.mark.parametrize(
    ("severity", "unmet", "outcome", "blocks"),
    [
        (Severity.BLOCK, (), "met", False),
        (Severity.BLOCK, (ASKED,), "unmet", True),
        (Severity.BLOCK, (ADVICE,), "warned", False),
        (Severity.BLOCK, (ADVICE, ASKED), "unmet", True),
        (Severity.WARN, (), "met", False),
        (Severity.WARN, (ASKED,), "warned", False),
        (Severity.OFF, (), "off", False),
    ],
)
def test_verdict_has_one_word_for_the_log_and_blocks_or_not(
    *, severity: Severity, unmet: tuple[Unmet, ...], outcome: str, blocks: bool
) -> None:
    """Only a blocking guard's condition refuses, and advice never does."""
    verdict = Verdict(Guard.ENDORSED, severity, unmet)
    assert (verdict.outcome, verdict.blocks) == (outcome, blocks)
