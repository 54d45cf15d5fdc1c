"""A machine without the browser: told plainly, or a failure where the browser is required."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.presence import REQUIRED
from tests.builders import ROOT

TEST = "import pytest\n\n@pytest.mark.browser\ndef test_page():\n    raise RuntimeError\n"


def tried(folder: Path, *line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a browser's test as on a machine that has none, with no plugin but what it needs."""
    (folder / "test_page.py").write_text(TEST)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = browser\n")
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PATH": str(folder), "PYTHONPATH": str(ROOT)}
    known = {key: value for key, value in os.environ.items() if key != REQUIRED}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.browser.presence", *line],
        env={**known, **alone, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_browser_the_run_says_that_its_tests_did_not_run(tmp_path: Path) -> None:
    """Nothing fails, nothing is silent, and the worker processes' word reaches the terminal."""
    ran = tried(tmp_path, "-p", "xdist", "-n", "1")
    assert ran.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, ran.stdout
    told = "1 browser tests DID NOT RUN: this machine has no chromium and chromedriver."
    assert told in ran.stdout
    assert "apt-get install chromium chromium-driver" in ran.stdout


def test_where_the_browser_is_required_its_tests_stay_in_and_fail(tmp_path: Path) -> None:
    """Continuous integration never takes in a change that no browser has seen."""
    ran = tried(tmp_path, **{REQUIRED: "1"})
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED, ran.stdout
