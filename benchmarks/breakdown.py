"""Where the CPU time of a signing and of a night goes, on SQLite: what stands before the limit.

Every few milliseconds of CPU time it is looked which part of the program is at work: the innermost
frame whose file belongs to one; what serves all of them (days, digests, `contextlib`) counts as its
caller's. Time in the driver counts as the driver's, whoever asked.
"""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from benchmarks.durable import ours
from benchmarks.measure import Result, Way
from benchmarks.sample import negotiated, sandbox
from benchmarks.sweep import ROUNDS, SMALL, copies, night_of, template_of
from tests.builders import ROOT

EACH = 1_000
DUE = 10_000
SECONDS = 0.004

_WHOLE = "all of it"
_REST = "the rest"
_COMMIT = "the driver: BEGIN, COMMIT"
_MACHINE = "the machine"
_DRIVER = "the driver: statements"
_PARTS = {
    "store/connection.py": _DRIVER,
    "store/": "the store: values, rows",
    "guards/policy_notices.py": "what is watched",
    "lifecycle/watching.py": "what is watched",
    "lifecycle/thresholds.py": "what is watched",
    "guards/": "the guards",
    "lifecycle/cases.py": "the guards",
    "lifecycle/machine.py": _MACHINE,
    "lifecycle/entry.py": "the line, its digests",
    "states/codec.py": "documents as JSON",
    "lifecycle/": "the use case",
}
"""By the beginning of a file's path; the first that fits holds."""

_NAMES = (_COMMIT, *dict.fromkeys(_PARTS.values()))


def run(folder: Path) -> Iterator[Result]:
    """Measure."""
    path = folder / "signing.db"
    store = sandbox(path)
    keys = [ref.key for ref in negotiated(store, EACH * (ROUNDS + 1))]
    store.close()
    step = ours(str(path), keys)

    def sign(_number: int) -> None:
        for _ in range(EACH):
            step()

    yield _result("a signing", sign, EACH)
    night = copies(template_of(folder, "night", SMALL, DUE), night_of(DUE))
    yield _result(f"an agreement in a night with {DUE:,} due", night, DUE)


def _result(what: str, way: Way, each: int) -> Result:
    """Return what a unit of work takes of CPU time in all, and by the part that takes it."""
    taken: dict[str, list[float]] = {name: [] for name in (_WHOLE, *_NAMES, _REST)}
    samples = 0
    for number in range(ROUNDS + 1):
        began = time.process_time()
        with _sampling() as seen:
            way(number)
        seconds = (time.process_time() - began) / each
        if number:
            samples += seen.total()
            for name, times in taken.items():
                share = 1 if name == _WHOLE else seen[name] / seen.total()
                times.append(share * seconds)
    notes = [f"sampled {samples:,} times"]
    return Result(f"SQLite, where the CPU time of {what} goes", taken, notes=notes)


@contextmanager
def _sampling() -> Iterator[Counter[str]]:
    seen: Counter[str] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        seen[_part(frame)] += 1

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, SECONDS, SECONDS)
    try:
        yield seen
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _part(frame: FrameType | None) -> str:
    while frame is not None:
        code = frame.f_code
        path = code.co_filename.removeprefix(f"{ROOT}/")
        if (path, code.co_name) == ("store/connection.py", "command"):
            return _COMMIT
        if found := next((part for start, part in _PARTS.items() if path.startswith(start)), None):
            return found
        if "/transitions/" in path:
            return _MACHINE
        frame = frame.f_back
    return _REST
