"""Checks of a database or a machine: what was looked at, and how to mend what is not in order."""

from collections.abc import Sequence

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.streams import style, width
from cli.output.text import paragraphs
from cli.settings import Reading, Settings
from store.checks import Check

FINDINGS = 1

_KEYS = ("name", "ok", "status", "message", "fix")
_MARKS = {"ok": ("✓", "green"), "finding": ("✗", "red"), "note": ("·", "yellow")}


def tell(settings: Settings, reading: Reading, checks: Sequence[Check]) -> int:
    """Print checks; returns the exit code: 1 where something is not in order."""
    shapes = [{key: getattr(check, key) for key in _KEYS} for check in checks]
    answer = Answer(
        table=lambda: "".join(map(_text, checks)), json=shape(shapes), csv=csv_of(_KEYS, shapes)
    )
    give(settings, reading, answer)
    return 0 if all(check.ok for check in checks) else FINDINGS


def _text(check: Check) -> str:
    mark, colour = _MARKS[check.status]
    head = paragraphs(f"{check.name}: {check.message}", width(), first=f"{mark} ")
    fix = f"\n{paragraphs(check.fix, width(), first='  to do: ')}" if check.fix else ""
    return f"{style(head, fg=colour)}{fix}\n"
