"""Public agreements and a public program with everything that they can say, for tests of pages."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from lifecycle.publishing.internal import (
    InternalAgreement,
    InternalAlert,
    InternalBudget,
    InternalForecast,
    InternalMissing,
    InternalProgram,
    InternalStep,
    InternalUnmet,
)
from lifecycle.publishing.public_agreement import (
    PublicActual,
    PublicAgreement,
    PublicDate,
    PublicFile,
    PublicIndicator,
    PublicMilestone,
    PublicObjective,
    PublicObligation,
    PublicParty,
    PublicProject,
    PublicResource,
    PublicSignature,
    PublicStep,
    PublicTerm,
    PublicYear,
)
from lifecycle.publishing.public_program import (
    PublicBudget,
    PublicBurn,
    PublicCount,
    PublicDecision,
    PublicProgram,
    PublicRoles,
)
from lifecycle.publishing.public_year import PublicFigure, PublicReport, PublicReported
from states.vocabulary import DueRule, Role, Rule, Severity, State, Trigger

_SHA = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"

AGREEMENT = PublicAgreement(
    ref="TOR-2026-003",
    title="Trade and innovation with Chongqing",
    type="partnership",
    type_title="Partnership agreement",
    partner="Chongqing",
    country="CN",
    goals=("economic-development",),
    state=State.ACTIVE,
    signed=True,
    changed_on=date(2027, 3, 1),
    former_type="Memorandum of understanding",
    role="catalyst",
    division="Economic Development and Culture",
    sectors=("health technology", "food"),
    markets=("China",),
    taken_over=True,
    signed_on="2026-11-20",
    term=2,
    term_start=date(2027, 1, 1),
    term_end=date(2029, 12, 31),
    next_decision=date(2029, 12, 31),
    next_rule=DueRule.TERM_OVER,
    reporting="Once a year, to the Economic Development Committee.",
    renewal_guidelines="Renewed where two of three objectives are met.\nBoth sides report first.",
    termination_guidelines="Either side may end it with six months' notice in writing.",
    parties=(
        PublicParty(
            side="home",
            name="City of Toronto",
            kind="city",
            country="CA",
            responsibilities="Recruits businesses, pays for the mission and reports each year.",
        ),
        PublicParty(
            side="home", name="Toronto Region Board of Trade", kind="industry_organisation"
        ),
        PublicParty(
            side="partner",
            name="Chongqing Municipal Government",
            kind="city",
            country="CN",
            metro="Chongqing",
            responsibilities="Arranges meetings with hospitals and investors, and hosts the fair.",
        ),
    ),
    projects=(
        PublicProject(
            id="mission",
            name="Health-technology trade mission",
            kind="outbound_mission",
            division="Economic Development and Culture",
            start=date(2027, 2, 1),
            end=date(2029, 6, 30),
            examined=date(2029, 9, 30),
            outcome="partly",
            findings="Four of six contracts were signed.",
            objectives=(
                PublicObjective(
                    kind="grow_trade",
                    objective="Forty businesses of Toronto sell health technology in Chongqing",
                    activity="Two missions a year to hospitals and fairs",
                    responsible="City of Toronto",
                    indicators=(
                        PublicIndicator(
                            name="Businesses reached",
                            unit="businesses",
                            baseline=Decimal(0),
                            target=Decimal(40),
                            actual=Decimal(31),
                            done=78,
                            actuals=(
                                PublicActual(on=date(2027, 10, 30), value=Decimal(12)),
                                PublicActual(on=date(2028, 10, 30), value=Decimal(31)),
                            ),
                        ),
                        PublicIndicator(
                            name="Export value",
                            unit="CAD a year",
                            baseline=Decimal(250000),
                            target=Decimal(1000000),
                        ),
                    ),
                ),
                PublicObjective(
                    kind="attract_investment",
                    objective="Three investors of Chongqing open an office in Toronto",
                    activity="Meetings at each mission, and one visit a year to Toronto",
                    responsible="Toronto Global",
                    indicators=(
                        PublicIndicator(
                            name="Offices opened",
                            unit="offices",
                            baseline=Decimal(0),
                            target=Decimal(3),
                            actual=Decimal(3),
                            done=100,
                            actuals=(PublicActual(on=date(2028, 5, 2), value=Decimal(3)),),
                        ),
                    ),
                ),
            ),
            resources=(
                PublicResource(
                    kind="funding",
                    amount=Decimal(60000),
                    currency="CAD",
                    source="International Alliance Program",
                    year=2027,
                ),
                PublicResource(
                    kind="staff",
                    amount=Decimal("0.5"),
                    source="Economic Development and Culture",
                    year=2027,
                ),
            ),
        ),
    ),
    milestones=(
        PublicMilestone(
            name="First mission",
            project="mission",
            due=date(2027, 10, 1),
            met=date(2027, 9, 28),
            status="met",
        ),
        PublicMilestone(name="Fair in Chongqing", due=date(2028, 4, 1), status="late"),
        PublicMilestone(
            name="Second mission", project="mission", due=date(2028, 10, 1), status="due"
        ),
    ),
    obligations=(
        PublicObligation(
            side="home", what="Pay the mission's fair stand", due=date(2027, 9, 1), outcome="met"
        ),
        PublicObligation(side="partner", what="Name ten hospitals", due=date(2027, 6, 1)),
    ),
    endorsed_on=date(2026, 11, 2),
    signatures=(
        PublicSignature(side="home", office="Mayor", on=date(2026, 11, 20)),
        PublicSignature(side="partner", office="Vice-Mayor", on=date(2026, 11, 20)),
    ),
    terms=(
        PublicTerm(
            term=1,
            starts=date(2024, 1, 1),
            ends=date(2026, 12, 31),
            signed_on="2023-12",
            concluded_on=date(2026, 6, 30),
            concluded_by=Trigger.CONCLUDE,
            outcome="met",
            findings="All objectives were met.",
        ),
        PublicTerm(
            term=2, starts=date(2027, 1, 1), ends=date(2029, 12, 31), signed_on="2026-11-20"
        ),
    ),
    years=(
        PublicYear(
            year=2027,
            goals=("Two missions",),
            summary=("One mission with 12 businesses.",),
            achievements=("First contract with a hospital.",),
            investments=("CAD 2 million by one investor.",),
        ),
        PublicYear(year=2028, summary=("Second mission, 19 more businesses.",)),
    ),
    history=(
        PublicStep(
            on=date(2026, 11, 20),
            trigger=Trigger.SIGN,
            from_=State.NEGOTIATION,
            to=State.SIGNED,
            term=2,
            body="City Council",
            item="2026.EX12.3",
            entry=_SHA,
        ),
        PublicStep(
            on=date(2027, 1, 1),
            trigger=Trigger.ACTIVATE,
            from_=State.SIGNED,
            to=State.ACTIVE,
            term=2,
            entry=_SHA[::-1],
        ),
    ),
    files=(
        PublicFile(
            name="Agreement signed.pdf",
            kind="signed",
            size=1_234_567,
            sha256=_SHA,
            path=f"files/{_SHA}/Agreement%20signed.pdf",
        ),
    ),
    dates=(
        PublicDate(
            on=date(2028, 10, 1), rule="milestone_due", what="Second mission", uid="a@lifecycle"
        ),
        PublicDate(on=date(2029, 12, 31), rule="term_over", uid="b@lifecycle"),
    ),
)
"""An agreement in force that says everything there is to say."""

PROPOSAL = PublicAgreement(
    ref="TOR-2027-001",
    title="Friendship with Porto",
    type="friendship",
    type_title="Friendship agreement",
    partner="Porto",
    country="PT",
    state=State.DECISION,
    changed_on=date(2027, 2, 3),
)
"""What a policy shows before it is signed: only what names it."""

HOSTILE = (
    "<script>alert(1)</script>\" onload='x' {{ 7 * 7 }} \u202eevil\u2066 javascript:alert(1)"
    " ]]> --> &amp; ' \x1b[31m" + "W" * 5000
)
"""What somebody might write where a title is asked for."""

PROGRAM = PublicProgram(
    code="TOR",
    name="Toronto International Alliance Program",
    currency="CAD",
    cap=10,
    held=7,
    in_force=26,
    types=(
        PublicCount(name="mou", title="Memorandum of understanding", count=16),
        PublicCount(name="partnership", title="Partnership agreement", count=6),
        PublicCount(name="friendship", title="Friendship agreement", count=4),
    ),
    years=tuple(
        PublicCount(name=str(year), title=str(year), count=1 + year * 7 % 5)
        for year in range(2009, 2027)
    ),
    budgets=(
        PublicBudget(year=2025, budget=Decimal(900000), committed=Decimal(640000)),
        PublicBudget(
            year=2026,
            budget=Decimal(900000),
            committed=Decimal("912500.50"),
            other={"EUR": Decimal(5000)},
        ),
        PublicBudget(year=2027, committed=Decimal(120000)),
    ),
    roles=tuple(
        PublicRoles(year=year, catalyst=year - 2020, implementer=8, unstated=2027 - year)
        for year in range(2022, 2028)
    ),
    worklist=(
        PublicBurn(year=2025, left=20, reclassified=1, sunset=1),
        PublicBurn(year=2026, left=18, reclassified=2, sunset=0),
        PublicBurn(year=2027, left=16, reclassified=0, sunset=2),
    ),
    decisions=(
        PublicDecision(
            ref="TOR-2026-003",
            title="Trade and innovation with Chongqing",
            on=date(2029, 12, 31),
            rule=DueRule.TERM_OVER,
        ),
    ),
)
"""A program with several years of everything."""


def agreements(number: int) -> list[PublicAgreement]:
    """Return so many agreements that differ in all that the register shows."""
    states = list(State)
    places = (("Porto", "PT"), ("São Paulo", "BR"), ("Milan", "IT"), ("Chicago", "US"))
    return [
        replace(
            AGREEMENT,
            ref=f"TOR-{2000 + n % 27}-{n:03}",
            title=f"{('Trade', 'Culture', 'Science', 'Youth')[n % 4]} and {_word(n)} with {place}",
            partner=place,
            country=country,
            state=states[n * 5 % len(states)],
            signed_on=(f"{2000 + n % 27}-{1 + n % 12:02}-{1 + n % 28:02}", "1986", "unknown")[
                n % 3
            ],
            next_decision=date(2027 + n % 5, 1 + n % 12, 1 + n % 28),
        )
        for n in range(number)
        for place, country in [places[n * 3 % 4]]
    ]


def _word(number: int) -> str:
    return ("innovation", "festivals", "clean water", "film", "schools", "ports")[number * 7 % 6]


REPORT = PublicReport(
    year=2028,
    over=True,
    figures=(
        PublicFigure(name="agreements_in_force", value=Decimal(26)),
        PublicFigure(name="reports_owed", value=Decimal(10)),
        PublicFigure(name="reports_complete", value=Decimal(7)),
        PublicFigure(name="indicators_at_target", value=Decimal(12)),
        PublicFigure(name="milestones_met", value=Decimal(31)),
        PublicFigure(name="milestones_overdue", value=Decimal(4)),
        PublicFigure(name="new_investments", value=Decimal(2_500_000), unit="CAD"),
        PublicFigure(name="new_investments", value=Decimal(3), unit="offices"),
    ),
    agreements=(
        PublicReported(
            ref=AGREEMENT.ref,
            title=AGREEMENT.title,
            partner=AGREEMENT.partner,
            goals=("Two missions",),
            summary=("Second mission, 19 more businesses.",),
            achievements=("First contract with a hospital.",),
            investments=("CAD 2 million by one investor.",),
            milestones=AGREEMENT.milestones,
            indicators=AGREEMENT.projects[0].objectives[0].indicators[:1],
        ),
        PublicReported(
            ref="TOR-2027-001", title="Friendship with Porto", summary=("Two exhibitions",)
        ),
    ),
)
"""A year's report with everything that it can say."""

