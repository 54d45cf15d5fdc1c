"""What `lifecycle report roles` does: goes through the portfolio once, and counts by year."""

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.roles import KEYS, roles_markdown, roles_rows, roles_shape, roles_text
from cli.output.workbook import xlsx_of
from cli.session import opened
from cli.settings import Reading, Settings
from lifecycle.dossiers import dossiers
from lifecycle.partners.roles import PARTS, roles_by_year


def report_roles(settings: Settings, reading: Reading, first: int | None, last: int | None) -> None:
    """Print the City's role in its agreements by year."""
    with opened(settings) as session, session.store.reading() as reader:
        every = roles_by_year(dossiers(reader, *PARTS), session.today)
        words = reader.policy(reader.policy_in_force(session.today)).vocabulary.roles
    years = [year for year in every if (first or year.year) <= year.year <= (last or year.year)]
    # Older policies may have had other words.
    stated = (role for year in every for role in year.agreements if role)
    roles = list(dict.fromkeys((*words, *stated)))
    rows = list(roles_rows(years, roles))
    answer = Answer(
        table=lambda: roles_text(years, roles),
        json=shape(roles_shape(years, roles)),
        csv=csv_of(KEYS, rows),
        md=lambda: roles_markdown(years, roles),
        xlsx=xlsx_of("Roles", KEYS, rows),
    )
    give(settings, reading, answer)
