"""The nightly check in full: what is watched, notices by threshold, the outbox, run records.

The notices of the release before, each given for an overdue decision, are kept as those of the day
itself. The last completed night is taken from the log. What is watched of the agreements that are
there now is derived afterwards (`store.migrating`), by the code that keeps it from then on.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import VARCHAR

DAY = sa.String(length=10).with_variant(VARCHAR(10, collation="C"), "postgresql")

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column and the tables; `store.migrating` sets the append-only triggers anew."""
    op.add_column("agreement", sa.Column("opened_on", DAY, nullable=True))
    op.create_table(
        "watch",
        *_of_agreement("watch"),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("due", DAY, nullable=False),
        sa.Column("next_on", DAY, nullable=True),
        sa.PrimaryKeyConstraint("program_id", "key", "rule", "item", name=op.f("pk_watch")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_watch_next", "watch", ["program_id", "next_on", "key"])
    op.create_index("ix_watch_due", "watch", ["program_id", "due", "key"])
    _notices()
    op.create_table(
        "mail",
        *_of_program("mail"),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("run_date", DAY, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("next_at", sa.String(length=32), nullable=True),
        sa.Column("sent_at", sa.String(length=32), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_mail")),
    )
    op.create_index("ix_mail_state", "mail", ["program_id", "state", "next_at"])
    op.create_table(
        "run",
        *_of_program("run"),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("run_date", DAY, nullable=False),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.String(length=32), nullable=False),
        sa.Column("heartbeat_at", sa.String(length=32), nullable=False),
        sa.Column("finished_at", sa.String(length=32), nullable=True),
        sa.Column("counts", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("log_file", sa.Text(), nullable=True),
        sa.Column("pid", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_run")),
    )
    op.create_index("ix_run_started", "run", ["program_id", "started_at"])
    op.create_index("ix_run_completed", "run", ["program_id", "outcome", "run_date"])
    _fill(op.get_bind())


def _notices() -> None:
    """Make the table of notices anew: it is a projection, and nothing append-only is touched."""
    bind = op.get_bind()
    given = [dict(row) for row in bind.execute(_GIVEN).mappings().fetchall()]
    op.drop_table("notice")
    notice = op.create_table(
        "notice",
        *_of_agreement("notice"),
        sa.Column("term", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due", DAY, nullable=False),
        sa.Column("given_on", DAY, nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "program_id", "key", "term", "rule", "item", "threshold", "due", name="pk_notice"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notice_digest", "notice", ["program_id", "digest", "key"])
    if given:
        more = {"rule": "lapses", "item": "", "threshold": 0, "digest": "before"}
        bind.execute(sa.insert(notice), [{**one, **more} for one in given])


def _of_program(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f(f"fk_{table}_program")),
    )


def _of_agreement(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id", "key"],
            ["agreement.program_id", "agreement.key"],
            name=op.f(f"fk_{table}_agreement"),
        ),
    )


def _fill(bind: Any) -> None:  # noqa: ANN401 - Alembic's connection
    for program_id, key, line in bind.execute(_FIRST_LINES).fetchall():
        day = json.loads(line)["effective_on"]
        bind.execute(_OPENED, {"program_id": program_id, "key": key, "day": day})
    nights: dict[int, dict[str, Any]] = {}
    for program_id, line in bind.execute(_NIGHTS).fetchall():
        said = json.loads(line)
        if said["event"] == "nightly_completed":
            nights[program_id] = said
    for program_id, said in nights.items():
        at = said["recorded_at"]
        night = {"program_id": program_id, "id": said["run"] or f"night-{said['n']}", "at": at}
        bind.execute(_NIGHT, {**night, "day": said["effective_on"], "host": said["host"]})


_GIVEN = sa.text("SELECT program_id, key, term, rule, due, given_on FROM notice")
_FIRST_LINES = sa.text("SELECT program_id, stream, line FROM entry WHERE stream > 0 AND n = 1")
_OPENED = sa.text(
    "UPDATE agreement SET opened_on = :day WHERE program_id = :program_id AND key = :key"
)
_NIGHTS = sa.text("SELECT program_id, line FROM entry WHERE stream = 0 ORDER BY program_id, n")
_NIGHT = sa.text(
    "INSERT INTO run (program_id, id, run_date, host, outcome, started_at, heartbeat_at,"
    " finished_at) VALUES (:program_id, :id, :day, :host, 'completed', :at, :at, :at)"
)
