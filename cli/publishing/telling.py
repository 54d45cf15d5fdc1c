"""Tells what the operating system can't do with the published folder, and what to do next."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.output.text import one_line
from lifecycle.errors import StoreError

_STUCK = frozenset({errno.EBUSY, errno.EXDEV})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Raise StoreError for what the operating system can't do inside the block."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        if error.errno in _STUCK:
            message = (
                f"{one_line(folder)} can't be given another name ({why}), so it can't be swapped"
            )
            hint = "is something mounted there? publish into a folder inside it"
            raise StoreError(message, "unwritable", hint) from error
        full = error.errno in _FULL
        message = f"{one_line(folder)} can't be written: {why}"
        if error.filename is not None:
            message += f" ({one_line(error.filename)})"
        hint = (
            "free some space there, or name another place"
            if full
            else ("see that the folder it stands in is yours to write, or name another place")
        )
        raise StoreError(message, "no_space" if full else "unwritable", hint) from error
