"""What `lifecycle demo` does: clears the place, tells the story, leaves the sandbox."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from cli.demo.place import FILE, clear, register_of, remove_register
from cli.demo.teller import Teller
from cli.output.shapes import json_text
from cli.output.streams import out_data, talk
from cli.settings import Settings


def run_demo(settings: Settings, folder: str | None, *, yes: bool) -> None:
    """Tell the story on a sandbox of its own."""
    database = _database(settings, folder)
    register = register_of(database)
    if clear(database, yes=yes):
        talk(f"The demo's earlier sandbox {database} is replaced.\n")
    remove_register(register)
    with TemporaryDirectory(prefix="lifecycle-demo-") as papers:
        teller = Teller(database, register, Path(papers), quiet=settings.json)
        teller.tell()
    if settings.json:
        steps = [
            {"command": told.command, "exit_code": told.code, "answer": told.answer}
            for told in teller.told
        ]
        out_data(json_text({"database": str(database), "steps": steps}))


def _database(settings: Settings, folder: str | None) -> Path:
    if settings.db and "://" in settings.db:
        message = "the demo makes a file: give --db a path."
        raise click.UsageError(message)
    path = Path(settings.db) if settings.db else Path(folder or os.curdir) / FILE
    if folder and Path(folder).exists() and not Path(folder).is_dir():
        message = f"{folder} is no folder."
        raise click.UsageError(message)
    return path.expanduser()
