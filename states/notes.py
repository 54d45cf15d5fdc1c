"""What stands beside lines that decide about other lines: assents, leaves, voidings."""

from datetime import date

import msgspec

from states.vocabulary import Trigger


class Assent(msgspec.Struct, frozen=True):
    """Beside an `approved` line: for which deed, bound to which content, until which last day."""

    deed: str
    until: date
    subject: str | None = None


class Leave(msgspec.Struct, frozen=True):
    """Beside a `waived` line: the condition that is let pass, and for which trigger."""

    guard: str
    code: str
    trigger: Trigger
    field: str | None = None


class Attempt(msgspec.Struct, frozen=True):
    """Beside a `refused` line that names no trigger: the deed that was tried."""

    deed: str


class Voiding(msgspec.Struct, frozen=True):
    """Beside a `voided` line: the agreement that it duplicates; None where it was an error."""

    same_as: str | None = None


class TakenBack(msgspec.Struct, frozen=True):
    """Beside a `corrected` line that takes a transition back: that transition's line."""

    entry: int


class Adoption(msgspec.Struct, frozen=True):
    """Beside an `approved` line of the program: the policy (SHA-256) that may be put in force."""

    policy: str
    effective_on: date


class Restoration(msgspec.Struct, frozen=True):
    """Beside a `restored` line: the backup that the database was made of.

    `newest` is when the newest line in it was recorded: what was written after that is not in it.
    `entries` counts the lines of the whole backup, `schema` is the form of the release that wrote
    it, and `findings` says how much in it did not agree with its log.
    """

    sha256: str
    newest: str | None
    entries: int
    schema: str
    findings: int = 0


class KeyChange(msgspec.Struct, frozen=True):
    """Beside a `key_changed` line: the log's new public key, and the one whose place it takes.

    Both are vkeys of C2SP's signed note; `signed` says that the old one vouches for the new.
    """

    key: str
    replaces: str | None = None
    signed: bool = False


class Erasure(msgspec.Struct, frozen=True):
    """One of those beside an `erased` line: which text was erased, and what stands there since.

    `entry` is the line that cites the text, `part` is `reason`, `content`, `document` or
    `attachment`. `digest` is SHA-256 over the new salt and the new bytes; never of what was erased.
    """

    entry: int
    part: str
    digest: str
