"""The alarm clock: APScheduler with jobs in memory, each on an interval, until a signal says stop.

It knows nothing of what it wakes up for. There are no cron rules and no job store that is shared:
a rule of 01:30 fires twice on a night in November, and a shared store fires for every host. Signals
are waited for and not handled, so that none of them comes in the middle of something.
"""

import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from logging import ERROR, Handler, LogRecord, getLogger
from threading import Event
from time import monotonic

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from structlog.typing import FilteringBoundLogger

_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT})


@dataclass(frozen=True, slots=True)
class Job:
    """What is done at each interval; it raises nothing."""

    name: str
    do: Callable[[], object]


class Alarm:
    """Wakes jobs every so often, at once for the first time, and one of each at a time."""

    def __init__(self, log: FilteringBoundLogger, every: timedelta) -> None:
        """Take where to say what happens, and the interval."""
        self._log = log
        self._every = every
        self._stop = Event()
        self._rung = monotonic()
        self._working = 0
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(max_workers=1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def stopping(self) -> bool:
        """Whether a signal has said to stop."""
        return self._stop.is_set()

    def run(self, jobs: Iterable[Job]) -> None:
        """Wake the jobs until the first signal, and wait for the one at work; a second one kills.

        The signals are blocked before any thread begins, so that all of them come here.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        logger = getLogger("apscheduler")
        logger.setLevel(ERROR)
        logger.addHandler(_Relay(self._log))
        for job in jobs:
            self.add(job)
        self._scheduler.start()
        self._log.info("scheduler started", every=str(self._every))
        while (received := signal.sigtimedwait(_SIGNALS, self._every.total_seconds())) is None:
            self.ring_if_silent()
        self._log.info("scheduler stopping", signal=signal.Signals(received.si_signo).name)
        self._stop.set()
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        self._scheduler.shutdown(wait=True)
        self._log.info("scheduler stopped")

    def add(self, job: Job) -> None:
        """Wake a job from now on."""

        def wake() -> None:
            self._working += 1
            try:
                job.do()
            finally:
                self._working -= 1
                self._rung = monotonic()

        trigger = IntervalTrigger(seconds=self._every.total_seconds(), timezone=UTC)
        self._scheduler.add_job(wake, trigger, id=job.name, next_run_time=datetime.now(UTC))

    def ring_if_silent(self) -> None:
        """Wake the jobs when none was for too long.

        APScheduler waits for a time of day: a clock that was ahead and is set back would let it
        wait until that day comes.
        """
        if self._working or monotonic() - self._rung < 2 * self._every.total_seconds():
            return
        self._log.warning("the clock was set back; looking at it anew")
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))


class _Relay(Handler):
    """Passes on what APScheduler itself has to complain of."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        super().__init__()
        self._to = log

    def emit(self, record: LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self._to.error("the alarm clock failed", cause=record.getMessage(), error=str(error))
