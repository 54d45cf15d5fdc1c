"""The tree agrees with RFC 9162's own definitions and with the published vectors."""

import runpy
from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.sealing.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency,
    inclusion,
    leaf_hash,
    node_hash,
    proves_consistency,
    proves_inclusion,
    root_of,
    whole_root,
)
from tests.lifecycle.sealing import definitions, vectors
from tests.store.bundle.outside import PROGRAM

TRIED = 40
"""Up to which size every proof is tried."""


def lines(count: int) -> list[bytes]:
    """Return some lines."""
    return [b"line %d" % n for n in range(count)]


class Nodes:
    """Looks whole subtrees up among some lines."""

    def __init__(self, of: Sequence[bytes]) -> None:
        """Take the lines."""
        self._lines = of

    def __call__(self, level: int, index: int) -> bytes:
        """Return the root of a whole subtree."""
        found = self._lines[index << level : (index + 1) << level]
        assert len(found) == 1 << level, "only whole subtrees are asked for"
        return definitions.mth(found)


def hexes(hashes: Sequence[bytes]) -> list[str]:
    """Return hashes as the vectors have them."""
    return [one.hex() for one in hashes]


def test_roots_are_the_published_ones() -> None:
    """Of no line, and of the first one to eight."""
    assert EMPTY_ROOT.hex() == Frontier().root.hex() == vectors.EMPTY
    for count, root in enumerate(vectors.ROOTS, 1):
        assert root_of(map(leaf_hash, vectors.LINES[:count])).hex() == root


@pytest.mark.parametrize(("index", "size", "proof"), vectors.INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int, proof: list[str]) -> None:
    """As certificate transparency's implementations have them."""
    made = inclusion(index, size, Nodes(vectors.LINES))
    root, leaf = bytes.fromhex(vectors.ROOTS[size - 1]), leaf_hash(vectors.LINES[index])
    assert hexes(made) == proof
    assert proves_inclusion(leaf, index, size, made, root)


@pytest.mark.parametrize(("old", "size", "proof"), vectors.CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, size: int, proof: list[str]) -> None:
    """As certificate transparency's implementations have them."""
    made = consistency(old, size, Nodes(vectors.LINES))
    before, after = (bytes.fromhex(vectors.ROOTS[one - 1]) for one in (old, size))
    assert hexes(made) == proof
    assert proves_consistency(old, before, size, after, made)


def test_independent_definitions_agree_with_the_published_vectors_too() -> None:
    """What the tree is compared with is right itself."""
    for count, root in enumerate(vectors.ROOTS, 1):
        assert definitions.mth(vectors.LINES[:count]).hex() == root
    for index, size, steps in vectors.INCLUSION:
        assert hexes(definitions.path(index, vectors.LINES[:size])) == steps
    for old, size, steps in vectors.CONSISTENCY:
        assert hexes(definitions.proof(old, vectors.LINES[:size])) == steps


def test_every_proof_of_small_trees_is_that_of_the_definition() -> None:
    """Each leaf of each size, and each older size: made alike, and verified."""
    for size in range(1, TRIED):
        known = lines(size)
        root, nodes = definitions.mth(known), Nodes(known)
        assert root_of(map(leaf_hash, known)) == root
        for index in range(size):
            made = inclusion(index, size, nodes)
            assert made == definitions.path(index, known)
            assert proves_inclusion(leaf_hash(known[index]), index, size, made, root)
            steps = consistency(index + 1, size, nodes)
            assert steps == definitions.proof(index + 1, known)
            before = definitions.mth(known[: index + 1])
            assert proves_consistency(index + 1, before, size, root, steps)


def test_verifier_without_our_code_follows_every_proof_of_small_trees() -> None:
    """verify.py comes to both roots by the recursion of the RFC, and uses all of the proof up."""
    roots = runpy.run_path(str(PROGRAM))["roots"]
    for size in range(2, TRIED):
        known = lines(size)
        for old in range(1, size):
            steps, before = definitions.proof(old, known), definitions.mth(known[:old])
            assert roots(old, size, steps, before) == [before, definitions.mth(known)]
            assert steps == []


