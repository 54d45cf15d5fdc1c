"""Replays the whole log of a program against its current rows: what `db check` adds."""

from collections.abc import Iterator

from store.checks.check import Check, finding, good
from store.database import Database
from store.opening import store_on

MOST_FINDINGS = 100


def replayed(database: Database, code: str) -> Iterator[Check]:
    """Yield what does not agree with the log, as much as can be read, and how much more is."""
    count = 0
    with store_on(database, code).reading() as reader:
        for item in reader.verify():
            count += 1
            if count <= MOST_FINDINGS:
                yield finding("log", item.message, "ask an auditor")
    if not count:
        yield good("log", f"replaying the log of {code} gives exactly the current rows")
    elif count > MOST_FINDINGS:
        message = f"there are {count - MOST_FINDINGS} more findings like these {MOST_FINDINGS}"
        yield finding("log", message, "lifecycle log replay shows them all")
