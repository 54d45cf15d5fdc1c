"""A database of the release before, upgraded: its rows say what its log says, as if made today."""

from states.vocabulary import State, Trigger
from store.migrating import upgrade
from store.version import HEAD
from tests.conftest import Staging
from tests.stage import PATHS, with_cap

ADDED = (
    *(("agreement", name) for name in ("moved_n", "agreed", "approvals", "waivers")),
    *(("agreement", name) for name in ("former_type", "deferred", "voided", "activated")),
    ("program", "roles"),
    ("beside", "corrects"),
    ("agreement", "opened_on"),
)
"""What the migrations after the first add."""

NEW = ("attachment", "watch", "notice", "mail", "run")
SEALED = ("unsealed", "leaf", "tile", "seal", "signing_key", "erasure")
"""The tables that they add, but for that of notices, which had another form."""

NOTICE = (
    "CREATE TABLE notice (program_id INTEGER NOT NULL, key BIGINT NOT NULL, term INTEGER NOT NULL,"
    " rule VARCHAR(16) NOT NULL, due VARCHAR(10) NOT NULL, given_on VARCHAR(10) NOT NULL)"
)
"""The table of notices as it was, as far as it matters."""


def test_upgraded_rows_are_what_the_log_says(staged: Staging) -> None:
    """Those that were in force keep their places; what never was had one by mistake."""
    stage = staged(with_cap(3))
    signed = stage.along((*PATHS[State.SIGNED], Trigger.TERMINATE))
    active, over = stage.reach(State.ACTIVE), stage.take_over(state=State.EVALUATION)
    stage.store.close()
    stage.tamper(
        "DROP TRIGGER entry_queued",
        *(f"DROP TRIGGER {table}_no_update" for table in ("beside", "document", "attachment")),
        *(f"ALTER TABLE {table} DROP COLUMN {name}" for table, name in ADDED),
        *(f"DROP TABLE {table}" for table in (*NEW, *SEALED)),
        NOTICE,
        "UPDATE agreement SET counted = TRUE",
        "UPDATE alembic_version SET version_num = '0001'",
    )
    assert upgrade(stage.url) == ("0001", HEAD)
    assert stage.verify() == []
    held = [stage.fields(ref, "activated", "counted") for ref in (signed, active, over)]
    assert held == [(False, False), (True, True), (True, True)]
