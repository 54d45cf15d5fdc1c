"""Several who seal, and those who write beside them: no line twice, none left out, nobody waits.

A sealer that is killed leaves whole checkpoints and lines that wait, and nothing between.
"""

import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle.drafting import propose
from lifecycle.sealing import seal as module
from lifecycle.sealing.seal import seal, sealed_chunk
from store.opening import open_store
from store.sealing.keys import FileKey, read_key, write_key
from tests import figures, postgres
from tests.builders import complete_agreement
from tests.concurrency.crowd import Crowd, Hand, Result
from tests.forked import context
from tests.sealing import found, keyed, leaves, root_of, seal_log, seals, verified, waiting
from tests.stage import Stage
from tests.store.dying import dies_before
from tests.store.raw import query

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

CAMPAIGN = "a sealer killed at any time"
KILLS = [
    pytest.param(4, id="4 kills"),
    pytest.param(200, id="200 kills", marks=pytest.mark.reliability),
]
EVERY = [
    pytest.param(11, id="some statements"),
    pytest.param(1, id="every statement", marks=pytest.mark.reliability),
]
_SECONDS = 120


@dataclass(frozen=True)
class Writes:
    """Propose agreements, a transaction each."""

    day: date
    many: int

    def __call__(self, hand: Hand) -> Result:
        """Propose them."""
        for _ in range(self.many):
            with hand.store.unit() as unit:
                propose(unit, hand.order(self.day), complete_agreement())
        return Result("wrote")


@dataclass(frozen=True)
class Seals:
    """Seal so many times, with the key of a file; `n` of the result is how many lines it was."""

    day: date
    key: str
    times: int = 1
    chunk: int = 20_000

    def __call__(self, hand: Hand) -> Result:
        """Seal."""
        key, kept = read_key(Path(self.key)), module.CHUNK
        module.CHUNK = self.chunk
        try:
            new = [seal(hand.store, key, self._now).new for _ in range(self.times)]
        finally:
            module.CHUNK = kept
        return Result("ok", n=sum(new))

    def _now(self) -> datetime:
        return datetime.combine(self.day, time(16), UTC)


@pytest.fixture
def key(stage: Stage, tmp_path: Path) -> tuple[FileKey, str]:
    """Return the log's key, and the file that it is in."""
    made = keyed(stage)
    write_key(tmp_path / "seal.key", made)
    return made, str(tmp_path / "seal.key")


def whole(stage: Stage) -> None:
    """Hold that each line is one leaf or waits, and each checkpoint is of the leaves before it."""
    sealed = [row[1:3] for row in leaves(stage)]
    left = query(stage.url, "SELECT stream, n FROM unsealed")
    written = query(stage.url, "SELECT stream, n FROM entry ORDER BY stream, n")
    assert sorted([*sealed, *left]) == written
    lines = [row[3].encode() for row in leaves(stage)]
    for one in seals(stage):
        assert one.root == root_of(lines[: one.size])
    assert len(lines) == (seals(stage)[-1].size if seals(stage) else 0)


def test_sealers_at_once_beside_writers_seal_each_line_once(
    stage: Stage, crowd: Crowd, key: tuple[FileKey, str]
) -> None:
    """Eight write and eight seal, in chunks of a few lines; what is left waits for the next."""
    seals_ = Seals(stage.day, key[1], times=4, chunk=7)
    results = crowd.at_once(stage.url, [Writes(stage.day, 8), seals_] * 8)
    sealed = sum(result.n for result in results)
    assert sealed == len(leaves(stage))
    whole(stage)
    seal_log(stage, key[0])
    whole(stage)
    assert (waiting(stage), len(leaves(stage))) == (0, 2 + 8 * 8)
    assert verified(stage) == []


