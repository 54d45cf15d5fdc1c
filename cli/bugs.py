"""The log of bugs: tracebacks go to a file in the user's state directory, never to a terminal."""

import os
import sys
from pathlib import Path

import platformdirs

from cli.settings import Settings

FILE = "bugs.log"


def written_down(error: Exception, settings: Settings) -> str | None:
    """Append a bug to the log of bugs; returns where that is, or None if it can't be written.

    What was typed is not kept, since it may name people; the command's name is.
    """
    from cli.logging import log_to

    path = Path(platformdirs.user_state_path("lifecycle")) / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600), "a") as file:
            log_to(file).error(
                "bug", exc_info=error, command=settings.command, python=sys.version.split()[0]
            )
    except OSError:
        return None
    return str(path)
