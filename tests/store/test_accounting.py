"""What somebody adds to the tables past the program, that no line accounts for, is found."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from lifecycle.errors import StoreError
from states.records import Record
from states.ref import Ref
from store.appendonly import SQLSTATE
from tests.builders import ANNA, BEN
from tests.stage import FIRST_DAY, Stage
from tests.store.logins import City
from tests.store.plantings import no_triggers

NOTE = Record("note", FIRST_DAY, text="They called.")
REPORT = Record("annual", FIRST_DAY, text="All went well.", year=2025)
COPY = (
    "SELECT program_id, {stream}, n, {part}, kind, year, salt, body, corrects FROM beside"
    " WHERE n = 2"
)


@dataclass(frozen=True)
class Recorded:
    """An agreement with a note, a report, and a correction of each."""

    stage: Stage
    ref: Ref

    def found(self, table: str, *statements: str) -> set[str]:
        """Return the codes of what is found once the triggers are gone and something is done."""
        gone = no_triggers(table) if table else ()
        self.stage.tamper(*gone, *(one.format(key=self.ref.key) for one in statements))
        return {finding.code for finding in self.stage.verify()}


@pytest.fixture
def recorded(stage: Stage) -> Recorded:
    """Return it; nothing is found of it."""
    ref = stage.propose(key="k1")
    for record in (NOTE, REPORT):
        n = stage.record(ref, record).n
        stage.correct_record(ref, n, replace(record, text="Otherwise."), actor=BEN)
    stage.correct_record(ref, stage.record(ref, NOTE).n, None)
    assert stage.verify() == []
    return Recorded(stage, ref)


@pytest.mark.parametrize(
    "change",
    [
        f"INSERT INTO beside {COPY.format(stream='{key}', part='kind')}",
        f"INSERT INTO beside {COPY.format(stream='777', part='part')}",
        "UPDATE beside SET kind = 'record.annual' WHERE kind = 'record.note'",
        "UPDATE beside SET kind = 'record.retracted' WHERE n = 2 AND stream = {key}",
        "UPDATE beside SET year = 2031 WHERE kind = 'record.annual'",
        "UPDATE beside SET corrects = NULL WHERE stream = {key}",
        "UPDATE beside SET corrects = 4 WHERE stream = {key} AND n = 3",
        "UPDATE beside SET corrects = 2 WHERE stream = {key} AND n = 4",
        "UPDATE beside SET corrects = 9 WHERE stream = {key} AND n = 3",
    ],
)
def test_text_that_its_line_does_not_account_for_is_found(recorded: Recorded, change: str) -> None:
    """Another part, a stream without lines; a kind, a year or a place that the record has not."""
    assert recorded.found("beside", change) & {"beside.differs", "label.differs"}


def test_document_that_no_line_cites_is_found(recorded: Recorded) -> None:
    """Whoever reads versions would take it for one."""
    added = "INSERT INTO document SELECT program_id, key, 9, 'a', salt, body FROM document"
    assert recorded.found("document", added) == {"document.differs"}


def test_document_under_another_version_is_found(recorded: Recorded) -> None:
    """Then the present one is gone."""
    found = recorded.found("document", "UPDATE document SET version = 9")
    assert found == {"source.damaged"}


def test_altered_transition_table_is_found(recorded: Recorded) -> None:
    """Lines cite it by its digest."""
    altered = "UPDATE definition SET body = replace(body, 'sign', 'sing')"
    assert recorded.found("definition", altered) == {"definition.damaged"}


@pytest.mark.parametrize("key", ["'k2'", "NULL"])
def test_line_kept_under_another_idempotency_key_is_found(recorded: Recorded, key: str) -> None:
    """An order under that key would be taken for one that was carried out, or done twice."""
    altered = f"UPDATE entry SET idempotency_key = {key} WHERE stream = {{key}} AND n = 1"  # noqa: S608
    assert recorded.found("entry", altered) == {"row.differs"}


def test_calendar_that_the_policy_does_not_name_is_found(recorded: Recorded) -> None:
    """Days are those of the program's time zone."""
    assert recorded.found("", "UPDATE program SET time_zone = 'UTC'") == {"row.differs"}


@pytest.mark.parametrize("added", [',"v":1}}', " }}"])
def test_line_that_is_no_canonical_json_is_found(recorded: Recorded, added: str) -> None:
    """A key said twice is read differently by different readers."""
    altered = f"UPDATE entry SET line = substr(line, 1, length(line) - 1) || '{added}'"  # noqa: S608
    assert "line.not_canonical" in recorded.found("entry", altered)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """Return a real program whose people have logins."""
    made = City(tmp_path)
    yield made
    made.end()


@pytest.mark.postgresql
def test_login_adds_no_text_that_no_line_cites(city: City) -> None:
    """Nobody retracts a record, adds one, or takes a version's place without a line."""
    ref = city.propose()
    city.record(ref, NOTE)
    values = "decode('00', 'hex'), '{}'"
    tries = [
        f"beside VALUES (1, {ref.key}, 1, 'x', 'record.retracted', NULL, {values}, 2)",
        f"beside VALUES (1, {ref.key}, 1, 'content', 'record.annual', 2025, {values}, NULL)",
        f"beside VALUES (1, 777, 1, 'content', 'record.note', NULL, {values}, NULL)",
        f"document VALUES (1, {ref.key}, 999, '{'0' * 64}', {values})",
        f"attachment VALUES (1, '{'0' * 64}', decode('00', 'hex'))",
    ]
    for one in tries:
        with city.logins.as_login(ANNA) as connection, pytest.raises(psycopg.Error) as caught:
            connection.execute(f"INSERT INTO {one}".encode())
        assert caught.value.sqlstate == SQLSTATE, one
    assert city.verify() == []


def test_roles_that_cannot_be_read_are_told_as_damage(recorded: Recorded) -> None:
    """And not as a fault of the program."""
    recorded.stage.tamper("UPDATE program SET roles = '[{]'")
    with pytest.raises(StoreError, match="roles can't be read"):
        recorded.stage.verify()