@pytest.mark.postgresql
def test_writer_commits_while_a_sealer_is_at_it(stage: Stage, key: tuple[FileKey, str]) -> None:
    """Nothing that it locks is anything that a writer needs; what is written then waits."""
    ref = stage.propose()
    with stage.store.unit() as unit:
        unit.lock_sealer()
        made = sealed_chunk(unit, (key[0],), stage.order().now)
        other = open_store(stage.url)
        with other.unit() as writer:
            propose(writer, stage.order(), complete_agreement())
        other.close()
        assert stage.standing(ref).n == 1
    assert made is not None
    assert waiting(stage) == 1
    whole(stage)
    assert seal_log(stage, key[0]).new == 1
    assert verified(stage) == []


@pytest.mark.postgresql
def test_second_sealer_waits_for_the_first(stage: Stage, key: tuple[FileKey, str]) -> None:
    """And goes on from its checkpoint."""
    stage.propose()
    with stage.store.unit() as unit:
        unit.lock_sealer()
        sealed_chunk(unit, (key[0],), stage.order().now)
        other = open_store(stage.url)
        now = stage.order().now
        second = postgres.waiting(stage.url, lambda: seal(other, key[0], lambda: now))
    assert second().new == 0
    other.close()
    assert len(seals(stage)) == 1
    whole(stage)


@pytest.mark.sqlite
@pytest.mark.parametrize("every", EVERY)
def test_sealer_killed_before_a_statement_leaves_whole_checkpoints(
    stage: Stage, key: tuple[FileKey, str], every: int
) -> None:
    """Whichever it is; the next one seals the rest."""
    for _ in range(30):
        stage.propose()
    stage.store.close()
    body, number, killed = stage.path.read_bytes(), 0, 0
    while dies_before(stage.url, Seals(stage.day, key[1], chunk=10), number):
        killed += 1
        assert found(stage) == set()
        whole(stage)
        seal_log(stage, key[0])
        assert found(stage) == set()
        whole(stage)
        stage.store.close()
        for one in stage.path.parent.glob(f"{stage.path.name}*"):
            one.unlink()
        stage.path.write_bytes(body)
        number += every
    assert killed > 30 // every
    assert [one.size for one in seals(stage)] == [10, 20, 30, 32]


@pytest.mark.parametrize("rounds", KILLS)
def test_sealers_killed_at_any_time_lose_and_repeat_nothing(
    stage: Stage, key: tuple[FileKey, str], rounds: int
) -> None:
    """Each writes and seals until it is killed; verifying finds nothing at any point."""
    seed = figures.first_seed()
    chance = random.Random(seed)  # noqa: S311 - of a test
    database = figures.version_of(stage.url)
    with figures.measured(
        CAMPAIGN, database=database, seed=seed, rounds=rounds, of="kills"
    ) as counts:
        for _ in range(rounds):
            with sealing_on(stage.url, stage.day, key[1]) as pipe:
                for _ in range(chance.randint(1, 4)):
                    assert pipe.poll(_SECONDS)
                    pipe.recv()
                # Within one of its transactions, wherever that is.
                pipe.poll(chance.uniform(0, 0.02))
            assert found(stage) == set()
            counts["with_lines_that_wait"] += bool(waiting(stage))
        whole(stage)
        seal_log(stage, key[0])
        whole(stage)
        assert verified(stage) == []
        counts["checkpoints"] += len(seals(stage))


@contextmanager
def sealing_on(url: str, day: date, key: str) -> Iterator["Connection[Any, Any]"]:
    """Let a process write and seal for ever; it is killed when the block ends."""
    ours, theirs = context().Pipe(duplex=False)
    process = context().Process(target=_seal_on, args=(url, day, key, theirs))
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.kill()
        process.join(_SECONDS)
        assert process.exitcode == -signal.SIGKILL


def _seal_on(url: str, day: date, key: str, pipe: "Connection[Any, Any]") -> None:
    hand = Hand(os.getpid())
    hand.come(url)
    while True:
        Writes(day, 3)(hand)
        pipe.send(Seals(day, key, chunk=2)(hand).n)
