"""structlog's set-up: JSON lines for machines, a console's lines for people.

Imported only by commands that log: the nightly check, and the log of bugs. What a command answers
is no log and does not come through here.
"""

import sys
from typing import IO, Any

import structlog
from structlog.typing import FilteringBoundLogger, Processor

_INFO, _WARNING = 20, 30


def log_for_operators() -> FilteringBoundLogger:
    """Return the log on standard error: people see warnings, machines see every line as JSON."""
    for_people = sys.stderr is not None and sys.stderr.isatty()
    if for_people:
        renderer: Processor = structlog.dev.ConsoleRenderer(colors=False)
        return _logger(sys.stderr, renderer, _WARNING)
    return _logger(sys.stderr, structlog.processors.JSONRenderer(default=str), _INFO)


def log_to(file: IO[str]) -> FilteringBoundLogger:
    """Return a log of JSON lines on an open file; an exception's traceback is one of the keys."""
    return _logger(file, structlog.processors.JSONRenderer(default=str), _INFO)


def _logger(file: Any, renderer: Processor, level: int) -> FilteringBoundLogger:  # noqa: ANN401
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(file),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    return logger
