"""`lifecycle log key list`: the log's public keys."""

from cli import options
from cli.settings import Reading, Settings


@options.command("list")
@options.reading
def command(settings: Settings, *, reading: Reading) -> None:
    """List the log's public keys.

    For each: since when it signs, who made it, and whether the key before vouches for it.
    """
    from cli.runs.log_key_list import list_keys

    list_keys(settings, reading)
