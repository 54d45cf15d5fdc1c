"""What `lifecycle db grants` does: prints SQL for who owns the database to read and to run."""

from collections.abc import Sequence

from cli.output.shapes import json_text
from cli.output.streams import out, out_data
from cli.settings import Settings
from store.grants import AUDITOR, OWNER, SCHEDULER, STAFF, Names, grants

_DEFAULT = (OWNER, STAFF, AUDITOR, SCHEDULER)


def print_grants(settings: Settings, names: Sequence[str | None]) -> None:
    """Print the SQL for roles of some names; no database is opened."""
    called = Names(*(name or usual for name, usual in zip(names, _DEFAULT, strict=True)))
    text = "\n".join(grants(called)) + "\n"
    if settings.json:
        out_data(json_text({"sql": text}))
    else:
        out(text)
