"""What `lifecycle db grants` does: prints SQL for who owns the database to read and to run."""

from cli.output.shapes import json_text
from cli.output.streams import out, out_data
from cli.settings import Settings
from store.grants import READERS, WRITERS, grants


def print_grants(
    settings: Settings, owner: str | None, writers: str | None, readers: str | None
) -> None:
    """Print the SQL; no database is opened."""
    text = "\n".join(grants(owner, writers or WRITERS, readers or READERS)) + "\n"
    if settings.json:
        out_data(json_text({"sql": text}))
    else:
        out(text)
