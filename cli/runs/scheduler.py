"""What `lifecycle scheduler` does: looks at the clock now and then, and runs what is owed.

A look asks the database and no memory of its own whether a day is done, so that it makes no
difference how often it is restarted, nor how many of them there are. Each goes through the programs
in an order of its own, so that several at once do different ones. All that it remembers is under
which circumstances a program's check was refused, which would else be told with every look.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import sample
from zoneinfo import ZoneInfo

from structlog.typing import FilteringBoundLogger

from cli.alarm import Alarm, Job
from cli.clock import Clock, utc
from cli.configuration import table_of
from cli.database import place
from cli.logging import log_for_operators
from cli.mail.delivery import deliver
from cli.runs.nightly import FAILED, NOT_COMPLETED, How, checked, run_name
from cli.sealing import seal_waiting
from cli.session import Session, opened
from cli.settings import Settings
from lifecycle.alarm import HOUR, is_owed
from lifecycle.errors import NightRefusedError, NightStoppedError, StoreError
from lifecycle.recording import cause_of
from states.problem import InvalidInputError, Problem
from states.roles import Holdings
from store.opening import program_codes

_HOURS = 24

_Circumstances = tuple[date, date | None, Holdings]
"""The local date, the last day done, and who has which role: while they last, so does a no."""


@dataclass(slots=True)
class Service:
    """What every look has: the settings, the clock, whether to stop, and what was refused why."""

    settings: Settings
    log_file: str | None = None
    clock: Clock = utc
    stop: Callable[[], bool] = lambda: False
    refused: dict[str, _Circumstances] = field(default_factory=dict)


def serve(service: Service, every: timedelta) -> int:
    """Look every so often until a signal says to stop; returns the exit code."""
    configured_hour()
    log = log_for_operators(talkative=True)
    alarm = Alarm(log, every)
    service.stop = alarm.stopping
    alarm.run([Job("nightly", lambda: look(service))])
    return 0


def run_once(service: Service) -> int:
    """Look once; returns the exit code that `lifecycle nightly` would have ended with."""
    configured_hour()
    return look(service)


def look(service: Service) -> int:
    """Run the check of each program whose day's check is owed; raises nothing.

    Returns the worst exit code of them. The log is opened anew with each look, and each look opens
    its own store: connections belong to one thread.
    """
    log = log_for_operators(talkative=True)
    try:
        codes = _codes(service.settings)
    except Exception as error:  # noqa: BLE001 - whatever it is, the next look is another chance
        _tell(log, "the database can't be asked; the next look tries again", error)
        return NOT_COMPLETED
    return max((_look_at(service, code, log) for code in codes), default=0)


def configured_hour() -> int:
    """Return from which local hour on a day's check is run; raises InvalidInputError."""
    file, table = table_of("nightly")
    hour = table.get("hour", HOUR)
    if not 0 <= hour < _HOURS:
        message = "an hour from 0 to 23 is expected"
        raise InvalidInputError([Problem("bad_hour", message, str(file), None, "nightly.hour")])
    return int(hour)


def _codes(settings: Settings) -> list[str]:
    where = place(settings)
    if where.program:
        return [where.program]
    try:
        codes = program_codes(where.url)
    except StoreError as error:
        raise where.explained(error) from error
    return sample(codes, len(codes))


def _look_at(service: Service, code: str, log: FilteringBoundLogger) -> int:
    if service.stop():
        return 0
    log = log.bind(program=code)
    try:
        with opened(replace(service.settings, program=code), service.clock) as session:
            return _run_owed(service, session, log)
    except (NightStoppedError, NightRefusedError):
        # The record, the log and the ping have said why.
        return NOT_COMPLETED
    except Exception as error:  # noqa: BLE001 - as above
        _tell(log, "the nightly check was not completed; the next look tries again", error)
        return NOT_COMPLETED


def _run_owed(service: Service, session: Session, log: FilteringBoundLogger) -> int:
    local = session.now.astimezone(ZoneInfo(session.time_zone))
    with session.store.reading() as reader:
        last = reader.last_night()
        circumstances = (local.date(), last, reader.roles())
    if service.refused.get(session.code) == circumstances:
        return NOT_COMPLETED
    if not is_owed(last, local, configured_hour()):
        seal_waiting(session, log)
        deliver(session, log, stopped=service.stop, again=True)
        return 0
    how = How(log_file=service.log_file, stop=service.stop, in_service=True)
    try:
        report = checked(session, session.order(run=run_name(session.now)), how)
    except NightRefusedError:
        service.refused[session.code] = circumstances
        raise
    if report.denied is not None:
        service.refused[session.code] = circumstances
        return NOT_COMPLETED
    deliver(session, log, stopped=service.stop)
    return FAILED if report.count("failed") else 0


def _tell(log: FilteringBoundLogger, what: str, error: Exception) -> None:
    log.error(what, cause=cause_of(error), hint=getattr(error, "hint", None))
