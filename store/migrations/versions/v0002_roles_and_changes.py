"""Roles, approvals and waivers, changes after signing, attachments.

Columns and a table are only added, so that the release before still runs meanwhile. What the rows
of agreements that are there now say in the new columns is worked out from their log.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from states.agreed import agreed_digest
from states.agreement import Agreement
from states.codec import decode

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns and the table; `store.migrating` sets the append-only triggers anew."""
    op.add_column("program", _listed("roles"))
    op.add_column(
        "agreement", sa.Column("moved_n", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column(
        "agreement", sa.Column("agreed", sa.String(64), nullable=False, server_default="")
    )
    op.add_column("agreement", _listed("approvals"))
    op.add_column("agreement", _listed("waivers"))
    op.add_column("agreement", sa.Column("former_type", sa.Text(), nullable=True))
    op.add_column("agreement", sa.Column("deferred", sa.String(10), nullable=True))
    op.add_column("agreement", sa.Column("voided", sa.Text(), nullable=True))
    op.add_column(
        "agreement",
        sa.Column("activated", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("beside", sa.Column("corrects", sa.BigInteger(), nullable=True))
    op.create_table(
        "attachment",
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_attachment_program")),
        sa.PrimaryKeyConstraint("program_id", "digest", name=op.f("pk_attachment")),
    )
    _fill(op.get_bind())


def _listed(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="[]")


def _fill(bind: Any) -> None:  # noqa: ANN401 - Alembic's connection
    for program_id, key, body in bind.execute(_DOCUMENTS).fetchall():
        agreed = agreed_digest(decode(Agreement, body.encode()))
        at = {"program_id": program_id, "key": key}
        lines = [json.loads(line) for (line,) in bind.execute(_LINES, at)]
        moved = max((line["n"] for line in lines if line["event"] == "transitioned"), default=0)
        bind.execute(_SET, {**at, "agreed": agreed, "moved_n": moved})
        if any(line["to"] == "active" or _in_force(line) for line in lines):
            bind.execute(_ACTIVATED, at)
    bind.execute(_NO_PLACE)


def _in_force(line: Any) -> bool:  # noqa: ANN401 - a line of the log
    return bool(line["event"] == "taken_over" and line["to"] == "evaluation")


_DOCUMENTS = sa.text(
    "SELECT a.program_id, a.key, d.body FROM agreement a JOIN document d"
    " ON d.program_id = a.program_id AND d.key = a.key AND d.version = a.document_version"
)
_LINES = sa.text("SELECT line FROM entry WHERE program_id = :program_id AND stream = :key")
_SET = sa.text(
    "UPDATE agreement SET agreed = :agreed, moved_n = :moved_n"
    " WHERE program_id = :program_id AND key = :key"
)
_ACTIVATED = sa.text(
    "UPDATE agreement SET activated = TRUE WHERE program_id = :program_id AND key = :key"
)
_NO_PLACE = sa.text("UPDATE agreement SET counted = FALSE WHERE NOT activated")
