"""The sealed log: Merkle tree, checkpoints, signing keys, and what was erased.

Lines that were written before wait for their first seal like new ones.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import VARCHAR

DIGEST = sa.String(length=64).with_variant(VARCHAR(64, collation="C"), "postgresql")

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables; `store.migrating` sets the append-only triggers anew."""
    op.create_table(
        "unsealed",
        *_of_program("unsealed"),
        _number("stream"),
        _number("n"),
        sa.PrimaryKeyConstraint("program_id", "stream", "n", name=op.f("pk_unsealed")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leaf",
        *_of_program("leaf"),
        _number("leaf"),
        _number("stream"),
        _number("n"),
        sa.PrimaryKeyConstraint("program_id", "leaf", name=op.f("pk_leaf")),
        sqlite_with_rowid=False,
    )
    op.create_index("uq_leaf_stream_n", "leaf", ["program_id", "stream", "n"], unique=True)
    op.create_table(
        "tile",
        *_of_program("tile"),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        _number("tile"),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("program_id", "level", "tile", name=op.f("pk_tile")),
    )
    op.create_table(
        "seal",
        *_of_program("seal"),
        _number("size"),
        sa.Column("root", DIGEST, nullable=False),
        sa.Column("peaks", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("program_id", "size", name=op.f("pk_seal")),
    )
    op.create_table(
        "signing_key",
        *_of_program("signing_key"),
        _number("n"),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("program_id", "n", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "erasure",
        *_of_program("erasure"),
        _number("stream"),
        _number("n"),
        sa.Column("part", sa.String(length=16), nullable=False),
        _number("by_n"),
        sa.Column("digest", DIGEST, nullable=False),
        sa.PrimaryKeyConstraint(
            "program_id", "stream", "n", "part", "by_n", name=op.f("pk_erasure")
        ),
    )
    op.execute(
        "INSERT INTO unsealed (program_id, stream, n) SELECT program_id, stream, n FROM entry"
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _of_program(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f(f"fk_{table}_program")),
    )
