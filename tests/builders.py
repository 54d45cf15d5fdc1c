"""What tests start from: Toronto's own policy, a complete agreement, and the case of each trigger.

Each builder takes as keywords what the test is about; the rest is complete and fits together. The
story is one: drafted by Anna in 2026, in term from 2027 to 2029, decided on by Dora. An unchanged
`case(TRIGGER)` meets every guard of its row, so that a test that changes one thing sees what that
thing does. (One exception, by the product's own rules: `lapse` is off in every shipped policy;
`lapsing()` is Toronto's with it on.)
"""

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from guards.case import Act, Case, Facts
from guards.policy import Policy, Program
from guards.policy_check import read_policy
from guards.registry import PREDICATES
from states.agreement import (
    Agreement,
    Endorsement,
    Indicator,
    Milestone,
    Objective,
    Party,
    Project,
    Resource,
    Term,
)
from states.records import (
    FACTORS,
    AgreementOutcome,
    Evaluation,
    ProjectOutcome,
    Score,
    ScoreSheet,
    Value,
)
from states.standing import Standing
from states.table import BY_TRIGGER
from states.vocabulary import DueRule, Guard, State, Trigger

ROOT = Path(__file__).parents[1]
POLICIES = ROOT / "store" / "policies"
SAMPLES = ROOT / "store" / "samples"

ANNA, BEN, DORA, ERIN = "anna", "ben", "dora", "erin"
SIGNED = date(2026, 12, 1)
START, END = date(2027, 1, 1), date(2029, 12, 31)
TERM = Term(START, END)

_DAYS = {
    Trigger.SUBMIT: date(2026, 10, 1),
    Trigger.RETURN: date(2026, 10, 15),
    Trigger.ACCEPT: date(2026, 10, 15),
    Trigger.DECLINE: date(2026, 10, 15),
    Trigger.WITHDRAW: date(2026, 10, 1),
    Trigger.SIGN: SIGNED,
    Trigger.ACTIVATE: START,
    Trigger.CONCLUDE: date(2029, 10, 1),
    Trigger.EXPIRE: date(2030, 1, 1),
    Trigger.TERMINATE: date(2028, 5, 1),
    Trigger.REINSTATE: date(2028, 6, 1),
    Trigger.RENEW: date(2030, 2, 1),
    Trigger.RENEGOTIATE: date(2030, 3, 1),
    Trigger.SUNSET: date(2030, 2, 1),
    Trigger.LAPSE: date(2030, 12, 1),
}
_UNSIGNED = frozenset({State.PROPOSAL, State.DECISION, State.NEGOTIATION, State.DECLINED})
_COUNTED = frozenset({State.ACTIVE, State.EVALUATION, State.RENEWAL})


@cache
def shipped(name: str) -> Policy:
    """Return a policy that the product ships, read from its file as the product reads it."""
    text = (POLICIES / f"{name}.toml").read_text(encoding="utf-8")
    return read_policy(tomllib.loads(text, parse_float=Decimal), file=f"{name}.toml")


def policy(**changes: Any) -> Policy:  # noqa: ANN401 - any field of Policy
    """Return Toronto's policy of 2018, changed as asked."""
    return replace(shipped("toronto-2018"), **changes)


def program(**changes: Any) -> Program:  # noqa: ANN401 - any field of Program
    """Return Toronto's program, changed as asked."""
    return replace(shipped("toronto-2018").program, **changes)


def policy_with_type(code: str = "partnership", **changes: Any) -> Policy:  # noqa: ANN401
    """Return Toronto's policy with one of its types changed, or one more made from partnership."""
    base = policy()
    kind = base.types.get(code) or replace(base.types["partnership"], title=code)
    return replace(base, types={**base.types, code: replace(kind, **changes)})


def open_ended_policy(review_months: int = 12) -> Policy:
    """Return Toronto's policy with partnerships that have no term, but a review."""
    return policy_with_type(term_years=None, open_ended=True, review_months=review_months)


