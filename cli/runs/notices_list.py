"""What `lifecycle notices list` and `show` do: read the outbox."""

from collections.abc import Iterable, Sequence

import click

from cli.mail.settings import mail_settings
from cli.output.answers import Answer, csv_of, give, shape
from cli.output.mail import KEYS, digests, mail_shape, mail_table, mail_text, without_address
from cli.output.streams import style, width
from cli.output.text import paragraphs
from cli.session import Session, opened
from cli.settings import Reading, Settings
from states.problem import InvalidInputError
from store.outbox import HELD, WAITING, Mail, Outbox

_LATEST = 20
_EVERYTHING = 1_000_000_000


def list_notices(settings: Settings, reading: Reading, *, everything: bool) -> None:
    """Print the latest digests, or all of them."""
    with opened(settings) as session:
        outbox = Outbox(session.store)
        mails = outbox.latest(_EVERYTHING if everything else _LATEST)
        shapes = [mail_shape(one) for one in mails]
        answer = Answer(
            table=lambda: _text(session, outbox, mails),
            json=shape(shapes),
            csv=csv_of(KEYS, shapes),
        )
        give(settings, reading, answer)


def show_notice(settings: Settings, reading: Reading, beginning: str) -> None:
    """Print one digest whole."""
    with opened(settings) as session:
        one = _found(Outbox(session.store), beginning)
        answer = Answer(
            table=lambda: mail_text(one, session.time_zone),
            json=shape({**mail_shape(one), "body": one.body}),
        )
        give(settings, reading, answer)


def _found(outbox: Outbox, beginning: str) -> Mail:
    mails = outbox.starting(beginning)
    exact = [one for one in mails if one.id == beginning]
    if len(mails) != 1 and not exact:
        ids = ", ".join(one.id for one in mails)
        found = f"the ids of several begin with it: {ids}" if mails else "there is none"
        message = (
            f"No digest is meant by {beginning!r} alone: {found}. lifecycle notices lists them."
        )
        raise click.UsageError(message)
    return (exact or list(mails))[0]


def _text(session: Session, outbox: Outbox, mails: Sequence[Mail]) -> str:
    if not mails:
        return "No digest was written yet: the nightly check writes them (lifecycle nightly).\n"
    counts = outbox.counts()
    said = ", ".join(f"{counts[state]:,} {state}" for state in sorted(counts))
    notes = [f"In all: {said}."]
    if session.store.program.sandbox:
        notes.append("This is a sandbox: no mail is sent.")
    elif counts.get(WAITING) and not _set_up():
        notes.append("Mail is not set up, or not rightly: lifecycle doctor says more.")
    if counts.get(HELD):
        held = digests(counts[HELD])
        notes.append(f"{held} held since a restore: lifecycle notices retry sends them.")
    loud = [
        style(line, fg="red") for line in _wrapped(without_address([*outbox.without_address()]))
    ]
    return "\n".join([mail_table(mails, session.time_zone), *_wrapped(notes), *loud]) + "\n"


def _wrapped(lines: Iterable[str]) -> list[str]:
    return [paragraphs(line, width()) for line in lines]


def _set_up() -> bool:
    try:
        return mail_settings() is not None
    except InvalidInputError:
        return False
