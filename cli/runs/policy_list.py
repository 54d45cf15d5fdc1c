"""What `lifecycle policy list` does: shipped policies, then adoptions, and what each judges."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.streams import width
from cli.output.table import Column, table
from cli.output.text import paragraphs
from cli.output.words import SHORT_DIGEST, plural
from cli.past import Seen, days_text, seen
from cli.session import opened
from cli.settings import Reading, Settings
from guards.policy import Policy
from lifecycle.dossiers import dossiers
from lifecycle.errors import StoreError
from lifecycle.in_flight import NONE, dockets
from lifecycle.matter import Judging
from states.canonical import sha256_hex
from states.standing import Standing
from store.policies import parse_policy, shipped, shipped_policy
from store.reader import Reader

_KEYS = (
    "name",
    "program",
    "title",
    "digest",
    "effective_on",
    "entry",
    "in_force",
    "judges",
    "in_flight",
)
_COLUMNS = (
    Column("NAME"),
    Column("PROGRAM"),
    Column("TITLE", flexible=True),
    Column("DIGEST"),
    Column("ADOPTED", flexible=True),
)
_MOST = 20
"""How many agreements are named one by one, of each policy."""


def list_policies(settings: Settings, reading: Reading) -> None:
    """Print the policies that there are."""
    names = {sha256_hex(shipped_policy(name)): name for name in shipped()}
    adopted = _adopted(settings, reading, names)
    digests = {row["digest"] for row in adopted}
    rows = [*(row for row in _shipped(names) if row["digest"] not in digests), *adopted]
    head = f"{days_text(reading)}\n" if reading.of_the_past else ""
    answer = Answer(
        table=lambda: head + table(_COLUMNS, [_row(row) for row in rows]) + _judged(adopted),
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
    reader, in_force = at.reader, at.reader.policy_in_force(at.day)
    standings = at.past.all_then() if at.past else _standings(reader)
    judging = Judging(in_force, reader.policy(in_force))
    known = dockets(reader.program.code, standings, judging)
    adoptions = reader.policies()
    last = {digest: n for digest, _day, n in adoptions}
    for digest, day, n in adoptions:
        judged = known.get(digest, NONE) if n == last[digest] else NONE
        yield {
            **_shape(names.get(digest), digest, reader.policy(digest)),
            "effective_on": day,
            "entry": n,
            "in_force": digest == in_force,
            "judges": judged.agreements,
            "in_flight": list(map(str, judged.in_flight)),
        }


def _standings(reader: Reader) -> Iterator[Standing]:
    return (dossier.standing for dossier in dossiers(reader))


def _shape(name: str | None, digest: str, policy: Policy) -> dict[str, Any]:
    return {
        "name": name,
        "program": policy.program.code,
        "title": policy.program.name,
        "digest": digest,
        "effective_on": None,
        "entry": None,
        "in_force": False,
        "judges": None,
        "in_flight": [],
    }


def _row(row: Mapping[str, Any]) -> list[object]:
    since = "from the beginning" if str(row["effective_on"]) < "1000" else row["effective_on"]
    adopted = f"{since}{', in force' if row['in_force'] else ''}" if row["entry"] else None
    digest = str(row["digest"])[:SHORT_DIGEST]
    return [row["name"], row["program"], row["title"], digest, adopted]


def _judged(adopted: Sequence[Mapping[str, Any]]) -> str:
    """Return how many agreements each policy judges, and which an older one still does."""
    lines = []
    for row in adopted:
        if not row["judges"]:
            continue
        digest, number = str(row["digest"])[:SHORT_DIGEST], plural(row["judges"], "agreement")
        said = f"{digest} judges {number}"
        said += "." if row["in_force"] else f" in decision or negotiation: {_named(row)}."
        lines.append(paragraphs(said, width()) + "\n")
    return "".join(["\n", *lines]) if lines else ""


def _named(row: Mapping[str, Any]) -> str:
    refs, more = row["in_flight"][:_MOST], len(row["in_flight"]) - _MOST
    rest = f" and {more:,} more (--json names all)" if more > 0 else ""
    return f"{', '.join(refs)}{rest}"
