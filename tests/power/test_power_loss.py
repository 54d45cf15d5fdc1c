"""Power that fails under SQLite: what was told as done is there, and the database is whole.

A trace of everything that is written is played up to a moment, and what was not synced then is lost
in the ways of `tests.power.disk`. The store's own SQLite opens what is left. A few moments of one
trace are tried by default; the campaign tries two thousand (docs/reliability.md). What fails names
its trace and its moment, and both come again from their numbers.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from random import Random

import apsw
import pytest

from lifecycle.drafting import propose
from lifecycle.entry import Actor
from lifecycle.errors import StoreError
from lifecycle.order import Order
from store.opening import open_store
from store.store import Store
from tests import figures
from tests.builders import ANNA, complete_agreement
from tests.power.disk import Crash, Disk, Kind, Lost, save
from tests.power.recorder import contents
from tests.power.work import Trace, recorded
from tests.stage import FIRST_NOON

CAMPAIGN = "power loss"
DATABASE = f"SQLite {apsw.sqlite_lib_version()}, recovered by {sqlite3.sqlite_version}"
EDGES = {Kind.SYNC, Kind.TOLD, Kind.DELETE, Kind.CREATE}
POINTS = [
    pytest.param(1, 16, 12, id="16 moments"),
    pytest.param(20, 100, 30, id="2000 moments", marks=pytest.mark.reliability),
]
CONTROLS = [
    pytest.param(16, 12, id="16 moments"),
    pytest.param(100, 30, id="100 moments", marks=pytest.mark.reliability),
]


@pytest.mark.parametrize(("traces", "many", "deeds"), POINTS)
def test_power_loss_loses_nothing_that_was_told_and_tears_nothing(
    tmp_path: Path, traces: int, many: int, deeds: int
) -> None:
    """All that was committed is there, at most the one commit more; nothing is found wrong."""
    first = figures.first_seed()
    with campaign(CAMPAIGN, first, traces * many) as counts:
        for seed in range(first, first + traces):
            trace = written(tmp_path, seed, deeds)
            found = survived(tmp_path, trace, moments(trace, seed, many))
            wrong = [(crash, what) for crash, what in found if what]
            assert not wrong, f"{figures.SEED}={seed}: {wrong}"
            counts["whole_with_all_that_was_told"] += len(found)


@pytest.mark.parametrize(("many", "deeds"), CONTROLS)
def test_disk_that_lies_about_its_syncs_is_found_out(tmp_path: Path, many: int, deeds: int) -> None:
    """The control: where a sync does nothing, the same moments find losses and damages."""
    seed = figures.first_seed()
    with campaign(f"{CAMPAIGN}, control: a disk that does not sync", seed, many) as counts:
        trace = written(tmp_path, seed, deeds)
        counts.update(words(survived(tmp_path, trace, moments(trace, seed, many), lies=True)))
        assert counts["lost"]
        assert counts["damaged"]


@pytest.mark.parametrize(("many", "deeds"), CONTROLS)
def test_weaker_setting_than_the_stores_own_is_found_out(
    tmp_path: Path, many: int, deeds: int
) -> None:
    """The control of the setting: with synchronous=NORMAL what was told as done is lost."""
    seed = figures.first_seed()
    with campaign(f"{CAMPAIGN}, control: synchronous=NORMAL", seed, many) as counts:
        trace = written(tmp_path, seed, deeds, "NORMAL")
        counts.update(words(survived(tmp_path, trace, moments(trace, seed, many))))
        assert counts["lost"]
        assert not counts["damaged"]


def campaign(name: str, seed: int, many: int) -> AbstractContextManager[Counter[str]]:
    """Return what records the figures of a campaign."""
    return figures.measured(name, database=DATABASE, seed=seed, rounds=many, of="moments")


def words(found: Sequence[tuple[Crash, str]]) -> Iterator[str]:
    """Yield what was wrong, each time in a word or two."""
    for _crash, what in found:
        yield what.partition(":")[0] or "whole_with_all_that_was_told"


def written(folder: Path, seed: int, deeds: int, synchronous: str = "FULL") -> Trace:
    """Return a trace that was written in a folder of its own."""
    place = folder / f"trace-{seed}"
    place.mkdir()
    return recorded(place, seed, deeds, synchronous)


def moments(trace: Trace, seed: int, many: int) -> Iterator[Crash]:
    """Yield moments in their order: half of them anywhere, half beside what matters most."""
    chance = Random(seed)  # noqa: S311 - of a test
    edges = [n + by for n, op in enumerate(trace.ops) if op.kind in EDGES for by in (0, 1)]
    anywhere = [chance.randint(0, len(trace.ops)) for _ in range(many // 2)]
    for after in sorted(anywhere + [chance.choice(edges) for _ in range(many - many // 2)]):
        lost = chance.choice(list(Lost))
        yield Crash(after, lost, chance.choice([512, 4096]), chance.getrandbits(32))


def survived(
    folder: Path, trace: Trace, crashes: Iterator[Crash], *, lies: bool = False
) -> list[tuple[Crash, str]]:
    """Let the power fail at each moment; return what was wrong then, nothing as an empty word."""
    place = folder / "after"
    place.mkdir(exist_ok=True)
    disk, played, found = Disk(trace.before, lies=lies), 0, []
    for crash in crashes:
        disk.play(trace.ops[played : crash.after])
        played = crash.after
        files = disk.after(crash)
        # What was mapped into memory may have reached the disk, or anything else.
        files["program.db-shm"] = Random(crash.seed).randbytes(32_768)  # noqa: S311 - of a test
        save(files, place)
        found.append((crash, wrong_with(place / "program.db", trace, crash.after)))
    return found


def wrong_with(path: Path, trace: Trace, after: int) -> str:
    """Return in a word what is wrong with a database after a crash; an empty one for nothing."""
    try:
        with closing(open_store(str(path))) as store:
            if found := looked_into(store):
                return f"damaged: {found[0]}"
            held = holds(path)
            if held not in trace.held(after):
                return "lost" if trace.held_once(held) else "torn"
            with store.unit() as unit:
                order = Order(actor=Actor(ANNA, "asserted"), now=FIRST_NOON.replace(year=2040))
                propose(unit, order, complete_agreement())
    except StoreError as error:
        return f"damaged: {error.code}"
    return ""


def looked_into(store: Store) -> Sequence[object]:
    """Return what SQLite finds wrong with the file, and what the replay of the log does."""
    with store.database.transaction(write=False) as connection:
        damages = store.database.damages(connection)
    with store.reading() as reader:
        return [*damages, *reader.verify()]


def holds(path: Path) -> bytes:
    """Return a digest of what the database holds, as SQLite gives it."""
    with closing(sqlite3.connect(path)) as connection:
        return contents(connection.execute)
