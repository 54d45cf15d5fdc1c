"""What `lifecycle db upgrade` does: runs the migrations that the database has not seen."""

from cli.database import place
from cli.output.shapes import json_text
from cli.output.streams import out, out_data
from cli.output.text import one_line
from cli.settings import Settings
from lifecycle.errors import StoreError
from store.migrating import upgrade


def upgrade_database(settings: Settings) -> None:
    """Upgrade the database and tell from which form to which."""
    where = place(settings)
    try:
        before, after = upgrade(where.url)
    except StoreError as error:
        raise where.explained(error) from error
    if settings.json:
        out_data(json_text({"from": before, "to": after, "changed": before != after}))
    elif before == after:
        out(f"{one_line(where.url)} has the form of this release already ({after}).\n")
    else:
        out(f"{one_line(where.url)} was upgraded from {before} to {after}.\n")
