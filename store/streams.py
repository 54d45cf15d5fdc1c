"""Every line of a program, in one ordered pass: for exports and checks of the whole log.

Reads a batch at a time, so that memory stays bounded whatever the log's length, and says nothing of
what the lines mean.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.sql.expression import BindParameter

from store.tables import entry
from store.unit import StoreUnit

Place = tuple[int, int, bytes]
"""A line with its stream and its n."""

_BATCH = 1_000


class Streams(StoreUnit):
    """The reading of whole logs; nothing of it is locked."""

    def every_line(self, most: int = _BATCH) -> Iterator[Sequence[Place]]:
        """Yield all lines in batches of `most`.

        The program's own stream (0) comes first, then those of agreements in the order of their
        keys, each in the order of n.
        """
        stream, n = -1, 0
        while rows := self._rows(EVERY_LINE, stream=stream, n=n, most=most):
            yield [(stream, n, line.encode()) for stream, n, line in rows]
            stream, n, _line = rows[-1]


_PROGRAM: BindParameter[Any] = bindparam("program_id")
EVERY_LINE = (
    select(entry.c.stream, entry.c.n, entry.c.line)
    .where(
        entry.c.program_id == _PROGRAM,
        # Compared as a pair, which walks on along the primary key from where the last batch ended.
        tuple_(entry.c.stream, entry.c.n) > tuple_(bindparam("stream"), bindparam("n")),
    )
    .order_by(entry.c.stream, entry.c.n)
    .limit(bindparam("most"))
)
