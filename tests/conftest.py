"""Fixtures of every test: the stage on which stories are played against a real store."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.stage import TORONTO, Stage


class Staging(Protocol):
    """Opens a stage under a policy of the test's own; it is closed when the test ends."""

    def __call__(self, policy: bytes = TORONTO, **how: Any) -> Stage:  # noqa: ANN401
        """Return a stage of its own folder."""


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[Staging]:
    """Return what opens stages under policies of the test's own."""
    with ExitStack() as stack:

        def open_stage(policy: bytes = TORONTO, **how: Any) -> Stage:  # noqa: ANN401
            folder = tmp_path / f"stage-{sum(1 for _ in tmp_path.iterdir())}"
            folder.mkdir()
            stage = Stage(folder, policy, **how)
            stack.callback(stage.store.close)
            return stage

        yield open_stage


@pytest.fixture
def city(staged: Staging) -> Stage:
    """Return a stage of a real program in which each person has their own role."""
    return staged(sandbox=False).with_people()


@pytest.fixture
def stage(staged: Staging) -> Stage:
    """Return a stage under Toronto's own policy."""
    return staged()
