"""What a nightly check is made of: its items, its report, its record, notices and digests."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import msgspec

from lifecycle.order import Receipt
from states.standing import Standing
from states.vocabulary import DueRule, Rule, State, Trigger
from states.watch import Watch

MOVES = frozenset({"fired", "refused", "failed"})
"""How an agreement that was due may have ended."""

TOLD = frozenset({"notice", "alert"})
"""What people may have been told."""


class Item(msgspec.Struct, frozen=True):
    """What the check did, could not do, or has to tell about one agreement.

    `outcome` is `fired`, `refused`, `failed`, `done` (by somebody else meanwhile), `notice` (of
    what comes) or `alert` (of what is late). Of the last two, `item` is what of the agreement it is
    about, `days` how many days ago it was due, `loudness` how loud the alert is, `said` what it is
    about in a few words.
    """

    ref: str
    rule: Rule | DueRule
    due: date
    outcome: str
    trigger: Trigger | None = None
    to: State | None = None
    codes: tuple[str, ...] = ()
    item: str = ""
    days: int = 0
    loudness: int = 0
    said: str = ""


class SealReport(msgspec.Struct, frozen=True):
    """How sealing ended after a run: how many lines it was the first to cover, and how many in all.

    Where nothing was sealed, `why` says so, and `waiting` how many lines wait; `failed` where there
    is a key, and it still could not be done.
    """

    lines: int | None = None
    covered: int = 0
    waiting: int = 0
    why: str | None = None
    failed: bool = False


class Report(msgspec.Struct):
    """What one run did. `failed` agreements are named in the items with what went wrong.

    `denied` is the receipt of the refusal where whoever runs it may not: then nothing was done, or
    where the role ended meanwhile nothing since. `alerts` are the most pressing of what is late,
    `late` counts all of it by rule; `digests` is how many people are written to; `seal` is how the
    sealing after it ended.
    """

    run: str | None
    run_date: date
    completed: bool = False
    denied: Receipt | None = None
    items: list[Item] = msgspec.field(default_factory=list)
    alerts: list[tuple[Standing, Watch]] = msgspec.field(default_factory=list)
    late: dict[Rule, int] = msgspec.field(default_factory=dict)
    digests: int = 0
    seal: SealReport | None = None
    counted: Counter[str] = msgspec.field(default_factory=Counter)

    @property
    def moves(self) -> list[Item]:
        """The items of what the calendar demanded, without those of what was told."""
        return [item for item in self.items if item.outcome in MOVES]

    def count(self, outcome: str) -> int:
        """Return how many items ended in an outcome."""
        return self.counted[outcome]

    def add(self, item: Item) -> None:
        """Take another item."""
        self.items.append(item)
        self.counted[item.outcome] += 1


class Night(msgspec.Struct, frozen=True):
    """One run's record; instants are UTC text as lines have them.

    `outcome` is `running`, `completed`, `failed`, `refused`, or `annulled` for one that went by a
    clock that was ahead; one that says `running` and whose
    heartbeat is old was killed. `counts` are those of the report; `cause` says why it failed, and
    `log_file` where more stands; `pid` is the process on `host`.
    """

    id: str
    run_date: date
    host: str | None
    outcome: str
    started_at: str
    heartbeat_at: str
    finished_at: str | None = None
    counts: dict[str, int] = msgspec.field(default_factory=dict)
    cause: str | None = None
    log_file: str | None = None
    pid: int | None = None


class Process(msgspec.Struct, frozen=True):
    """What a run knows of the process that it is in, for its record.

    `stop` is asked between two batches; once it says so, the run ends there.
    """

    pid: int | None = None
    log_file: str | None = None
    stop: Callable[[], bool] = lambda: False


class Notice(msgspec.Struct, frozen=True):
    """That people were told of a watch: at which threshold of which date, and on which day."""

    key: int
    term: int
    rule: Rule
    item: str
    threshold: int
    due: date
    given_on: date


class Digest(msgspec.Struct, frozen=True):
    """What one person is told of one night; `id` is the first half of its Message-ID, for good."""

    id: str
    recipient: str
    run_date: date
    subject: str
    body: str
    made_at: str
