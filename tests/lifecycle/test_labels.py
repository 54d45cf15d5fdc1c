"""Labels of what stands beside lines: they follow from the line and from what it cites."""

from dataclasses import replace

import pytest

from lifecycle.labels import Label, label_findings
from states.records import RETRACTED, Record
from states.ref import Ref
from states.vocabulary import State
from tests.builders import START
from tests.stage import Stage
from tests.store.plantings import no_triggers


@pytest.fixture
def ref(stage: Stage) -> Ref:
    """Return an agreement with records, one of them corrected and one retracted."""
    ref = stage.reach(State.ACTIVE)
    mission = Record("activity", START, text="A mission.")
    first = stage.record(ref, mission).n
    second = stage.record(ref, Record("note", START, text="Seen.")).n
    assert not stage.correct_record(ref, first, replace(mission, text="Two missions.")).refused
    assert not stage.correct_record(ref, second, None).refused
    assert stage.verify() == []
    return ref


def test_label_of_everything_that_stands_beside_lines_follows_from_it(
    stage: Stage, ref: Ref
) -> None:
    """Corrections say themselves whose place they take."""
    with stage.store.reading() as reader:
        lines = list(reader.lines(ref.key))
        beside = {
            n: (Label(part.kind, part.year, part.corrects), part.body)
            for n in range(1, len(lines) + 1)
            for part in reader.beside(ref.key, n)
            if part.part == "content"
        }
    kinds = {label.kind for label, _body in beside.values()}
    assert {"record.activity", "record.note", RETRACTED} <= kinds
    assert list(label_findings(str(ref), lines, beside)) == []
    for n, (label, body) in beside.items():
        for other in (
            replace(label, kind="record.letter"),
            replace(label, year=1999),
            replace(label, corrects=1 if label.corrects != 1 else 2),
        ):
            found = list(label_findings(str(ref), lines, {**beside, n: (other, body)}))
            assert [(one.n, one.code) for one in found] == [(n, "label.differs")], (label, other)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE beside SET kind = 'record.note' WHERE kind = 'record.activity'",
        "UPDATE beside SET corrects = corrects + 1 WHERE corrects IS NOT NULL",
        "UPDATE beside SET corrects = NULL WHERE corrects IS NOT NULL",
        "UPDATE beside SET year = 2001 WHERE kind = 'record.note'",
    ],
)
def test_planted_label_is_found(stage: Stage, ref: Ref, statement: str) -> None:
    """Though no digest is taken over it: nobody relabels a record, or whose place it takes."""
    stage.tamper(*no_triggers("beside"), statement)
    found = {(one.stream, one.code) for one in stage.verify()}
    assert (str(ref), "label.differs") in found


def test_nothing_follows_where_nothing_can_be_read(stage: Stage, ref: Ref) -> None:
    """What was erased as a whole, and corrections of releases that did not say so."""
    with stage.store.reading() as reader:
        lines = list(reader.lines(ref.key))
    last = len(lines)
    for body in (b"", b"[]", b"{}"):
        beside = {last: (Label("record.note", None, 2), body)}
        assert list(label_findings(str(ref), lines, beside)) == []
