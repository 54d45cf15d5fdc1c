"""A tree that is damaged: nothing is built upon it, nothing proved by it, and it says where."""

import pytest

from lifecycle.errors import StoreError
from lifecycle.sealing.merkle import (
    inclusion,
)
from lifecycle.sealing.nodes import Kept
from store.reader import Reader
from tests.sealing import (
    a_key,
    cheap,
    keyed,
    seal_log,
    waiting,
)
from tests.stage import Stage
from tests.store.raw import everything

_GONE = "DELETE FROM leaf WHERE leaf"


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("said", "statement"),
    [
        ("the row of the checkpoint", "UPDATE seal SET peaks = 'zz'"),
        ("the row of the checkpoint", "UPDATE seal SET peaks = ''"),
        ("the row of the checkpoint", "UPDATE seal SET root = peaks || '0'"),
        ("a public key", "UPDATE signing_key SET key = 'nonsense'"),
    ],
)
def test_damaged_tree_is_not_built_upon(stage: Stage, said: str, statement: str) -> None:
    """What it was is not guessed at: the error says what is damaged, and who tells more."""
    key = keyed(stage)
    seal_log(stage, key)
    cheap(stage, 1)
    stage.tamper(f"DROP TRIGGER {statement.split()[1]}_no_update", statement)
    before = everything(stage.url)
    with pytest.raises(StoreError, match=said) as caught:
        seal_log(stage, key)
    assert (caught.value.code, caught.value.hint) == ("damaged", "lifecycle log verify says more")
    assert everything(stage.url) == before


def prove_all(reader: Reader, size: int) -> None:
    """Prove every leaf of a tree."""
    nodes = Kept(reader, size).node
    for at in range(size):
        inclusion(at, size, nodes)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("said", "statements"),
    [
        (
            "tile 0 of level 0 is cut",
            ("DROP TRIGGER tile_no_update", "UPDATE tile SET hashes = x'00'"),
        ),
        ("leaf 256 of the tree is gone", ("DROP TRIGGER leaf_no_delete", f"{_GONE} = 256")),
        ("leaf 299 of the tree is gone", ("DROP TRIGGER leaf_no_delete", f"{_GONE} = 299")),
        (
            "line 298, leaf 299 of the tree, is gone",
            ("DROP TRIGGER entry_no_delete", "DELETE FROM entry WHERE stream = 9 AND n >= 298"),
        ),
    ],
)
def test_damaged_tree_proves_nothing(stage: Stage, said: str, statements: tuple[str, ...]) -> None:
    """A tile that is cut, a leaf or a line that is gone: the error names it."""
    key = keyed(stage)
    cheap(stage, 300 - waiting(stage))
    seal_log(stage, key)
    stage.tamper(*statements)
    with stage.store.reading() as reader, pytest.raises(StoreError, match=said):
        prove_all(reader, 300)


@pytest.mark.sqlite
def test_log_without_a_first_line_has_no_name(stage: Stage) -> None:
    """A log is named after it."""
    stage.tamper("DROP TRIGGER entry_no_delete", "DELETE FROM entry")
    with pytest.raises(StoreError, match="first line"):
        a_key(stage)
