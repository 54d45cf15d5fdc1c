"""The real command in a process of its own: what it takes of time, CPU time and memory."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.builders import ROOT


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds by the clock, seconds of CPU, and megabytes at the most."""

    seconds: float
    cpu: float
    megabytes: float


def run_command(words: Sequence[str], well: Sequence[int] = (0,)) -> Cost:
    """Run `lifecycle` with these words; raises RuntimeError unless it ends as it should."""
    line = [sys.executable, "-m", "cli", *words]
    began = time.perf_counter()
    nothing = subprocess.DEVNULL
    child = subprocess.Popen(line, cwd=ROOT, stdout=nothing, stderr=nothing)
    _pid, code, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(code)
    if child.returncode not in well:
        raise RuntimeError(line, child.returncode)
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
