"""What `lifecycle export` does: walks the portfolio in pieces, and writes each as it comes."""

from collections.abc import Iterator
from pathlib import Path

import click

from cli.commands.export import FORMS
from cli.output.answers import give_parts
from cli.session import Session, opened
from cli.settings import Settings
from lifecycle.dates import dates
from states.person import among
from store.reader import Reader

_BATCH = 200


def export(settings: Settings, form: str | None, file: str | None, owner: str | None) -> None:
    """Write the dates of a program's agreements, or of those that one person owns."""
    _check(form, file)
    with opened(settings) as session, session.store.reading() as reader:
        give_parts(file, _calendar(session, reader, owner))


def _check(form: str | None, file: str | None) -> None:
    """Fail where it is not said what is to be written."""
    ending = Path(file).suffix.lower().removeprefix(".") if file else None
    if form is None and ending not in FORMS:
        message = f"export needs a format: --format {' or '.join(FORMS)}, or a FILE that ends so."
        raise click.UsageError(message)


def _calendar(session: Session, reader: Reader, owner: str | None) -> Iterator[bytes]:
    from cli.output.calendar import end, events, head

    name = reader.policy(reader.policy_in_force(session.today)).program.name
    yield head(name)
    after = -1
    while batch := reader.dated(after, _BATCH):
        for standing, changed, watches in batch:
            after = standing.key
            if owner is None or among(owner, (standing.owner,)):
                yield from events(session.code, standing, changed, dates(standing, watches))
    yield end()
