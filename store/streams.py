"""Whole streams with what their lines cite: a batch of agreements, a fixed number of statements.

What goes through the whole log, to judge it once more or to say what was so on a day, would else
ask for each document and each text by itself.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.sql.expression import BindParameter

from lifecycle.entry import salted
from lifecycle.ports import Beside, Erased
from lifecycle.replay import Sources
from states.agreement import Agreement
from states.codec import decode
from store.facts import Facts
from store.rows import PART, part_of
from store.tables import beside, document, entry


class Streams(Facts):
    """The reading of several agreements' streams at once."""

    def streams_of(
        self, keys: Sequence[int], in_force: str, *, records: bool = True
    ) -> Iterator[tuple[int, Sequence[bytes], Sources]]:
        """Yield agreements with all their lines, and where these find what they cite.

        `keys` are in their order. Without `records`, and without reasons, which are no part of what
        is folded, less is read.
        """
        span = {"first": keys[0], "last": keys[-1]}
        lines: defaultdict[int, list[bytes]] = defaultdict(list)
        for key, line in self._rows(LINES_BETWEEN, **span):
            lines[key].append(line.encode())
        texts = self._rows(BESIDE_BETWEEN if records else FOLDED_BETWEEN, **span)
        kept = _Kept(self, self._rows(DOCUMENTS_BETWEEN, **span), texts)
        for key in keys:
            yield key, lines.get(key, ()), kept.sources(key, in_force)


class _Kept:
    """The documents of a batch of agreements, and what stands beside their lines.

    What is not as it was cited is asked of the unit, which tells what is wrong with it.
    """

    def __init__(self, unit: Facts, documents: Sequence[Any], cited: Sequence[Any]) -> None:
        self._unit = unit
        self._documents = {(key, digest): (salt, body) for key, digest, salt, body in documents}
        self._beside: defaultdict[tuple[int, int], list[Beside]] = defaultdict(list)
        for key, n, *values in cited:
            self._beside[key, n].append(part_of(values))

    def sources(self, key: int, in_force: str) -> Sources:
        """Return where the lines of one agreement find what they cite."""

        def document_of(digest: str) -> Agreement:
            salt, body = self._documents.get((key, digest), (b"", ""))
            if salted(salt, body.encode()) != digest:
                return self._unit.document_of(key, digest)
            return decode(Agreement, body.encode())

        def beside_of(n: int) -> Sequence[Beside]:
            return self._beside.get((key, n), ())

        def erased() -> Mapping[tuple[int, str], Erased]:
            return self._unit.erased(key)

        return Sources(document_of, self._unit.policy, in_force, beside_of, erased)


_PROGRAM: BindParameter[Any] = bindparam("program_id")
_FIRST: BindParameter[Any] = bindparam("first")
_LAST: BindParameter[Any] = bindparam("last")
LINES_BETWEEN = (
    select(entry.c.stream, entry.c.line)
    .where(entry.c.program_id == _PROGRAM, entry.c.stream.between(_FIRST, _LAST))
    .order_by(entry.c.stream, entry.c.n)
)
DOCUMENTS_BETWEEN = select(
    document.c.key, document.c.digest, document.c.salt, document.c.body
).where(document.c.program_id == _PROGRAM, document.c.key.between(_FIRST, _LAST))
BESIDE_BETWEEN = select(beside.c.stream, beside.c.n, *PART).where(
    beside.c.program_id == _PROGRAM, beside.c.stream.between(_FIRST, _LAST)
)
# Records are not folded, and most of what stands beside lines is records.
FOLDED_BETWEEN = BESIDE_BETWEEN.where(
    beside.c.part == "content",
    or_(beside.c.kind.not_like("record.%"), beside.c.corrects.is_not(None)),
)
