"""Standard output and its troubles: closed pipes, full disks, odd encodings, Ctrl-C."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from states.ref import Ref
from states.vocabulary import State
from tests.cli.running import PROGRAM, environment, heed_ctrl_c, process
from tests.conftest import seldom
from tests.stage import Stage


def into(stdout: int | str, *line: object) -> tuple[int, str]:
    """Run a command with a standard output of its own; returns its code and what it said."""
    handle = os.open(stdout, os.O_WRONLY) if isinstance(stdout, str) else stdout
    try:
        done = subprocess.run(
            [*PROGRAM, *map(str, line)],
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.PIPE,
            check=False,
            env=environment(),
        )
    finally:
        os.close(handle)
    return done.returncode, done.stderr.decode()


def closed_pipe() -> int:
    """Return the writing end of a pipe that nobody reads."""
    read, write = os.pipe()
    os.close(read)
    return write


@pytest.mark.usefixtures("ref")
@pytest.mark.parametrize(
    "line",
    seldom(
        [
            ["list"],
            ["log", "--all", "--json"],
            ["--help"],
            ["list", "--json"],
            ["show", "TOR"],
            ["log", "TOR"],
        ],
        3,
    ),
)
def test_a_closed_pipe_is_no_error(stage: Stage, line: list[str]) -> None:
    """`lifecycle list | head` ends in silence."""
    assert into(closed_pipe(), "--db", stage.path, *line) == (0, "")


def test_a_closed_pipe_keeps_the_exit_code_of_a_refusal(stage: Stage, ref: Ref) -> None:
    """Nobody reads the receipt, and the code still says that it was refused; so does the log."""
    assert into(closed_pipe(), "--db", stage.path, "advance", ref, "accept") == (1, "")
    assert stage.last(ref).outcome == "refused"
    assert into(closed_pipe(), "--db", stage.path, "advance", ref, "submit") == (0, "")
    assert stage.standing(ref).state is State.DECISION


@pytest.mark.usefixtures("ref")
@pytest.mark.parametrize("line", [["list"], ["show", "TOR", "--json"], ["--help"], ["--version"]])
def test_a_full_disk_behind_standard_output_is_told(stage: Stage, line: list[str]) -> None:
    """An answer that can't be written ends with 3 and says so."""
    code, said = into("/dev/full", "--db", stage.path, *line)
    assert code == 3
    assert "No space left" in said
    assert "Traceback" not in said
    assert "Exception" not in said


def test_without_standard_output_the_command_still_works(stage: Stage, ref: Ref) -> None:
    """`>&-` loses the receipt and nothing else."""
    shell = '"$@" >&- 2>&-'
    line = [*PROGRAM, "--db", str(stage.path), "advance", str(ref), "submit"]
    done = subprocess.run(["/bin/sh", "-c", shell, "sh", *line], check=False, env=environment())
    assert done.returncode == 0
    assert stage.standing(ref).state is State.DECISION


@pytest.mark.parametrize("encoding", seldom(["ascii", "latin-1", "cp1252"], 1))
def test_an_encoding_without_our_signs_gets_plain_ones(
    stage: Stage, ref: Ref, encoding: str
) -> None:
    """Arrows become `->`; what else can't be written is written out."""
    env = {"PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    out = process("--db", stage.path, "show", ref, env=env).well().out
    assert "submit -> decision" in out
    stage.tamper("UPDATE agreement SET title = '重庆'")
    assert "\\u91cd" in process("--db", stage.path, "list", env=env).well().out


def test_ctrl_c_ends_with_130_and_keeps_the_text(
    stage: Stage, ref: Ref, home: Path, tmp_path: Path
) -> None:
    """Interrupted in the editor: nothing is stored, no traceback, and the text is still there."""
    script, ready = tmp_path / "editor.sh", tmp_path / "ready"
    script.write_text(f'#!/bin/sh\necho "# mine" >> "$1"\ntouch {ready}\nexec sleep 60\n')
    script.chmod(0o700)
    child = subprocess.Popen(
        [*PROGRAM, "--db", str(stage.path), "edit", str(ref)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment({"EDITOR": str(script)}),
        preexec_fn=heed_ctrl_c,  # noqa: PLW1509 - no thread runs in these tests
    )
    while not ready.exists():
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate()
    assert child.returncode == 130
    assert b"Traceback" not in out + err
    [kept] = (home / "state" / "lifecycle" / "drafts").glob("*.toml")
    assert kept.read_text().endswith("# mine\n")
    assert str(kept).encode() in err
    assert len(stage.raw(ref)) == 1
