"""Where the private key that seals is, and the keys and checkpoints that people bring in files."""

from pathlib import Path

from cli.configuration import table_of
from cli.inputs import bytes_of
from cli.session import Session
from lifecycle.errors import StoreError
from lifecycle.sealing.keys import PublicKey, public_key_of
from lifecycle.sealing.rekeying import name_of
from lifecycle.verifying.checkpoints import Claim, claim_of
from states.problem import InvalidInputError, Problem
from store.sealing.keys import FileKey, read_key


def key_file(session: Session, given: Path | None) -> Path:
    """Return where the private key is: as given, as configured, else where it is put first.

    That is beside an SQLite file, and in the data folder for a database on a server.
    """
    if given is not None:
        return given
    file, table = table_of("sealing")
    if file is not None and "key" in table:
        return file.parent / Path(table["key"]).expanduser()
    if session.store.database.path is not None:
        return Path(f"{session.store.database.path}.key")
    import platformdirs

    with session.store.reading() as reader:
        _lifecycle, code, digits = name_of(reader).split("/")
    return platformdirs.user_data_path("lifecycle") / "keys" / f"{code}-{digits}.key"


def signer(session: Session, given: Path | None = None) -> FileKey:
    """Return the private key; raises StoreError where it can't be read, or the log has none."""
    with session.store.reading() as reader:
        if not reader.public_keys():
            message = f"the log of {session.code} has no key yet"
            raise StoreError(message, "no_key", "an admin makes one: lifecycle log key create")
    return read_key(key_file(session, given))


def public_key_in(file: Path) -> PublicKey:
    """Return the public key in a file; raises InvalidInputError."""
    name, body = bytes_of(str(file))
    try:
        return public_key_of(body.decode())
    except ValueError as error:
        why = "it is not text" if isinstance(error, UnicodeDecodeError) else str(error)
        hint = "the file that lifecycle log key export -o FILE wrote"
        raise InvalidInputError([Problem("bad_key", why, name, hint=hint)]) from error


def checkpoint_in(file: Path) -> Claim:
    """Return the checkpoint in a file that somebody kept; raises InvalidInputError."""
    name, body = bytes_of(str(file))
    try:
        return claim_of(f"the checkpoint in {name}", body, kept=True)
    except ValueError as error:
        hint = "the file that lifecycle log checkpoint -o FILE wrote"
        raise InvalidInputError([Problem("bad_checkpoint", str(error), name, hint=hint)]) from error
