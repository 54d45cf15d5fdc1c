"""What `lifecycle log prove` does: makes proofs of what the newest checkpoint covers."""

from pathlib import Path

import click

from cli.keys import checkpoint_in
from cli.output.answers import give_bytes
from cli.refs import found
from cli.session import Session, opened
from cli.settings import Reading, Settings
from lifecycle.entry import digest_of
from lifecycle.sealing.merkle import consistency, inclusion
from lifecycle.sealing.nodes import Kept
from lifecycle.sealing.ports import Seal
from lifecycle.sealing.proofs import Consistency, Inclusion
from states.problem import InvalidInputError, Problem
from store.reader import Reader


def prove(
    settings: Settings, reading: Reading, ref: str | None, n: int | None, since: Path | None
) -> None:
    """Print one proof."""
    if (ref is None) == (since is None):
        message = "name an entry (REF N), or with --since a checkpoint that was kept."
        raise click.UsageError(message)
    with opened(settings) as session, session.store.reading() as reader:
        last = reader.last_seal()
        if last is None:
            message = f"nothing of the log of {session.code} is sealed yet"
            hint = "lifecycle log seal; the log needs a key for it: lifecycle log key"
            raise InvalidInputError([Problem("not_sealed", message, hint=hint)])
        if since is not None:
            _give_since(settings, reading, reader, last, since)
        else:
            _give_entry(settings, reading, session, reader, last, str(ref), n)


def _give_since(
    settings: Settings, reading: Reading, reader: Reader, last: Seal, since: Path
) -> None:
    old = checkpoint_in(since).signed.checkpoint
    if not 0 < old.size <= last.size:
        message = f"{since} covers {old.size} lines, and the newest checkpoint {last.size}"
        hint = "is it one of this log? lifecycle log verify --checkpoint FILE says more"
        raise InvalidInputError([Problem("not_older", message, str(since), hint=hint)])
    hashes = consistency(old.size, last.size, Kept(reader, last.size).node)
    proof = Consistency(old.size, tuple(hashes), last.note)
    if not proof.holds(old):
        message = f"{since} is no beginning of this log: it was changed since, or is another one"
        hint = f"lifecycle log verify --checkpoint {since} says what is wrong"
        raise InvalidInputError([Problem("inconsistent", message, str(since), hint=hint)])
    shape = {"old": old.size, "sealed": last.size, "proof": proof.file.decode()}
    give_bytes(settings, reading, proof.file, shape)


def _give_entry(  # noqa: PLR0917 - one proof, of all that it says
    settings: Settings,
    reading: Reading,
    session: Session,
    reader: Reader,
    last: Seal,
    text: str,
    n: int | None,
) -> None:
    key = None if text.upper() == session.code else found(reader, text).standing.key
    place = _place(reader, key, n)
    if place is None:
        raise InvalidInputError([_not_sealed(reader, key, text, n)])
    number, leaf = place
    line = next(reader.lines(key, number - 1))
    hashes = inclusion(leaf, last.size, Kept(reader, last.size).node)
    proof = Inclusion(line, leaf, tuple(hashes), last.note)
    if not proof.holds:
        message = f"line {number} of {text} is not what was sealed"
        hint = "lifecycle log verify says more"
        raise InvalidInputError([Problem("altered", message, hint=hint)])
    shape = {
        "ref": text,
        "n": number,
        "entry": digest_of(line),
        "leaf": leaf,
        "sealed": last.size,
        "proof": proof.file.decode(),
    }
    give_bytes(settings, reading, proof.file, shape)


def _place(reader: Reader, key: int | None, n: int | None) -> tuple[int, int] | None:
    """Return an entry's number and leaf, of the newest sealed one where none is named."""
    if n is None:
        return reader.newest_leaf(key)
    leaf = reader.leaf_of(key, n)
    return None if leaf is None else (n, leaf)


def _not_sealed(reader: Reader, key: int | None, text: str, n: int | None) -> Problem:
    there = n is not None and any(True for _line in reader.lines(key, n - 1))
    if n is not None and not there:
        message = f"{text} has no entry {n}"
        return Problem("unknown_entry", message, key="N", hint=f"lifecycle log {text}")
    what = f"entry {n}" if n is not None else "nothing"
    message = f"{what} of {text} is sealed" if n is None else f"{what} of {text} is not sealed yet"
    return Problem("not_sealed", message, hint="lifecycle log seal, or wait for the nightly check")
