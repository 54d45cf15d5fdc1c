"""The log: lines, what stands beside them, policies and transition tables by digest."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table, Text

from store.tables.base import DAY, DIGEST, key_column, metadata, of_program, program_id

entry = Table(
    "entry",
    metadata,
    program_id(),
    # The agreement's key, or 0 for the program's own stream.
    key_column("stream"),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Text, nullable=False),
    Column("idempotency_key", Text),
    of_program(),
)

beside = Table(
    "beside",
    metadata,
    program_id(),
    key_column("stream"),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("part", String(16), primary_key=True),
    Column("kind", String(32)),
    Column("year", Integer),
    Column("salt", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),
    # The line of the record whose place this one takes.
    Column("corrects", BigInteger),
    of_program(),
)

attachment = Table(
    "attachment",
    metadata,
    program_id(),
    # SHA-256 of the bytes; what is attached to which agreement stands beside the lines.
    Column("digest", DIGEST, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    of_program(),
)

policy = Table(
    "policy",
    metadata,
    program_id(),
    Column("digest", DIGEST, primary_key=True),
    Column("body", Text, nullable=False),
    of_program(),
)

adoption = Table(
    "adoption",
    metadata,
    program_id(),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", DIGEST, nullable=False),
    Column("effective_on", DAY, nullable=False),
    of_program(),
    sqlite_with_rowid=False,
)

definition = Table(
    "definition",
    metadata,
    Column("digest", DIGEST, primary_key=True),
    Column("body", Text, nullable=False),
)
