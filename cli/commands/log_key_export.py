"""`lifecycle log key export`: a public key, for auditors to keep."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Reading, Settings


@options.command("export")
@click.argument("key", type=TEXT, required=False, metavar="[ID]")
@options.reading
def command(settings: Settings, *, key: str | None, reading: Reading) -> None:
    """Print a public key, for auditors to keep.

    It is one line as transparency logs have it, and then PEM for openssl.

    ID is the key's identifier, as `lifecycle log key` lists it; else the present one.
    """
    from cli.runs.log_key_list import export_key

    export_key(settings, reading, key)
