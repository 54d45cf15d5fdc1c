"""PostgreSQL, through psycopg 3: several people and hosts on one database, each with a login.

Writers run READ COMMITTED and lock the rows that they judge; readers run REPEATABLE READ and see
one moment. A commit that returns is on disk: synchronous_commit is on, whatever else is asked for.
Everything lives in the schema `lifecycle`, and no name is looked up anywhere else: what somebody
put into `public` is never reached. BEGIN travels with the first statement, since each round trip
costs; a connection that the server closed while it was at rest is replaced then. Of several hosts
in the URL libpq takes the first that is as `target_session_attrs` wants it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from os import environ
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection as Migrating
from sqlalchemy import NullPool, create_engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql.expression import Executable

from lifecycle.errors import StoreError
from store.append.functions import STANDING, function_statements, missing_functions
from store.appendonly import SCHEMA, STANDING_TRIGGERS, lost_triggers, postgresql_triggers
from store.backend import Backend
from store.connection import Answer, Connection, Count
from store.prepared import Statements
from store.refusals import (
    ServerSilentError,
    lost_in_commit,
    not_connected,
    not_on_standby,
    too_old,
    warnings_of,
)
from store.urls import FORMS, postgresql_uri, shown

if TYPE_CHECKING:
    from psycopg.abc import PQGen

OLDEST = 14
"""The oldest major version of the server."""

LOCK_SECONDS = 30
"""How long a writer waits for another before it gives up."""

SILENT_SECONDS = 180
"""How long a server may say nothing before it is given up: longer than its own timeouts take."""

T = TypeVar("T")
Raw = psycopg.Connection[tuple[Any, ...]]

_MAJOR = 10_000
# A writer's BEGIN says no more, so that a server or login set to read-only stays so.
_BEGIN = {True: "BEGIN", False: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
# The second run of a statement is prepared; a command that runs each once pays nothing for it.
_PREPARE_AFTER = 1
# Any number, as long as nobody else takes the same: the lock of whoever changes the schema.
_MIGRATION_LOCK = 0x4C434147
_DEFAULTS: Mapping[str, Any] = {
    "application_name": "lifecycle",
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
# Whoever knows better says so in the URL (?options=-c statement_timeout=...) or in PGOPTIONS ...
_TIMEOUTS = {
    "lock_timeout": f"{LOCK_SECONDS}s",
    "statement_timeout": "120s",
    "idle_in_transaction_session_timeout": "600s",
}
# ... but not of these.
_FIXED = {
    "search_path": f"{SCHEMA},pg_temp",
    "synchronous_commit": "on",
    "default_transaction_isolation": "read committed",
    "standard_conforming_strings": "on",
}
_OURS = (
    "SELECT count(*) FILTER (WHERE relname IN ('alembic_version', 'program', 'entry')), count(*),"  # noqa: S608 - names of ours
    f" coalesce(bool_and(has_schema_privilege('{SCHEMA}', 'USAGE')"
    " AND has_table_privilege(oid, 'SELECT')), true)"
    " FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND relnamespace ="
    f" (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = '{SCHEMA}')"
)
_OUR_TABLES = 3


class _Patient(Raw):
    """A connection that gives up a server that has stopped answering, though its line stands.

    The server's own timeouts need a server that runs, and those of TCP a machine that is gone.
    """

    gives_up = True

    def wait(self, gen: "PQGen[T]", *how: Any, **more: Any) -> T:  # noqa: ANN401 - as psycopg's
        """Wait for an answer, as long as there is patience."""
        return super().wait(self._watched(gen) if self.gives_up else gen, *how, **more)

    def _watched(self, gen: "PQGen[T]") -> "PQGen[T]":
        until = monotonic() + SILENT_SECONDS
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    until = monotonic() + SILENT_SECONDS
                elif monotonic() > until:
                    self.pgconn.finish()
                    raise ServerSilentError
                wanted = gen.send(ready)
        except StopIteration as end:
            answer: T = end.value
            return answer


class PostgresqlConnection(Connection):
    """A transaction on a connection of psycopg's."""

    __slots__ = ("_again", "_begun", "_pending", "_queued", "_raw", "_where")

    row_locks = True

    def __init__(
        self, raw: Raw, statements: Statements, where: str, again: Callable[[], Raw] | None = None
    ) -> None:
        """Take a connection; `again` makes another one, should the server have closed this."""
        super().__init__(raw.cursor(), statements)
        self._raw = raw
        self._where = where
        self._again = again
        self._pending: str | None = None
        self._begun: str | None = None
        self._queued: list[Callable[[], object]] | None = None

    def begin(self, *, write: bool) -> None:
        """Begin, together with the first statement."""
        self._pending = self._begun = _BEGIN[write]

    def end(self, *, keep: bool) -> None:
        """Commit, or roll back; a transaction in which nothing was asked never began."""
        if self._pending is not None:
            return
        if not keep:
            self._cursor.execute("ROLLBACK", prepare=False)
            return
        try:
            with warnings_of(self._raw) as warned:
                self._cursor.execute("COMMIT", prepare=False)
        except psycopg.Error as error:
            if self._begun == _BEGIN[True] and self._raw.closed:
                raise lost_in_commit(self._where) from error
            raise
        if self._cursor.statusmessage != "COMMIT":
            message = f"{self._where}: a part of it failed, so that nothing was written"
            raise StoreError(message, "database", "report this: it is a fault")
        if warned:
            raise not_on_standby(self._where)

    def abandon(self) -> None:
        """Roll back; a connection on which not even that can be done is closed."""
        try:
            if not self._raw.closed:
                self._raw.rollback()
        except psycopg.Error:
            self._raw.close()

    def at_rest(self) -> Raw:
        """Return the connection."""
        return self._raw

    def command(self, sql: str) -> Any:  # noqa: ANN401 - the driver's cursor
        """Run a command that takes no parameters."""
        return self._execute(sql, None, prepare=False)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send what the block writes in one round trip, when it ends well."""
        queued = self._queued = []
        try:
            yield
        finally:
            self._queued = None
        self._send(queued)

    def ask(self, statement: Executable, **values: Any) -> Answer:  # noqa: ANN401
        """Run a statement within `together`; returns what tells its first row afterwards."""
        cursor = self._later(statement, values)
        return lambda: cursor.fetchone() if cursor.description else None

    def run(self, statement: Executable, **values: Any) -> Count:  # noqa: ANN401
        """Run a statement that writes; returns what tells how many rows it touched."""
        if self._queued is not None:
            cursor = self._later(statement, values)
            return lambda: int(cursor.rowcount)
        count = int(self._run(statement, values).rowcount)
        return lambda: count

    def run_many(self, statement: Executable, many: list[dict[str, Any]]) -> Count:
        """Run a statement once for each set of values, in one round trip."""
        if len(many) == 1:
            return self.run(statement, **many[0])
        prepared = self._statements[statement]
        cursor = self._raw.cursor()
        send = partial(cursor.executemany, prepared.sql, [prepared.bound(each) for each in many])
        self._queue(send)
        return lambda: int(cursor.rowcount)

    def _later(self, statement: Executable, values: dict[str, Any]) -> Any:  # noqa: ANN401
        prepared = self._statements[statement]
        cursor = self._raw.cursor()
        self._queue(partial(cursor.execute, prepared.sql, prepared.bound(values)))
        return cursor

    def _queue(self, send: Callable[[], object]) -> None:
        if self._queued is None:
            self._send([send])
        else:
            self._queued.append(send)

    def _send(self, queued: list[Callable[[], object]]) -> None:
        if queued and self._pending is not None:
            self._first("SELECT 1", None, prepare=False)
        # A pipeline of one statement would only be slower.
        with self._raw.pipeline() if len(queued) > 1 else nullcontext():
            for send in queued:
                send()

    def _run(self, statement: Executable, values: dict[str, Any]) -> Any:  # noqa: ANN401
        prepared = self._statements[statement]
        return self._execute(prepared.sql, prepared.bound(values))

    def _execute(self, sql: str, bound: Any, *, prepare: bool | None = None) -> Any:  # noqa: ANN401
        if self._pending is not None:
            return self._first(sql, bound, prepare=prepare)
        return self._cursor.execute(sql, bound, prepare=prepare)

    def _first(self, sql: str, bound: Any, *, prepare: bool | None) -> Any:  # noqa: ANN401
        begin, self._pending = self._pending, None
        try:
            return self._begin_with(begin, sql, bound, prepare=prepare)
        except psycopg.OperationalError:
            if self._again is None or not self._raw.closed:
                raise
        # It was closed while it was at rest, and nothing can have been done on it.
        self._raw = self._again()
        self._again = None
        self._cursor = self._raw.cursor()
        return self._begin_with(begin, sql, bound, prepare=prepare)

    def _begin_with(
        self,
        begin: Any,  # noqa: ANN401
        sql: str,
        bound: Any,  # noqa: ANN401
        *,
        prepare: bool | None,
    ) -> Any:  # noqa: ANN401
        with self._raw.pipeline():
            self._raw.cursor().execute(begin, prepare=False)
            self._cursor.execute(sql, bound, prepare=prepare)
        return self._cursor


class Postgresql(Backend):
    """One PostgreSQL database."""

    def __init__(self, url: str) -> None:
        """Take a URL; raises StoreError for one that libpq can't read."""
        self.where = shown(url)
        self.dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call] # SQLAlchemy's own
        self._asked, self._parameters = _parameters(url)
        self.engine = create_engine(
            "postgresql+psycopg://", creator=self.connect, poolclass=NullPool
        )

    def connect(self) -> Raw:
        """Return a new connection; raises StoreError for a server that is too old."""
        try:
            raw = _Patient.connect(
                **self._parameters, autocommit=True, prepare_threshold=_PREPARE_AFTER
            )
        except psycopg.OperationalError as error:
            several = "," in str(self._parameters.get("host"))
            raise not_connected(self.where, error, several=several) from error
        # Who sets the server's timeouts knows how long an answer may take.
        raw.gives_up = "statement_timeout" not in self._asked
        if raw.info.server_version < OLDEST * _MAJOR:
            version = raw.info.server_version
            raw.close()
            raise too_old(self.where, version, OLDEST)
        return raw

    def connection(self, raw: Any, statements: Statements) -> Connection:  # noqa: ANN401
        """Return a transaction's connection."""
        driver = getattr(raw, "driver_connection", raw)
        return PostgresqlConnection(driver, statements, self.where, self.connect)

    def release(self, raw: Raw) -> None:
        """Close a connection."""
        raw.close()

    @property
    def exists(self) -> bool:
        """Return true: whether there is a server, only connecting can tell."""
        return True

    def login(self, raw: Raw) -> str | None:
        """Return the name under which the server let the session in, whatever SET ROLE says.

        The server reports it when the connection is made; only a superuser can change it.
        """
        return raw.info.parameter_status("session_authorization")

    def recognise(self, connection: Connection) -> None:
        """Raise StoreError unless our tables stand in our schema and can be read."""
        ours, all_, readable = connection.command(_OURS).fetchone()
        if not all_:
            message = f"{self.where} holds no program yet"
            raise StoreError(message, "empty", "make one with lifecycle init, or name another")
        if ours < _OUR_TABLES:
            message = f"the schema {SCHEMA} of {self.where} is another program's"
            raise StoreError(message, "foreign", "name another database with --db: createdb NAME")
        if not readable:
            message = f"this login may not read the programs in {self.where}"
            hint = "ask the database's owner for what lifecycle db grants prints"
            raise StoreError(message, "not_permitted", hint)

    def stamp(self) -> None:
        """Do nothing: the schema and its tables are the stamp."""

    def begin_migration(self, connection: Migrating) -> None:
        """Begin; another host that migrates waits, and finds it done. Refuses other encodings."""
        connection.exec_driver_sql(_BEGIN[True])
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.connection.driver_connection.gives_up = False  # type: ignore[union-attr]
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
        if encoding != "UTF8":
            message = f"{self.where} is kept in {encoding}; UTF8 is needed"
            raise StoreError(message, "encoding", "createdb --encoding=UTF8 --template=template0")
        if not connection.exec_driver_sql(f"SELECT to_regnamespace('{SCHEMA}')").scalar():
            connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")

    def set_triggers(self, run: Callable[[str], object]) -> None:
        """Set the append-only triggers anew, and the functions through which lines are written."""
        for trigger in postgresql_triggers():
            for statement in trigger.statements():
                run(statement)
        for statement in function_statements():
            # A % is the driver's own.
            run(statement.replace("%", "%%"))

    def missing_triggers(self, connection: Connection) -> tuple[str, ...]:
        """Return the triggers that are gone, disabled or do something else."""
        triggers = connection.command(STANDING_TRIGGERS).fetchall()
        functions = connection.command(STANDING).fetchall()
        return (*lost_triggers(triggers), *missing_functions(functions))

    def damages(self, connection: Connection) -> tuple[str, ...]:  # noqa: ARG002 - not asked
        """Return nothing: pages and keys are the server's to watch over."""
        return ()


def _parameters(url: str) -> tuple[str, dict[str, Any]]:
    """Return the settings of the server that were asked for, and all of libpq's parameters."""
    try:
        given = conninfo_to_dict(postgresql_uri(url))
    except psycopg.Error as error:
        message = f"{shown(url)!r} is not a PostgreSQL URL"
        raise StoreError(message, "bad_url", FORMS) from error
    asked = str(given.pop("options", None) or environ.get("PGOPTIONS", ""))
    return asked, {
        **_DEFAULTS,
        **given,
        "options": " ".join([*_settings(_TIMEOUTS), asked, *_settings(_FIXED)]),
        "client_encoding": "UTF8",
    }


def _settings(values: Mapping[str, str]) -> list[str]:
    escaped = {name: value.replace(" ", "\\ ") for name, value in values.items()}
    return [f"-c {name}={value}" for name, value in escaped.items()]
