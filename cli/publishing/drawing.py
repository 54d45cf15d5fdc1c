"""Draws a site's charts in a process beside, which loads their library while the pages are made.

The library takes as long to load as all the rest of a small site takes to be made. A line is a
panel in JSON, and the line that answers it the drawing; who closes its input ends the process.
Where there is no such process, or it fails, the charts are drawn here.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from decimal import Decimal
from pathlib import Path

Value = Decimal | int | None
Values = tuple[Value, ...]

_ROOT = Path(__file__).parents[2]
_beside: ContextVar["subprocess.Popen[str] | None"] = ContextVar("beside", default=None)


@contextmanager
def beside() -> Iterator[None]:
    """Let the charts of the block be drawn beside it, where a second core is there."""
    if os.cpu_count() == 1:
        yield
        return
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    child = subprocess.Popen(
        (sys.executable, "-m", "cli.publishing.drawing"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        text=True,
        encoding="utf-8",
    )
    token = _beside.set(child)
    try:
        yield
    finally:
        _beside.reset(token)
        with suppress(BrokenPipeError):
            child.communicate()


def drawn(categories: Sequence[str], stack: Sequence[Values], limit: Values) -> str:
    """Return stacked bars, with a limit across them, as an SVG element."""
    child = _beside.get()
    if child and child.stdin and child.stdout:
        with suppress(OSError, ValueError):
            asked = json.dumps([categories, stack, limit], default=str)
            print(asked, file=child.stdin, flush=True)
            return str(json.loads(child.stdout.readline()))
    return _draw(categories, stack, limit)


def _draw(categories: Sequence[str], stack: Sequence[Values], limit: Values) -> str:
    from cli.output.charts import Panel, Series, bare_svg

    return bare_svg(
        Panel(
            categories=categories,
            stacks=[[Series(str(place), values) for place, values in enumerate(stack)]],
            limits=[Series("limit", limit)] if limit else (),
            shown="{:,.0f}".format,
        )
    )


def _values(said: Sequence[str | int | None]) -> Values:
    return tuple(Decimal(one) if isinstance(one, str) else one for one in said)


def main() -> None:
    """Draw what is asked for, line by line."""
    from cli.output.charts import load

    load()
    for line in sys.stdin:
        categories, stack, limit = json.loads(line)
        drawing = _draw(categories, [_values(one) for one in stack], _values(limit))
        print(json.dumps(drawing), flush=True)  # noqa: T201 - to who asked


if __name__ == "__main__":
    main()
