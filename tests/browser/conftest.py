"""Fixtures of the browser's tests: one browser a process, and the demo's site, made once a run."""

import fcntl
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cli.demo.story import REGISTER
from tests.browser.chromium import DESKTOP, Browser
from tests.cli.running import run


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return the browser of this process."""
    with Browser(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def browser(started: Browser) -> Browser:
    """Return the browser as a desktop's light window; what it met before is forgotten."""
    started.open("about:blank")
    started.wear(DESKTOP)
    started.look()
    return started


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the site that the demo publishes; the first process that wants it makes it for all."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    folder = shared / "demo"
    with (shared / "demo.lock").open("w") as lock, pytest.MonkeyPatch.context() as patch:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
                patch.setenv(name, str(own))
            run("demo", folder).well()
    return folder / REGISTER


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """Return the address under which a web server has the site, below a path of its own."""
    root = site.parent.parent
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(root)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{site.relative_to(root).as_posix()}"
    server.shutdown()
    server.server_close()


class _Silent(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, *_said: object) -> None:
        """Say nothing."""
