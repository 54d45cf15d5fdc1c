"""Puts a finished folder in the place of another one, at once.

Linux exchanges two names in one step, so that whoever looks sees the old folder or the new one.
Where the file system knows no such step there are two, and for a moment nothing stands under the
name; who is killed just then leaves the old folder under `aside`.
"""

import ctypes
import errno
import os
from pathlib import Path

_HERE = -100
_EXCHANGE = 2
"""AT_FDCWD and RENAME_EXCHANGE, as renameat2(2) has them."""

_CAN_NOT = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP})


def swapped(finished: Path, target: Path, aside: Path) -> None:
    """Let `finished` stand under the name of `target`, and what stood there not any more.

    That is then under the name of one of the other two, to be removed. Raises OSError.
    """
    if not _stands(target):
        finished.rename(target)
    elif not exchanged(finished, target):
        target.rename(aside)
        finished.rename(target)


def exchanged(one: Path, other: Path) -> bool:
    """Give each of two folders the other's name in one step; False where that can't be done.

    Raises OSError for what keeps a folder from being renamed at all.
    """
    try:
        exchange = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    exchange.argtypes = (*(ctypes.c_int, ctypes.c_char_p) * 2, ctypes.c_uint)
    if exchange(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CAN_NOT:
        return False
    raise OSError(code, os.strerror(code), str(other))


def _stands(target: Path) -> bool:
    """Whether something is there; an empty folder gives way to a rename, and counts for nothing."""
    return target.exists() and any(target.iterdir())
