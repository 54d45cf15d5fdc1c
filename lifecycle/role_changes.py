"""The changes of roles that a program's lines tell, and who held which role after them."""

from collections.abc import Iterable

from lifecycle.entry import Entry, salted
from lifecycle.errors import StoreError
from lifecycle.ports import Beside
from states.codec import decode
from states.roles import Holdings, RoleChange, changed


def holdings(changes: Iterable[tuple[Entry, RoleChange]]) -> Holdings:
    """Return who held which role after some changes, each with its line."""
    held: Holdings = ()
    for entry, change in changes:
        held = changed(held, change, entry.recorded_at, entry.effective)
    return held


def change_cited(entry: Entry, beside: Iterable[Beside]) -> RoleChange | None:
    """Return the change of roles beside a line; None where it is not the one that it cites."""
    for part in beside:
        if part.kind == "role" and salted(part.salt, part.body) == entry.content:
            return decode(RoleChange, part.body)
    return None


def change_told(entry: Entry, beside: Iterable[Beside]) -> RoleChange:
    """Return the change of roles beside a line; raises StoreError where it is gone."""
    change = change_cited(entry, beside)
    if change is None:
        message = f"the change of roles beside line {entry.n} of the program is gone or was altered"
        raise StoreError(message, "damaged", "lifecycle db check says more")
    return change
