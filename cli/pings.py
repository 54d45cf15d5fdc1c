"""Tells a monitoring service that a run began, was completed, or failed (as healthchecks.io does).

The URLs stand in the table [ping] of lifecycle.toml; `{program}` in one is the program's code. A
service that can't be reached is logged and fails no run. Whoever knows such a URL can say that all
is well, so that none is ever logged or told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from structlog.typing import FilteringBoundLogger

from cli.configuration import table_of
from states.problem import InvalidInputError, Problem

SECONDS = 10
"""How long a service may take to answer."""

TRIES = 2

_SCHEMES = ("http", "https")


@dataclass(frozen=True, slots=True)
class Pings:
    """Where to tell of which event; nothing is told of one without a URL."""

    urls: Mapping[str, str] = field(default_factory=dict)
    program: str = ""

    def tell(self, event: str, log: FilteringBoundLogger, body: str | None = None) -> None:
        """Tell of an event, with a line on why; raises nothing."""
        if not (url := self.urls.get(event)):
            return
        request = Request(  # noqa: S310 - `configured` has seen that it is http or https
            url.replace("{program}", quote(self.program)),
            data=None if body is None else body.encode(),
            headers={"User-Agent": "lifecycle", "Content-Type": "text/plain; charset=utf-8"},
        )
        why = ""
        for _try in range(TRIES):
            try:
                with urlopen(request, timeout=SECONDS):  # noqa: S310 - see above
                    log.info("ping sent", ping=event)
                    return
            except HTTPError as error:
                why = f"the service answered {error.code}"
                error.close()
            except (OSError, HTTPException, ValueError) as error:
                why = type(error).__name__
        log.warning("ping failed", ping=event, host=urlsplit(url).hostname, why=why)


def configured() -> Pings:
    """Return what lifecycle.toml says; raises InvalidInputError for what is no URL of the web."""
    file, table = table_of("ping")
    problems = [
        Problem(
            "bad_url",
            "this is not a URL that begins with https:// or http://",
            str(file),
            None,
            f"ping.{event}",
        )
        for event, url in table.items()
        if not _is_web(url)
    ]
    if problems:
        raise InvalidInputError(problems)
    return Pings(table)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.hostname)
