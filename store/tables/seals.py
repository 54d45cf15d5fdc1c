"""What seals consist of: the tree over all lines, checkpoints and keys; and what was erased."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table, Text

from store.tables.base import DIGEST, key_column, metadata, of_program, program_id

unsealed = Table(
    "unsealed",
    metadata,
    # Lines that no seal covers yet. A trigger puts each new line here, and sealing takes it out, so
    # that a seal's cost follows what is new and nobody can write a line past it.
    program_id(),
    key_column("stream"),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    of_program(),
    sqlite_with_rowid=False,
)

leaf = Table(
    "leaf",
    metadata,
    # Which line is which leaf of the program's Merkle tree; leaves count from 0 without a gap.
    program_id(),
    key_column("leaf"),
    Column("stream", BigInteger, nullable=False),
    Column("n", BigInteger, nullable=False),
    of_program(),
    sqlite_with_rowid=False,
)

tile = Table(
    "tile",
    metadata,
    # Full tiles of the tree: 256 hashes of 32 bytes, those of leaves on level 0, those of whole
    # tiles of the level below on the next ones. What proofs are made of without reading every line.
    program_id(),
    Column("level", Integer, primary_key=True, autoincrement=False),
    key_column("tile"),
    Column("hashes", LargeBinary, nullable=False),
    of_program(),
)

seal = Table(
    "seal",
    metadata,
    # One signed checkpoint of the tree at a size: how many lines, their root, and the note itself.
    program_id(),
    key_column("size"),
    Column("root", DIGEST, nullable=False),
    # The roots of the whole subtrees that the tree of this size consists of, hex, largest first.
    Column("peaks", Text, nullable=False),
    Column("sealed_at", String(32), nullable=False),
    Column("note", Text, nullable=False),
    of_program(),
)

signing_key = Table(
    "signing_key",
    metadata,
    # The public keys that seals are signed with, by the line of the program's stream that named it.
    program_id(),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    of_program(),
)

erasure = Table(
    "erasure",
    metadata,
    # What was erased of the texts beside line `n`, by which later line of the same stream, and the
    # digest of what stands there since.
    program_id(),
    key_column("stream"),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("part", String(16), primary_key=True),
    Column("by_n", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", DIGEST, nullable=False),
    of_program(),
)
