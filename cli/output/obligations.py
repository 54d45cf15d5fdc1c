"""What each side owed and what became of it, as people read it and as JSON (R45)."""

from collections.abc import Iterator, Sequence

from cli.output.shapes import Shape
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import one_line, paragraphs
from lifecycle.partners.obligations import Fate, Owed

KEYS = ("side", "id", "what", "due", "status", "on", "outcome", "text", "n")
"""The keys of an obligation's JSON."""

_COLUMNS = (
    Column("SIDE"),
    Column("OBLIGATION", flexible=True),
    Column("WHAT BECAME OF IT", flexible=True),
)
_MARKS = {
    Fate.FULFILLED: ("✓", "green"),
    Fate.LATE: ("✓", "yellow"),
    Fate.PARTLY: ("!", "yellow"),
    Fate.NOT_DELIVERED: ("✗", "red"),
    Fate.OPEN: ("·", None),
    Fate.OVERDUE: ("✗", "red"),
}

_SAID = {
    Fate.FULFILLED: "fulfilled on {on}",
    Fate.LATE: "fulfilled late, on {on}",
    Fate.PARTLY: "partly fulfilled, as recorded on {on}",
    Fate.NOT_DELIVERED: "not delivered, as recorded on {on}",
    Fate.OPEN: "open",
    Fate.OVERDUE: "overdue since {due}",
}


def owed_shape(owed: Owed) -> Shape:
    """Return an obligation as JSON, with the record that answers for it and that one's line."""
    obligation, record = owed.obligation, owed.record
    return {
        "side": obligation.side,
        "id": obligation.id,
        "what": obligation.what,
        "due": obligation.due,
        "status": owed.fate,
        "on": record.on if record else None,
        "outcome": record.outcome if record else None,
        "text": record.text or None if record else None,
        "n": owed.n,
    }


def owed_table(owed: Sequence[Owed]) -> str:
    """Return obligations as a table."""
    rows = [(one.obligation.side, called(one), became(one)) for one in owed]
    return table(_COLUMNS, rows)


def owed_list(owed: Sequence[Owed], indent: str = "  ") -> str:
    """Return obligations as a list, each with a mark that says at a glance what became of it."""
    return "".join(_listed(owed, indent))


def sentence(owed: Owed) -> str:
    """Return whose obligation it is, what is owed, and what became of it."""
    fate = became(owed)
    what = called(owed).removesuffix(".")
    return f"{owed.obligation.side}, {what}. {fate[0].upper()}{fate[1:].removesuffix('.')}."


def called(owed: Owed) -> str:
    """Return which obligation it is: its id, and what is owed."""
    return one_line(": ".join(filter(None, (owed.obligation.id, owed.obligation.what))))


def became(owed: Owed) -> str:
    """Return what became of an obligation, in words."""
    due, on = owed.obligation.due, owed.record.on if owed.record else None
    said = _SAID[owed.fate].format(due=due, on=on)
    if due and owed.fate is not Fate.OVERDUE:
        said = f"{said}, due {due}" if on is None else f"{said} (due {due})"
    text = one_line(owed.record.text) if owed.record and owed.record.text else ""
    return f"{said}: {text}" if text else said


def _listed(owed: Sequence[Owed], indent: str) -> Iterator[str]:
    for one in owed:
        mark, colour = _MARKS[one.fate]
        text = paragraphs(sentence(one), width(), first=f"{indent}{mark} ")
        yield f"{style(text, fg=colour) if colour else text}\n"
