"""`lifecycle notices test`: sends one message with the real configuration."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings


@options.command("test")
@click.argument("address", type=TEXT, metavar="ADDRESS")
def command(settings: Settings, *, address: str) -> int:
    """Send a test message, or say exactly why that fails.

    It takes the way that digests take: the same server, login and sender. No database is needed.
    Exit code: 0 the server took it, 1 it was not sent, 2 the settings are wrong.
    """
    from cli.runs.notices_test import send_test

    return send_test(settings, address)
