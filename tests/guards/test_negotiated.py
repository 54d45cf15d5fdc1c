"""What an agreement is asked for before it is signed, one by one: R14 to R21, and BP4's factors."""

from dataclasses import replace
from datetime import date

import pytest

from guards.policy import Policy
from guards.registry import judge
from guards.words import check_agreement
from states.agreement import Agreement, Indicator
from states.problem import InvalidInputError
from states.table import BY_TRIGGER
from states.vocabulary import Trigger
from tests.builders import (
    case,
    complete_agreement,
    funding,
    home_party,
    partner_party,
    policy,
    program,
    shipped,
    staff,
    with_objective,
    with_project,
    with_resources,
)

UNMEASURED = Indicator("businesses reached", "businesses")
LACKS: dict[str, tuple[Agreement, str]] = {
    "R14 at least one project": (
        complete_agreement(projects=(), milestones=()),
        "project.missing",
    ),
    "R15 the kind of project": (with_project(kind=""), "project.kind_missing"),
    "R16 the kind of objective": (with_objective(kind=""), "specific.kind_missing"),
    "R17 the objective": (with_objective(objective=" "), "specific.objective_missing"),
    "R17 the activity": (with_objective(activity=""), "specific.activity_missing"),
    "R18 baseline and target": (
        with_objective(indicators=(UNMEASURED,)),
        "measurable.indicator_missing",
    ),
    "R19 who is responsible": (
        with_objective(responsible="Somebody"),
        "assignable.responsible_missing",
    ),
    "R19 responsibilities of both sides": (
        complete_agreement(parties=(home_party(), partner_party(responsibilities=""))),
        "assignable.partner_responsibilities",
    ),
    "R20 funding": (with_resources([staff()]), "funding.missing"),
    "R20 staff": (with_resources([funding()]), "staff.missing"),
    "R21 an end": (with_project(end=None), "time.end_missing"),
    "R21 an examination": (with_project(examined=None), "time.examined_missing"),
    "R21 an end within the term": (with_project(end=date(2030, 1, 1)), "time.outside_term"),
}
"""What an agreement may lack, and the unmet condition that names it."""

FACTORS: dict[str, tuple[Agreement, str]] = {
    "focused goals": LACKS["R17 the objective"],
    "measurable outcomes": LACKS["R18 baseline and target"],
    "required resources": LACKS["R20 staff"],
    "partner responsibilities": LACKS["R19 responsibilities of both sides"],
    "duration of cooperation": (complete_agreement(term=None), "term.missing"),
    "rigorous reporting": LACKS["R21 an examination"],
}
"""The six factors of detailed objectives (BP4), and what is told where one is not settled."""


def blocking(agreement: Agreement) -> dict[str, tuple[str | None, str, str]]:
    """Return what refuses to sign an agreement: code, with field, what to do and section."""
    verdicts = judge(BY_TRIGGER[Trigger.SIGN].guards, case(Trigger.SIGN, of=agreement))
    return {
        unmet.code: (unmet.field, unmet.fix, unmet.report)
        for verdict in verdicts
        if verdict.blocks
        for unmet in verdict.unmet
    }


@pytest.mark.parametrize("lack", LACKS)
def test_signing_is_refused_for_each_thing_that_smart_asks_for_and_names_it(lack: str) -> None:
    """R14 to R21: by its own code, with the field, what to do, and the section of the report."""
    agreement, code = LACKS[lack]
    field, fix, section = blocking(agreement)[code]
    assert field
    assert fix
    assert section in {"BP3", "BP4", "REC8"}
    assert blocking(complete_agreement()) == {}


@pytest.mark.parametrize("factor", FACTORS)
def test_each_of_the_six_factors_of_detailed_objectives_is_asked_for(factor: str) -> None:
    """R23: what is to be reached, measured, given, by whom, how long, and when it is examined."""
    agreement, code = FACTORS[factor]
    assert code in blocking(agreement)


def test_how_is_reported_has_its_place_in_the_document_and_each_year_is_asked_for() -> None:
    """R23, R39: what both sides agree on about reporting; and no renewal without the reports."""
    agreement = replace(complete_agreement(), reporting="Each January, to Council.")
    check_agreement(agreement, policy())
    assert blocking(agreement) == {}
    assert shipped("toronto-2018").guards["reports_complete"] == "block"


@pytest.mark.parametrize(
    ("agreement", "key", "some"),
    [
        (
            with_project(kind="parade"),
            "projects[0].kind",
            {
                "inbound_mission",
                "outbound_mission",
                "business_agreement",
                "event_attraction",
                "information_exchange",
                "talent_exchange",
                "cultural_event",
                "data_sharing_agreement",
            },
        ),
        (
            with_objective(kind="fame"),
            "projects[0].objectives[0].kind",
            {
                "grow_trade",
                "attract_investment",
                "attract_tourists",
                "policy_and_service_innovation",
                "support_local_artists",
            },
        ),
    ],
    ids=["R15 project kinds", "R16 objective kinds"],
)
def test_projects_and_objectives_are_of_the_reports_kinds_and_no_other(
    agreement: Agreement, key: str, some: set[str]
) -> None:
    """R15, R16: another word is refused with those that there are."""
    assert refused(agreement, policy()) == (key, some)


def test_goals_that_an_agreement_serves_are_the_policys() -> None:
    """R25: where the policy names its goals, an agreement serves these and no others."""
    rules = policy(program=program(goals={"jobs": "More jobs", "culture": "More music"}))
    check_agreement(complete_agreement(goals=("jobs", "culture")), rules)
    wrong = complete_agreement(goals=("jobs", "fame"))
    assert refused(wrong, rules) == ("goals[1]", {"jobs", "culture"})


def refused(agreement: Agreement, rules: Policy) -> tuple[str | None, set[str]]:
    """Return the one key that is refused, and the words that would have been taken."""
    with pytest.raises(InvalidInputError) as caught:
        check_agreement(agreement, rules)
    (problem,) = caught.value.problems
    return problem.key, set(problem.allowed)
