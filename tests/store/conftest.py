"""Fixtures of the store's tests: a backup, and a place that is still empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from states.vocabulary import State
from tests.stage import Stage
from tests.store.backups import backed_up, place


@pytest.fixture
def empty(backend: str, tmp_path: Path) -> Iterator[str]:
    """Return where nothing is yet."""
    with place(backend, tmp_path) as url:
        yield url


@pytest.fixture
def file(stage: Stage, tmp_path: Path) -> Path:
    """Return a backup of a program in which something happened."""
    ref = stage.reach(State.ACTIVE)
    stage.attach(ref)
    return backed_up(stage, tmp_path)[0]
