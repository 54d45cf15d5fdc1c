"""Replaces texts that are erased, and restates what was derived from them.

The database's own triggers let a text be replaced only where the stream's last line says that it
is (`store.appendonly`). What the product derives of texts and replay does not, the ids of projects
and of notices that were given and the digests in the outbox, is restated here.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy.sql.expression import BindParameter

from lifecycle.entry import salted
from lifecycle.errors import StoreError
from lifecycle.ports import Piece
from states.agreement import Agreement
from states.standing import Standing
from store import writes
from store.facts import PROGRAM_STREAM, Facts
from store.rows import projects_of
from store.tables import attachment, beside, document, erasure, mail, notice

Swap = Callable[[str], str]


class ErasingStore(Facts):
    """The erasing part of a unit of work."""

    def erase(self, key: int | None, by: int, pieces: Sequence[Piece]) -> None:
        """Put what stands there from now on in the place of texts."""
        stream = PROGRAM_STREAM if key is None else key
        self._connection.overwrite()
        for piece in pieces:
            digest = salted(piece.salt, piece.body)
            said = {"stream": stream, "n": piece.n, "part": piece.part, "by_n": by}
            self._run(_INSERT_ERASURE, **said, digest=digest)
        for piece in pieces:
            self._replace(stream, piece)
        self._bodies.clear()
        self._decoded.clear()

    def reworded(self, standing: Standing, agreement: Agreement, swap: Swap) -> None:
        """Restate a document's projects, and of which items notices were given."""
        self._run(writes.CLEAR_PROJECTS, key=standing.key)
        self._many(writes.INSERT_PROJECT, projects_of(standing, agreement))
        items = [row[0] for row in self._rows(_ITEMS, at_key=standing.key)]
        changed = [(item, swap(item)) for item in items if swap(item) != item]
        self._many(
            _RENAME,
            ({"at_key": standing.key, "at_item": old, "to_item": new} for old, new in changed),
        )

    def reword_mail(self, swap: Swap) -> int:
        """Change the texts of digests that were written."""
        changed = [
            {"at_id": id_, "to_subject": swap(subject), "to_body": swap(body)}
            for id_, subject, body in self._rows(_MAIL)
            if (swap(subject), swap(body)) != (subject, body)
        ]
        self._connection.overwrite()
        return self._many(_REWORD, changed)

    def _replace(self, stream: int, piece: Piece) -> None:
        where: dict[str, Any]
        if piece.part == "attachment":
            statement, where = _ERASE_FILE, {"at_digest": piece.cites, "to_body": piece.body}
        elif piece.part == "document":
            statement, where = _ERASE_DOCUMENT, {"at_key": stream, "at_digest": piece.cites}
        else:
            statement = _ERASE_BESIDE
            where = {"at_stream": stream, "at_n": piece.n, "at_part": piece.part}
        new = {"to_salt": piece.salt, "to_body": piece.body.decode()}
        if self._connection.run(statement, program_id=self._program.id, **{**new, **where})() != 1:
            message = f"the {piece.part} of line {piece.n} is not where its line cites it"
            raise StoreError(message, "damaged", "lifecycle db check says more")


_PROGRAM: BindParameter[Any] = bindparam("program_id")
_NEW: dict[str, Any] = {"salt": bindparam("to_salt"), "body": bindparam("to_body")}
_INSERT_ERASURE = insert(erasure)
_ERASE_BESIDE = (
    update(beside)
    .where(
        beside.c.program_id == _PROGRAM,
        beside.c.stream == bindparam("at_stream"),
        beside.c.n == bindparam("at_n"),
        beside.c.part == bindparam("at_part"),
    )
    .values(_NEW)
)
_ERASE_DOCUMENT = (
    update(document)
    .where(
        document.c.program_id == _PROGRAM,
        document.c.key == bindparam("at_key"),
        document.c.digest == bindparam("at_digest"),
    )
    .values(_NEW)
)
_ERASE_FILE = (
    update(attachment)
    .where(attachment.c.program_id == _PROGRAM, attachment.c.digest == bindparam("at_digest"))
    .values(body=bindparam("to_body"))
)
_OF_AGREEMENT = and_(notice.c.program_id == _PROGRAM, notice.c.key == bindparam("at_key"))
_ITEMS = select(notice.c.item).where(_OF_AGREEMENT).distinct()
_RENAME = (
    update(notice)
    .where(_OF_AGREEMENT, notice.c.item == bindparam("at_item"))
    .values(item=bindparam("to_item"))
)
_MAIL = select(mail.c.id, mail.c.subject, mail.c.body).where(mail.c.program_id == _PROGRAM)
_REWORD = (
    update(mail)
    .where(mail.c.program_id == _PROGRAM, mail.c.id == bindparam("at_id"))
    .values(subject=bindparam("to_subject"), body=bindparam("to_body"))
)
