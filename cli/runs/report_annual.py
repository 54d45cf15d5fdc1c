"""What `lifecycle report annual` does: a program's year, or one agreement's, out of its log."""

from collections.abc import Callable
from functools import partial

import click

from cli.output.annual import Edition, annual_page
from cli.output.annual_shape import ROW_KEYS, annual_rows, annual_shape, annual_sheets
from cli.output.answers import give
from cli.output.pages import page_answer
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
            session.code,
            policy.program.name,
            {code: kind.title for code, kind in policy.types.items()},
            policy.program.goals,
            session.store.program.sandbox,
            str(one.ref) if one else None,
            trace,
        )
    answer = page_answer(
        partial(annual_page, edition),
        annual_shape(edition),
        (ROW_KEYS, partial(annual_rows, edition)),
        partial(annual_sheets, edition),
    )
    give(settings, reading, answer)


def _wanted(one: Found | None) -> Callable[[Standing], bool]:
    if one is None:
        return lambda standing: not standing.voided
    return lambda standing: standing.key == one.ref.key