def lapsing() -> Policy:
    """Return Toronto's policy with partnerships that lapse when nobody decides."""
    return policy_with_type(lapse=True)


def home_party(**changes: Any) -> Party:  # noqa: ANN401 - any field of Party
    """Return the City of Toronto as a party."""
    party = Party("home", "City of Toronto", "city", "CA", responsibilities="Finds companies.")
    return replace(party, **changes)


def partner_party(**changes: Any) -> Party:  # noqa: ANN401 - any field of Party
    """Return Chongqing as a party."""
    party = Party("partner", "Chongqing", "city", "CN", responsibilities="Arranges meetings.")
    return replace(party, **changes)


def complete_objective(**changes: Any) -> Objective:  # noqa: ANN401 - any field of Objective
    """Return an objective that is specific, measurable and assignable."""
    objective = Objective(
        kind="grow_trade",
        objective="Companies find buyers abroad.",
        activity="Two missions with meetings arranged beforehand.",
        responsible="City of Toronto",
        indicators=(Indicator("businesses reached", "businesses", Decimal(0), Decimal(40)),),
    )
    return replace(objective, **changes)


def funding(**changes: Any) -> Resource:  # noqa: ANN401 - any field of Resource
    """Return CAD 60,000 of the program for 2027."""
    resource = Resource("funding", Decimal(60_000), "CAD", "International Alliance Program", 2027)
    return replace(resource, **changes)


def staff(**changes: Any) -> Resource:  # noqa: ANN401 - any field of Resource
    """Return half a person for 2027."""
    resource = Resource("staff", Decimal("0.5"), None, "Economic Development and Culture", 2027)
    return replace(resource, **changes)


def complete_project(**changes: Any) -> Project:  # noqa: ANN401 - any field of Project
    """Return a project that is SMART and inside the term."""
    project = Project(
        name="Trade mission",
        id="trade-mission",
        kind="outbound_mission",
        end=date(2029, 6, 30),
        examined=date(2029, 9, 30),
        objectives=(complete_objective(),),
        resources=(funding(), staff()),
    )
    return replace(project, **changes)


def complete_agreement(**changes: Any) -> Agreement:  # noqa: ANN401 - any field of Agreement
    """Return a partnership that can be submitted, accepted and signed as it stands."""
    agreement = Agreement(
        type="partnership",
        title="Trade and innovation with Chongqing",
        origin="global_city",
        role="catalyst",
        owner=ANNA,
        renewal_guidelines="Renewed if two thirds of the targets are met.",
        termination_guidelines="Ended in writing with six months' notice.",
        term=TERM,
        parties=(home_party(), partner_party()),
        projects=(complete_project(),),
        milestones=(Milestone("First mission", "first-mission", "trade-mission", START),),
    )
    return replace(agreement, **changes)


def friendship(**changes: Any) -> Agreement:  # noqa: ANN401 - any field of Agreement
    """Return a complete friendship: the same, with a councillor's endorsement."""
    endorsement = Endorsement("Councillor Lee", date(2026, 11, 2))
    return complete_agreement(type="friendship", endorsement=endorsement, **changes)


def score_sheet(**changes: Any) -> ScoreSheet:  # noqa: ANN401 - any field of ScoreSheet
    """Return a sheet that scores every criterion of Toronto's and answers every factor."""
    criteria = shipped("toronto-2018").criteria
    sheet = ScoreSheet(
        scores={item.code: Score(4, "The minutes of 12 October.") for item in criteria.items},
        factors=dict.fromkeys(FACTORS, "Yes, as the note to Council says."),
        criteria=criteria.version,
    )
    return replace(sheet, **changes)


def evaluation(**changes: Any) -> Evaluation:  # noqa: ANN401 - any field of Evaluation
    """Return an evaluation of the complete agreement's term that judges everything apart."""
    sheet = Evaluation(
        AgreementOutcome("met", "Targets were reached a year early."),
        (ProjectOutcome("trade-mission", "met", "Forty-four businesses were reached."),),
        Value("A second term would reach the suppliers too.", "renew"),
    )
    return replace(sheet, **changes)


