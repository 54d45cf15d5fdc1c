"""A whole log read to be judged once more: the same on each database, and not line by line."""

from typing import Any

import pytest

from lifecycle.recomputing.rejudging import Ruling
from lifecycle.replay import sources_in
from states.vocabulary import State
from store.connection import Connection
from store.recomputing import StoredArchive
from tests.rejudging import hold_own_rules, rulings
from tests.stage import Stage, with_types


def test_stream_read_among_others_is_the_one_read_alone(stage: Stage) -> None:
    """Its lines, its documents, and every text beside them."""
    refs = [stage.reach(State.ACTIVE), stage.reach(State.DECLINED)]
    with stage.store.reading() as reader:
        archive = StoredArchive(reader)
        for ref, (key, lines) in zip(refs, archive.streams(), strict=True):
            alone, among = sources_in(reader, key, archive.sources(None).in_force), archive
            assert list(lines) == list(reader.lines(key)) == stage.raw(ref)
            cited = {entry.document for entry in stage.entries(ref) if entry.document}
            assert [among.sources(key).document(digest) for digest in cited] == [
                alone.document(digest) for digest in cited
            ]
            for entry in stage.entries(ref):
                found = sorted(among.sources(key).beside(entry.n), key=lambda part: part.part)
                assert found == sorted(alone.beside(entry.n), key=lambda part: part.part)


def test_other_rules_are_asked_with_no_more_statements_for_more_agreements(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R54: on either database; and the rules of the time say what they said."""
    longer = with_types(term_years={"min": 4, "max": 5})
    asked: list[object] = []
    run = Connection._run  # noqa: SLF001 - what every statement goes through

    def counted(*statement: Any) -> Any:  # noqa: ANN401 - as the connection has it
        asked.append(statement)
        return run(*statement)

    monkeypatch.setattr(Connection, "_run", counted)
    counts = []
    for _ in range(2):
        ref = stage.reach(State.SIGNED)
        asked.clear()
        assert set(rulings(stage, longer, ref).values()) == {Ruling.NOT_ADMITTED}
        counts.append(len(asked))
    assert counts[0] == counts[1]
    hold_own_rules(stage)
