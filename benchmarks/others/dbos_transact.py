"""DBOS Transact: a durable workflow an act, whose one step is a transaction on our tables."""

import atexit
from collections.abc import Callable
from functools import cache
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, SQLAlchemyDatasource

from benchmarks.others.work import DUE, Work, agreements, complete, documents, entries, head_of


def signing(work: Work) -> Callable[[], None]:
    """Return what signs the next agreement."""
    act, left = _launched(work), iter(work.ids)

    def step() -> None:
        act(next(left), "signed")

    return step


def sweep(work: Work) -> int:
    """Expire what is due, a workflow each; returns how much it was."""
    with work.engine.connect() as connection:
        wanted = agreements.c.state == "active", agreements.c.due <= DUE
        due = connection.scalars(sa.select(agreements.c.id).where(*wanted)).all()
    act = _launched(work)
    for one in due:
        act(one, "evaluation")
    return len(due)


@cache
def _launched(work: Work) -> Callable[[int, str], None]:
    """Launch DBOS beside the tables, once a process; returns what moves an agreement on."""
    options = {"pool_size": 1} if work.sqlite else {}
    source = SQLAlchemyDatasource.create(work.url, engine_kwargs=options)
    if work.sqlite:
        _durable(source.engine)
    DBOS(config={"name": "bench", "system_database_url": work.url, "log_level": "ERROR"})

    @source.transaction()
    def move(id_: int, state: str) -> None:
        session = source.sql_session()
        asked = sa.select(agreements, documents.c.body).join(
            documents, documents.c.id == agreements.c.document_id
        )
        wanted = asked.where(agreements.c.id == id_)
        row = session.execute(
            wanted if work.sqlite else wanted.with_for_update(of=agreements)
        ).one()
        if state == "signed" and not complete(row.body):
            raise RuntimeError(id_)
        moved = {"state": state, "version": row.version + 1, "n": row.n + 1}
        session.execute(
            agreements.update()
            .where(agreements.c.id == id_)
            .values(**moved, head=head_of(work.line))
        )
        session.execute(entries.insert().values(agreement_id=id_, n=row.n + 1, line=work.line))

    @DBOS.workflow()
    def act(id_: int, state: str) -> None:
        move(id_, state)

    DBOS.launch()
    atexit.register(DBOS.destroy)
    move_on: Callable[[int, str], None] = act
    return move_on


def _durable(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
        connection.execute("PRAGMA synchronous=FULL")
