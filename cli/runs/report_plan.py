"""What `lifecycle report plan` does: what a year asks of each division, out of the record."""

from collections.abc import Sequence
from functools import partial

from cli.output.answers import give
from cli.output.pages import page_answer
from cli.output.plan import ROW_KEYS, PlanEdition, plan_page, plan_rows, plan_shape, plan_sheets
from cli.session import opened
from cli.settings import Reading, Settings
from lifecycle.results.plan import DivisionPlan, plan_of
from states.names import plain
from states.problem import InvalidInputError, Problem


def report_plan(
    settings: Settings, reading: Reading, year: int | None, division: str | None
) -> None:
    """Print the plan for a year: of all divisions, or of one."""
    with opened(settings) as session, session.store.reading() as reader:
        today = session.today
        policy = reader.policy(reader.policy_in_force(today))
        wanted = year or today.year + 1
        edition = PlanEdition(
            _of(plan_of(reader, wanted, today), division),
            session.code,
            policy.program.name,
            wanted,
            today,
            session.store.program.sandbox,
        )
    answer = page_answer(
        partial(plan_page, edition),
        plan_shape(edition),
        (ROW_KEYS, partial(plan_rows, edition)),
        partial(plan_sheets, edition),
    )
    give(settings, reading, answer)


def _of(plans: Sequence[DivisionPlan], division: str | None) -> Sequence[DivisionPlan]:
    """Return the plan of one division, whatever the case of its name; raises InvalidInputError."""
    if division is None:
        return plans
    found = [plan for plan in plans if plan.name and plain(plan.name) == plain(division)]
    if not found:
        message = f"no agreement or project names the division {division!r}"
        names = tuple(plan.name for plan in plans if plan.name)
        raise InvalidInputError([Problem("unknown", message, key="--division", allowed=names)])
    return found
