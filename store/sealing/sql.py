"""The statements of sealing and of proofs, as Core expressions."""

from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, insert, literal, select, tuple_
from sqlalchemy.sql.expression import BindParameter

from store.tables import entry, leaf, seal, signing_key, tile, unsealed

_PROGRAM: BindParameter[Any] = bindparam("program_id")

_WAITING = (
    select(unsealed.c.stream, unsealed.c.n)
    .where(unsealed.c.program_id == _PROGRAM)
    .order_by(unsealed.c.stream, unsealed.c.n)
    .limit(bindparam("most"))
    .subquery()
)
# One statement, and so one moment: lines that are committed meanwhile wait for the next one.
TAKE = insert(leaf).from_select(
    ["program_id", "leaf", "stream", "n"],
    select(
        bindparam("program", type_=leaf.c.program_id.type),
        bindparam("first", type_=leaf.c.leaf.type)
        + func.row_number().over(order_by=(_WAITING.c.stream, _WAITING.c.n))
        - literal(1),
        _WAITING.c.stream,
        _WAITING.c.n,
    ).order_by(_WAITING.c.stream, _WAITING.c.n),
)
UNQUEUE = delete(unsealed).where(
    unsealed.c.program_id == _PROGRAM,
    exists().where(
        leaf.c.program_id == unsealed.c.program_id,
        leaf.c.stream == unsealed.c.stream,
        leaf.c.n == unsealed.c.n,
        leaf.c.leaf >= bindparam("first"),
    ),
)
_PLACE = and_(
    entry.c.program_id == leaf.c.program_id,
    entry.c.stream == leaf.c.stream,
    entry.c.n == leaf.c.n,
)
LEAVES = (
    select(leaf.c.leaf, leaf.c.stream, leaf.c.n, entry.c.line)
    .select_from(leaf.outerjoin(entry, _PLACE))
    .where(leaf.c.program_id == _PROGRAM, leaf.c.leaf >= bindparam("first"))
    .order_by(leaf.c.leaf)
    .limit(bindparam("most"))
)
WAITING = (
    select(unsealed.c.stream, unsealed.c.n, entry.c.line)
    .select_from(
        unsealed.outerjoin(
            entry,
            and_(
                entry.c.program_id == unsealed.c.program_id,
                entry.c.stream == unsealed.c.stream,
                entry.c.n == unsealed.c.n,
            ),
        )
    )
    .where(
        unsealed.c.program_id == _PROGRAM,
        tuple_(unsealed.c.stream, unsealed.c.n) > tuple_(bindparam("stream_"), bindparam("n_")),
    )
    .order_by(unsealed.c.stream, unsealed.c.n)
    .limit(bindparam("most"))
)
COUNT_WAITING = select(func.count()).select_from(unsealed).where(unsealed.c.program_id == _PROGRAM)
COUNT_LEAVES = select(func.count()).select_from(leaf).where(leaf.c.program_id == _PROGRAM)
LEAF_OF = select(leaf.c.leaf).where(
    leaf.c.program_id == _PROGRAM,
    leaf.c.stream == bindparam("stream"),
    leaf.c.n == bindparam("n"),
)
NEWEST_LEAF = (
    select(leaf.c.n, leaf.c.leaf)
    .where(leaf.c.program_id == _PROGRAM, leaf.c.stream == bindparam("stream"))
    .order_by(leaf.c.n.desc())
    .limit(1)
)
# Lines that are neither in the tree nor waiting for it: nobody can seal them. A leaf before the
# first one is in no tree.
ASTRAY = (
    select(entry.c.stream, entry.c.n)
    .where(
        entry.c.program_id == _PROGRAM,
        ~exists().where(
            leaf.c.leaf >= 0,
            leaf.c.program_id == entry.c.program_id,
            leaf.c.stream == entry.c.stream,
            leaf.c.n == entry.c.n,
        ),
        ~exists().where(
            unsealed.c.program_id == entry.c.program_id,
            unsealed.c.stream == entry.c.stream,
            unsealed.c.n == entry.c.n,
        ),
    )
    .order_by(entry.c.stream, entry.c.n)
)
_SEALS = select(seal.c.size, seal.c.root, seal.c.peaks, seal.c.sealed_at, seal.c.note).where(
    seal.c.program_id == _PROGRAM
)
SEALS = _SEALS.order_by(seal.c.size)
LAST_SEAL = _SEALS.order_by(seal.c.size.desc()).limit(1)
SEAL_COVERING = _SEALS.where(seal.c.size > bindparam("leaf")).order_by(seal.c.size).limit(1)
TILE = select(tile.c.hashes).where(
    tile.c.program_id == _PROGRAM,
    tile.c.level == bindparam("level"),
    tile.c.tile == bindparam("tile"),
)
KEYS = (
    select(signing_key.c.n, signing_key.c.key)
    .where(signing_key.c.program_id == _PROGRAM)
    .order_by(signing_key.c.n)
)
FIRST_LINE = select(entry.c.line).where(
    entry.c.program_id == _PROGRAM, entry.c.stream == 0, entry.c.n == 1
)
INSERT_TILE, INSERT_SEAL, INSERT_KEY = insert(tile), insert(seal), insert(signing_key)
