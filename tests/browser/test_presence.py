"""A machine without the browser: told plainly, or a failure where the browser is required."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.presence import REQUIRED
from tests.builders import ROOT


def tried(folder: Path, *line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a browser test as on a machine that has no browser."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    known.pop(REQUIRED, None)
    test = "tests/browser/test_looking.py"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *line, test],
        env={**known, "PATH": str(folder), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_browser_the_run_says_that_its_tests_did_not_run(tmp_path: Path) -> None:
    """Nothing fails, nothing is silent, and the worker processes' word reaches the terminal."""
    ran = tried(tmp_path, "-n", "1")
    assert ran.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, ran.stdout
    assert "browser tests DID NOT RUN: this machine has no chromium and chromedriver" in ran.stdout
    assert "apt-get install chromium chromium-driver" in ran.stdout


@pytest.mark.reliability
def test_where_the_browser_is_required_a_machine_without_it_fails(tmp_path: Path) -> None:
    """Continuous integration never takes in a change that no browser has seen."""
    ran = tried(tmp_path, "-n", "0", **{REQUIRED: "1"})
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED, ran.stdout
    assert "apt-get install chromium chromium-driver" in ran.stdout
