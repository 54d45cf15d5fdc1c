"""What becomes of an agreement by a line that erases texts: what replay makes of what stays.

It is found out before anything is written, from the texts that will stand there, so that the row
moves along with its line. Writes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from lifecycle.entry import salted
from lifecycle.ports import Beside, Change, Erased, Piece, Unit
from lifecycle.replay import Sources, replay, sources_in
from lifecycle.watching import Watches, watches
from states.agreement import Agreement
from states.codec import decode
from states.records import Record
from states.standing import Standing


@dataclass(slots=True)
class Restating:
    """Called with a composed change, returns it with the agreement as it will stand.

    Afterwards `after` and `document` are what it will be.
    """

    unit: Unit
    pieces: Sequence[Piece]
    after: Standing = field(init=False)
    document: Agreement | None = field(default=None, init=False)

    def __call__(self, change: Change) -> Change:
        """Return the change with the row, and what is watched, as replay will find them."""
        unit, key = self.unit, change.after.key
        in_force = unit.policy_in_force(change.entry.effective)
        sources = self._afterwards(change, sources_in(unit, key, in_force))
        self.after = replay([*unit.lines(key), change.line], sources) or change.after
        self.document = sources.document(self.after.document)
        found = watches(self.after, self.document, self._records(key), unit.policy(in_force))
        return msgspec.structs.replace(change, after=self.after, watches=Watches(found))

    def _records(self, key: int) -> list[Record]:
        bodies = self._bodies
        return [
            decode(Record, bodies[n, "content"].body) if (n, "content") in bodies else record
            for n, record in self.unit.records(key)
        ]

    @property
    def _bodies(self) -> Mapping[tuple[int, str], Piece]:
        return {(piece.n, piece.part): piece for piece in self.pieces}

    def _afterwards(self, change: Change, now: Sources) -> Sources:
        """Return what lines will find that cite something, the new one included."""
        bodies, line = self._bodies, change.entry.n
        documents = {
            piece.cites: decode(Agreement, piece.body)
            for piece in self.pieces
            if piece.part == "document"
        }
        said = {
            place: Erased(salted(piece.salt, piece.body), line) for place, piece in bodies.items()
        }

        def document(digest: str) -> Agreement:
            return documents[digest] if digest in documents else now.document(digest)

        def beside(n: int) -> Sequence[Beside]:
            parts = change.beside if n == line else now.beside(n)
            return [
                msgspec.structs.replace(part, salt=new.salt, body=new.body)
                if (new := bodies.get((n, part.part)))
                else part
                for part in parts
            ]

        return msgspec.structs.replace(
            now, document=document, beside=beside, erased=lambda: {**now.erased(), **said}
        )
