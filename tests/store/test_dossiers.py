"""Dossiers: a portfolio gone through in batches, each part as it stands on its own."""

from dataclasses import replace
from decimal import Decimal

import pytest

from lifecycle import dossiers as module
from lifecycle.dossiers import Part, dossiers, dossiers_of
from lifecycle.subjects import of_document
from states.records import Evaluation, Record, ScoreSheet
from states.vocabulary import State, Trigger
from tests.stage import Stage

pytestmark = pytest.mark.measured


@pytest.mark.parametrize("batch", [1, 500])
def test_each_part_of_a_dossier_is_what_the_agreement_has_alone(
    stage: Stage, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Documents, records that count, sheets and lines, whatever the size of a batch."""
    monkeypatch.setattr(module, "_BATCH", batch)
    refs = [stage.reach(State.ACTIVE), stage.propose(), stage.reach(State.RENEWAL)]
    first = stage.record(refs[0], Record("note", stage.day, "A call.", value=Decimal(1)))
    stage.correct_record(refs[0], first.n, Record("note", stage.day, "Two calls."))
    stage.attach(refs[1])
    with stage.store.reading() as reader:
        found = list(dossiers(reader, *Part))
        for one, ref in zip(found, refs, strict=True):
            standing = stage.standing(ref)
            assert (one.ref, one.standing, one.agreement) == (ref, standing, stage.document(ref))
            assert list(one.records) == list(reader.records(ref.key))
            assert list(one.lines) == stage.raw(ref)
            assert list(one.terms) == stage.terms(ref)
            for n, cls, sheet in (
                (standing.score_n, ScoreSheet, one.scores),
                (standing.evaluation_n, Evaluation, one.evaluation),
            ):
                assert sheet == (None if n is None else reader.sheet(cls, ref.key, n))
            assert list(one.attachments) == list(reader.attachments(ref.key))
            assert one.evaluations == (
                {standing.evaluation_n: one.evaluation} if one.evaluation else {}
            )
            versions = {standing.document_version: one.agreement}
            assert one.yearly == (versions if standing.activated else {})
            assert one.scorings == ({standing.score_n: one.scores} if one.scores else {})
    assert [record.text for _n, record in found[0].of_kind("note")] == ["Two calls."]
    assert not list(found[1].of_kind("note"))
    assert [one.evaluation is None for one in found] == [True, True, False]


def test_only_what_is_asked_for_is_read(stage: Stage) -> None:
    """A voided agreement is left out unless it is asked for, and so is a part."""
    kept, voided = stage.propose(), stage.propose()
    assert not stage.voided(voided).refused
    with stage.store.reading() as reader:
        (only,) = dossiers(reader)
        every = [one.ref for one in dossiers(reader, wanted=lambda _standing: True)]
    assert (only.ref, every) == (kept, [kept, voided])
    with pytest.raises(LookupError):
        _ = only.agreement


def test_some_are_read_in_the_order_in_which_they_are_named(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many of them are read at once; but for those that are not wanted."""
    monkeypatch.setattr(module, "_BATCH", 2)
    first, second, third = stage.propose(), stage.reach(State.ACTIVE), stage.propose()
    keys = [third.key, first.key, second.key]
    with stage.store.reading() as reader:
        found = [(one.ref, one.agreement) for one in dossiers_of(reader, keys, Part.DOCUMENT)]
        some = [one.ref for one in dossiers_of(reader, keys, wanted=lambda one: not one.activated)]
    assert found == [(ref, stage.document(ref)) for ref in (third, first, second)]
    assert some == [third, first]


def test_what_an_earlier_term_was_about_is_told_by_its_last_document(stage: Stage) -> None:
    """Of one that is renewed, the amended document of its first term; of others, nothing."""
    first = stage.propose()
    ref = stage.reach(State.ACTIVE)
    amended = replace(stage.document(ref), role="implementer")
    stage.approve(ref, "amend", of_document(amended))
    assert not stage.amend(ref, amended).refused
    for trigger in (Trigger.TERMINATE, Trigger.RENEW, Trigger.RENEGOTIATE):
        stage.pull(ref, trigger)
    stage.apply(ref, replace(stage.document(ref), role="catalyst"))
    with stage.store.reading() as reader:
        found = {one.ref: one for one in dossiers(reader, Part.DOCUMENT, Part.EARLIER)}
    assert found[ref].earlier == {1: amended}
    assert found[ref].agreement.role == "catalyst"
    assert found[first].earlier == {}
