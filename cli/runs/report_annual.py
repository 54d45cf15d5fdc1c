"""What `lifecycle report annual` does: a program's year, or one agreement's, out of its log."""

from collections.abc import Callable

import click

from cli.output.annual import Edition, annual_page
from cli.output.annual_shape import ROW_KEYS, annual_rows, annual_shape
from cli.output.answers import Answer, give, shape
from cli.output.pages import page_html, page_md, page_text
from cli.refs import Found, found
from cli.session import opened
from cli.settings import Reading, Settings
from lifecycle.results.program import program_year
from states.standing import Standing


def report_annual(
    settings: Settings, reading: Reading, year: int | None, text: str | None, *, trace: bool
) -> None:
    """Print the annual report of a year."""
    with opened(settings) as session:
        today = session.today
        year = year or today.year - 1
        if year > today.year:
            what = f"lifecycle report plan {year}"
            message = f"{year} is still to come; what is planned for it: {what}."
            raise click.UsageError(message)
        with session.store.reading() as reader:
            one = found(reader, text) if text else None
            policy = reader.policy(reader.policy_in_force(today))
            report = program_year(reader, policy, year, today, _wanted(one))
        edition = Edition(
            report,
            policy.program.name,
            {code: kind.title for code, kind in policy.types.items()},
            policy.program.goals,
            session.store.program.sandbox,
            str(one.ref) if one else None,
            trace,
        )
    give(settings, reading, _answer(edition))


def _wanted(one: Found | None) -> Callable[[Standing], bool]:
    if one is None:
        return lambda standing: not standing.voided
    return lambda standing: standing.key == one.ref.key


def _answer(edition: Edition) -> Answer:
    def xlsx() -> bytes:
        from cli.output.annual_shape import annual_sheets
        from cli.output.workbook import workbook

        return workbook(annual_sheets(edition))

    def csv() -> str:
        from cli.output.cells import csv_lines

        return "".join(csv_lines([ROW_KEYS, *annual_rows(edition)]))

    return Answer(
        table=lambda: page_text(annual_page(edition)),
        json=shape(annual_shape(edition)),
        csv=csv,
        md=lambda: page_md(annual_page(edition)),
        html=lambda: page_html(annual_page(edition)),
        xlsx=xlsx,
    )
