"""verify.py as an auditor runs it, within the test's process: each signature by openssl itself.

Many of the bundles that are tried bear the same signatures; openssl is asked once about each.
"""

import runpy
import subprocess
import warnings
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from tests.builders import ROOT

PROGRAM = ROOT / "store" / "bundle" / "verify.py"


class _Openssl:
    """Stands in the place of the module `subprocess`, for what verify.py asks of it."""

    @staticmethod
    def run(command: Sequence[str], *, cwd: str, capture_output: bool) -> SimpleNamespace:
        assert capture_output
        files = tuple((name, Path(cwd, name).read_bytes()) for name in ("key", "text", "signature"))
        return SimpleNamespace(returncode=_said(tuple(command), files))


@cache
def _said(command: Sequence[str], files: Sequence[tuple[str, bytes]]) -> int:
    with TemporaryDirectory() as folder:
        for name, body in files:
            Path(folder, name).write_bytes(body)
        return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode


@cache
def _main() -> Any:  # noqa: ANN401 - a function of a program that has no annotations
    main = runpy.run_path(str(PROGRAM))["main"]
    main.__globals__["subprocess"] = _Openssl
    return main


def verify(*arguments: str | Path) -> tuple[int, str]:
    """Return the exit code and all that it says; an exception is the test's failure."""
    told = StringIO()
    with redirect_stdout(told), redirect_stderr(told), warnings.catch_warnings():
        # It closes its files by ending.
        warnings.simplefilter("ignore", ResourceWarning)
        code = _main()([str(one) for one in arguments])
    return code, told.getvalue()
