"""Whether a program's log is sealed as it grows: by its own record of keys and checkpoints.

The private key is no matter of the database; see `cli.doctor.sealing`.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from store.checks.check import Check, finding, good, note
from store.connection import Connection
from store.overview import Sealing, sealing_of
from store.programs import ProgramFacts

NAME = "sealing"
OLDEST = timedelta(days=2)
"""How old the newest checkpoint may be while lines wait."""

_HOW = "lifecycle log seal; the nightly check and the scheduler do it where they find the key"


def sealing(connection: Connection, facts: ProgramFacts, now: datetime) -> Iterator[Check]:
    """Yield whether there is a key, and whether lines have waited for long; a sandbox's may."""
    found = sealing_of(connection, facts.id)
    if found.key is None:
        message = f"the log of {facts.code} has no key, so that nothing of it is sealed"
        yield note(NAME, message, "an admin: lifecycle log key create")
    elif found.waiting and _is_old(found, now) and not facts.sandbox:
        since = f"since {found.sealed_at[:10]}" if found.sealed_at else "yet"
        message = f"nothing of the log of {facts.code} was sealed {since}: {found.waiting:,} wait"
        yield finding(NAME, message, _HOW)
    else:
        message = f"{found.sealed:,} lines of {facts.code} are sealed, {found.waiting:,} wait"
        yield good(NAME, message)


def _is_old(found: Sealing, now: datetime) -> bool:
    return found.sealed_at is None or now - datetime.fromisoformat(found.sealed_at) > OLDEST
