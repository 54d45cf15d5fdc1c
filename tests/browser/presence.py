"""A plugin of pytest: whether this machine has the browser, and who is told where it hasn't.

The tests that are marked `browser` are left out then, and the end of the run says so. Where
LIFECYCLE_REQUIRE_BROWSER is set (`.ci/run`), they stay in and fail.
"""

import os
import shutil
from typing import Any

import pytest

PROGRAMS = ("chromium", "chromedriver")
INSTALL = "apt-get install chromium chromium-driver"
REQUIRED = "LIFECYCLE_REQUIRE_BROWSER"

_LEFT_OUT = "browser_tests_left_out"
_left_out = pytest.StashKey[int]()


def missing() -> list[str]:
    """Return which of the two programs this machine doesn't have."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the tests out of the run that a machine without the browser can't run."""
    left = [item for item in items if item.get_closest_marker("browser")]
    if not left or not missing() or os.environ.get(REQUIRED):
        return
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]
    config.stash[_left_out] = len(left)
    if hasattr(config, "workeroutput"):
        config.workeroutput[_LEFT_OUT] = len(left)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - xdist's
    """Take note of what a worker process left out; each of them collects the same tests."""
    if left := getattr(node, "workeroutput", {}).get(_LEFT_OUT):
        node.config.stash[_left_out] = left


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say at the end of a run that the browser tests did not run, and how they would."""
    if left := config.stash.get(_left_out, 0):
        without = " and ".join(missing())
        terminalreporter.section("browser tests", yellow=True)
        terminalreporter.line(f"{left} browser tests DID NOT RUN: this machine has no {without}.")
        terminalreporter.line(f"To run them too: {INSTALL}")
