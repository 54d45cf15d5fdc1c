"""Fixtures of the browser's tests: one browser a process, and places from which it reads."""

from collections.abc import Iterator

import pytest

from tests.browser.chromium import DESKTOP, Browser


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
