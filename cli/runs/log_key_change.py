"""What `lifecycle log key create` and `rotate` do: a new private key, its line, the first seal."""

from pathlib import Path
from typing import Any

import click

from cli.clock import going_on
from cli.keys import key_file, signer
from cli.output.receipts import give
from cli.output.sealing import seal_shape, sealed_text
from cli.output.streams import out
from cli.session import Session, opened
from cli.settings import Settings, Writing
from lifecycle.compose import repeated
from lifecycle.errors import StoreError
from lifecycle.order import Receipt
from lifecycle.sealing.keys import PublicKey
from lifecycle.sealing.rekeying import change_key, name_of
from lifecycle.sealing.seal import seal
from states.problem import InvalidInputError
from states.vocabulary import Event
from store.sealing.keys import FileKey, new_key, refuse_taken, write_key

_PERHAPS = frozenset({"unknown_outcome", "connection_lost"})
"""After which errors the line may have been written all the same."""


def create(settings: Settings, writing: Writing, given: Path | None) -> int:
    """Make the log's first key; returns the exit code."""
    _no_version(writing)
    with opened(settings) as session:
        if (before := _before(session, writing)) is not None:
            return before
        with session.store.reading() as reader:
            if reader.public_keys():
                message = f"the log of {session.code} has a key already"
                raise StoreError(message, "has_key", "replace it: lifecycle log key rotate")
        return _changed(session, writing, key_file(session, given), None, lost=False)


def rotate(
    settings: Settings, writing: Writing, new_file: Path, given: Path | None, *, lost: bool
) -> int:
    """Replace the log's key; returns the exit code."""
    _no_version(writing)
    if lost and given is not None:
        message = "--lost means that there is no --key-file."
        raise click.UsageError(message)
    with opened(settings) as session:
        if (before := _before(session, writing)) is not None:
            return before
        old = None if lost else signer(session, given)
        if old is not None and not writing.dry_run:
            seal(session.store, old, going_on(session.now))
        return _changed(session, writing, new_file, old, lost=lost)


def _before(session: Session, writing: Writing) -> int | None:
    """Tell what was done under the same idempotency key before; None where nothing was."""
    with session.store.reading() as reader:
        receipt = repeated(reader, session.order(writing), Event.KEY_CHANGED)
        keys = {one.n: one.key for one in reader.public_keys()} if receipt else {}
    return None if receipt is None else _said(session, writing, receipt, keys.get(receipt.n))


def _changed(
    session: Session, writing: Writing, file: Path, old: FileKey | None, *, lost: bool
) -> int:
    """Write the private key, then its line: a key that no line names harms nobody."""
    with session.store.reading() as reader:
        new = new_key(name_of(reader))
    if writing.dry_run:
        refuse_taken(file)
    else:
        write_key(file, new)
    try:
        receipt = session.carry_out(
            writing, lambda unit: change_key(unit, session.order(writing), new, old, lost=lost)
        )
    except (StoreError, InvalidInputError) as error:
        # A commit that may have gone through needs the key that it may have named.
        if not writing.dry_run and getattr(error, "code", None) not in _PERHAPS:
            file.unlink(missing_ok=True)
        raise
    if writing.dry_run or receipt.refused or receipt.repeated:
        if not writing.dry_run:
            file.unlink(missing_ok=True)
        return _said(session, writing, receipt, None)
    return _told(session, writing, receipt, file, new)


def _told(session: Session, writing: Writing, receipt: Receipt, file: Path, new: FileKey) -> int:
    """Seal, and tell of the key: it is the log's, whatever becomes of sealing."""
    sealed, why = None, ""
    try:
        sealed = seal(session.store, new, going_on(session.now))
    except StoreError as error:
        why = f"{error}; {error.hint}" if error.hint else str(error)
    code = _said(
        session,
        writing,
        receipt,
        new.public,
        key_file=str(file),
        seal=seal_shape(sealed, new.public, dry_run=False) if sealed else None,
    )
    if not session.settings.json:
        out(
            f"The private key is in {file}: only you can read it, and who has it can seal.\n"
            f"{_where_to_name(session, file)}"
            "Give auditors the public one: lifecycle log key export -o city.pub\n"
            + (
                sealed_text(sealed, session.time_zone, dry_run=False)
                if sealed
                else f"Nothing was sealed yet: {why}. Then: lifecycle log seal\n"
            )
        )
    return code


def _said(
    session: Session,
    writing: Writing,
    receipt: Receipt,
    key: PublicKey | None,
    **more: Any,  # noqa: ANN401 - what its JSON has beside the key
) -> int:
    """Print the receipt; `key` is the one that its line named."""
    what = f"the key {key.id.hex()} seals" if key else "a new key would seal"
    return give(
        session.settings,
        receipt,
        dry_run=writing.dry_run,
        said=f"{session.code}: {what} the log from now on.",
        **({"key": key.vkey} if key else {}),
        **more,
    )


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
