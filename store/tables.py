"""The tables. `program_id` leads every key, so that several programs share one database.

Days are ISO text (YYYY-MM-DD) and digests lower-case hex in every database: they sort and compare
alike everywhere, stand in rows as they stand on log lines, and need no conversion. Lines and
documents are the exact UTF-8 text that was hashed. Money is a whole number of 1/10,000 units.

`entry`, `beside`, `document`, `attachment`, `policy`, `adoption`, `definition` and what seals are
made of (`leaf`, `tile`, `seal`, `signing_key`, `erasure`) are append-only, held by triggers
(`store.appendonly`); the others are projections that replay can rebuild.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)
from sqlalchemy.dialects.postgresql import VARCHAR

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# Compared byte by byte on PostgreSQL too, whatever the collation of its database.
_DAY = String(10).with_variant(VARCHAR(10, collation="C"), "postgresql")
_DIGEST = String(64).with_variant(VARCHAR(64, collation="C"), "postgresql")


def _program() -> Column[int]:
    return Column("program_id", Integer, primary_key=True, autoincrement=False)


def _key(name: str = "key") -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def _of_program() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["program_id"], ["program.id"])


def _of_agreement() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["program_id", "key"], ["agreement.program_id", "agreement.key"])


program = Table(
    "program",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(10), nullable=False, unique=True),
    Column("sandbox", Boolean, nullable=False),
    # The program's own stream: its last n and that line's digest.
    Column("n", BigInteger, nullable=False),
    Column("head", _DIGEST),
    # The digest of the policy in force; `adoption` has them all.
    Column("policy", _DIGEST),
    Column("time_zone", String(64), nullable=False),
    # Who holds which role, as a JSON array of `states.roles.Holding`.
    Column("roles", Text, nullable=False, server_default="[]"),
    # The day of a sandbox's last entry, which its clock never falls behind; null on a real one.
    Column("stands_at", _DAY),
)

agreement = Table(
    "agreement",
    metadata,
    _program(),
    # Year x 1,000,000 + number: the reference as a number (states.ref).
    _key(),
    Column("type", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("head", _DIGEST, nullable=False),
    Column("partner", Text),
    Column("country", String(2)),
    Column("owner", Text, nullable=False),
    Column("term", Integer, nullable=False),
    Column("term_start", _DAY),
    Column("term_end", _DAY),
    Column("review", _DAY),
    Column("due", _DAY),
    Column("due_rule", String(16)),
    Column("entered_on", _DAY, nullable=False),
    Column("acted_on", _DAY, nullable=False),
    Column("signed_on", _DAY),
    Column("signed_term", Integer),
    Column("document", _DIGEST, nullable=False),
    Column("document_version", BigInteger, nullable=False),
    Column("policy", _DIGEST, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("taken_over", Boolean, nullable=False),
    # Names as a JSON array, in the order in which they first wrote.
    Column("drafters", Text, nullable=False),
    Column("score_n", BigInteger),
    Column("evaluation_n", BigInteger),
    Column("evaluation_term", Integer),
    Column("contacts_n", BigInteger),
    Column("refusal", Text),
    Column("moved_n", BigInteger, nullable=False, server_default="0"),
    Column("agreed", _DIGEST, nullable=False, server_default=""),
    # JSON arrays of `states.standing.Approval` and `Waiver`.
    Column("approvals", Text, nullable=False, server_default="[]"),
    Column("waivers", Text, nullable=False, server_default="[]"),
    Column("former_type", Text),
    Column("deferred", _DAY),
    Column("voided", Text),
    Column("activated", Boolean, nullable=False, server_default=false()),
    Column("opened_on", _DAY),
    _of_program(),
    CheckConstraint("version >= 1 AND n >= 1", name="counts"),
    sqlite_with_rowid=False,
)
# What the nightly check and the lists of what is due walk: nothing that isn't due is touched.
Index(
    "ix_agreement_due",
    agreement.c.program_id,
    agreement.c.due_rule,
    agreement.c.due,
    agreement.c.key,
)
# The places held under the cap: as many rows as there are places, whatever the portfolio.
Index("ix_agreement_counted", agreement.c.program_id, agreement.c.counted, agreement.c.key)

term = Table(
    "term",
    metadata,
    _program(),
    _key(),
    Column("term", Integer, primary_key=True, autoincrement=False),
    Column("starts", _DAY),
    Column("ends", _DAY),
    Column("signed_on", _DAY),
    Column("activated_on", _DAY),
    Column("concluded_on", _DAY),
    Column("concluded_by", String(16)),
    _of_agreement(),
    sqlite_with_rowid=False,
)

document = Table(
    "document",
    metadata,
    _program(),
    _key(),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", _DIGEST, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),
    _of_agreement(),
)

project = Table(
    "project",
    metadata,
    _program(),
    _key(),
    Column("project", Text, primary_key=True),
    # The year in which it starts; null while neither project nor term has a start.
    Column("year", Integer),
    _of_agreement(),
    sqlite_with_rowid=False,
)

commitment = Table(
    "commitment",
    metadata,
    _program(),
    _key(),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("currency", String(3), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    _of_agreement(),
    sqlite_with_rowid=False,
)

entry = Table(
    "entry",
    metadata,
    _program(),
    # The agreement's key, or 0 for the program's own stream.
    _key("stream"),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Text, nullable=False),
    Column("idempotency_key", Text),
    _of_program(),
)
Index(
    "uq_entry_idempotency_key",
    entry.c.program_id,
    entry.c.idempotency_key,
    unique=True,
    sqlite_where=entry.c.idempotency_key.is_not(None),
    postgresql_where=entry.c.idempotency_key.is_not(None),
)

beside = Table(
    "beside",
    metadata,
    _program(),
    _key("stream"),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("part", String(16), primary_key=True),
    Column("kind", String(32)),
    Column("year", Integer),
    Column("salt", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),
    # The line of the record whose place this one takes.
    Column("corrects", BigInteger),
    _of_program(),
)

attachment = Table(
    "attachment",
    metadata,
    _program(),
    # SHA-256 of the bytes; what is attached to which agreement stands beside the lines.
    Column("digest", _DIGEST, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    _of_program(),
)

policy = Table(
    "policy",
    metadata,
    _program(),
    Column("digest", _DIGEST, primary_key=True),
    Column("body", Text, nullable=False),
    _of_program(),
)

adoption = Table(
    "adoption",
    metadata,
    _program(),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", _DIGEST, nullable=False),
    Column("effective_on", _DAY, nullable=False),
    _of_program(),
    sqlite_with_rowid=False,
)

definition = Table(
    "definition",
    metadata,
    Column("digest", _DIGEST, primary_key=True),
    Column("body", Text, nullable=False),
)

watch = Table(
    "watch",
    metadata,
    _program(),
    _key(),
    Column("rule", String(32), primary_key=True),
    # What of the agreement it is about; empty where it is the agreement itself.
    Column("item", Text, primary_key=True),
    Column("due", _DAY, nullable=False),
    # The next day on which somebody is told; null where nobody is to be told any more.
    Column("next_on", _DAY),
    _of_agreement(),
    sqlite_with_rowid=False,
)
# What the nightly check walks: as much as somebody is told of, whatever the portfolio.
Index("ix_watch_next", watch.c.program_id, watch.c.next_on, watch.c.key)
# What is late and not done yet.
Index("ix_watch_due", watch.c.program_id, watch.c.due, watch.c.key)

notice = Table(
    "notice",
    metadata,
    _program(),
    _key(),
    Column("term", Integer, primary_key=True, autoincrement=False),
    Column("rule", String(32), primary_key=True),
    Column("item", Text, primary_key=True),
    # Days from the date: below 0 ahead of it, 0 on the day, above 0 an alert that is repeated.
    Column("threshold", Integer, primary_key=True, autoincrement=False),
    Column("due", _DAY, primary_key=True),
    Column("given_on", _DAY, nullable=False),
    # The run whose digests tell of it; null until they are written.
    Column("digest", Text),
    _of_agreement(),
    sqlite_with_rowid=False,
)
Index("ix_notice_digest", notice.c.program_id, notice.c.digest, notice.c.key)

mail = Table(
    "mail",
    metadata,
    _program(),
    # The run and the recipient's number in it: the first half of the Message-ID, for good.
    Column("id", String(80), primary_key=True),
    Column("recipient", Text, nullable=False),
    Column("run_date", _DAY, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    # waiting, sent, failed (given up), held (until somebody lets it go), expired.
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    # UTC instants as ISO text, like those of lines.
    Column("made_at", String(32), nullable=False),
    Column("next_at", String(32)),
    Column("sent_at", String(32)),
    Column("error", Text),
    _of_program(),
)
Index("ix_mail_state", mail.c.program_id, mail.c.state, mail.c.next_at)

run = Table(
    "run",
    metadata,
    _program(),
    Column("id", String(64), primary_key=True),
    Column("run_date", _DAY, nullable=False),
    Column("host", Text),
    # running, completed, failed, refused, annulled.
    Column("outcome", String(16), nullable=False),
    # UTC instants as ISO text, like those of lines.
    Column("started_at", String(32), nullable=False),
    Column("heartbeat_at", String(32), nullable=False),
    Column("finished_at", String(32)),
    # JSON: how many agreements were fired, refused, failed, told of.
    Column("counts", Text),
    Column("cause", Text),
    Column("log_file", Text),
    # The process on that host.
    Column("pid", BigInteger),
    _of_program(),
)
Index("ix_run_started", run.c.program_id, run.c.started_at)
Index("ix_run_completed", run.c.program_id, run.c.outcome, run.c.run_date)

unsealed = Table(
    "unsealed",
    metadata,
    # Lines that no seal covers yet. A trigger puts each new line here, and sealing takes it out, so
    # that a seal's cost follows what is new and nobody can write a line past it.
    _program(),
    _key("stream"),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    _of_program(),
    sqlite_with_rowid=False,
)

leaf = Table(
    "leaf",
    metadata,
    # Which line is which leaf of the program's Merkle tree; leaves count from 0 without a gap.
    _program(),
    _key("leaf"),
    Column("stream", BigInteger, nullable=False),
    Column("n", BigInteger, nullable=False),
    _of_program(),
    sqlite_with_rowid=False,
)
Index("uq_leaf_stream_n", leaf.c.program_id, leaf.c.stream, leaf.c.n, unique=True)

tile = Table(
    "tile",
    metadata,
    # Full tiles of the tree: 256 hashes of 32 bytes, those of leaves on level 0, those of whole
    # tiles of the level below on the next ones. What proofs are made of without reading every line.
    _program(),
    Column("level", Integer, primary_key=True, autoincrement=False),
    _key("tile"),
    Column("hashes", LargeBinary, nullable=False),
    _of_program(),
)

seal = Table(
    "seal",
    metadata,
    # One signed checkpoint of the tree at a size: how many lines, their root, and the note itself.
    _program(),
    _key("size"),
    Column("root", _DIGEST, nullable=False),
    # The roots of the whole subtrees that the tree of this size consists of, hex, largest first.
    Column("peaks", Text, nullable=False),
    Column("sealed_at", String(32), nullable=False),
    Column("note", Text, nullable=False),
    _of_program(),
)

signing_key = Table(
    "signing_key",
    metadata,
    # The public keys that seals are signed with, by the line of the program's stream that named it.
    _program(),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    _of_program(),
)

erasure = Table(
    "erasure",
    metadata,
    # What was erased of the texts beside line `n`, by which later line of the same stream, and the
    # digest of what stands there since.
    _program(),
    _key("stream"),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("part", String(16), primary_key=True),
    Column("by_n", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", _DIGEST, nullable=False),
    _of_program(),
)

APPEND_ONLY = (
    entry,
    beside,
    document,
    attachment,
    policy,
    adoption,
    definition,
    leaf,
    tile,
    seal,
    signing_key,
    erasure,
)
"""Tables whose rows are written once and never touched again."""

ERASABLE = (beside, document, attachment)
"""Those whose texts can be erased, after a line that says so."""
