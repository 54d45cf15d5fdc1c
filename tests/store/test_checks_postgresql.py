"""Checks of a PostgreSQL database: what the server does not watch over itself."""

import pytest

from states.vocabulary import State
from store.checks import checks
from tests.stage import Stage

pytestmark = pytest.mark.postgresql

NAMES = [
    "database",
    "append-only",
    "transition table",
    "program",
    "policy",
    "policies",
    "roles",
    "time zone",
    "log",
]


def test_database_in_order_passes_every_check(stage: Stage) -> None:
    """There is no file to look at, and its pages are the server's."""
    stage.reach(State.ACTIVE)
    found = list(checks(stage.url))
    assert [(check.name, check.ok) for check in found] == [(name, True) for name in NAMES]


def test_row_that_differs_from_the_log_is_found(stage: Stage) -> None:
    """Replaying the log tells what somebody changed behind it."""
    stage.reach(State.ACTIVE)
    stage.tamper("UPDATE agreement SET title = 'Another'")
    (found,) = [check for check in checks(stage.url) if not check.ok]
    assert found.name == "log"
