"""A log's key: its first one, one in place of another, and one in place of one that is lost."""

from functools import partial
from typing import Any

import pytest

from lifecycle.errors import StoreError
from lifecycle.order import Receipt
from lifecycle.sealing import seal as module
from lifecycle.sealing.notes import checkpoint_of, note_of
from lifecycle.sealing.rekeying import change_key
from states.codec import decode
from states.notes import KeyChange
from states.problem import InvalidInputError
from states.vocabulary import Event, Outcome, Role, State
from store.sealing.keys import FileKey
from tests.sealing import a_key, cheap, kept, keyed, seal_log, seals, verified, waiting
from tests.stage import Stage
from tests.store.raw import everything

ADMIN = "admin"


def change(
    stage: Stage,
    new: FileKey,
    old: FileKey | None = None,
    *,
    lost: bool = False,
    **order: Any,  # noqa: ANN401 - any field of Order
) -> Receipt:
    """Give the log a key, as its admin unless somebody else is named."""
    act = partial(change_key, new=new, old=old, lost=lost)
    return stage.do(act, **{"actor": ADMIN, **order})


def said(stage: Stage, n: int) -> KeyChange:
    """Return what stands beside a line of the program's stream."""
    with stage.store.reading() as reader:
        [part] = reader.beside(None, n)
    assert part.kind == "key"
    return decode(KeyChange, part.body)


def test_first_key_is_a_line_of_the_program_and_nobodys_successor(city: Stage) -> None:
    """It names the public key; the private one is nowhere in the database."""
    key = a_key(city)
    receipt = change(city, key)
    line = city.last(None)
    assert (line.event, line.role, line.actor.id) == (Event.KEY_CHANGED, Role.ADMIN, ADMIN)
    assert (receipt.event, receipt.n, receipt.outcome) == (Event.KEY_CHANGED, line.n, Outcome.OK)
    assert said(city, line.n) == KeyChange(key.public.vkey)
    with city.store.reading() as reader:
        [known] = reader.public_keys()
    assert (known.n, known.key) == (line.n, key.public)
    secret = key.file.decode().splitlines()[2]
    assert secret not in repr(everything(city.url))
    seal_log(city, key)
    assert verified(city, key.public) == []


@pytest.mark.parametrize("actor", ["anna", "dora", "system", "nobody"])
def test_only_admins_change_the_key(city: Stage, actor: str) -> None:
    """Who else tries is written down as refused, and the log has the key that it had."""
    receipt = change(city, a_key(city), actor=actor)
    assert receipt.refused
    line = city.last(None)
    assert (line.event, line.outcome) == (Event.REFUSED, Outcome.REFUSED)
    assert [unmet.code for _severity, unmet in receipt.unmet] == ["role.missing"]
    with city.store.reading() as reader:
        assert reader.public_keys() == []
    old = keyed(city)
    assert change(city, a_key(city), old, actor=actor).refused
    assert change(city, a_key(city), lost=True, actor=actor).refused
    with city.store.reading() as reader:
        assert [one.key for one in reader.public_keys()] == [old.public]
    assert seals(city) == []


def test_old_key_vouches_for_the_new_one_in_what_it_signs(stage: Stage) -> None:
    """Its last checkpoint covers the line, names the new key, and bears both signatures."""
    stage.reach(State.DECISION)
    old, new = keyed(stage), a_key(stage)
    receipt = change(stage, new, old)
    assert said(stage, receipt.n) == KeyChange(new.public.vkey, old.public.vkey, signed=True)
    last = seals(stage)[-1]
    note = note_of(last.note)
    assert checkpoint_of(note.text).next_key == new.public
    assert note.by(old.public) is not None
    assert note.by(new.public) is not None
    assert waiting(stage) == 0
    with pytest.raises(StoreError, match=new.public.id.hex()):
        seal_log(stage, old)
    stage.propose()
    seal_log(stage, new)
    for outside in (None, old.public, new.public):
        assert verified(stage, outside) == []


