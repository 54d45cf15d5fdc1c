"""What `lifecycle show REF --attachment N` does: writes an attached file as it was attached."""

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from cli.asking import confirmed
from cli.inputs import STDIN
from cli.output.answers import is_special, save
from cli.output.streams import on_terminal, out_bytes, talk
from cli.output.text import one_line
from cli.refs import Found, found
from cli.session import opened
from cli.settings import Reading, Settings
from states.attachment import Attachment
from states.problem import InvalidInputError, Problem
from store.reader import Reader


@dataclass(frozen=True, slots=True)
class Target:
    """Where a file goes, and whether it may be written over what is there."""

    reading: Reading
    yes: bool


def save_attachment(settings: Settings, text: str, n: int, target: Target) -> None:
    """Write the file that line `n` attached; raises UsageError where it can't be written to."""
    file = target.reading.file
    if file is None or target.reading.form:
        message = "--attachment writes the file itself: say where to, with -o FILE alone."
        raise click.UsageError(message)
    if file == STDIN and on_terminal(sys.stdout):
        message = "a file is not written to a terminal: name another with -o FILE."
        raise click.UsageError(message)
    with opened(settings) as session, session.store.reading() as reader:
        paper = _paper(reader, found(reader, text), n)
        body = reader.attached(paper.sha256)
    _write(file, body, yes=target.yes)


def _paper(reader: Reader, agreement: Found, n: int) -> Attachment:
    known = dict(reader.attachments(agreement.standing.key))
    if n not in known:
        message = f"line {n} of {agreement.ref} attached no file"
        allowed = tuple(f"--attachment {line}  {paper.name}" for line, paper in known.items())
        hint = None if known else "nothing is attached to it yet"
        problem = Problem("no_attachment", message, None, None, "--attachment", allowed, hint)
        raise InvalidInputError([problem])
    return known[n]


def _write(file: str, body: bytes, *, yes: bool) -> None:
    if file == STDIN:
        out_bytes(body)
        return
    path = Path(file)
    if path.exists() and not is_special(path):
        otherwise = f"{one_line(file)} is there already: say --yes to write over it."
        if not confirmed(f"Write over {file}?", yes=yes, otherwise=otherwise):
            talk("Nothing was written.\n")
            return
    save(file, body)
    talk(f"Written to {one_line(file)}: {len(body):,} bytes.\n")
