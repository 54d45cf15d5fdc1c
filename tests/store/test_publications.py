"""Many publications are noted in one transaction, with no more statements for more agreements."""

from typing import Any

import pytest

from states.ref import Ref
from states.vocabulary import Event, Outcome, Rule, State
from store.connection import Connection
from tests.hands import publication
from tests.stage import Stage


def test_more_publications_take_no_more_statements(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R28: they are locked, judged and written together, and so is finding that all are noted."""
    refs = [stage.reach(State.SIGNED) for _ in range(5)]
    asked: list[str] = []
    for name in ("row", "rows", "run", "run_many", "ask"):
        _count(monkeypatch, name, asked)
    counts = []
    for some in (refs[:2], refs[2:]):
        asked.clear()
        _note(stage, some, Outcome.OK)
        counts.append(len(asked))
        asked.clear()
        _note(stage, some, Outcome.UNCHANGED)
        counts.append(len(asked))
    assert counts[:2] == counts[2:]
    assert stage.verify() == []


def test_publication_that_is_retracted_counts_no_more_and_may_be_noted_again(stage: Stage) -> None:
    """And what it had ended is owed again."""
    ref = stage.reach(State.SIGNED)
    _note(stage, [ref], Outcome.OK)
    assert not _owed(stage, ref)
    wrong = stage.last(ref).n
    assert not stage.correct_record(ref, wrong, None, reason="The site was another city's.").refused
    assert _owed(stage, ref)
    with stage.store.reading() as reader:
        assert reader.publications_of([stage.standing(ref)]) == {ref.key: []}
    _note(stage, [ref], Outcome.OK)
    assert not _owed(stage, ref)
    assert stage.verify() == []


def _note(stage: Stage, refs: list[Ref], outcome: Outcome) -> None:
    receipts = stage.publish(*map(publication, refs))
    said = [(receipt.event, receipt.outcome) for receipt in receipts]
    assert said == [(Event.PUBLISHED, outcome)] * len(refs)


def _owed(stage: Stage, ref: Ref) -> bool:
    with stage.store.reading() as reader:
        return Rule.UNPUBLISHED in {watch.rule for watch in reader.watches(ref.key)}


def _count(monkeypatch: pytest.MonkeyPatch, name: str, asked: list[str]) -> None:
    for cls in (Connection, *Connection.__subclasses__()):
        if name in vars(cls):
            original = vars(cls)[name]

            def counted(*args: Any, original: Any = original, **values: Any) -> Any:  # noqa: ANN401
                asked.append(name)
                return original(*args, **values)

            monkeypatch.setattr(cls, name, counted)
