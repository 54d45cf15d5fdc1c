"""The log as it is read: all streams in one pass, and what stands beside many lines at once."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy.sql.expression import Executable

from lifecycle.entry import entry_of
from lifecycle.picking import Logged
from states.records import Record
from states.vocabulary import State
from store import logbook
from tests.stage import Stage


def whole_log(stage: Stage) -> list[Logged]:
    """Return every line of the program."""
    with stage.store.reading() as reader:
        return list(reader.log())


@pytest.mark.parametrize("batch", [1, 3, 1000])
def test_every_line_comes_once_stream_by_stream(
    stage: Stage, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program's own first, then agreements by reference; however large a batch is."""
    monkeypatch.setattr(logbook, "_BATCH", batch)
    refs = [stage.reach(State.NEGOTIATION), stage.reach(State.SIGNED)]
    lines = whole_log(stage)
    assert [one.line for one in lines] == [line for ref in (None, *refs) for line in stage.raw(ref)]
    assert [one.stream for one in lines] == sorted(one.stream for one in lines)
    assert all(entry_of(one.line).n == one.n for one in lines)
    with stage.store.reading() as reader:
        assert list(reader.log_of(refs[1].key)) == [
            one for one in lines if one.stream == refs[1].key
        ]
        assert list(reader.log_of(None)) == [one for one in lines if not one.stream]


def test_what_stands_beside_many_lines_is_read_with_few_statements(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same as line by line, in the same order; for more lines than one statement names."""
    ref = stage.reach(State.EVALUATION)
    for _ in range(3):
        stage.reach(State.NEGOTIATION)
    stage.apply(ref, stage.document(ref), reason="unchanged")
    for count in range(logbook.SEVERAL):
        stage.record(ref, Record("note", stage.day, f"Note {count}."))
    lines = whole_log(stage)
    assert len(lines) > logbook.SEVERAL
    with stage.store.reading() as reader:
        asked: Counter[str] = Counter()
        rows = reader._rows  # noqa: SLF001 - how often it asks is what is held

        def counted(statement: Executable, **values: object) -> list[Any]:
            asked["statements"] += 1
            return rows(statement, **values)

        monkeypatch.setattr(reader, "_rows", counted)
        found = reader.beside_of(lines)
        assert asked["statements"] == -(-len(lines) // logbook.SEVERAL)
        assert reader.beside_of([]) == {}
        for one in lines:
            wanted = reader.beside(one.stream or None, one.n)
            assert list(found.get((one.stream, one.n), ())) == list(wanted)


def test_line_is_sealed_by_the_first_seal_that_is_larger(stage: Stage) -> None:
    """Leaves count from 0; a leaf past the last seal has none, and what is no leaf is left out."""
    ref = stage.reach(State.NEGOTIATION)
    first, second, third, fourth, *_ = [one for one in whole_log(stage) if one.stream == ref.key]
    days = ("2026-09-01", "2026-09-02", None)
    for index, (one, day) in enumerate(zip((second, first, third), days, strict=True)):
        stage.tamper(
            "INSERT INTO leaf (program_id, leaf, stream, n)"  # noqa: S608 - a test's own numbers
            f" VALUES (1, {index}, {one.stream}, {one.n})"
        )
        if day is not None:
            stage.tamper(
                "INSERT INTO seal (program_id, size, root, peaks, sealed_at, note)"  # noqa: S608
                f" VALUES (1, {index + 1}, '', '', '{day}T12:00:00Z', '')"
            )
    with stage.store.reading() as reader:
        assert reader.sealed([first, second, third, fourth]) == {
            (ref.key, 2): (0, "2026-09-01T12:00:00Z"),
            (ref.key, 1): (1, "2026-09-02T12:00:00Z"),
            (ref.key, 3): (2, None),
        }
