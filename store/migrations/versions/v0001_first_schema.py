"""The first schema: programs, agreements, their documents and terms, the log, policies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import VARCHAR

DAY = sa.String(length=10).with_variant(VARCHAR(10, collation="C"), "postgresql")
DIGEST = sa.String(length=64).with_variant(VARCHAR(64, collation="C"), "postgresql")

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table; `store.migrating` sets the append-only triggers on them."""
    op.create_table(
        "definition",
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_definition")),
    )
    op.create_table(
        "program",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("head", DIGEST, nullable=True),
        sa.Column("policy", DIGEST, nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("stands_at", DAY, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("code", name=op.f("uq_program_code")),
    )
    op.create_table(
        "adoption",
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("effective_on", DAY, nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_adoption_program")),
        sa.PrimaryKeyConstraint("program_id", "n", name=op.f("pk_adoption")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "agreement",
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("head", DIGEST, nullable=False),
        sa.Column("partner", sa.Text(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("term_start", DAY, nullable=True),
        sa.Column("term_end", DAY, nullable=True),
        sa.Column("review", DAY, nullable=True),
        sa.Column("due", DAY, nullable=True),
        sa.Column("due_rule", sa.String(length=16), nullable=True),
        sa.Column("entered_on", DAY, nullable=False),
        sa.Column("acted_on", DAY, nullable=False),
        sa.Column("signed_on", DAY, nullable=True),
        sa.Column("signed_term", sa.Integer(), nullable=True),
        sa.Column("document", DIGEST, nullable=False),
        sa.Column("document_version", sa.BigInteger(), nullable=False),
        sa.Column("policy", DIGEST, nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("taken_over", sa.Boolean(), nullable=False),
        sa.Column("drafters", sa.Text(), nullable=False),
        sa.Column("score_n", sa.BigInteger(), nullable=True),
        sa.Column("evaluation_n", sa.BigInteger(), nullable=True),
        sa.Column("evaluation_term", sa.Integer(), nullable=True),
        sa.Column("contacts_n", sa.BigInteger(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.CheckConstraint("version >= 1 AND n >= 1", name=op.f("ck_agreement_counts")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_agreement_program")),
        sa.PrimaryKeyConstraint("program_id", "key", name=op.f("pk_agreement")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_agreement_counted", "agreement", ["program_id", "counted", "key"], unique=False
    )
    op.create_index(
        "ix_agreement_due", "agreement", ["program_id", "due_rule", "due", "key"], unique=False
    )
    op.create_table(
        "beside",
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stream", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_beside_program")),
        sa.PrimaryKeyConstraint("program_id", "stream", "n", "part", name=op.f("pk_beside")),
    )
    op.create_table(
        "entry",
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stream", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_entry_program")),
        sa.PrimaryKeyConstraint("program_id", "stream", "n", name=op.f("pk_entry")),
    )
    op.create_index(
        "uq_entry_idempotency_key",
        "entry",
        ["program_id", "idempotency_key"],
        unique=True,
        sqlite_where=sa.text("idempotency_key IS NOT NULL"),
        postgresql_where=sa.text("idempotency_key IS NOT NULL"),
    )
    op.create_table(
        "policy",
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_policy_program")),
        sa.PrimaryKeyConstraint("program_id", "digest", name=op.f("pk_policy")),
    )
    op.create_table(
        "commitment",
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id", "key"],
            ["agreement.program_id", "agreement.key"],
            name=op.f("fk_commitment_agreement"),
        ),
        sa.PrimaryKeyConstraint(
            "program_id", "key", "year", "currency", name=op.f("pk_commitment")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "document",
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id", "key"],
            ["agreement.program_id", "agreement.key"],
            name=op.f("fk_document_agreement"),
        ),
        sa.PrimaryKeyConstraint("program_id", "key", "version", name=op.f("pk_document")),
    )
    op.create_table(
        "notice",
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("term", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("due", DAY, nullable=False),
        sa.Column("given_on", DAY, nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id", "key"],
            ["agreement.program_id", "agreement.key"],
            name=op.f("fk_notice_agreement"),
        ),
        sa.PrimaryKeyConstraint("program_id", "key", "term", "rule", "due", name=op.f("pk_notice")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "project",
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["program_id", "key"],
            ["agreement.program_id", "agreement.key"],
            name=op.f("fk_project_agreement"),
        ),
        sa.PrimaryKeyConstraint("program_id", "key", "project", name=op.f("pk_project")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "term",
        sa.Column("program_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("term", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("starts", DAY, nullable=True),
        sa.Column("ends", DAY, nullable=True),
        sa.Column("signed_on", DAY, nullable=True),
        sa.Column("activated_on", DAY, nullable=True),
        sa.Column("concluded_on", DAY, nullable=True),
        sa.Column("concluded_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["program_id", "key"],
            ["agreement.program_id", "agreement.key"],
            name=op.f("fk_term_agreement"),
        ),
        sa.PrimaryKeyConstraint("program_id", "key", "term", name=op.f("pk_term")),
        sqlite_with_rowid=False,
    )