_ALERT = InternalAlert(
    ref=AGREEMENT.ref,
    title=AGREEMENT.title,
    owner="anna",
    rule=Rule.MILESTONE_DUE,
    item="fair",
    on=date(2028, 4, 1),
    message="The milestone Fair in Chongqing was due on 2028-04-01.",
    fix="Record it when it is met: lifecycle record TOR-2026-003 milestone",
    report="REC8",
)

FOR_STAFF = InternalAgreement(
    ref=AGREEMENT.ref,
    owner="anna",
    steps=(
        InternalStep(
            trigger=Trigger.CONCLUDE,
            to=State.EVALUATION,
            by=(Role.STAFF,),
            allowed=False,
            unmet=(
                InternalUnmet(
                    guard="evaluation_open",
                    code="too_early",
                    severity=Severity.BLOCK,
                    message="The term ends on 2029-12-31, more than 12 months ahead.",
                    fix="Wait until 2028-12-31.",
                    rule="evaluation opens 12 months before the end",
                    report="BOX6",
                    waived_by="boris",
                ),
            ),
        ),
        InternalStep(
            trigger=Trigger.TERMINATE, to=State.EVALUATION, by=(Role.DECIDER,), allowed=True
        ),
    ),
    overdue=(_ALERT,),
)
"""What staff see of the agreement."""

PROGRAM_FOR_STAFF = InternalProgram(
    currency="CAD",
    cap=10,
    overdue=(_ALERT,) * 101,
    missing=(
        InternalMissing(
            trigger=Trigger.SIGN,
            guard="smart_complete",
            code="no_indicator",
            refs=tuple(f"TOR-2026-{n:03}" for n in range(3, 25)),
        ),
    ),
    budgets=(
        InternalBudget(
            year=2028,
            budget=Decimal(900_000),
            committed=Decimal(950_000),
            spent=Decimal(400_000),
            free=Decimal(-50_000),
            other={"EUR": Decimal(5_000)},
        ),
        InternalBudget(year=2029, committed=Decimal(100_000), spent=Decimal(0)),
    ),
    forecast=(
        InternalForecast(
            year=2029,
            active=9,
            held=9,
            most=11,
            dormant=2,
            committed=Decimal(800_000),
            staff=Decimal("3.5"),
            decisions=4,
        ),
    ),
)
"""What staff see of the program."""
