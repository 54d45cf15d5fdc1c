"""What `lifecycle portfolio budget` does: reads the portfolio once, and tells of its money."""

from decimal import Decimal
from functools import partial

from cli.output.answers import give
from cli.output.budget import LINE_KEYS, Told, budget_shape, line_shapes
from cli.output.budget_paper import budget_chart, budget_paper
from cli.output.paper import paper_answer
from cli.session import Session, opened
from cli.settings import Reading, Settings
from lifecycle.dossiers import dossiers
from lifecycle.money.accounts import PARTS, costs_of
from lifecycle.money.budget import year_budget, years_of
from lifecycle.money.remedies import remedies
from states.money import Money


def show_budget(
    settings: Settings, reading: Reading, year: int | None, raise_by: Decimal | None
) -> None:
    """Print the budget of a year, or of this one and those to come."""
    with opened(settings) as session:
        told = _told(session, year, raise_by)
    rows = (LINE_KEYS, line_shapes(told))
    whole = budget_shape(told)
    chart = partial(budget_chart, told)
    give(settings, reading, paper_answer(budget_paper(told), whole, rows, chart))


def _told(session: Session, year: int | None, raise_by: Decimal | None) -> Told:
    today = session.today
    with session.store.reading() as reader:
        program = reader.policy(reader.policy_in_force(today)).program
        every = (costs_of(dossier) for dossier in dossiers(reader, *PARTS))
        costs = [cost for cost in every if cost.accounts or cost.undated]
    years = [year] if year else years_of(costs, program, today.year)
    budgets = [year_budget(costs, program, each) for each in years]
    raised = Money(raise_by, program.currency) if raise_by else None
    return Told(
        code=session.code,
        currency=program.currency,
        today=today,
        years=budgets,
        remedies={
            each.year: remedies(each, costs, raised)
            for each in budgets
            if each.gap and each.year >= today.year
        },
        costs=costs,
    )
