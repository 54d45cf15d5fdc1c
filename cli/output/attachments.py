"""The files that are attached to an agreement, as a table and as JSON."""

from collections.abc import Sequence

import msgspec

from cli.output.shapes import Shape
from cli.output.table import Column, table
from lifecycle.entry import Entry
from states.attachment import Attachment

KEYS = ("n", "kind", "name", "size", "public", "sha256", "attached_by", "attached_at")

_COLUMNS = (
    Column("LINE", right=True),
    Column("KIND"),
    Column("NAME", flexible=True),
    Column("SIZE", right=True),
    Column("PUBLIC"),
    Column("BY", flexible=True),
    Column("ON"),
    Column("SHA-256", optional=True),
)
_STEP = 1000


class Kept(msgspec.Struct, frozen=True):
    """One attached file, with the line that attached it last."""

    entry: Entry
    paper: Attachment

    def shape(self) -> Shape:
        """Return the file as JSON."""
        paper = self.paper
        return {
            "n": self.entry.n,
            "kind": paper.kind,
            "name": paper.name,
            "size": paper.size,
            "public": paper.public,
            "sha256": paper.sha256,
            "attached_by": self.entry.actor.id,
            "attached_at": self.entry.recorded_at,
        }


def attachments_table(kept: Sequence[Kept]) -> str:
    """Return attached files as a table."""
    return table(_COLUMNS, [_row(one) for one in kept])


def _row(one: Kept) -> tuple[object, ...]:
    paper, entry = one.paper, one.entry
    return (
        entry.n,
        paper.kind,
        paper.name,
        size_words(paper.size),
        "yes" if paper.public else "no",
        entry.actor.id,
        entry.effective_on,
        paper.sha256,
    )


def size_words(size: int) -> str:
    """Return a size as people read it."""
    if size < _STEP:
        return f"{size} bytes"
    thousands = size / _STEP
    return f"{thousands:.1f} kB" if thousands < _STEP else f"{thousands / _STEP:,.1f} MB"
