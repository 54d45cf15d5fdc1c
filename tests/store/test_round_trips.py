"""What a transition says to a PostgreSQL server: each round trip costs, the more so from afar."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg.pq import Trace

from states.vocabulary import Outcome, State, Trigger
from tests.stage import Stage

pytestmark = pytest.mark.postgresql


@contextmanager
def traced(stage: Stage, file: Path) -> Iterator[None]:
    """Write down what the store's connection and the server say to each other."""
    with stage.store.database.transaction(write=False) as connection:
        line = connection.at_rest().pgconn
    with file.open("w") as trace:
        line.trace(trace.fileno())
        line.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        yield
        line.untrace()


@pytest.mark.parametrize("reason", [None, "Both sides signed at the table."])
def test_signature_takes_four_round_trips(stage: Stage, tmp_path: Path, reason: str | None) -> None:
    """BEGIN with the lock; the places that others hold; all that is written; COMMIT."""
    # A statement is prepared when it runs for the second time, in a round trip of its own.
    for _ in range(2):
        stage.advance(stage.reach(State.NEGOTIATION), Trigger.SIGN, actor="dora", reason=reason)
    ref = stage.reach(State.NEGOTIATION)
    with traced(stage, tmp_path / "trace"):
        receipt = stage.advance(ref, Trigger.SIGN, actor="dora", reason=reason)
    assert receipt.outcome is Outcome.OK
    assert (tmp_path / "trace").read_text().count("ReadyForQuery") == 4
    assert stage.terms(ref)[-1].signed_on == receipt.effective_on.isoformat()
    assert stage.verify() == []
