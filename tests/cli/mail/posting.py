"""What the tests of mail share: digests in the outbox, and settings that lead to a server."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lifecycle.entry import instant
from lifecycle.night import Digest
from store.outbox import Mail, Outbox
from tests.stage import Stage

EVERYTHING = 10_000


def post(stage: Stage, *people: str, age: timedelta = timedelta(minutes=1), **said: Any) -> None:  # noqa: ANN401
    """Put a digest for each person into the outbox, made a while ago by the clock."""
    made = datetime.now(UTC) - age
    run = f"{made:%Y%m%dT%H%M%SZ}-{made.microsecond:06x}"
    digests = [
        Digest(
            f"{run}.{number}",
            name,
            made.date(),
            said.get("subject", f"[TOR] 1 late ({made.date()})"),
            said.get("body", f"For {name}.\n"),
            instant(made),
        )
        for number, name in enumerate(people, 1)
    ]
    stage.do(lambda unit, _order: unit.post(digests))


def outbox(stage: Stage) -> Mapping[str, Mail]:
    """Return the digests by recipient."""
    return {one.recipient: one for one in Outbox(stage.store).latest(EVERYTHING)}


def states(stage: Stage) -> Mapping[str, str]:
    """Return the state of each person's digest."""
    return {name: one.state for name, one in outbox(stage).items()}


def all_due(stage: Stage) -> None:
    """Let time pass: every lease is over, and every digest may be tried again."""
    stage.tamper("UPDATE mail SET next_at = '2026-01-01T00:00:00.000000Z' WHERE state = 'waiting'")


def configured(home: Path, text: str) -> Path:
    """Write a user's lifecycle.toml."""
    file = home / "config" / "lifecycle" / "lifecycle.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def credentials(home: Path, password: str, user: str = "lifecycle", mode: int = 0o600) -> Path:
    """Write a file with a login, and let as many read it as the mode says."""
    file = home / "config" / "lifecycle" / "smtp.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'user = "{user}"\npassword = "{password}"\n')
    file.chmod(mode)
    return file


def everything_stored(stage: Stage) -> str:
    """Return every value of every table of an SQLite file, as one text."""
    with closing(sqlite3.connect(stage.path)) as connection:
        return "\n".join(connection.iterdump())
