"""What sealing and proving cost: through keys, and by what is new, however long the log is."""

import sqlite3
from collections import Counter

import pytest
from sqlalchemy import event

from store.opening import open_store
from store.sealing import sql
from store.sealing.keys import FileKey
from tests.sealing import cheap, keyed, seal_log
from tests.stage import Stage
from tests.store import test_plans
from tests.store.test_plans import plan

pytestmark = pytest.mark.sqlite

VALUES = {
    "program": 1,
    "stream": 1,
    "leaf": 1,
    "first": 1,
    "level": 0,
    "tile": 0,
    "stream_": 0,
    "n_": 0,
}


@pytest.mark.parametrize(
    "name",
    [
        "LEAVES", "WAITING", "LEAF_OF", "NEWEST_LEAF", "SEALS", "LAST_SEAL", "SEAL_COVERING",
        "TILE", "KEYS", "FIRST_LINE",
    ],
)  # fmt: skip
def test_reading_of_the_tree_scans_no_table_and_sorts_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Each goes by a key."""
    for key, value in VALUES.items():
        monkeypatch.setitem(test_plans.VALUES, key, value)
    steps = plan(stage, getattr(sql, name))
    assert all(step.startswith("SEARCH") for step in steps), steps


def test_taking_lines_scans_what_waits_and_no_more(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines and leaves are looked up one by one."""
    for key, value in VALUES.items():
        monkeypatch.setitem(test_plans.VALUES, key, value)
    for statement in (sql.TAKE, sql.UNQUEUE):
        steps = plan(stage, statement)
        assert not [step for step in steps if step.startswith(("SCAN entry", "SCAN leaf"))], steps


def steps_of(stage: Stage, key: FileKey) -> Counter[str]:
    """Return how often a seal runs each statement, and what it makes the database do."""
    stage.store.close()
    stage.store = open_store(stage.url)
    seen: Counter[str] = Counter()

    @event.listens_for(stage.store.database.engine, "connect")
    def _trace(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(lambda statement: seen.update([statement.split()[0]]))
        connection.set_progress_handler(lambda: seen.update(["thousands of steps"]), 1_000)

    stage.store.database.close()
    seal_log(stage, key)
    return Counter(seen)


@pytest.mark.parametrize("new", [1, 40])
def test_cost_of_a_seal_follows_what_is_new(stage: Stage, new: int) -> None:
    """With ten times as much behind it, it runs the same statements, in as many steps."""
    key = keyed(stage)
    costs = []
    for behind in (2_560, 23_040):
        cheap(stage, behind)
        seal_log(stage, key)
        cheap(stage, new)
        costs.append(steps_of(stage, key))
        cheap(stage, 256 - new)
        seal_log(stage, key)
    few, many = costs
    assert few["INSERT"] > 0
    few_steps, many_steps = few.pop("thousands of steps", 0), many.pop("thousands of steps", 0)
    assert many == few
    assert many_steps <= few_steps + 2
