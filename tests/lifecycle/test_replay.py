"""Replay: the log gives exactly the rows, and planted changes of every kind are found."""

from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
import pytest

from lifecycle.entry import digest_of, entry_of, line_of
from lifecycle.replay import Sources, chain_findings, findings, replay
from states.agreement import Contact
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import State, Trigger
from tests.builders import START, complete_agreement
from tests.stage import NEXT_TERM, Stage, policy_file

pytestmark = pytest.mark.sqlite
"""What is planted is written for SQLite."""

TRIGGERS = (
    "entry_no_update", "entry_no_delete", "entry_extends", "document_no_update",
    "document_no_delete", "document_extends", "beside_no_update", "beside_no_delete",
    "beside_extends", "policy_no_update", "adoption_no_update", "adoption_no_delete",
)  # fmt: skip
NUMBERS = {"version", "n", "term", "signed_term", "document_version", "counted", "taken_over"}
NUMBERS |= {"score_n", "evaluation_n", "evaluation_term", "contacts_n"}
DAYS = {"term_start", "term_end", "review", "due", "entered_on", "acted_on"}
PLANTED: dict[str, object] = dict.fromkeys(NUMBERS, 7) | dict.fromkeys(DAYS, "2001-02-03")
PLANTED |= {"counted": 0, "state": "renewal", "due_rule": "review_due", "drafters": '["eve"]'}
PLANTED |= {
    "approvals": '[{"deed":"sign","by":"eve","at":"","n":1,"policy":"","until":"2030-01-01"}]',
    "waivers": '[{"guard":"a","code":"b","field":null,"trigger":"sign","version":1,"by":"eve",'
    '"at":"","n":1,"policy":""}]',
    "deferred": "2001-02-03",
    "activated": 0,
    "opened_on": "2001-02-03",
}
CONTACT = Contact("partner", "Li Wei", "li@example.cn")


@pytest.fixture
def ref(stage: Stage) -> Ref:
    """Return an agreement that was activated, with a reason and contacts beside its lines."""
    found = stage.propose(complete_agreement(contacts=(CONTACT,)), reason="A good idea.")
    for trigger in (Trigger.SUBMIT, Trigger.ACCEPT, Trigger.SIGN):
        stage.pull(found, trigger)
    stage.on(START).nightly()
    return found


def planted(stage: Stage, statement: str, **values: object) -> list[str]:
    """Return the codes of what replay finds after a change behind the product's back."""
    assert stage.verify() == []
    drops = [f"DROP TRIGGER {name}" for name in TRIGGERS]
    stage.tamper("PRAGMA foreign_keys=OFF", *drops, statement, **values)
    stage.store.close()
    return [finding.code for finding in stage.verify()]


def test_row_is_what_its_lines_make_of_it(stage: Stage) -> None:
    """Through two terms, refusals, notes, edits and a policy for all."""
    ref = stage.along(NEXT_TERM)
    stage.advance(ref, Trigger.SIGN)
    stage.adopt(policy_file({"in_flight": "new", "deadlines": {"negotiation_days": 3}}))
    stage.apply(ref, complete_agreement())
    assert stage.verify() == []


@pytest.mark.sqlite
@pytest.mark.parametrize("field", [field.name for field in msgspec.structs.fields(Standing)][1:])
def test_planted_value_in_any_column_of_the_row_is_found(
    stage: Stage, ref: Ref, field: str
) -> None:
    """Each column of the current row is held against the log."""
    value = PLANTED.get(field, "planted")
    codes = planted(stage, f"UPDATE agreement SET {field} = :value", value=value)  # noqa: S608
    assert codes == ["row.differs"]
    assert f"holds {field} = " in stage.verify()[0].message
    assert stage.verify()[0].stream == str(ref)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE entry SET line = replace(line, 'anna', 'mary') WHERE n = 3", ["prev.broken"]),
        ("UPDATE entry SET line = '{}' WHERE n = 3", ["line.unreadable"]),
        (
            "UPDATE entry SET line = replace(line, ',\"n\":', ', \"n\":') WHERE n = 3",
            ["line.not_canonical", "prev.broken"],
        ),
        ("DELETE FROM entry WHERE n = 3", ["n.gap", "prev.broken"]),
        ("UPDATE entry SET n = 9 WHERE n = 3", ["n.gap", "prev.broken"]),
        ("DELETE FROM entry WHERE n = 6", ["row.differs", "term.differs"]),
        ("DELETE FROM entry WHERE stream > 0", ["row.missing"]),
        ("DELETE FROM agreement", ["row.missing"]),
    ],
)
def test_planted_change_of_lines_is_found(
    stage: Stage, ref: Ref, statement: str, expected: list[str]
) -> None:
    """Altered, unreadable, missing, moved; a stream without its row, a row without its stream."""
    found = planted(stage, statement)
    assert set(found) == set(expected)
    assert {finding.stream for finding in stage.verify()} == {str(ref)}


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE document SET body = replace(body, 'buyers', 'bribes')", ["source.damaged"]),
        ("UPDATE document SET salt = x'00'", ["source.damaged"]),
        ("DELETE FROM document", ["source.damaged"]),
        ("UPDATE beside SET body = 'Nice.' WHERE part = 'reason'", ["beside.differs"]),
        ("DELETE FROM beside WHERE kind = 'contacts'", ["beside.differs"]),
        ("UPDATE beside SET n = 2 WHERE part = 'reason'", ["beside.differs"] * 2),
        ("UPDATE term SET activated_on = '2001-01-01'", ["term.differs"]),
        ("DELETE FROM term", ["term.differs"]),
    ],
)
def test_planted_change_of_what_lines_cite_or_make_is_found(
    stage: Stage, ref: Ref, statement: str, expected: list[str]
) -> None:
    """Documents, policies, texts beside the lines, and the rows of terms."""
    assert planted(stage, statement) == expected
    assert {finding.stream for finding in stage.verify()} == {str(ref)}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE program SET n = 7",
        "UPDATE program SET head = 'x'",
        "UPDATE adoption SET effective_on = '2020-01-01'",
        "DELETE FROM adoption",
        "UPDATE entry SET line = replace(line, 'admin', 'eve') WHERE stream = 0 AND n = 2",
        "DELETE FROM entry WHERE stream = 0",
        "UPDATE beside SET body = '{}' WHERE stream = 0",
        "UPDATE policy SET body = body || ' '",
    ],
)
def test_planted_change_of_the_programs_own_stream_is_found(
    stage: Stage, ref: Ref, statement: str
) -> None:
    """Its row, its adoptions, its lines and what stands beside them."""
    if "'eve'" in statement:
        stage.nightly()
        statement = statement.replace("admin", "system")
    assert stage.fields(ref, "state") == (State.ACTIVE,)
    assert planted(stage, statement) != []
    assert {finding.stream for finding in stage.verify()} == {"TOR"}


