"""What `lifecycle report facts` does: counts the portfolio once, and says what it can't show."""

from collections.abc import Iterator

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.quick_facts import COLUMNS, facts_markdown, facts_rows, facts_shape, facts_text
from cli.session import opened
from cli.settings import Reading, Settings
from lifecycle.dossiers import dossiers
from lifecycle.overview.quick_facts import quick_facts
from states.standing import Standing
from store.reader import Reader


def report_facts(settings: Settings, reading: Reading) -> None:
    """Print the quick facts of a program."""
    with opened(settings) as session, session.store.reading() as reader:
        policy = reader.policy(reader.policy_in_force(session.today))
        facts = quick_facts(_standings(reader), policy)
        code, today = session.code, session.today
    rows = list(facts_rows(code, facts, policy))
    answer = Answer(
        table=lambda: facts_text(today, policy, rows, facts.unshown),
        json=shape(facts_shape(code, today, facts, policy)),
        csv=csv_of(COLUMNS, [dict(zip(COLUMNS, row, strict=True)) for row in rows]),
        md=lambda: facts_markdown(today, policy, rows, facts.unshown),
    )
    give(settings, reading, answer)


def _standings(reader: Reader) -> Iterator[Standing]:
    return (dossier.standing for dossier in dossiers(reader))
