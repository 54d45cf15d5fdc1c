"""A complete agreement in any policy's words: what it asks for, and nothing of Toronto's."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from guards.policy import AgreementType, Policy
from states.agreement import Agreement, Endorsement, Term
from states.calendar import add_months, add_years
from states.records import FACTORS, Score, ScoreSheet
from tests.builders import (
    START,
    complete_agreement,
    complete_objective,
    complete_project,
    funding,
    home_party,
    partner_party,
    staff,
)


def fitting(policy: Policy, code: str, *, begins: date = START) -> Agreement:
    """Return a complete agreement of a type, whose term (if any) begins on a day."""
    words, kind = policy.vocabulary, policy.types[code]
    term = term_of(kind, begins)
    home = home_party(name="Home", kind=words.party_kinds[0], country=policy.program.home_country)
    partner = partner_party(
        name="Partner", kind=words.party_kinds[0], why=words.partner_reasons[0], country="JP"
    )
    objective = complete_objective(kind=words.objective_kinds[0], responsible="Home")
    last = term.end if term else date(begins.year, 12, 31)
    money = funding(currency=policy.program.currency, year=begins.year, amount=Decimal(100))
    project = complete_project(
        kind=words.project_kinds[0],
        start=begins,
        end=last - timedelta(days=30),
        examined=last,
        objectives=(objective,),
        resources=(money, staff(year=begins.year)),
    )
    return replace(
        complete_agreement(),
        type=code,
        title=f"{kind.title} with Partner",
        origin=words.origins[0],
        role=words.roles[0],
        term=term,
        review=None if term else add_months(begins, 6),
        parties=(home, partner),
        projects=(project,),
        milestones=(),
        endorsement=Endorsement("Councillor Lee", date(2026, 9, 1)) if kind.endorsement else None,
        conditions={each.code: "yes, as the file says" for each in policy.conditions},
    )


def term_of(kind: AgreementType, begins: date) -> Term | None:
    """Return the longest term that a type may have, up to five years; none if it is open-ended."""
    if kind.term_years is None:
        return None
    years = max(kind.term_years.min, min(kind.term_years.max, 5))
    return Term(begins, add_years(begins, years) - timedelta(days=1))


def fitting_scores(policy: Policy) -> ScoreSheet:
    """Return a sheet that scores every criterion of a policy and answers every factor."""
    highest = policy.criteria.highest
    scores = {item.code: Score(highest, "The file.") for item in policy.criteria.items}
    factors = dict.fromkeys(FACTORS, "Yes, as the note says.")
    return ScoreSheet(scores, factors, policy.criteria.version)
