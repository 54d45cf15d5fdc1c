"""Fixtures of the tests of a sealed log on the command line."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.service import configure
from tests.stage import Stage


@pytest.fixture
def key(stage: Stage, cli: Cli, tmp_path: Path) -> Path:
    """Return the file of the log's first key, which lifecycle.toml names."""
    stage.propose()
    configure(tmp_path / "home", '[sealing]\nkey = "seal.key"\n')
    cli("log", "key", "create", actor="admin").well()
    return tmp_path / "home" / "config" / "lifecycle" / "seal.key"
