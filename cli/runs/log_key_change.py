"""What `lifecycle log key create` and `rotate` do: a new private key, its line, the first seal."""

from pathlib import Path

import click

from cli.clock import going_on
from cli.keys import key_file
from cli.output.receipts import give
from cli.output.sealing import seal_shape, sealed_text
from cli.output.streams import out
from cli.session import Session, opened
from cli.settings import Settings, Writing
from lifecycle.errors import StoreError
from lifecycle.order import Receipt
from lifecycle.sealing.rekeying import change_key, name_of
from lifecycle.sealing.seal import Sealed, seal
from store.signing import FileKey, new_key, read_key, write_key

_PERHAPS = frozenset({"unknown_outcome", "connection_lost"})


def create(settings: Settings, writing: Writing, given: Path | None) -> int:
    """Make the log's first key; returns the exit code."""
    with opened(settings) as session:
        return _changed(session, writing, key_file(session, given), None, lost=False)


def rotate(
    settings: Settings, writing: Writing, new_file: Path, given: Path | None, *, lost: bool
) -> int:
    """Replace the log's key; returns the exit code."""
    if lost and given is not None:
        message = "--lost means that there is no --key-file."
        raise click.UsageError(message)
    with opened(settings) as session:
        old = None if lost else read_key(key_file(session, given))
        if old is not None and not writing.dry_run:
            seal(session.store, old, going_on(session.now))
        return _changed(session, writing, new_file, old, lost=lost)


def _changed(
    session: Session, writing: Writing, file: Path, old: FileKey | None, *, lost: bool
) -> int:
    """Write the private key, then its line: a key that no line names harms nobody."""
    _no_version(writing)
    with session.store.reading() as reader:
        if old is None and not lost and reader.public_keys():
            message = f"the log of {session.code} has a key already"
            raise StoreError(message, "has_key", "replace it: lifecycle log key rotate")
        new = new_key(name_of(reader))
    if not writing.dry_run:
        write_key(file, new)
    try:
        receipt = session.carry_out(
            writing, lambda unit: change_key(unit, session.order(writing), new, old, lost=lost)
        )
    except StoreError as error:
        # A commit that may have gone through needs the key that it may have named.
        if not writing.dry_run and error.code not in _PERHAPS:
            file.unlink(missing_ok=True)
        raise
    if receipt.refused and not writing.dry_run:
        file.unlink(missing_ok=True)
    return _told(session, writing, receipt, file, new)


def _told(session: Session, writing: Writing, receipt: Receipt, file: Path, new: FileKey) -> int:
    done = not (receipt.refused or writing.dry_run)
    sealed = seal(session.store, new, going_on(session.now)) if done else Sealed(None, 0)
    more = {"key": new.public.vkey, "key_file": str(file)} if not receipt.refused else {}
    code = give(
        session.settings,
        receipt,
        dry_run=writing.dry_run,
        said=f"{session.code}: the key {new.public.id.hex()} seals the log from now on.",
        **more,
        **({"seal": seal_shape(sealed, new.public, dry_run=False)} if done else {}),
    )
    if done and not session.settings.json:
        out(
            f"The private key is in {file}: only you can read it, and who has it can seal.\n"
            f"{_where_to_name(session, file)}"
            "Give auditors the public one: lifecycle log key export -o city.pub\n"
            f"{sealed_text(sealed, session.time_zone, dry_run=False)}"
        )
    return code


def _where_to_name(session: Session, file: Path) -> str:
    if key_file(session, None).absolute() == file.absolute():
        return ""
    return (
        f'Let the nightly check find it, in lifecycle.toml: [sealing] key = "{file.absolute()}"\n'
    )


def _no_version(writing: Writing) -> None:
    if writing.expect_version is not None:
        message = "a key has no version to expect."
        raise click.UsageError(message)