@given(st.data(), st.integers(1, 300))
def test_proof_that_was_changed_proves_nothing(data: st.DataObject, size: int) -> None:
    """Another hash, one more, one less, another leaf, index, size or root."""
    known = lines(size)
    root, index = definitions.mth(known), data.draw(st.integers(0, size - 1))
    made = inclusion(index, size, Nodes(known))
    leaf = leaf_hash(known[index])
    wrong = data.draw(changed(made))
    if wrong != made:
        assert not proves_inclusion(leaf, index, size, wrong, root)
    assert not proves_inclusion(leaf_hash(b"another"), index, size, made, root)
    assert not proves_inclusion(leaf, index, size, made, leaf_hash(b"another"))
    assert not proves_inclusion(leaf, size, size, made, root)
    assert not proves_inclusion(leaf, -1, size, made, root)
    old = index + 1
    steps, before = consistency(old, size, Nodes(known)), definitions.mth(known[:old])
    wrong = data.draw(changed(steps))
    if wrong != steps:
        assert not proves_consistency(old, before, size, root, wrong)
    if old < size:
        assert not proves_consistency(old, leaf_hash(b"another"), size, root, steps)
        assert not proves_consistency(old, before, size, leaf_hash(b"another"), steps)
        assert not proves_consistency(old, before, size, root, [])
    assert not proves_consistency(0, EMPTY_ROOT, size, root, steps)
    assert not proves_consistency(size + 1, before, size, root, steps)


def changed(hashes: Sequence[bytes]) -> st.SearchStrategy[list[bytes]]:
    """Return other hashes than these, mostly."""
    other = sha256(b"other").digest()
    ways = [st.just([*hashes, other]), st.just([other, *hashes])]
    if hashes:
        at = st.integers(0, len(hashes) - 1)
        ways += [
            at.map(lambda i: [*hashes[:i], *hashes[i + 1 :]]),
            at.map(lambda i: [*hashes[:i], other, *hashes[i + 1 :]]),
            at.map(lambda i: [*hashes[i:], *hashes[:i]]),
        ]
    return st.one_of(ways)


@given(st.integers(0, 600), st.integers(0, 600))
def test_tree_that_grows_from_where_it_was_left_is_the_same_tree(first: int, more: int) -> None:
    """Its size and its peaks are all that it has to be known by."""
    known = [leaf_hash(line) for line in lines(first + more)]
    begun = Frontier()
    for leaf in known[:first]:
        begun.append(leaf)
    again = Frontier(begun.size, begun.peaks)
    for leaf in known[first:]:
        again.append(leaf)
    assert (again.size, again.root) == (first + more, root_of(known))


def test_peaks_of_another_size_are_refused() -> None:
    """A row of the database that was altered makes no tree."""
    with pytest.raises(ValueError, match="a tree of 3 leaves has 2 peaks, not 1"):
        Frontier(3, [EMPTY_ROOT])


def test_root_of_a_whole_subtree_is_the_tree_s() -> None:
    """By pairs, or one leaf after the other."""
    known = [leaf_hash(line) for line in lines(256)]
    assert whole_root(known) == root_of(known)
    assert whole_root(known[:2]) == node_hash(*known[:2])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_leaf_that_is_not_in_the_tree_has_no_proof(index: int, size: int) -> None:
    """Whoever asks for one is told so."""
    with pytest.raises(ValueError, match=f"leaf {index} is not in a tree of {size}"):
        inclusion(index, size, Nodes(lines(size)))


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3), (-1, 3)])
def test_tree_that_is_no_beginning_has_no_proof(old: int, size: int) -> None:
    """Nor has the tree of no line, of which every tree is one."""
    with pytest.raises(ValueError, match=f"a tree of {old} is no beginning of one of {size}"):
        consistency(old, size, Nodes(lines(size)))


def test_proof_longer_than_the_tree_is_high_is_refused() -> None:
    """Whatever the hashes are."""
    leaf = leaf_hash(b"a")
    assert not proves_inclusion(leaf, 0, 1, [leaf], leaf)
    root = definitions.mth(lines(2))
    steps = [*definitions.proof(1, lines(2)), leaf]
    assert not proves_consistency(1, leaf_hash(lines(1)[0]), 2, root, steps)


def test_nothing_is_proven_of_places_that_are_not_there() -> None:
    """A leaf beyond the tree, the tree of no line, a larger one, and a proof that says nothing."""
    leaf, root = leaf_hash(b"a"), definitions.mth(lines(3))
    for index in (-1, 3):
        assert not proves_inclusion(leaf, index, 3, [leaf], root)
    for old in (0, 4):
        assert not proves_consistency(old, root, 3, root, [leaf])
    assert not proves_consistency(3, root, 3, root, [leaf])
    for old in (1, 3):
        assert not proves_consistency(old, definitions.mth(lines(old)), 5, root, [])
