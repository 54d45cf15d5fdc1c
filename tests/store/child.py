"""What tests let a process of its own do: die in the middle, run out of disk, be somebody else.

Each is forked off a clean one (`tests.forked`), and prints the code of the StoreError it met, or
`done`.
"""

import os
import random
import resource
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from lifecycle.attaching import MEGABYTE, Paper, attach
from lifecycle.drafting import apply, propose
from lifecycle.entry import Actor
from lifecycle.errors import StoreError
from lifecycle.order import Order
from states.agreement import Agreement, Contact
from states.ref import Ref
from store import restoring
from store.backup import back_up, drafts, from_postgresql, from_sqlite, making
from store.checks import checks
from store.creating import create_store
from store.database import Database
from store.opening import open_store
from store.restoring import restore
from store.store import Store
from tests import forked
from tests.builders import ANNA, complete_agreement
from tests.stage import TORONTO

REF = Ref("TOR", 2026, 1)
PAPER = Paper("signed.pdf", "signed", random.Random(1).randbytes(10 * MEGABYTE))  # noqa: S311 - of a test
NOBODY = 65534


def child(deed: str, path: Path | str, more: object = "") -> tuple[int, str]:
    """Let a process do a deed; returns how it ended (a signal as a negative number) and its word.

    What it may say on standard error is shown when the test fails.
    """
    code, out, err = forked.ended(main, deed, str(path), str(more))
    sys.stderr.write(err.decode())
    return code, out.decode().strip()


def order() -> Order:
    """Return Anna's order, with a reason, so that something stands beside its line."""
    now = datetime(2026, 9, 2, 15, tzinfo=UTC)
    return Order(actor=Actor(ANNA, "asserted"), now=now, reason="As Council asked.")


def edited(size: int = 1) -> Agreement:
    """Return the document that the children apply: nothing of it is as in the first version."""
    contact = Contact("partner", "Li Wei", "li@example.cn")
    guidelines = "Renewed. " * size
    return complete_agreement(
        title="Edited",
        projects=(),
        milestones=(),
        renewal_guidelines=guidelines,
        contacts=(contact,),
    )


def edit(store: Store, size: int = 1) -> None:
    """Make that document the first agreement's."""
    with store.unit() as unit:
        apply(unit, order(), REF, edited(size))


def _die_afterwards(path: str, _more: str) -> None:
    """Edit, and be killed as soon as that is committed."""
    edit(open_store(path))
    os.kill(os.getpid(), signal.SIGKILL)


def _no_disk(path: str, more: str) -> None:
    """Write a large document where files may not grow beyond `more` bytes."""
    store = open_store(path)
    _limit(int(more))
    edit(store, 100_000)


def _attach_without_disk(path: str, more: str) -> None:
    """Attach ten megabytes where files may not grow beyond `more` bytes."""
    store = open_store(path)
    _limit(int(more))
    with store.unit() as unit:
        attach(unit, order(), REF, PAPER)


def _create_without_disk(path: str, more: str) -> None:
    """Make a database where files may not grow beyond `more` bytes."""
    _limit(int(more))
    _create(path, "")


def _create(path: str, _more: str) -> None:
    create_store(path, order(), TORONTO, sandbox=True).close()


def _propose(path: str, _more: str) -> None:
    with open_store(path).unit() as unit:
        propose(unit, order(), complete_agreement())


def _open(path: str, _more: str) -> None:
    open_store(path)


def _explain(path: str, _more: str) -> None:
    """Read, then write; print what the user is told of the first that fails."""
    try:
        _open(path, "")
        _propose(path, "")
    except StoreError as error:
        print(f"{error.message}; {error.hint}")  # noqa: T201


def _look(path: str, _more: str) -> None:
    """Print the name of each check with what was found."""
    for check in checks(path, deep=False):
        print(f"{check.name}: {check.status}: {check.message}")  # noqa: T201


def _commit(path: str, _more: str) -> None:
    """Begin and commit a write with nothing in it."""
    with Database(path).transaction(write=True):
        pass


def _back_up(path: str, more: str) -> None:
    back_up(path, more)


def _back_up_without_disk(path: str, more: str) -> None:
    """Back up where files may not grow beyond 100 kB, and none of their room is counted."""
    _limit(100_000)
    drafts.room_for = lambda *_: None
    back_up(path, more)


def _die_when(module: object, name: str) -> None:
    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    assert hasattr(module, name)
    setattr(module, name, die)


def _die_reading_back(path: str, more: str) -> None:
    """Be killed when the file was written, and is about to be read back."""
    _die_when(from_sqlite, "_read_back")
    _die_when(from_postgresql, "_compare")
    back_up(path, more)


def _die_naming(path: str, more: str) -> None:
    """Be killed when all is done but the name."""
    _die_when(making, "publish")
    back_up(path, more)


def _restore(path: str, more: str) -> None:
    restore(path, more, lambda _facts: order())


def _restore_without_disk(path: str, more: str) -> None:
    """Restore where files may not grow beyond 100 kB, and none of their room is counted."""
    _limit(100_000)
    drafts.room_for = lambda *_: None
    _restore(path, more)


def _die_upgraded(path: str, more: str) -> None:
    """Be killed when the backup is copied and upgraded."""
    _die_when(restoring, "contents_of")
    _restore(path, more)


def _die_telling(path: str, more: str) -> None:
    """Be killed when the restored line is written, before anything is there for good."""
    _die_when(restoring, "hold_mail")
    _restore(path, more)


def _limit(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


DEEDS = {
    "die_afterwards": _die_afterwards,
    "no_disk": _no_disk,
    "attach_without_disk": _attach_without_disk,
    "create_without_disk": _create_without_disk,
    "create": _create,
    "propose": _propose,
    "open": _open,
    "explain": _explain,
    "look": _look,
    "commit": _commit,
    "back_up": _back_up,
    "back_up_without_disk": _back_up_without_disk,
    "die_backing_up_when_reading_back": _die_reading_back,
    "die_backing_up_when_naming": _die_naming,
    "restore": _restore,
    "restore_without_disk": _restore_without_disk,
    "die_restoring_when_upgraded": _die_upgraded,
    "die_restoring_when_telling": _die_telling,
}


def main() -> None:
    """Do what the command line says: a deed, a path, and what else the deed takes."""
    deed, path, more = sys.argv[1:]
    name, _, whose = deed.partition(":")
    if whose == "nobody" and os.geteuid() == 0:
        os.setuid(NOBODY)
    try:
        DEEDS[name](path, more)
    except StoreError as error:
        print(error.code)  # noqa: T201 - how a child tells its test
    else:
        print("done")  # noqa: T201
