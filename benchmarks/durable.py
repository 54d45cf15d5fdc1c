"""One durable guarded transition on SQLite: ours, the bare driver, and other engines.

Each round signs agreements with a 10 kB document; every transition is one transaction with
synchronous=FULL that reads row and document, moves the row on, and inserts one log line: the very
bytes that one of ours has. Ours asks every guard of `sign`, the others one, the bare driver none.
Each works in a process and a file of its own, and rounds alternate between them.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from benchmarks import others
from benchmarks.measure import Result, Taken, Way, timed
from benchmarks.others.work import Work, given, head_of, insist
from benchmarks.sample import agreement, negotiated, order, sandbox
from benchmarks.writers import Step, together, writers
from lifecycle.advance import advance
from states.codec import encode
from states.ref import Ref
from states.vocabulary import Outcome, Trigger
from store.opening import open_store

ROUNDS = 15
EACH = 60
COUNT = EACH * (ROUNDS + 1)

_LINE = "SELECT line FROM entry WHERE n = 2 AND stream > 0 LIMIT 1"
_LOGGED = (
    "SELECT count(*), min(length(line)), max(length(line)) FROM entry WHERE n = 2 AND stream > 0"
)


def ours(url: str, keys: Sequence[int]) -> Step:
    """Sign through the library: all guards, the machine, a canonical line, hashes."""
    store, left = open_store(url), iter(keys)

    def step() -> None:
        with store.unit() as unit:
            ref = Ref.of(store.program.code, next(left))
            receipt = advance(unit, order("ben"), ref, Trigger.SIGN)
        if receipt.outcome is not Outcome.OK:
            raise RuntimeError(receipt)

    return step


def bare(work: Work) -> Step:
    """Do the same SELECT, UPDATE, INSERT and COMMIT with sqlite3 alone: the limit."""
    connection = sqlite3.connect(work.url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    left = iter(work.ids)

    def step() -> None:
        _bare_step(connection, next(left), work.line)

    return step


def _bare_step(connection: sqlite3.Connection, id_: int, line: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    state, version, n, _head, _body = connection.execute(
        "SELECT state, version, n, head, body FROM agreement JOIN document"
        " ON document.id = agreement.document_id WHERE agreement.id = ?",
        (id_,),
    ).fetchone()
    if state != "negotiation":
        raise RuntimeError(state)
    connection.execute(
        "UPDATE agreement SET state = 'signed', version = ?, n = ?, head = ?"
        " WHERE id = ? AND version = ?",
        (version + 1, n + 1, head_of(line), id_, version),
    )
    connection.execute(
        "INSERT INTO entry (agreement_id, n, line) VALUES (?, ?, ?)", (id_, n + 1, line)
    )
    connection.execute("COMMIT")


def run(folder: Path) -> Iterator[Result]:
    """Measure."""
    path = folder / "ours.db"
    store = sandbox(path)
    keys = [ref.key for ref in negotiated(store, COUNT + 1)]
    store.close()
    ours(str(path), keys[:1])()
    (line,) = _asked(path, _LINE)
    works = {
        name: Work(f"sqlite:///{folder / module}.db", line, range(1, COUNT + 1))
        for name, module in {"bare sqlite3": "bare", **others.MODULES}.items()
    }
    document = encode(agreement(0)).decode()
    for name, work in works.items():
        given(work, others.stored(others.MODULES.get(name), document, "negotiation"), "negotiation")
    shares: Mapping[str, tuple[Callable[..., Step], tuple[object, ...]]] = {
        "bare sqlite3": (bare, (works["bare sqlite3"],)),
        "ours": (ours, (str(path), keys[1:])),
        **{
            name: (others.signing, (module, works[name])) for name, module in others.MODULES.items()
        },
    }
    taken = _measured(shares)
    for work in works.values():
        insist(work, COUNT, "signed")
    _insist_alike(path, len(line))
    title = "SQLite, durable guarded transitions (trigger sign, 10 kB document, synchronous=FULL)"
    yield Result(title, taken, EACH, "transitions")


def _measured(
    shares: Mapping[str, tuple[Callable[..., Step], tuple[object, ...]]],
) -> Taken:
    with ExitStack() as stack:
        ways: dict[str, Way] = {
            name: together(stack.enter_context(writers(maker, [arguments])), EACH)
            for name, (maker, arguments) in shares.items()
        }
        return timed(ways, ROUNDS)


def _asked(path: Path, statement: str) -> tuple[Any, ...]:
    with closing(sqlite3.connect(path)) as connection:
        (row,) = connection.execute(statement)
    return tuple(row)


def _insist_alike(path: Path, size: int) -> None:
    """Raise RuntimeError unless ours has logged each transition, in lines alike in size."""
    count, least, most = _asked(path, _LOGGED)
    if count != COUNT + 1 or not 0.99 * size < least <= most < 1.01 * size:
        raise RuntimeError(count, least, most, size)
