"""The work that is given to every other engine, and the look at the log that each one leaves.

Three tables hold it: agreements with their state, version, counter and head, documents, and a log.
Each transition reads an agreement and its document, asks one guard (`complete`), moves the
agreement on and writes one line, the very bytes of one of ours, in one durable transaction.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

DUE = "2027-01-04"
"""The day of the sweep, and the due day of what is due on it."""

LATER = "2031-01-04"

_MOVED = 2
"""The version, and the n of the log line, of an agreement that has made its one transition."""

meta = sa.MetaData()
documents = sa.Table(
    "document",
    meta,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("body", sa.Text, nullable=False),
)
agreements = sa.Table(
    "agreement",
    meta,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("head", sa.String(64), nullable=False),
    sa.Column("due", sa.String(10)),
    sa.Column("document_id", sa.Integer, nullable=False),
    sa.Index("agreement_due", "state", "due"),
)
entries = sa.Table(
    "entry",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("agreement_id", sa.Integer, nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.UniqueConstraint("agreement_id", "n"),
)

_COUNTERS = (agreements.c.version, agreements.c.n)


@dataclass(frozen=True, slots=True)
class Work:
    """Where an engine works, the line that it writes, and the ids of its agreements."""

    url: str
    line: str
    ids: Sequence[int]

    @property
    def sqlite(self) -> bool:
        """Whether it is a file."""
        return self.url.startswith("sqlite")

    @property
    def engine(self) -> sa.Engine:
        """An engine for what is done before and after, that keeps no connection."""
        return sa.create_engine(self.url, poolclass=NullPool)


def given(work: Work, document: str, state: str, due: Iterable[str | None] = ()) -> None:
    """Create the tables and the agreements, each with its document, in a state."""
    days = list(due) or [None] * len(work.ids)
    with work.engine.begin() as connection:
        if work.sqlite:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        meta.create_all(connection)
        row = {"state": state, "version": 1, "n": 1, "head": "0" * 64}
        rows = [
            {**row, "id": one, "document_id": one, "due": day}
            for one, day in zip(work.ids, days, strict=True)
        ]
        for first in range(0, len(rows), 1000):
            some = rows[first : first + 1000]
            connection.execute(
                documents.insert(), [{"id": r["id"], "body": document} for r in some]
            )
            connection.execute(agreements.insert(), some)
    if not work.sqlite:
        with work.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def complete(document: str) -> bool:
    """Whether a document may be signed: the one guard that every other engine asks."""
    said = json.loads(document)
    term, projects = said["term"], said["projects"]
    return bool(
        term["start"] < term["end"]
        and projects
        and all(one["objectives"] and one["resources"] for one in projects)
    )


def head_of(line: str) -> str:
    """Return the digest that the agreement keeps of its last line."""
    return sha256(line.encode()).hexdigest()


def insist(work: Work, moved: int, state: str) -> None:
    """Raise RuntimeError unless so many agreements have moved, with one line each, as given."""
    with work.engine.connect() as connection:
        in_state = connection.scalar(
            sa.select(sa.func.count()).where(
                agreements.c.state == state,
                agreements.c.version == _MOVED,
                agreements.c.n == _MOVED,
            )
        )
        logged = connection.scalar(
            sa.select(sa.func.count(entries.c.agreement_id.distinct())).where(
                entries.c.n == _MOVED, entries.c.line == work.line
            )
        )
    if (in_state, logged) != (moved, moved):
        message = f"{work.url}: {in_state} moved and {logged} logged, not {moved}"
        raise RuntimeError(message)


def again(work: Work, document: str, state: str) -> None:
    """Put everything back to where it was given."""
    moved = agreements.c.version == _MOVED
    with work.engine.begin() as connection:
        connection.execute(entries.delete())
        ids = sa.select(agreements.c.document_id).where(moved)
        connection.execute(documents.update().where(documents.c.id.in_(ids)).values(body=document))
        back = agreements.update().where(moved)
        connection.execute(back.values(state=state, version=1, n=1, head="0" * 64))
