"""What `lifecycle db backup` does: has the backup made, and tells what is in it."""

from pathlib import Path

import click

from cli.asking import confirmed
from cli.database import place
from cli.output.backups import backup_shape, backup_text
from cli.output.shapes import json_text
from cli.output.streams import out, out_data
from cli.output.text import one_line
from cli.settings import Settings
from lifecycle.errors import StoreError
from store.backup import back_up

FINDINGS = 1


def back_up_database(settings: Settings, file: str, *, yes: bool) -> int:
    """Back the database up and tell what the file holds; returns the exit code."""
    if file == "-":
        message = "a backup is read back before it counts, so it needs the name of a file."
        raise click.UsageError(message)
    if settings.program is not None:
        message = "a backup is of the whole database: leave --program out."
        raise click.UsageError(message)
    where = place(settings)
    replace = yes
    if not yes and Path(file).expanduser().is_file():
        otherwise = f"{file} is there already: say --yes to write over it, or name another file."
        replace = confirmed(f"Write over {one_line(file)}?", yes=yes, otherwise=otherwise)
        if not replace:
            out(f"{one_line(file)} stays as it is.\n")
            return 0
    try:
        made = back_up(where.url, file, replace=replace)
    except StoreError as error:
        raise where.explained(error) from error
    if settings.json:
        out_data(json_text(backup_shape(made, where.shown)))
    else:
        out(backup_text(made, where.shown))
    return FINDINGS if made.contents.findings else 0
