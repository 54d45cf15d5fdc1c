"""What `lifecycle doctor` does: makes sure that it runs on its own packages, then examines all.

Where a package of the program is hidden by another of its name, importing it would fail or run
what is not ours. That is told with nothing but this package and click.
"""

import json

import click

from cli.doctor import names
from cli.settings import Reading, Settings

_FINDINGS = 1


def examine(settings: Settings, reading: Reading) -> int:
    """Check everything; returns the exit code."""
    if hidden := names.hidden():
        return _tell_hidden(settings, hidden)
    from cli.doctor.overview import examination
    from cli.output.checks import tell

    return tell(settings, reading, list(examination(settings)))


def _tell_hidden(settings: Settings, hidden: list[names.Found]) -> int:
    if settings.json:
        shapes = [
            {"name": names.CHECK, "ok": False, "status": "finding", "message": message, "fix": fix}
            for message, fix in hidden
        ]
        click.echo(json.dumps(shapes, indent=2, ensure_ascii=False))
    else:
        for message, fix in hidden:
            click.echo(f"✗ {names.CHECK}: {message}\n  to do: {fix}")
    return _FINDINGS
