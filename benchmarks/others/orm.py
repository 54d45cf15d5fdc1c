"""`transitions` with SQLAlchemy's ORM, as tutorials do it: a machine a model, a session a step."""

import sqlite3
from collections.abc import Callable

from sqlalchemy import ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from transitions import Machine

from benchmarks.others.work import DUE, Work, complete, head_of


class _Base(DeclarativeBase):
    pass


class _Document(_Base):
    __tablename__ = "document"
    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]


class _Agreement(_Base):
    __tablename__ = "agreement"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    version: Mapped[int]
    n: Mapped[int]
    head: Mapped[str]
    due: Mapped[str | None]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    document: Mapped[_Document] = relationship()

    def complete(self) -> bool:
        """Tell whether it may be signed."""
        return complete(self.document.body)


class _Entry(_Base):
    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    n: Mapped[int]
    line: Mapped[str]


_STATES = ["negotiation", "signed", "active", "evaluation"]
_TRANSITIONS = [
    {"trigger": "sign", "source": "negotiation", "dest": "signed", "conditions": "complete"},
    {"trigger": "expire", "source": "active", "dest": "evaluation"},
]


def signing(work: Work) -> Callable[[], None]:
    """Return what signs the next agreement."""
    sessions, left = _sessions(work), iter(work.ids)

    def step() -> None:
        with sessions() as session:
            agreement = session.get_one(_Agreement, next(left), with_for_update=not work.sqlite)
            _move(session, agreement, "sign", work.line)
            session.commit()

    return step


def sweep(work: Work) -> int:
    """Expire what is due, in one transaction; returns how much it was."""
    with _sessions(work)() as session:
        wanted = select(_Agreement).where(_Agreement.state == "active", _Agreement.due <= DUE)
        due = session.scalars(wanted.with_for_update() if not work.sqlite else wanted).all()
        for agreement in due:
            _move(session, agreement, "expire", work.line)
        session.commit()
        return len(due)


def _move(session: Session, agreement: _Agreement, trigger: str, line: str) -> None:
    Machine(
        model=agreement,
        states=_STATES,
        initial=agreement.state,
        transitions=_TRANSITIONS,
        auto_transitions=False,
    )
    if not agreement.trigger(trigger):  # type: ignore[attr-defined] # transitions adds it
        raise RuntimeError(agreement.id)
    agreement.version += 1
    agreement.n += 1
    agreement.head = head_of(line)
    session.add(_Entry(agreement_id=agreement.id, n=agreement.n, line=line))


def _sessions(work: Work) -> Callable[[], Session]:
    engine = create_engine(work.url)
    if work.sqlite:

        @event.listens_for(engine, "connect")
        def _prepare(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

    return lambda: Session(engine)
