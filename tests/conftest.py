"""Fixtures of every test: the stage on which stories are played against a real store."""

import gc
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import settings

from tests import measuring, memory, postgres
from tests.stage import BACKENDS, TORONTO, Stage

pytest_plugins = ("tests.browser.presence",)

# No test fails for being slow. `make reliability` draws for long what is drawn here for a moment.
settings.register_profile("default", max_examples=25, deadline=None)
settings.register_profile("reliability", max_examples=2000, deadline=None)
settings.load_profile("default")


class Staging(Protocol):
    """Opens a stage under a policy of the test's own; it is closed when the test ends."""

    def __call__(self, policy: bytes = TORONTO, **how: Any) -> Stage:  # noqa: ANN401
        """Return a stage of its own folder."""


ON_BOTH = ("concurrency", "store")
"""Folders whose tests run on each kind of database; elsewhere a stage stands on SQLite."""

STORIES = "lifecycle"
"""Folder whose stories run on PostgreSQL too: some by default, all with `make reliability`."""

ALWAYS_ON_BOTH = frozenset(
    {"test_adoption", "test_advance", "test_appointing", "test_nightly", "test_taking_back"}
)


def seldom(values: Iterable[Any], often: int) -> list[Any]:
    """Return parameters of which only the first ones are tried by default, all in campaigns.

    A tuple is a case of several parameters.
    """
    kept = list(values)
    cases = (case if isinstance(case, tuple) else (case,) for case in kept[often:])
    later = [pytest.param(*case, marks=pytest.mark.reliability) for case in cases]
    return [*kept[:often], *later]


def pytest_configure(config: pytest.Config) -> None:
    """Name the place of this run's PostgreSQL server, in the process that stops it."""
    if not hasattr(config, "workerinput"):
        memory.use()
        postgres.prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the server, and stop it in the process that began."""
    postgres.leave()
    if not hasattr(config, "workerinput"):
        postgres.end()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what stands on a database on the kinds that its mark or its folder says."""
    if "backend" not in metafunc.fixturenames:
        return
    marked = [name for name in BACKENDS if metafunc.definition.get_closest_marker(name)]
    path = metafunc.definition.path
    folder, always = path.parent.name, path.stem in ALWAYS_ON_BOTH
    marks = [] if always else [pytest.mark.reliability]
    again = [pytest.param(name, marks=marks) for name in BACKENDS[1:]] if folder == STORIES else []
    usual = BACKENDS if folder in ON_BOTH else [BACKENDS[0], *again]
    metafunc.parametrize("backend", marked or usual)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Try the first case of a grid on PostgreSQL too, and the others there in campaigns."""
    known = item.callspec.params if hasattr(item, "callspec") else {}
    marks = {mark.name for mark in item.iter_markers()}
    if known.get("backend") == "postgresql" and not marks & {"postgresql", "reliability"}:
        name = item.nodeid.partition("[")[0]
        if name in _ON_POSTGRESQL:
            item.add_marker(pytest.mark.reliability)
        _ON_POSTGRESQL.add(name)


_ON_POSTGRESQL = set[str]()
"""Tests of which a case was collected that runs there."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Measure what the imports of collection run, and then what the tests say.

    What collection has made stays to the end: the collector of garbage is not to look at it again.
    """
    measuring.measure(session.config, now=False)
    gc.freeze()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure the tests of which the coverage of the core is asked."""
    measuring.measure(item.config, now=measuring.is_measured(item))
    return (yield)


@pytest.fixture
def staged(tmp_path: Path, backend: str) -> Iterator[Staging]:
    """Return what opens stages under policies of the test's own."""
    with ExitStack() as stack:

        def open_stage(policy: bytes = TORONTO, **how: Any) -> Stage:  # noqa: ANN401
            folder = tmp_path / f"stage-{sum(1 for _ in tmp_path.iterdir())}"
            folder.mkdir()
            stage = Stage(folder, policy, backend=backend, **how)
            stack.callback(stage.end)
            return stage

        yield open_stage


@pytest.fixture
def client_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pg_dump and pg_restore be the server's own."""
    monkeypatch.setenv("LIFECYCLE_PG_BIN", str(postgres.programs()))


@pytest.fixture
def city(staged: Staging) -> Stage:
    """Return a stage of a real program in which each person has their own role."""
    return staged(sandbox=False).with_people()


@pytest.fixture
def login(stage: Stage) -> Iterator[str]:
    """Return a PostgreSQL login of the test's own, with a password, which may do everything."""
    name = f"login_{stage.url.rpartition('/')[2].partition('?')[0]}"
    make = f"CREATE ROLE {name} LOGIN SUPERUSER PASSWORD '{postgres.PASSWORD}'"
    postgres.execute(stage.url, make)
    yield name
    postgres.admin().execute(f"DROP ROLE {name}".encode())


@pytest.fixture
def stage(staged: Staging) -> Stage:
    """Return a stage under Toronto's own policy."""
    return staged()
