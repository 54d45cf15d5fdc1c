"""DBOS Transact: a durable workflow an act, whose one step is a transaction on our tables."""

import atexit
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, SQLAlchemyDatasource

from benchmarks.others.work import DUE, Work, agreements, complete, documents, entries, head_of


def signing(work: Work) -> Callable[[], None]:
    """Return what signs the next agreement; DBOS ends with the process."""
    stack, left = ExitStack(), iter(work.ids)
    act = stack.enter_context(launched(work))
    atexit.register(stack.close)

    def step() -> None:
        act(next(left), "signed")

    return step


@contextmanager
def launched(work: Work) -> Iterator[Callable[[int, str], None]]:
    """Run DBOS beside the tables; yields the workflow that moves an agreement into a state."""
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
    try:
        yield act
    finally:
        DBOS.destroy()


def sweep(work: Work) -> int:
    """Expire what is due, a workflow each; returns how much it was."""
    with work.engine.connect() as connection:
        due = connection.scalars(
            sa.select(agreements.c.id).where(
                agreements.c.state == "active", agreements.c.due <= DUE
            )
        ).all()
    with launched(work) as act:
        for one in due:
            act(one, "evaluation")
    return len(due)


def _durable(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
        connection.execute("PRAGMA synchronous=FULL")
