"""Fixtures of the tests of mail: servers, and the settings that lead to them."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.cli.mail.posting import configured
from tests.mailserver import MailServer


class Serving(Protocol):
    """Starts a mail server, and writes the settings that lead to it."""

    def __call__(self, more: Mapping[str, object] | None = None, **settings: Any) -> MailServer:  # noqa: ANN401
        """Return a server of these settings; `more` are keys of [mail]."""


@pytest.fixture
def serving(tmp_path: Path, home: Path) -> Iterator[Serving]:
    """Return what starts servers; they end with the test."""
    with ExitStack() as stack:

        def start(more: Mapping[str, object] | None = None, **settings: Any) -> MailServer:  # noqa: ANN401
            server = stack.enter_context(MailServer(tmp_path / "mails", **settings))
            configured(home, server.settings(**(more or {})))
            return server

        yield start
