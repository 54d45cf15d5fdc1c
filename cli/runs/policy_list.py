"""What `lifecycle policy list` does: shipped policies, then adoptions in their order."""

from collections.abc import Iterator, Mapping
from typing import Any

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.table import Column, table
from cli.past import Seen, days_text, seen
from cli.session import opened
from cli.settings import Reading, Settings
from guards.policy import Policy
from lifecycle.errors import StoreError
from states.canonical import sha256_hex
from store.policies import parse_policy, shipped, shipped_policy

_KEYS = ("name", "program", "title", "digest", "effective_on", "entry", "in_force")
_COLUMNS = (
    Column("NAME"),
    Column("PROGRAM"),
    Column("TITLE", flexible=True),
    Column("DIGEST"),
    Column("ADOPTED", flexible=True),
)
_SHORT = 12


def list_policies(settings: Settings, reading: Reading) -> None:
    """Print the policies that there are."""
    names = {sha256_hex(shipped_policy(name)): name for name in shipped()}
    adopted = _adopted(settings, reading, names)
    digests = {row["digest"] for row in adopted}
    rows = [*(row for row in _shipped(names) if row["digest"] not in digests), *adopted]
    head = f"{days_text(reading)}\n" if reading.of_the_past else ""
    answer = Answer(
        table=lambda: head + table(_COLUMNS, [_row(row) for row in rows]),
        json=shape(rows),
        csv=csv_of(_KEYS, rows),
    )
    give(settings, reading, answer)


def _shipped(names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for digest, name in names.items():
        yield _shape(name, digest, parse_policy(shipped_policy(name)))


def _adopted(
    settings: Settings, reading: Reading, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    try:
        with opened(settings) as session, seen(session, reading) as at:
            return list(_adoptions(at, names))
    except StoreError as error:
        if error.code == "missing" and settings.db is None and not reading.of_the_past:
            return []
        raise


def _adoptions(at: Seen, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    in_force = at.reader.policy_in_force(at.day)
    for digest, day, n in at.reader.policies():
        row = _shape(names.get(digest), digest, at.reader.policy(digest))
        yield {**row, "effective_on": day, "entry": n, "in_force": digest == in_force}


def _shape(name: str | None, digest: str, policy: Policy) -> dict[str, Any]:
    return {
        "name": name,
        "program": policy.program.code,
        "title": policy.program.name,
        "digest": digest,
        "effective_on": None,
        "entry": None,
        "in_force": False,
    }


def _row(row: Mapping[str, Any]) -> list[object]:
    since = "from the beginning" if str(row["effective_on"]) < "1000" else row["effective_on"]
    adopted = f"{since}{', in force' if row['in_force'] else ''}" if row["entry"] else None
    return [row["name"], row["program"], row["title"], str(row["digest"])[:_SHORT], adopted]
