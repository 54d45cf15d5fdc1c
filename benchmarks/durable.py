"""One durable guarded transition: ours, a bare sqlite3 program, and an ORM as most would write it.

Each round signs agreements with a 10 kB document; every transition is one transaction with
synchronous=FULL that reads row and document, updates the row, and inserts one log line of the
same size. Ours judges every guard of `sign` as well.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import ForeignKey, String, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from transitions import Machine

from benchmarks.measure import Way, report, timed
from benchmarks.sample import negotiated, order, sandbox
from lifecycle.advance import advance
from states.vocabulary import Outcome, Trigger

ROUNDS = 10
EACH = 60
LINE = 1_600
DOCUMENT = "x" * 10_000


def ours(folder: Path) -> Way:
    """Sign through the library: all guards, the machine, a canonical line, hashes."""
    store = sandbox(folder / "ours.db")
    refs = iter(negotiated(store, EACH * (ROUNDS + 1)))

    def run(_number: int) -> None:
        for _ in range(EACH):
            with store.unit() as unit:
                receipt = advance(unit, order("ben"), next(refs), Trigger.SIGN)
            if receipt.outcome is not Outcome.OK:
                raise RuntimeError(receipt)

    return run


def bare(folder: Path) -> Way:
    """Do the same SELECT, UPDATE, INSERT and COMMIT with sqlite3 alone: the limit."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE agreement (id INTEGER PRIMARY KEY, state TEXT, version INT, n INT,"
        " head TEXT, document INT);"
        "CREATE TABLE document (id INTEGER PRIMARY KEY, body TEXT);"
        "CREATE TABLE entry (agreement INT, n INT, line TEXT, PRIMARY KEY (agreement, n));"
    )
    ids = range(EACH * (ROUNDS + 1))
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO document VALUES (?, ?)", ((i, DOCUMENT) for i in ids))
    connection.executemany(
        "INSERT INTO agreement VALUES (?, 'negotiation', 1, 1, ?, ?)",
        ((i, "0" * 64, i) for i in ids),
    )
    connection.execute("COMMIT")
    left = iter(ids)

    def run(_number: int) -> None:
        for _ in range(EACH):
            _bare_step(connection, next(left))

    return run


def _bare_step(connection: sqlite3.Connection, id_: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    state, version, n, _head, _body = connection.execute(
        "SELECT state, version, n, head, body FROM agreement JOIN document"
        " ON document.id = agreement.document WHERE agreement.id = ?",
        (id_,),
    ).fetchone()
    if state != "negotiation":
        raise RuntimeError(state)
    connection.execute(
        "UPDATE agreement SET state = 'signed', version = ?, n = ?, head = ?"
        " WHERE id = ? AND version = ?",
        (version + 1, n + 1, "1" * 64, id_, version),
    )
    connection.execute("INSERT INTO entry VALUES (?, ?, ?)", (id_, n + 1, "x" * LINE))
    connection.execute("COMMIT")


class _Base(DeclarativeBase):
    pass


class _Document(_Base):
    __tablename__ = "document"
    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]


class _Agreement(_Base):
    __tablename__ = "agreement"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    document: Mapped[_Document] = relationship()


class _Entry(_Base):
    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    line: Mapped[str]


def orm(folder: Path) -> Way:
    """Use `transitions` and the ORM the way tutorials do: a machine a model, a session a step."""
    engine = create_engine(f"sqlite:///{folder / 'orm.db'}")

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    _Base.metadata.create_all(engine)
    ids = range(1, EACH * (ROUNDS + 1) + 1)
    with Session(engine) as session:
        session.add_all(
            _Agreement(id=i, state="negotiation", version=1, document=_Document(body=DOCUMENT))
            for i in ids
        )
        session.commit()
    left = iter(ids)

    def run(_number: int) -> None:
        for _ in range(EACH):
            with Session(engine) as session:
                _orm_step(session, next(left))

    return run


def _orm_step(session: Session, id_: int) -> None:
    agreement = session.get_one(_Agreement, id_)
    complete = len(agreement.document.body) > 0
    Machine(
        model=agreement,
        states=["negotiation", "signed"],
        initial=agreement.state,
        transitions=[
            {
                "trigger": "sign",
                "source": "negotiation",
                "dest": "signed",
                "conditions": [lambda: complete],
            }
        ],
    )
    agreement.sign()  # type: ignore[attr-defined] # transitions adds it
    agreement.version += 1
    session.add(_Entry(agreement_id=id_, line="x" * LINE))
    session.commit()


def run(folder: Path) -> None:
    """Measure and print."""
    ways = {"bare sqlite3": bare(folder), "ours": ours(folder), "transitions + ORM": orm(folder)}
    title = "durable guarded transitions (trigger sign, 10 kB document, synchronous=FULL)"
    report(title, timed(ways, ROUNDS), EACH, "transitions")
