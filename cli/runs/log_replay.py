"""What `lifecycle log replay` does: folds the stored lines anew and reports what differs."""

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.shapes import finding_shape
from cli.output.table import Column, table
from cli.refs import found
from cli.session import opened
from cli.settings import Reading, Settings

FINDINGS = 1

_KEYS = ("stream", "n", "code", "message")
_COLUMNS = (
    Column("STREAM"),
    Column("N", right=True),
    Column("CODE"),
    Column("MESSAGE", flexible=True),
)


def replay_log(settings: Settings, reading: Reading, text: str | None) -> int:
    """Replay the log of the program, or of one agreement; returns the exit code."""
    with opened(settings) as session, session.store.reading() as reader:
        ref = str(found(reader, text).ref) if text else None
        findings = [one for one in reader.verify() if ref in {None, one.stream}]
    shapes = [finding_shape(finding) for finding in findings]
    well = f"Replaying the log of {ref or session.code} gives exactly the current rows.\n"
    answer = Answer(
        table=lambda: _table(shapes) if shapes else well,
        json=shape({"ok": not shapes, "findings": shapes}),
        csv=csv_of(_KEYS, shapes),
    )
    give(settings, reading, answer)
    return FINDINGS if shapes else 0


def _table(shapes: list[dict[str, object]]) -> str:
    return table(_COLUMNS, [[one[key] for key in _KEYS] for one in shapes])
