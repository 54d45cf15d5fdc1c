"""Programs and agreements: the current rows, their documents, and what follows from documents."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
)

from store.tables.base import (
    DAY,
    DIGEST,
    key_column,
    metadata,
    of_agreement,
    of_program,
    program_id,
)

program = Table(
    "program",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("code", String(10), nullable=False, unique=True),
    Column("sandbox", Boolean, nullable=False),
    # The program's own stream: its last n and that line's digest.
    Column("n", BigInteger, nullable=False),
    Column("head", DIGEST),
    # The digest of the policy in force; `adoption` has them all.
    Column("policy", DIGEST),
    Column("time_zone", String(64), nullable=False),
    # Who holds which role, as a JSON array of `states.roles.Holding`.
    Column("roles", Text, nullable=False, server_default="[]"),
    # The day of a sandbox's last entry, which its clock never falls behind; null on a real one.
    Column("stands_at", DAY),
)

agreement = Table(
    "agreement",
    metadata,
    program_id(),
    # Year x 1,000,000 + number: the reference as a number (states.ref).
    key_column(),
    Column("type", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("head", DIGEST, nullable=False),
    Column("partner", Text),
    Column("country", String(2)),
    Column("owner", Text, nullable=False),
    Column("term", Integer, nullable=False),
    Column("term_start", DAY),
    Column("term_end", DAY),
    Column("review", DAY),
    Column("due", DAY),
    Column("due_rule", String(16)),
    Column("entered_on", DAY, nullable=False),
    Column("acted_on", DAY, nullable=False),
    Column("signed_on", DAY),
    Column("signed_term", Integer),
    Column("document", DIGEST, nullable=False),
    Column("document_version", BigInteger, nullable=False),
    Column("policy", DIGEST, nullable=False),
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
    Column("agreed", DIGEST, nullable=False, server_default=""),
    # JSON arrays of `states.standing.Approval` and `Waiver`.
    Column("approvals", Text, nullable=False, server_default="[]"),
    Column("waivers", Text, nullable=False, server_default="[]"),
    Column("former_type", Text),
    Column("deferred", DAY),
    Column("voided", Text),
    Column("activated", Boolean, nullable=False, server_default=false()),
    Column("opened_on", DAY),
    of_program(),
    CheckConstraint("version >= 1 AND n >= 1", name="counts"),
    sqlite_with_rowid=False,
)

term = Table(
    "term",
    metadata,
    program_id(),
    key_column(),
    Column("term", Integer, primary_key=True, autoincrement=False),
    Column("starts", DAY),
    Column("ends", DAY),
    Column("signed_on", DAY),
    Column("activated_on", DAY),
    Column("concluded_on", DAY),
    Column("concluded_by", String(16)),
    of_agreement(),
    sqlite_with_rowid=False,
)

document = Table(
    "document",
    metadata,
    program_id(),
    key_column(),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", DIGEST, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),
    of_agreement(),
)

project = Table(
    "project",
    metadata,
    program_id(),
    key_column(),
    Column("project", Text, primary_key=True),
    # The year in which it starts; null while neither project nor term has a start.
    Column("year", Integer),
    of_agreement(),
    sqlite_with_rowid=False,
)

commitment = Table(
    "commitment",
    metadata,
    program_id(),
    key_column(),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("currency", String(3), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    of_agreement(),
    sqlite_with_rowid=False,
)
