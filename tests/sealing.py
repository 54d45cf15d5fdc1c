"""What the tests of sealing share: a log with a key, lines to seal, the tree of RFC 9162.

The tree here is the RFC's recursive definition and nothing of the product's. `verified` asks a log
everything that `lifecycle log verify` asks.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256

from lifecycle.replay import Finding
from lifecycle.sealing.keys import PublicKey
from lifecycle.sealing.notes import Checkpoint, Note, Signature
from lifecycle.sealing.ports import Seal
from lifecycle.sealing.rekeying import change_key, name_of
from lifecycle.sealing.seal import Sealed, seal
from lifecycle.verifying.checkpoints import Anchor, Claim, claim_of
from lifecycle.verifying.integrity import Integrity
from store.reader import Reader
from store.sealing.evidence import StoredLog
from store.sealing.keys import FileKey, is_signature, new_key
from tests.hands import ADMIN
from tests.stage import Stage
from tests.store.raw import Row, query

_LEAVES = (
    "SELECT leaf.leaf, leaf.stream, leaf.n, entry.line FROM leaf JOIN entry"
    " ON entry.program_id = leaf.program_id AND entry.stream = leaf.stream AND entry.n = leaf.n"
    " WHERE leaf.program_id = 1 ORDER BY leaf.leaf"
)
_CHEAP = (
    "INSERT INTO entry (program_id, stream, n, line) WITH RECURSIVE c(n) AS"
    " (SELECT {first} UNION ALL SELECT n + 1 FROM c WHERE n < {last})"
    " SELECT 1, {stream}, n, 'line ' || n || ' of {stream}' FROM c"
)


def root_of(lines: Sequence[bytes]) -> bytes:
    """Return the root over lines by the definition of RFC 9162, section 2.1.1."""
    return _mth([sha256(b"\x00" + line).digest() for line in lines])


def _mth(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return sha256(b"\x01" + _mth(hashes[:k]) + _mth(hashes[k:])).digest()


def a_key(stage: Stage) -> FileKey:
    """Return a new key for the stage's log, of which the log knows nothing yet."""
    with stage.store.reading() as reader:
        return new_key(name_of(reader))


def keyed(stage: Stage) -> FileKey:
    """Give the stage's log its first key."""
    key = a_key(stage)
    receipt = stage.do(partial(change_key, new=key), actor=ADMIN)
    assert not receipt.refused, receipt.unmet
    return key


def seal_log(stage: Stage, key: FileKey) -> Sealed:
    """Seal everything that is there, by the stage's clock."""
    return seal(stage.store, key, partial(_now, stage))


def _now(stage: Stage) -> datetime:
    return stage.order().now


def cheap(stage: Stage, count: int, stream: int = 9) -> None:
    """Put lines into a stream that say nothing but their place: for what asks of a line no more."""
    [[last]] = query(stage.url, "SELECT coalesce(max(n), 0) FROM entry WHERE stream = ?", (stream,))
    if count:
        more = {"first": last + 1, "last": last + count, "stream": stream}
        query(stage.url, _CHEAP.format(**more))


def leaves(stage: Stage) -> list[Row]:
    """Return the leaves of the tree: index, stream, n, line."""
    return query(stage.url, _LEAVES)


def waiting(stage: Stage) -> int:
    """Return how many lines wait for a seal."""
    return int(query(stage.url, "SELECT count(*) FROM unsealed")[0][0])


def seals(stage: Stage) -> list[Seal]:
    """Return the checkpoints, in order of size."""
    with stage.store.reading() as reader:
        return list(reader.seals())


def kept(stage: Stage, size: int | None = None) -> Claim:
    """Return a checkpoint as an auditor keeps it, the newest unless a size is given."""
    wanted = [one for one in seals(stage) if size in {None, one.size}][-1]
    return claim_of("the kept one", wanted.note, kept=True)


def signed_by(key: FileKey, checkpoint: Checkpoint) -> bytes:
    """Return a checkpoint's note with one key's signature."""
    text = checkpoint.text
    return Note(text, (Signature(key.public.name, key.public.id, key.sign(text)),)).body


def verified(
    stage: Stage, key: PublicKey | None = None, checkpoints: Sequence[Claim] = ()
) -> list[Finding]:
    """Return what verifying the whole log finds, against a key and checkpoints from outside."""
    with stage.store.reading() as reader:
        return [*_of_seals(reader, key, checkpoints), *reader.verify()]


def found(
    stage: Stage, key: PublicKey | None = None, checkpoints: Sequence[Claim] = ()
) -> set[tuple[str, str, int | None]]:
    """Return code, stream and line of what verifying finds by chains, tree and signatures alone."""
    with stage.store.reading() as reader:
        return {(one.code, one.stream, one.n) for one in _of_seals(reader, key, checkpoints)}


def _of_seals(
    reader: Reader, key: PublicKey | None, checkpoints: Sequence[Claim]
) -> Iterator[Finding]:
    log = StoredLog(reader)
    own = [key] if key else log.keys()
    anchor = Anchor(own[0] if own else None, key is not None, is_signature, tuple(own[1:]))
    yield from Integrity(log, anchor, checkpoints).findings()
    yield from log.findings()
