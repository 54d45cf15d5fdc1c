"""Keeps a run's own record: that it began, that it is alive, how it ended and why.

A run that is killed leaves `running` and a heartbeat that grows old. Between two batches a run says
that it is alive, every few seconds and no more, and asks whether it is to stop; what it has done
by then stays done, and the next run does the rest.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from lifecycle.entry import instant
from lifecycle.errors import NightRefusedError, NightStoppedError, StoreError
from lifecycle.night import Night, Process, Report
from lifecycle.order import Order
from lifecycle.ports import Ledger

BEAT = timedelta(seconds=5)
"""How often a run says that it is alive, at most."""

LONGEST_CAUSE = 300

_OUTCOMES = ("fired", "refused", "failed", "notice", "alert")
_SAY_WHY = (StoreError, NightRefusedError, NightStoppedError)


@dataclass(slots=True)
class Recording:
    """The record of one run; `beat` is when it last said that it is alive."""

    ledger: Ledger
    order: Order
    report: Report
    clock: Callable[[], datetime]
    process: Process
    beat: datetime

    def now(self, outcome: str, cause: str | None = None) -> Night:
        """Return the record as it is now."""
        began, at = instant(self.order.now), instant(self.clock())
        return Night(
            id=self.order.run or began,
            run_date=self.report.run_date,
            host=self.order.host,
            outcome=outcome,
            started_at=began,
            heartbeat_at=at,
            finished_at=None if outcome == "running" else at,
            counts=counts(self.report),
            cause=cause,
            log_file=self.process.log_file,
            pid=self.process.pid,
        )

    def between(self) -> None:
        """Say between two batches that the run is alive; raises NightStoppedError on request."""
        if self.process.stop():
            raise NightStoppedError
        at = self.clock()
        if at - self.beat >= BEAT:
            self.beat = at
            with self.ledger.unit() as unit:
                unit.keep_night(self.now("running"))

    def failed(self, error: BaseException) -> None:
        """Keep why the run failed, unless that is why nothing can be kept."""
        with suppress(Exception), self.ledger.unit() as unit:
            unit.keep_night(self.now("failed", cause_of(error)))


def counts(report: Report) -> dict[str, int]:
    """Return how much of what a run has done."""
    return {**{name: report.count(name) for name in _OUTCOMES}, "digests": report.digests}


def cause_of(error: BaseException) -> str:
    """Return why something failed, in one line."""
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    said = " ".join(str(error).split())
    if not isinstance(error, _SAY_WHY):
        said = f"{type(error).__name__}: {said}".removesuffix(": ")
    return said[:LONGEST_CAUSE]
