"""What `lifecycle db upgrade` does: runs the migrations that the database has not seen."""

from cli.database import place
from cli.output.shapes import json_text
from cli.output.streams import out, out_data
from cli.output.text import one_line
from cli.settings import Settings
from lifecycle.errors import StoreError
from store.migrating import upgrade
from store.version import lost_triggers


def upgrade_database(settings: Settings) -> None:
    """Upgrade the database and tell from which form to which."""
    where = place(settings)
    try:
        lost = lost_triggers(where.url)
        before, after = upgrade(where.url)
    except StoreError as error:
        raise where.explained(error) from error
    if settings.json:
        changed = before != after
        answer = {"from": before, "to": after, "changed": changed, "triggers_restored": list(lost)}
        out_data(json_text(answer))
    elif before == after:
        out(f"{one_line(where.shown)} has the form of this release already ({after}).\n")
    else:
        out(f"{one_line(where.shown)} was upgraded from {before} to {after}.\n")
    if lost and not settings.json:
        out(f"Triggers that hold the log append-only had been removed: {', '.join(lost)}.\n")
        out("They stand again. Find out who removed them: lifecycle db check\n")
