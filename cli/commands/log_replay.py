"""`lifecycle log replay`: replays the log and compares it with the current rows."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("replay")
@click.argument("ref", type=TEXT, required=False, metavar="[REF]")
@options.reading
def command(settings: Settings, *, ref: str | None, reading: Reading) -> int:
    """Replay the log and compare it with the current rows.

    The rows are a projection of the log; whatever differs was changed behind its back. Without
    REF, the whole program is replayed. The exit code is 1 where anything differs.
    """
    from cli.runs.log_replay import replay_log

    return replay_log(settings, reading, ref)
