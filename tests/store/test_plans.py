"""How SQLite goes about it: through indexes, and no more often than what is due asks for."""

import re
import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from sqlalchemy import event
from sqlalchemy.sql.expression import Executable

from lifecycle import sweeping as module
from lifecycle.ports import Unit
from lifecycle.takeover import take_over
from states.agreement import TakenOver, Term
from states.vocabulary import Rule, State
from states.watch import JUNCTURES
from store import logbook, night_sql, overview_sql, streams
from store import statements as sql
from store.prepared import Prepared
from tests.builders import END, START, complete_agreement
from tests.conftest import Staging
from tests.stage import Stage, with_cap

pytestmark = pytest.mark.sqlite

TAKEN_OVER = TakenOver("2020", "The archive.")
DUE = complete_agreement(taken_over=TAKEN_OVER)
NOT_DUE = complete_agreement(
    taken_over=TAKEN_OVER, term=Term(START, END.replace(year=2031)), projects=(), milestones=()
)
VALUES = {
    "program_id": 1,
    "key": 1,
    "rule": "term_over",
    "day": "2030-01-01",
    "until": "2030-02-01",
    "due": "2029-01-01",
    "after": 1,
    "most": 10,
    "n": 1,
    "year": 2027,
    "before": 1,
    "idempotency_key": "k",
    "term": 1,
    "digest": "d",
    "version": 1,
    "stream": 1,
    "currency": "CAD",
    "first": 1,
    "last": 2,
    **dict.fromkeys((*sql.SEVERAL_KEYS, *sql.SEVERAL_VERSIONS), 1),
    **{f"{name}_{index}": 1 for name in ("stream", "n") for index in range(logbook.SEVERAL)},
}


def plan(stage: Stage, statement: Executable) -> list[str]:
    """Return the steps by which SQLite carries out a statement."""
    prepared = Prepared(statement, stage.store.database.engine.dialect)
    names = statement.compile().params  # type: ignore[attr-defined] # Core's own
    bound = prepared.bound({name: VALUES[name] for name in names if name in VALUES})
    with closing(sqlite3.connect(stage.path)) as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {prepared.sql}", bound)
        return [row[3] for row in rows]


def enter(stage: Stage, due: int, others: int) -> None:
    """Enter agreements that are due in 2030, and others that run on, in one unit."""

    def many(unit: Unit) -> None:
        for document in [DUE] * due + [NOT_DUE] * others:
            take_over(unit, stage.order(), document, State.ACTIVE)

    stage.do(lambda u, _o: many(u))


@pytest.mark.parametrize(
    "statement", [night_sql.DUE, night_sql.DUE_ONWARDS], ids=["first", "onwards"]
)
def test_what_is_due_is_found_through_its_index(stage: Stage, statement: Executable) -> None:
    """By rule and date, in the order of the index: no scan and no sort."""
    (step,) = plan(stage, statement)
    assert step.startswith("SEARCH agreement USING INDEX ix_agreement_due")
    assert "program_id=? AND due_rule=? AND due" in step


@pytest.mark.parametrize(
    ("statement", "indices"),
    [
        (night_sql.ALERTS, ["ix_watch_next", "ix_watch_told"]),
        (night_sql.COUNT_ALERTS, ["ix_watch_next", "ix_watch_told"]),
        (overview_sql.AHEAD, ["ix_agreement_due", "ix_watch_next", "ix_watch_told"]),
        (overview_sql.COUNT_AHEAD, ["ix_agreement_due", "ix_watch_next", "ix_watch_told"]),
    ],
    ids=["late", "counted", "ahead", "ahead, counted"],
)
def test_what_is_late_or_comes_soon_is_found_through_indices(
    stage: Stage, statement: Executable, indices: list[str]
) -> None:
    """Nothing is read that is watched for later; an agreement is looked up by its key."""
    steps = plan(stage, statement)
    found = [step for step in steps if step.startswith(("SEARCH", "SCAN"))]
    assert [name for step in found for name in indices if f"INDEX {name} (" in step] == indices
    others = [step for step in found if "INDEX ix_" not in step]
    assert all("SCAN" not in step or step in {"SCAN late", "SCAN ahead"} for step in others)
    assert all("key=?" in step for step in others if step.startswith("SEARCH"))


