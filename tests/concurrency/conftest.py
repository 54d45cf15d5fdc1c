"""The crowd of the races, started once by each process of the test run."""

from collections.abc import Iterator

import pytest

from tests.concurrency.crowd import Crowd

HANDS = 16


class _Keeper:
    """Keeps a crowd from test to test, as long as everybody in it answers."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._factory = factory
        self._crowd: Crowd | None = None

    def crowd(self) -> Crowd:
        if self._crowd is None:
            self._crowd = Crowd(HANDS, self._factory.mktemp("crowd"))
        return self._crowd

    def end(self) -> None:
        if self._crowd is not None:
            self._crowd.end()
            self._crowd = None


@pytest.fixture(scope="session")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Keeper]:
    """Return who keeps the crowd."""
    known = _Keeper(tmp_path_factory)
    yield known
    known.end()


@pytest.fixture
def crowd(keeper: _Keeper) -> Iterator[Crowd]:
    """Return sixteen processes that have nothing open."""
    crowd = keeper.crowd()
    yield crowd
    if crowd.sound:
        crowd.leave()
    else:
        keeper.end()
