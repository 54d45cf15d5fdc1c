"""The log line: one entry of a stream, its exact bytes, and the digests it cites.

A line is RFC 8785 canonical JSON, written once and never rebuilt. Every key is always there,
null where it says nothing; later releases only add keys. `prev` is the SHA-256 of the stream's
previous line, so that a stream can't be reordered or cut in the middle without a trace.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec

from states.canonical import sha256_hex
from states.vocabulary import Event, Outcome, Role, State, Trigger

VERSION = 1
"""The line format's version, its key `v`."""


class Actor(msgspec.Struct, frozen=True):
    """Who acted, and how that is known: `database`, `os` or `asserted`."""

    id: str
    how: str


class GuardResult(msgspec.Struct, frozen=True):
    """One guard's result: met, unmet, warned, waived or off, and the code of what was unmet."""

    guard: str
    outcome: str
    code: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One log line. `n` counts a stream's lines from 1 without a gap; digests are hex SHA-256.

    `effective_on` is the day of the act in the program's calendar, `recorded_at` the UTC instant
    at which it was written down, to the microsecond. `agreement` is null on program events.
    """

    v: int = VERSION
    program: str
    agreement: str | None
    term: int | None = None
    n: int
    event: Event
    trigger: Trigger | None = None
    from_: State | None = None
    to: State | None = None
    outcome: Outcome = Outcome.OK
    recorded_at: str
    effective_on: str
    actor: Actor
    role: Role | None = None
    on_behalf_of: str | None = None
    item: str | None = None
    approver: str | None = None
    host: str | None = None
    run: str | None = None
    rule: str | None = None
    due: str | None = None
    ground: str | None = None
    reason: str | None = None
    document: str | None = None
    content: str | None = None
    guards: tuple[GuardResult, ...] = ()
    version: int | None = None
    key: str | None = None
    policy: str | None = None
    definition: str
    sandbox: bool
    prev: str | None

    @property
    def recorded(self) -> datetime:
        """The instant at which the line was written, in UTC."""
        return datetime.fromisoformat(self.recorded_at)

    def recorded_day(self, time_zone: str) -> date:
        """Return the day on which the line was written, in a program's calendar."""
        return _day_of(self.recorded_at, time_zone)

    @property
    def effective(self) -> date:
        """The day of the act."""
        return date.fromisoformat(self.effective_on)

    @property
    def takes_back(self) -> bool:
        """Whether it takes the last transition of its stream back."""
        return self.event is Event.CORRECTED and self.to is not None


@lru_cache(maxsize=256)
def _day_of(recorded_at: str, time_zone: str) -> date:
    """Return the day of an instant; the lines of one batch share theirs."""
    return datetime.fromisoformat(recorded_at).astimezone(ZoneInfo(time_zone)).date()


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(Entry).decode


def line_of(entry: Entry) -> bytes:
    """Return the entry's exact bytes."""
    return _encode(entry)


def entry_of(line: bytes) -> Entry:
    """Return what a line says; raises ValueError for bytes that are no line."""
    try:
        return _decode(line)
    except RecursionError as error:
        message = "it is nested too deeply"
        raise ValueError(message) from error


def lasting(entries: Iterable[Entry]) -> Sequence[Entry]:
    """Return a stream's lines, without refusals and without transitions that were taken back.

    What took one back is left out with it: neither changed anything in the end.
    """
    kept: list[Entry] = []
    for entry in entries:
        if entry.outcome is Outcome.REFUSED:
            continue
        if entry.takes_back:
            moved = (n for n, one in enumerate(kept) if one.event is Event.TRANSITIONED)
            del kept[max(moved)]
        else:
            kept.append(entry)
    return kept


def is_erasing(line: bytes) -> bool:
    """Whether a line says that texts were erased."""
    return b'"event":"erased"' in line and _decode(line).outcome is Outcome.OK


def digest_of(line: bytes) -> str:
    """Return the digest that the stream's next line cites as `prev`, and receipts as `entry`."""
    return sha256_hex(line)


def salted(salt: bytes, body: bytes) -> str:
    """Return the digest under which a line cites what stands beside it, erasable on request."""
    return sha256(salt + body).hexdigest()


@lru_cache(maxsize=256)
def instant(when: datetime) -> str:
    """Return an instant as it stands on a line: UTC, microseconds, `Z`."""
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