def test_places_held_are_counted_from_the_index_alone(stage: Stage) -> None:
    """As many entries as there are places."""
    (step,) = plan(stage, sql.COUNTED)
    assert step.startswith("SEARCH agreement USING COVERING INDEX ix_agreement_counted")
    assert "counted=?" in step


def test_lock_goes_by_primary_keys_only(stage: Stage) -> None:
    """One row of each table, however large they are."""
    steps = plan(stage, sql.LOCK)
    assert len(steps) == 3
    assert all(step.startswith("SEARCH") for step in steps)
    keys = ("PRIMARY KEY", "INTEGER PRIMARY KEY", "sqlite_autoindex_document_1")
    assert all(any(key in step for key in keys) for step in steps)


@pytest.mark.parametrize(
    "name",
    [
        "BODY", "HEAD", "POLICY", "BESIDE", "ANNUAL", "RECORDS", "LINES_BACK", "BY_IDEMPOTENCY_KEY",
        "LAST_KEY", "PORTFOLIO", "DOCUMENTS", "SCORES", "EVALUATIONS", "LINES_OF", "REASONS_OF",
        "TERMS_OF", "SCORINGS_OF", "EVALUATIONS_OF", "ATTACHMENTS_OF", "KEPT_FILES",
    ],
)  # fmt: skip
def test_other_reading_of_a_transaction_scans_no_table_and_sorts_nothing(
    stage: Stage, name: str
) -> None:
    """Each goes by a key."""
    steps = plan(stage, getattr(sql, name))
    assert all(step.startswith("SEARCH") for step in steps), steps


@pytest.mark.parametrize(
    "statement",
    [
        logbook.ALL, logbook.beside_lines(), logbook.leaves(),
        streams.LINES_BETWEEN, streams.DOCUMENTS_BETWEEN, streams.BESIDE_BETWEEN,
        streams.FOLDED_BETWEEN, sql.documents_at(),
    ],
    ids=[
        "log", "beside", "leaves", "lines", "documents", "all beside", "what is folded",
        "documents at",
    ],
)  # fmt: skip
def test_reading_the_log_scans_no_table(stage: Stage, statement: Executable) -> None:
    """Line after line by the key, and what belongs to several lines by theirs."""
    steps = plan(stage, statement)
    found = [step for step in steps if "SEARCH" in step and "seal" not in step]
    assert all(re.search(r"AND (\(?stream|key)", step) for step in found), steps
    assert found
    assert not any("SCAN" in step for step in steps), steps


def night(staged: Staging, due: int, others: int) -> Counter[str]:
    """Return how often one night runs each statement, its values left out."""
    quiet = [rule for rule in Rule if rule not in JUNCTURES]
    stage = staged(with_cap(10_000, notices={"off": quiet}))
    enter(stage, due, others)
    stage.store.close()
    seen: Counter[str] = Counter()

    def count(statement: str) -> None:
        seen[" ".join(re.findall(r"^UPDATE \w+|^\w+|(?:FROM|INTO) \w+", statement))] += 1

    @event.listens_for(stage.store.database.engine, "connect")
    def _trace(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(count)

    stage.on(END.replace(year=2030))
    assert stage.nightly().count("fired") == due
    return seen


def test_statements_of_a_night_follow_what_is_due_and_not_the_portfolio(
    staged: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each more that is due costs the rows it writes, a batch its transaction; others nothing."""
    monkeypatch.setattr(module, "BATCH", 50)
    few, many, others = night(staged, 50, 0), night(staged, 500, 0), night(staged, 50, 500)
    assert others == few
    grown = many - few
    # The trace tells of an insert again when a trigger of the table looks at it.
    assert grown.pop("INSERT INTO entry") % 450 == 0
    for statement in ("UPDATE agreement", "UPDATE term", "DELETE FROM watch", "INSERT INTO watch"):
        assert grown.pop(statement) == 450, statement
    batches = ("BEGIN", "SELECT FROM agreement", "SELECT FROM program", "UPDATE program", "COMMIT")
    assert grown == dict.fromkeys(batches, 9)
