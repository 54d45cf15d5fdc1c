"""Attaching files by their SHA-256."""

from hashlib import sha256
from typing import Any

import pytest

from states.attachment import Attachment
from states.problem import InvalidInputError
from states.ref import Ref
from states.vocabulary import Event, Outcome, State
from tests.builders import DORA
from tests.conftest import Staging
from tests.stage import Stage, codes, policy_file


def attached(stage: Stage, ref: Ref) -> list[Attachment]:
    """Return what was attached to an agreement."""
    with stage.store.reading() as reader:
        return [paper for _n, paper in reader.attachments(ref.key)]


def test_file_is_kept_under_its_digest_and_cited_by_its_line(city: Stage) -> None:
    """The version stays; the bytes are what was attached."""
    ref, body = city.propose(), b"%PDF resolved"
    receipt = city.attach(ref, body=body)
    digest = sha256(body).hexdigest()
    assert (receipt.event, receipt.outcome, receipt.version) == (Event.ATTACHED, Outcome.OK, 1)
    assert attached(city, ref) == [
        Attachment("resolution.pdf", "resolution", digest, len(body), public=False)
    ]
    with city.store.reading() as reader:
        assert reader.attached(digest) == body
    assert city.last(ref).content is not None
    assert city.verify() == []


def test_same_file_again_is_unchanged_and_another_mark_is_a_line(city: Stage) -> None:
    """Its bytes are kept once, for all agreements."""
    ref, other = city.propose(), city.propose()
    city.attach(ref)
    assert city.attach(ref).outcome is Outcome.UNCHANGED
    assert city.attach(ref, public=True).outcome is Outcome.OK
    assert city.attach(other, actor=DORA).outcome is Outcome.OK
    assert [paper.public for paper in attached(city, ref)] == [False, True]
    assert city.verify() == []


def test_file_is_attached_to_what_has_ended_too(city: Stage) -> None:
    """Letters come late."""
    ref = city.reach(State.SUNSET)
    assert city.attach(ref, "letter.txt", "letter").outcome is Outcome.OK
    assert city.verify() == []


@pytest.mark.parametrize(
    ("paper", "code"),
    [
        (("resolution.pdf", "poem"), "not_allowed"),
        (("run.exe", "evidence"), "bad_ending"),
        (("none", "evidence"), "bad_ending"),
        (("empty.pdf", "evidence", b""), "empty"),
        (("large.pdf", "evidence", b"x" * (1024 * 1024 + 1)), "too_long"),
        (("third.pdf", "evidence", b"third"), "too_many"),
    ],
)
def test_file_beyond_the_policys_limits_is_bad_input(
    staged: Staging, paper: tuple[Any, ...], code: str
) -> None:
    """Another kind or ending, nothing in it, too large, too many; nothing is kept of it."""
    limits = {"attachments": {"largest_mb": 1, "at_most": 2}}
    stage = staged(policy_file(limits), sandbox=False).with_people()
    ref = stage.propose()
    for body in (b"first", b"second"):
        stage.attach(ref, body=body)
    lines = stage.raw(ref)
    with pytest.raises(InvalidInputError) as caught:
        stage.attach(ref, *paper)
    assert code in [problem.code for problem in caught.value.problems]
    assert stage.raw(ref) == lines


def test_known_file_is_marked_though_no_more_are_taken(staged: Staging) -> None:
    """It is none more."""
    stage = staged(policy_file({"attachments": {"at_most": 1}}), sandbox=False).with_people()
    ref = stage.propose()
    stage.attach(ref)
    assert stage.attach(ref, public=True).outcome is Outcome.OK


def test_same_key_attaches_once(city: Stage) -> None:
    """A retry is answered with the first receipt."""
    ref = city.propose()
    first = city.attach(ref, key="k")
    assert city.attach(ref, key="k").entry == first.entry


def test_agreement_changed_meanwhile_gets_nothing_attached_unseen(city: Stage) -> None:
    """Where a version is expected."""
    ref = city.propose()
    assert codes(city.attach(ref, expect_version=7)) == ["version_conflict"]
    assert attached(city, ref) == []
    assert city.verify() == []
