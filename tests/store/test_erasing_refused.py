"""What can't be erased is told with why, and what is planted in an erased text's place is found."""

import pytest

from lifecycle.entry import digest_of, salted
from states.problem import InvalidInputError
from states.ref import Ref
from tests.erased import (
    ATTACHED,
    NAME,
    erase,
    erase_everywhere,
    erase_text,
    erase_texts,
    in_order,
    kept,
    told_of,
)
from tests.stage import Stage, policy_file
from tests.store.raw import query

pytestmark = pytest.mark.measured


@pytest.fixture
def ref(stage: Stage) -> Ref:
    """Return an agreement in force in whose texts the person stands, line for line."""
    return told_of(stage)


PARTS = [
    (99, "reason", "has no entry 99"),
    (1, "reason", "no reason stands beside line 1"),
    (1, "document", "can't go as a whole"),
    (1, "line", "is no part"),
    (1, "attachment", "attached no file"),
]
WORDS = [
    (("L",), {}, "too short"),
    ((), {}, "nothing is said"),
    (("yes",), {}, "word of the policy"),
    (("toronto council",), {}, "'City of Toronto Council' is a word of the policy"),
    ((NAME,), {"reason": f"{NAME} asked."}, "the very words"),
]


@pytest.mark.parametrize(("n", "part", "words"), PARTS)
def test_text_that_can_not_go_as_a_whole_is_told_with_why(
    stage: Stage, ref: Ref, n: int, part: str, words: str
) -> None:
    """Nothing there, or later lines are judged by it; and nothing is changed."""
    for everywhere in (False, True):
        with pytest.raises(InvalidInputError, match=words):
            erase_everywhere(stage, ref, n, part, everywhere=everywhere)
    with pytest.raises(InvalidInputError, match="no content stands beside line 1"):
        erase(stage, None, 1, "content")
    assert "li wei" in kept(stage)
    assert in_order(stage)


def test_notes_that_decide_about_other_lines_stay(stage: Stage, ref: Ref) -> None:
    """An approval, and what an `erased` line says."""
    approved = stage.approve(ref, "terminate").n
    for n in (approved, erase(stage, ref, 3, "reason").receipt.n):
        with pytest.raises(InvalidInputError, match="later lines need it"):
            erase(stage, ref, n, "content")
    assert in_order(stage)


@pytest.mark.parametrize(("words", "order", "said"), WORDS)
def test_words_that_can_not_be_erased_are_told_with_why(
    stage: Stage, ref: Ref, words: tuple[str, ...], order: dict[str, str], said: str
) -> None:
    """Of nobody, of the policy, of the order itself; and nothing is changed."""
    condition = {"code": "c", "question": "?", "trigger": "sign", "answers": ["yes"]}
    bodies = [{"name": "City of Toronto Council"}]
    stage.adopt(policy_file({"bodies": bodies, "conditions": [condition]}))
    with pytest.raises(InvalidInputError, match=said):
        erase_text(stage, ref, *words, **order)
    with pytest.raises(InvalidInputError, match="stands on one line"):
        erase_texts(stage, (None, ref), NAME, key="k")
    assert "li wei" in kept(stage)
    assert in_order(stage)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE beside SET body = 'Another one.' WHERE part = 'reason' AND n = 3",
        "UPDATE beside SET body = replace(body, 'erased 1', 'Eve') WHERE n = 8",
        "UPDATE document SET body = replace(body, 'erased 1', 'Eve')",
        "UPDATE document SET body = replace(body, 'erased 1', 'Eve') WHERE version = 1",
        "UPDATE attachment SET body = x'00'",
        "UPDATE erasure SET digest = ''",
        "DELETE FROM erasure",
        "DELETE FROM erasure WHERE part = 'reason'",
        "UPDATE beside SET body = '[]' WHERE kind = 'erasure'",
        "INSERT INTO erasure VALUES (1, :key, 1, 'content', 3, '00')",
    ],
)
def test_planted_text_in_the_place_of_an_erased_one_is_found(
    stage: Stage, ref: Ref, statement: str
) -> None:
    """Only what the line says may stand there."""
    erase_text(stage, ref, NAME)
    erase(stage, ref, ATTACHED, "attachment")
    if stage.backend == "postgresql":
        statement = statement.replace("x'00'", "'\\x00'").replace(":key", str(ref.key))
    values = {"key": ref.key} if ":key" in statement else {}
    with_triggers_off(stage, statement, **values)
    assert {finding.stream for finding in stage.verify()} == {str(ref)}


def with_triggers_off(stage: Stage, statement: str, **values: object) -> None:
    """Run a statement as who owns the database and takes its triggers away."""
    table = statement.split()[2 if statement.startswith(("DELETE", "INSERT")) else 1]
    if stage.backend == "postgresql":
        query(stage.url, f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    else:
        names = [f"{table}_no_update", f"{table}_no_delete", f"{table}_extends"]
        stage.tamper(*(f"DROP TRIGGER IF EXISTS {name}" for name in names))
    stage.tamper(statement, **values)


@pytest.mark.parametrize("body", ["[]", "{}", "nothing", '[{"entry":3,"part":"reason"}]'])
@pytest.mark.sqlite
def test_erased_line_that_says_something_else_erases_nothing(
    stage: Stage, ref: Ref, body: str
) -> None:
    """Even where it cites it: what it does not name is held against its own line."""
    erase(stage, ref, 3, "reason")
    n = stage.last(ref).n
    cited = salted(b"", body.encode())
    line = stage.raw(ref)[-1].decode().replace(stage.last(ref).content or "", cited)
    stage.tamper("DROP TRIGGER entry_no_update", "DROP TRIGGER beside_no_update")
    stage.tamper("UPDATE entry SET line = :line WHERE stream > 0 AND n = :n", line=line, n=n)
    statement = "UPDATE beside SET salt = x'', body = :body WHERE n = :n AND kind = 'erasure'"
    stage.tamper(statement, body=body, n=n)
    head = digest_of(line.encode())
    stage.tamper("UPDATE agreement SET head = :head", head=head)
    codes = {finding.code for finding in stage.verify()}
    assert codes & {"beside.differs", "source.damaged"}
