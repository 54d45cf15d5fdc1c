"""Says which tests are measured for the coverage of the core, and measures while one of them runs.

A test that is measured takes half as long again, whatever it is about. So only those are of which
the core's coverage is asked: its own. A mark takes in one from elsewhere or leaves out one of them:
what tries again what others have tried. No test is measured whose values are drawn, because
coverage must not depend on them, and none on its second database, where it runs the same lines.
"""

import pytest
from coverage import Coverage

from tests.builders import ROOT

CORE = ("states", "guards", "lifecycle")
"""Folders of tests that are measured unless they are marked `unmeasured`."""


def is_measured(item: pytest.Item) -> bool:
    """Return whether what a test runs counts for the coverage of the core."""
    marks = {mark.name for mark in item.iter_markers()}
    if marks & {"unmeasured", "hypothesis"}:
        return False
    known = item.callspec.params if hasattr(item, "callspec") else {}
    if known.get("backend") == "postgresql" and "postgresql" not in marks:
        return False
    of_the_core = item.path.relative_to(ROOT / "tests").parts[0] in CORE
    return of_the_core or "measured" in marks


def measure(config: pytest.Config, *, now: bool) -> None:
    """Measure from now on, or no longer, if this run measures at all."""
    plugin = config.pluginmanager.getplugin("_cov")
    if plugin is None or plugin.cov_controller is None:
        return
    coverage: Coverage = plugin.cov_controller.cov
    if now is not (Coverage.current() is coverage):
        (coverage.start if now else coverage.stop)()