def standing(of: Agreement | None = None, **changes: Any) -> Standing:  # noqa: ANN401
    """Return where an agreement stands: in negotiation, or in the `state` that is asked for.

    What follows from the document and the state follows here too: term, signing, place under the
    cap.
    """
    agreement = of or complete_agreement()
    state = changes.get("state", State.NEGOTIATION)
    signed = state not in _UNSIGNED
    base = Standing(
        key=2026_000_003,
        type=agreement.type,
        title=agreement.title,
        state=state,
        version=4,
        n=6,
        head="0" * 64,
        partner=agreement.partner.name if agreement.partner else None,
        country=agreement.partner.country if agreement.partner else None,
        owner=agreement.owner or ANNA,
        term=1,
        term_start=agreement.term.start if agreement.term else None,
        term_end=agreement.term.end if agreement.term else None,
        review=agreement.review,
        due=None,
        due_rule=None,
        entered_on=date(2026, 10, 1),
        acted_on=date(2026, 10, 1),
        signed_on=SIGNED.isoformat() if signed else None,
        signed_term=1 if signed else None,
        document="1" * 64,
        document_version=4,
        policy="2" * 64,
        counted=state in _COUNTED,
        taken_over=False,
        drafters=(ANNA,),
        score_n=3,
        evaluation_n=5 if signed else None,
        evaluation_term=1 if signed else None,
        contacts_n=None,
        refusal=None,
        activated=state in _COUNTED,
    )
    return msgspec.structs.replace(base, **changes)


def facts(**changes: Any) -> Facts:  # noqa: ANN401 - any field of Facts
    """Return a program with places free; the agreement is scored, evaluated, reported, public."""
    known = Facts(
        scores=score_sheet(),
        evaluation=evaluation(),
        annual=frozenset(range(2026, 2032)),
        notice=date(2030, 7, 1),
        published=frozenset({1}),
    )
    return msgspec.structs.replace(known, **changes)


def case(
    trigger: Trigger = Trigger.SIGN,
    *,
    of: Agreement | None = None,
    at: Standing | None = None,
    under: Policy | None = None,
    among: Facts | None = None,
    **act: Any,  # noqa: ANN401 - any field of Act
) -> Case:
    """Return the case of `trigger`: `of` a document, `at` a standing, `under` a policy.

    `among` is what the program knows; `act` says how the act differs from Dora's.
    """
    document = of or complete_agreement()
    overdue = {"due": date(2030, 6, 30), "due_rule": DueRule.DECISION_DUE}
    rest = overdue if trigger is Trigger.LAPSE else {}
    told: dict[str, Any] = {
        "actor": DORA,
        "effective_on": _DAYS[trigger],
        "reason": "As Council resolved.",
    }
    return Case(
        at or standing(document, state=BY_TRIGGER[trigger].sources[0], **rest),
        under or policy(),
        Act(trigger, **{**told, **act}),
        document,
        among or facts(),
    )


def unmet(guard: Guard, judged: Case) -> list[str]:
    """Return the codes of every condition of `guard` that the case does not meet."""
    return [condition.code for condition in PREDICATES[guard](judged)]


def unmet_fields(guard: Guard, judged: Case) -> list[str | None]:
    """Return the document's key paths that the unmet conditions of `guard` point at."""
    return [condition.field for condition in PREDICATES[guard](judged)]


def with_project(**changes: Any) -> Agreement:  # noqa: ANN401 - any field of Project
    """Return the complete agreement with its project changed."""
    return complete_agreement(projects=(complete_project(**changes),))


def with_objective(**changes: Any) -> Agreement:  # noqa: ANN401 - any field of Objective
    """Return the complete agreement with its project's objective changed."""
    return with_project(objectives=(complete_objective(**changes),))


def with_resources(resources: Iterable[Resource]) -> Agreement:
    """Return the complete agreement with other resources for its project."""
    return with_project(resources=tuple(resources))
