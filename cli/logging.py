"""structlog's set-up: JSON lines for machines, a console's lines for people, a file with it all.

Imported only by commands that log: the nightly check and its scheduler, and the log of bugs. What
a command answers is no log and does not come through here. A log that can't be written stops
nothing: what is done by night is done whether or not anybody hears of it.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import IO, Any

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

_INFO, _WARNING = 20, 30
_LEVELS = {"info": _INFO, "warning": _WARNING, "error": 40, "critical": 50}
_PRIORITIES = {"info": "<6>", "warning": "<4>", "error": "<3>", "critical": "<2>"}
_JSON: Processor = structlog.processors.JSONRenderer(default=str)


@dataclass(frozen=True, slots=True)
class _Outlet:
    """One place that lines go to, from which level on, and whether tracebacks do."""

    stream: IO[str]
    render: Processor
    level: int = _INFO
    traces: bool = False
    priorities: bool = False

    def write(self, said: EventDict) -> None:
        """Write a line; a closed pipe or a full disk is let be."""
        level = str(said["level"])
        if _LEVELS[level] < self.level:
            return
        if self.traces:
            said = structlog.processors.format_exc_info(None, level, said)
        else:
            said.pop("exc_info", None)
        line = str(self.render(None, level, said)) + "\n"
        with suppress(OSError, ValueError):
            self.stream.write(_PRIORITIES[level] + line if self.priorities else line)
            self.stream.flush()


class _Outlets:
    """What structlog hands its lines to: writes each to every outlet, one line at a time."""

    def __init__(self, outlets: Sequence[_Outlet]) -> None:
        self._outlets = outlets
        self._lock = Lock()

    def write(self, **said: Any) -> None:  # noqa: ANN401 - what was said, by key
        with self._lock:
            for outlet in self._outlets:
                outlet.write(dict(said))

    info = warning = error = critical = write


def log_for_operators(
    file: IO[str] | None = None, *, talkative: bool = False
) -> FilteringBoundLogger:
    """Return the log on standard error, and in a file if there is one.

    On a terminal people see warnings, or with `talkative` everything, in words; machines see every
    line as JSON, journald with its priority. The file has all of it, and tracebacks.
    """
    outlets = []
    if sys.stderr is not None:
        outlets.append(_standard_error(sys.stderr, talkative=talkative))
    if file is not None:
        outlets.append(_Outlet(file, _JSON, traces=True))
    return _logger(_Outlets(outlets))


def log_to(file: IO[str]) -> FilteringBoundLogger:
    """Return a log of JSON lines on an open file; an exception's traceback is one of the keys."""
    return _logger(_Outlets([_Outlet(file, _JSON, traces=True)]))


def _standard_error(stream: IO[str], *, talkative: bool) -> _Outlet:
    if stream.isatty():
        people = structlog.dev.ConsoleRenderer(colors=False)
        return _Outlet(stream, people, _INFO if talkative else _WARNING)
    return _Outlet(stream, _JSON, priorities=_is_journal(stream))


def _is_journal(stream: IO[str]) -> bool:
    """Whether journald reads a stream: then a line may begin with its priority."""
    with suppress(OSError, ValueError):
        found = os.fstat(stream.fileno())
        return os.environ.get("JOURNAL_STREAM") == f"{found.st_dev}:{found.st_ino}"
    return False


def _logger(outlets: WrappedLogger) -> FilteringBoundLogger:
    logger: FilteringBoundLogger = structlog.wrap_logger(
        outlets,
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_INFO),
    )
    return logger
