"""What the tests of the nightly check as a service share: due agreements, a service to ping."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from lifecycle.appointing import appoint
from lifecycle.entry import Actor
from lifecycle.order import Order
from lifecycle.takeover import take_over
from states.agreement import TakenOver
from states.roles import RoleChange
from states.vocabulary import Role, State
from store.creating import create_store
from store.opening import open_store
from store.store import Store
from tests.builders import complete_agreement
from tests.stage import TORONTO

OLD = complete_agreement(
    term=None, projects=(), milestones=(), taken_over=TakenOver("1986", "The archive.")
)
"""An agreement whose review is due a year after it was entered."""


class Answering(BaseHTTPRequestHandler):
    """Keeps what it is asked, and answers with the code that it is told to."""

    def do_GET(self) -> None:
        """Take a ping."""
        self.take()

    def do_POST(self) -> None:
        """Take a ping with a body."""
        self.take()

    def take(self) -> None:
        """Keep it and answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        server: Any = self.server
        server.taken.append((self.path, body))
        self.send_response(server.codes.pop(0) if server.codes else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def monitor(*codes: int) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Run a monitoring service; returns its URL and what it is told."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.taken, server.codes = [], list(codes)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def configure(home: Path, text: str) -> None:
    """Write the user's lifecycle.toml."""
    folder = home / "config" / "lifecycle"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lifecycle.toml").write_text(text)


def founded(url: str, due: int = 0, *, sandbox: bool = False, policy: bytes = TORONTO) -> Store:
    """Found a program 400 days ago, with some agreements that are due by now.

    Its scheduler is called cron.
    """
    if "://" in url:
        return _founded(url, due, sandbox=sandbox, policy=policy)
    Path(url).write_bytes(_bytes(due, sandbox=sandbox, policy=policy))
    return open_store(url)


@cache
def _bytes(due: int, *, sandbox: bool, policy: bytes) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "city.db"
        _founded(str(path), due, sandbox=sandbox, policy=policy).close()
        return path.read_bytes()


def _founded(url: str, due: int, *, sandbox: bool, policy: bytes) -> Store:
    now = datetime.now(UTC) - timedelta(days=400)
    order = Order(actor=Actor("ada", "asserted"), now=now)
    store = create_store(url, order, policy, sandbox=sandbox, admin=None if sandbox else "ada")
    with store.unit() as unit:
        if not sandbox:
            for name, role in (("cron", Role.SCHEDULER), ("anna", Role.STAFF)):
                appoint(unit, order, RoleChange(name, role, granted=True))
        staff = Order(actor=Actor("anna", "asserted"), now=now)
        for _ in range(due):
            take_over(unit, staff, OLD, State.ACTIVE)
    return store


def said(err: str) -> list[dict[str, Any]]:
    """Return the lines of a log."""
    return [json.loads(line) for line in err.splitlines() if line.startswith("{")]
