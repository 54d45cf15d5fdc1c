"""What a night has left in the database, without what each run has of its own, to be compared.

Read behind the product's back: the rows as they are, the lines as bytes. The chain of each stream
is followed here by SHA-256 alone.
"""

import json
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from itertools import groupby
from typing import Any

from store.opening import open_store
from store.tables import metadata
from tests.store.raw import query

_TABLES = {
    "term": "*",
    "watch": "*",
    "notice": "key, term, rule, item, threshold, due, given_on, digest IS NOT NULL",
    "mail": "recipient, run_date, subject, body, state, attempts",
}
_OF_A_RUN = ("run", "recorded_at", "host", "prev", "content")
_LINES = "SELECT stream, n, line FROM entry ORDER BY stream, n"


def left(url: str) -> dict[str, Any]:
    """Return all that a night leaves but instants, salts and names of runs, in a fixed order."""
    found: dict[str, Any] = {
        name: sorted(query(url, f"SELECT {columns} FROM {name}"), key=repr)  # noqa: S608 - own words
        for name, columns in _TABLES.items()
    }
    return {**found, "agreement": agreements(url), "lines": lines(url)}


def agreements(url: str) -> list[dict[str, Any]]:
    """Return the rows of all agreements, without the digests of their last lines."""
    return [
        {name: value for name, value in row.items() if name != "head"}
        for row in _rows(url, "agreement")
    ]


def lines(url: str) -> list[tuple[int, list[dict[str, Any]]]]:
    """Return what the lines of each agreement say; each stream is whole."""
    heads = {row["key"]: (row["n"], row["head"]) for row in _rows(url, "agreement")}
    [program] = _rows(url, "program")
    heads[0] = (program["n"], program["head"])
    found = []
    for stream, rows in groupby(query(url, _LINES), key=lambda row: row[0]):
        said, end = _followed((row[1], bytes(row[2], "utf-8")) for row in rows)
        assert end == heads.pop(stream), stream
        if stream:
            found.append((stream, said))
    assert not heads
    return found


def differences(found: dict[str, Any], wanted: dict[str, Any]) -> tuple[int, int]:
    """Return how many rows and lines are not there, and how many more there are than wanted."""
    if found == wanted:
        return 0, 0
    there, expected = _counted(found), _counted(wanted)
    return (expected - there).total(), (there - expected).total()


def findings(url: str, *, replayed: bool) -> int:
    """Return how much is wrong with a database; the log is replayed where that is asked for."""
    store = open_store(url)
    with store.database.transaction(write=False) as connection:
        damages = store.database.damages(connection)
    with store.reading() as reader:
        found = [*reader.verify(), *reader.recompute()] if replayed else []
    store.close()
    return len(damages) + len(found)


def _counted(traces: dict[str, Any]) -> Counter[str]:
    return Counter(f"{name} {one}" for name, many in traces.items() for one in many)


def _followed(
    rows: Iterable[tuple[int, bytes]],
) -> tuple[list[dict[str, Any]], tuple[int, str | None]]:
    said, n, head = [], 0, None
    for number, line in rows:
        one = json.loads(line)
        assert (number, one["n"], one["prev"]) == (n + 1, n + 1, head)
        n, head = number, sha256(line).hexdigest()
        said.append({key: value for key, value in one.items() if key not in _OF_A_RUN})
    return said, (n, head)


def _rows(url: str, table: str) -> list[dict[str, Any]]:
    names = [column.name for column in metadata.tables[table].c]
    rows = query(url, f"SELECT {', '.join(names)} FROM {table} ORDER BY 1, 2")  # noqa: S608 - own words
    return [dict(zip(names, row, strict=True)) for row in rows]