def test_everything_written_before_is_sealed_by_the_old_key(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much it is: a chunk after the other, then the checkpoint that hands over."""
    old, new = keyed(stage), a_key(stage)
    monkeypatch.setattr(module, "CHUNK", 7)
    cheap(stage, 21 - waiting(stage))
    change(stage, new, old)
    assert [one.size for one in seals(stage)] == [7, 14, 21, 22]
    handing = [checkpoint_of(note_of(one.note).text).next_key for one in seals(stage)]
    assert handing == [None, None, None, new.public]
    assert all(note_of(one.note).by(old.public) for one in seals(stage))


def test_several_keys_in_a_row_are_each_handed_over_to(stage: Stage) -> None:
    """Whoever has any one of them from elsewhere can go on to the last."""
    keys = [keyed(stage)]
    for _ in range(3):
        seal_log(stage, keys[-1])
        stage.propose()
        keys.append(a_key(stage))
        change(stage, keys[-1], keys[-2])
        stage.propose()
        seal_log(stage, keys[-1])
    for key in keys:
        assert verified(stage, key.public) == []
    assert {one.code for one in verified(stage, a_key(stage).public)} == {"signature.wrong"}


def test_lost_key_is_replaced_and_nobody_vouches(stage: Stage) -> None:
    """The log goes on by itself; who holds the old key is told that it signs no more."""
    old, new = keyed(stage), a_key(stage)
    seal_log(stage, old)
    sealed = seals(stage)
    receipt = change(stage, new, lost=True)
    assert said(stage, receipt.n) == KeyChange(new.public.vkey, old.public.vkey)
    assert seals(stage) == sealed
    assert seal_log(stage, new).new == 1
    assert verified(stage) == []
    assert verified(stage, new.public, [kept(stage, sealed[0].size)]) == []
    [finding] = verified(stage, old.public)
    assert finding.code == "signature.wrong"
    assert f"checkpoint of {seals(stage)[-1].size} lines" in finding.message
    third = a_key(stage)
    change(stage, third, new)
    assert verified(stage) == []


def test_key_that_sealed_nothing_can_be_lost_too(stage: Stage) -> None:
    """The first checkpoint is then the second key's."""
    keyed(stage)
    new = a_key(stage)
    change(stage, new, lost=True)
    seal_log(stage, new)
    assert verified(stage) == []


@pytest.mark.parametrize(
    ("code", "old", "lost"),
    [("no_key", "mine", False), ("no_key", None, True)],
    ids=["in place of another", "in place of a lost one"],
)
def test_log_without_a_key_has_none_to_replace(
    stage: Stage,
    code: str,
    old: str | None,
    lost: bool,  # noqa: FBT001
) -> None:
    """Its first one is made another way."""
    before = everything(stage.url)
    with pytest.raises(StoreError, match="no key yet") as caught:
        change(stage, a_key(stage), a_key(stage) if old else None, lost=lost)
    assert caught.value.code == code
    assert everything(stage.url) == before


def test_second_first_key_is_not_made(stage: Stage) -> None:
    """Nor is one put in the place of a key by who has another one than the log's."""
    mine = keyed(stage)
    before = everything(stage.url)
    with pytest.raises(StoreError, match="already") as caught:
        change(stage, a_key(stage))
    assert caught.value.code == "has_key"
    with pytest.raises(StoreError, match=mine.public.id.hex()) as caught:
        change(stage, a_key(stage), a_key(stage))
    assert caught.value.code == "wrong_key"
    assert everything(stage.url) == before


def test_order_that_is_repeated_changes_the_key_once(stage: Stage) -> None:
    """Under the same idempotency key, whatever key the repeat brings along."""
    first = a_key(stage)
    receipt = change(stage, first, key="one")
    again = change(stage, a_key(stage), key="one")
    assert (again.n, again.repeated) == (receipt.n, True)
    with stage.store.reading() as reader:
        assert [one.key for one in reader.public_keys()] == [first.public]
    with pytest.raises(InvalidInputError, match="idempotency key"):
        change(stage, a_key(stage), first, key="one", actor="dora")
