"""The real command in a process of its own: what it takes of time, CPU time and memory."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.builders import ROOT


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds by the clock, seconds of CPU, and megabytes at the most."""

    seconds: float
    cpu: float
    megabytes: float


def run_command(words: Sequence[str], well: Sequence[int] = (0,)) -> Cost:
    """Run `lifecycle` with these words; raises RuntimeError unless it ends as it should."""
    launcher, line = _launcher(), [sys.executable, "-m", "cli", *words]
    if launcher.stdin is None or launcher.stdout is None:
        raise RuntimeError(launcher)
    launcher.stdin.write(json.dumps(line) + "\n")
    launcher.stdin.flush()
    seconds, cpu, kilobytes, code = json.loads(launcher.stdout.readline())
    if code not in well:
        raise RuntimeError(line, code)
    return Cost(seconds, cpu, kilobytes / 1024)


@cache
def _launcher() -> "subprocess.Popen[str]":
    """Return what starts commands; it ends with this process, when nobody asks it any more."""
    line = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launcher.py"))]
    pipe = subprocess.PIPE
    return subprocess.Popen(line, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
