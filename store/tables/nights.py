"""The nightly check: what is watched, notices, mail, runs."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from store.tables.base import DAY, key_column, metadata, of_agreement, of_program, program_id

watch = Table(
    "watch",
    metadata,
    program_id(),
    key_column(),
    Column("rule", String(32), primary_key=True),
    # What of the agreement it is about; empty where it is the agreement itself.
    Column("item", Text, primary_key=True),
    Column("due", DAY, nullable=False),
    # The next day on which somebody is told; null where nobody is to be told any more.
    Column("next_on", DAY),
    of_agreement(),
    sqlite_with_rowid=False,
)

notice = Table(
    "notice",
    metadata,
    program_id(),
    key_column(),
    Column("term", Integer, primary_key=True, autoincrement=False),
    Column("rule", String(32), primary_key=True),
    Column("item", Text, primary_key=True),
    # Days from the date: below 0 ahead of it, 0 on the day, above 0 an alert that is repeated.
    Column("threshold", Integer, primary_key=True, autoincrement=False),
    Column("due", DAY, primary_key=True),
    Column("given_on", DAY, nullable=False),
    # The run whose digests tell of it; null until they are written.
    Column("digest", Text),
    of_agreement(),
    sqlite_with_rowid=False,
)

mail = Table(
    "mail",
    metadata,
    program_id(),
    # The run and the recipient's number in it: the first half of the Message-ID, for good.
    Column("id", String(80), primary_key=True),
    Column("recipient", Text, nullable=False),
    Column("run_date", DAY, nullable=False),
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
    of_program(),
)

run = Table(
    "run",
    metadata,
    program_id(),
    Column("id", String(64), primary_key=True),
    Column("run_date", DAY, nullable=False),
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
    of_program(),
)
