"""Whether whoever runs this finds the private key that seals, and nobody else does."""

from collections.abc import Iterator
from dataclasses import replace

from cli.keys import key_file
from cli.session import Session, opened
from cli.settings import Settings
from lifecycle.errors import StoreError
from store.checks.check import Check, finding, good
from store.opening import program_codes
from store.sealing.keys import read_key

NAME = "sealing key"
_WHOSE = "whoever runs the nightly check needs it, and nobody else"


def keys(settings: Settings, url: str, code: str | None) -> Iterator[Check]:
    """Yield what is found of the key of a program, or of each one's in the database."""
    for one in [code] if code else program_codes(url):
        with opened(replace(settings, program=one)) as session:
            yield from _key(session)


def _key(session: Session) -> Iterator[Check]:
    """Yield whether the log's key is where it is looked for; a log without one is told of by it."""
    with session.store.reading() as reader:
        known = reader.public_keys()
    if not known:
        return
    path, wanted = key_file(session, None), known[-1].key
    try:
        key = read_key(path)
    except StoreError as error:
        yield finding(NAME, error.message, f"{error.hint}; {_WHOSE}")
        return
    if key.public != wanted:
        message = f"{path} is the key {key.public.id.hex()}, and the log's is {wanted.id.hex()}"
        fix = "name the file of the log's key in lifecycle.toml: [sealing] key"
        yield finding(NAME, message, fix)
    else:
        yield good(NAME, f"{path} is the key of {session.code}, and yours alone")
