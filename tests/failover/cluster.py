"""Two PostgreSQL servers, of which one follows the other, and what befalls the first.

A server is killed as a machine dies that loses its power: all of its processes at once, and nothing
that was still under way comes out of it (`Line`). It is never started again.
"""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg

from tests.postgres import ADMIN, NOBODY, programs_for, unprivileged

STANDBY = "standby"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}
_ACCESS = "local all all trust\nhost all,replication all 127.0.0.1/32 trust\n"
_SECONDS = 60


class Server:
    """One server, in a folder of its own, on a port of its own."""

    def __init__(self, home: Path, name: str) -> None:
        """Choose its folder in `home`, and a free port."""
        self.data = home / name
        self.port = free_port()
        self._programs = programs_for(home)
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Make an empty cluster."""
        words = ["--encoding=UTF8", "--locale=C", f"--username={ADMIN}", "--auth=trust"]
        self._run("initdb", f"--pgdata={self.data}", *words)
        (self.data / "pg_hba.conf").write_text(_ACCESS)

    def copy(self, other: "Server") -> None:
        """Take over the files of a server that is not running."""
        shutil.copytree(other.data, self.data)
        for path in (self.data, *self.data.rglob("*")):
            give(path)

    def follow(self, primary: "Server") -> None:
        """Take over the files of one that runs, as a standby does."""
        where = ["-h", "127.0.0.1", "-p", str(primary.port), "-U", ADMIN]
        self._run("pg_basebackup", *where, "-D", str(self.data), "-c", "fast", "-R")

    def start(self, settings: Mapping[str, str]) -> None:
        """Start it, and wait until it answers."""
        own = {"port": str(self.port), "unix_socket_directories": str(self.data)}
        words = [f"--{name}={value}" for name, value in {**SETTINGS, **own, **settings}.items()]
        with (self.data / "log").open("w") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data, *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
                **unprivileged(),
            )
        until(self._answers, "the server did not start")

    def ask(self, statement: str, database: str = ADMIN) -> list[tuple[Any, ...]]:
        """Run a statement outside of any transaction; returns its rows."""
        url = f"host=127.0.0.1 port={self.port} user={ADMIN} dbname={database}"
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def kill(self) -> None:
        """End all of its processes at once."""
        process = self._process
        assert process is not None
        # First the one that starts others.
        process.send_signal(signal.SIGSTOP)
        for pid in [*children(process.pid), process.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        self._process = None

    def stop(self) -> None:
        """Stop it in good order, if it runs."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """Take its files away."""
        shutil.rmtree(self.data)

    def _answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *words: str) -> None:
        line: list[str | Path] = [self._programs / program, *words]
        subprocess.run(line, check=True, capture_output=True, cwd="/", **unprivileged())


def give(path: Path) -> None:
    """Let a path be the server's own, which never runs as root."""
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # After the name, which stands in parentheses: the state, and who started it.
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
    return found


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def until(holds: Callable[[], bool], message: str) -> None:
    """Wait until something holds; fails with the message if it never does."""
    patience = monotonic() + _SECONDS
    while not holds():
        assert monotonic() < patience, message
        sleep(0.01)
