"""What `lifecycle report plan` does: what a year asks of each division, out of the record."""

from collections.abc import Sequence

from cli.output.answers import Answer, give, shape
from cli.output.pages import page_html, page_md, page_text
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
            policy.program.name,
            wanted,
            today,
            session.store.program.sandbox,
        )
    give(settings, reading, _answer(edition))


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


def _answer(edition: PlanEdition) -> Answer:
    def xlsx() -> bytes:
        from cli.output.workbook import workbook

        return workbook(plan_sheets(edition))

    def csv() -> str:
        from cli.output.cells import csv_lines

        return "".join(csv_lines([ROW_KEYS, *plan_rows(edition)]))

    return Answer(
        table=lambda: page_text(plan_page(edition)),
        json=shape(plan_shape(edition)),
        csv=csv,
        md=lambda: page_md(plan_page(edition)),
        html=lambda: page_html(plan_page(edition)),
        xlsx=xlsx,
    )
