"""Disks that are full, broken or read-only under a command: told, and the database is whole.

A disk fails at each step in turn that SQLite takes on it (`tests.power.failing`): some of the steps
by default, all in the campaigns. Real limits and a real read-only mount are tried beside that.
"""

import ctypes
import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import apsw
import pytest

from states.ref import Ref
from states.vocabulary import State, Trigger
from tests import figures
from tests.builders import START
from tests.cli.running import Ran, process, run
from tests.power.failing import Failing, Fails
from tests.stage import Stage
from tests.store.raw import everything

STEPS = [
    pytest.param(17, id="each seventeenth step"),
    pytest.param(1, id="each step", marks=pytest.mark.reliability),
]
SMALL = 4096
NEW_MOUNTS, NEW_USER = 0x20000, 0x10000000
READ_ONLY, REMOUNT, BIND, RECURSIVE, PRIVATE = 1, 32, 4096, 16384, 1 << 18
"""Of Linux's unshare and mount."""
NO_MOUNT = 99


@dataclass
class Trial:
    """A database that is tried again and again from how it stood at first."""

    stage: Stage
    body: bytes
    rows: object

    def fresh(self) -> None:
        """Let the database be as it was at first."""
        for path in self.stage.path.parent.glob(f"{self.stage.path.name}-*"):
            path.unlink()
        self.stage.path.write_bytes(self.body)

    def run(self, *line: object) -> Ran:
        """Run a command on it, on the stage's day."""
        return run("--db", self.stage.path, "--today", self.stage.day, "--json", *line)

    def whole(self) -> None:
        """Hold that nothing is found wrong."""
        with self.stage.store.database.transaction(write=False) as connection:
            assert self.stage.store.database.damages(connection) == ()
        assert self.stage.verify() == []
        self.stage.store.close()

    def failing(self, how: Fails, stride: int, *line: object) -> Iterator[Ran]:
        """Run a command as the disk fails at its steps, until it has no more of them to fail at."""
        for begin in count(0, stride):
            self.fresh()
            disk = Failing(how, begin)
            with disk.below():
                ran = self.run(*line)
            if not disk.failed:
                ran.well()
                return
            if ran.code:
                told(ran, self.stage.path)
            self.whole()
            yield ran


def told(ran: Ran, path: Path) -> str:
    """Hold that a run says what could not be done, where, and what next; returns the code."""
    [error] = ran.badly(3).errors
    assert str(path) in error["message"]
    assert error["hint"]
    return str(error["code"])


def tried(stage: Stage) -> Trial:
    """Return a trial of what is on the stage."""
    stage.store.close()
    return Trial(stage, stage.path.read_bytes(), everything(stage.path))


def moves(stage: Stage, ref: Ref, trigger: Trigger) -> int:
    """Return how many times a trigger was pulled on an agreement, with success."""
    return sum(e.trigger is trigger and e.outcome == "ok" for e in stage.entries(ref))


@pytest.mark.parametrize("stride", STEPS)
@pytest.mark.parametrize("how", Fails)
def test_order_on_a_disk_that_fails_is_told_and_can_be_repeated(
    stage: Stage, ref: Ref, how: Fails, stride: int
) -> None:
    """Where it says that nothing was changed, nothing was; under its key it is done once."""
    line = ["--as", "anna", "advance", ref, "submit", "--idempotency-key", "k"]
    trial, codes = tried(stage), []
    for ran in trial.failing(how, stride, *line):
        codes.append(ran.errors[0]["code"] if ran.code else "")
        if codes[-1] in {"no_space", "disk"}:
            assert everything(stage.path) == trial.rows
        trial.run(*line).well()
        assert moves(stage, ref, Trigger.SUBMIT) == 1
        stage.store.close()
    assert set(codes) & {"no_space", "disk"}


def test_commit_that_could_not_be_synced_is_not_told_as_if_nothing_had_been_changed(
    stage: Stage, ref: Ref
) -> None:
    """It is there again where the write-ahead log outlives the command, and gone where not."""
    trial = tried(stage)
    came_back = []
    for ran in trial.failing(Fails.BROKEN, 1, "--as", "anna", "advance", ref, "submit"):
        if ran.code and ran.errors[0]["code"] == "unknown_outcome":
            assert "--idempotency-key" in ran.errors[0]["hint"]
            came_back.append(everything(stage.path) != trial.rows)
    assert set(came_back) == {False, True}


@pytest.mark.parametrize("stride", STEPS)
@pytest.mark.parametrize("how", Fails)
def test_night_on_a_disk_that_fails_is_told_and_the_next_run_completes_it(
    stage: Stage, how: Fails, stride: int
) -> None:
    """Exit 3, the database whole; whatever the night had done stays done, once."""
    refs = [stage.reach(State.SIGNED) for _ in range(3)]
    trial = tried(stage.on(START))
    database = f"SQLite {apsw.sqlite_lib_version()}"
    with figures.measured(
        f"a night on a {how}", database=database, seed=None, of="steps"
    ) as counts:
        for ran in trial.failing(how, stride, "nightly"):
            counts["rounds"] += 1
            counts[f"exit_{ran.code}"] += 1
            assert trial.run("nightly").well().json["completed"]
            assert [moves(stage, ref, Trigger.ACTIVATE) for ref in refs] == [1, 1, 1]
            assert [stage.standing(ref).state for ref in refs] == [State.ACTIVE] * 3
            counts["whole_and_completed_by_the_next_run"] += 1
            stage.store.close()
    assert counts["exit_3"]


def test_night_for_which_no_file_may_grow_ends_with_3(stage: Stage) -> None:
    """A real limit on the size of files, in a process of its own."""
    ref = stage.reach(State.SIGNED)
    trial = tried(stage.on(START))
    line = ["--db", stage.path, "--today", stage.day, "--json", "nightly"]

    assert told(process(*line, prepare=small_files), stage.path) in {"no_space", "disk"}
    assert everything(stage.path) == trial.rows
    trial.whole()
    assert trial.run("nightly").well().json["completed"]
    assert moves(stage, ref, Trigger.ACTIVATE) == 1


def test_night_on_a_disk_that_can_only_be_read_ends_with_3(stage: Stage) -> None:
    """A real mount of its folder that takes no writes; what is on it is left as it was."""
    ref = stage.reach(State.SIGNED)
    trial = tried(stage.on(START))
    line = ["--db", stage.path, "--today", stage.day, "--json", "nightly"]
    folder = str(stage.path.parent).encode()
    ran = process(*line, prepare=partial(read_only, folder))
    if ran.code == NO_MOUNT:
        pytest.skip("this account may not mount anything")
    assert told(ran, stage.path) == "read_only"
    assert stage.path.read_bytes() == trial.body
    trial.whole()
    assert trial.run("nightly").well().json["completed"]
    assert moves(stage, ref, Trigger.ACTIVATE) == 1


def small_files() -> None:
    """Let no file of this process grow."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))


def read_only(folder: bytes) -> None:
    """Let this process alone see a folder as a disk that can only be read."""
    system = ctypes.CDLL(None, use_errno=True)
    own = 0 if os.geteuid() == 0 else NEW_USER
    done = system.unshare(NEW_MOUNTS | own)
    done |= system.mount(b"none", b"/", None, PRIVATE | RECURSIVE, None)
    done |= system.mount(folder, folder, None, BIND, None)
    done |= system.mount(b"none", folder, None, BIND | REMOUNT | READ_ONLY, None)
    if done:
        os._exit(NO_MOUNT)