def test_planted_policy_in_force_is_found(stage: Stage) -> None:
    """Whoever points the program to another policy of its record is told of."""
    stage.adopt(policy_file({"backdating_days": 1}))
    first = stage.entries(None)[0].policy
    codes = planted(stage, "UPDATE program SET policy = :policy", policy=first)
    assert codes == ["row.differs"]
    assert planted_again(stage) == ["row.differs", "source.damaged"]


def planted_again(stage: Stage) -> list[str]:
    """Return the codes after the policy in force was taken away altogether."""
    stage.propose()
    stage.tamper("UPDATE program SET policy = NULL")
    return [finding.code for finding in stage.verify()]


def forged(lines: list[bytes], index: int, **changes: Any) -> list[bytes]:  # noqa: ANN401
    """Return a chain with one line changed and everything after it chained anew."""
    made: list[bytes] = []
    for place, line in enumerate(lines):
        entry = entry_of(line)
        told = changes if place == index else {}
        prev = digest_of(made[-1]) if made else None
        made.append(line_of(msgspec.structs.replace(entry, **{"prev": prev, **told})))
    return made


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"to": State.SUNSET}, ["move.illegal"] * 2),
        ({"from_": State.NEGOTIATION}, ["move.illegal"]),
        ({"trigger": Trigger.SIGN}, ["move.illegal"]),
        ({"n": 4}, ["n.gap", "n.gap"]),
        ({"prev": "0" * 64}, ["prev.broken"]),
        ({"prev": None}, ["prev.broken"]),
    ],
)
def test_forged_chain_is_held_against_the_table(
    stage: Stage, ref: Ref, changes: dict[str, Any], expected: list[str]
) -> None:
    """Chaining the lines anew does not make an illegal move legal, nor a gap whole."""
    lines = stage.raw(ref)
    assert list(chain_findings("TOR", lines)) == []
    assert forged(lines, 1) == lines
    codes = [finding.code for finding in chain_findings("TOR", forged(lines, 1, **changes))]
    assert codes == expected


def test_nothing_replays_to_nothing() -> None:
    """An agreement without lines does not stand anywhere."""

    def never(_cited: object) -> Any:  # noqa: ANN401
        pytest.fail("nothing is cited")

    assert replay([], Sources(never, never, "", never)) is None


def test_replay_gives_the_row(stage: Stage, ref: Ref) -> None:
    """Folding the lines through the documents that they cite is all it takes."""
    with stage.store.reading() as reader:
        document = replace(complete_agreement(), contacts=())
        sources = Sources(
            lambda _digest: document,
            reader.policy,
            reader.policy_in_force(START),
            partial(reader.beside, ref.key),
        )
        lines = list(reader.lines(ref.key))
        assert replay(lines, sources) == reader.standing(ref.key)
        terms = reader.terms(ref.key)
        assert list(findings(str(ref), lines, reader.standing(ref.key), terms, sources)) == []


def test_store_error_of_a_source_is_a_finding_and_no_end(stage: Stage, ref: Ref) -> None:
    """One damaged agreement does not keep the others from being looked at."""
    other = stage.propose()
    codes = planted(stage, "DELETE FROM document WHERE key = :key", key=ref.key)
    assert codes == ["source.damaged"]
    stage.tamper("UPDATE agreement SET title = 'planted' WHERE key = :key", key=other.key)
    assert [finding.stream for finding in stage.verify()] == [str(ref), str(other)]
