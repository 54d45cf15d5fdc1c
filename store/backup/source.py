"""The file that is to be restored: what kind of backup it is, its digest, what is wrong with it."""

import stat
from dataclasses import dataclass, field
from pathlib import Path

from lifecycle.errors import StoreError
from store.version import HEAD

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_MAGIC = {b"SQLite format 3\0": SQLITE, b"PGDMP": POSTGRESQL}
_MOST_MAGIC = max(map(len, _MAGIC))
_NAMES = {SQLITE: "an SQLite database", POSTGRESQL: "a PostgreSQL database"}


@dataclass(slots=True)
class Source:
    """A backup that is being restored.

    `sha256` is of the bytes that were restored, `wanted` the digest that is insisted on, `schema`
    the form that they have, and `findings` what is not in order and could be lived with.
    """

    path: Path
    kind: str
    wanted: str | None = None
    sha256: str = ""
    schema: str = ""
    findings: list[str] = field(default_factory=list)

    def made_for(self, kind: str) -> None:
        """Raise StoreError where it was made of the other kind of database."""
        if self.kind != kind:
            message = f"{self.path} is a backup of {_NAMES[self.kind]}, and not of {_NAMES[kind]}"
            hint = "restore it into a database of its own kind: --db"
            raise StoreError(message, "foreign", hint)

    def of_form(self, schema: str, known: tuple[str, ...]) -> None:
        """Keep the form that it has; raises StoreError for one that this release can't upgrade."""
        if schema > HEAD:
            message = (
                f"{self.path} was made by a newer release (schema {schema}, this one knows {HEAD})"
            )
            raise StoreError(message, "newer", "restore it with that release")
        if schema not in known:
            raise not_ours(self.path)
        self.schema = schema

    def has(self, sha256: str) -> None:
        """Keep its digest; raises StoreError where another one is insisted on."""
        self.sha256 = sha256
        if self.wanted is not None and self.wanted.lower() != sha256:
            message = f"the SHA-256 of {self.path} is {self.sha256}, and not the one that was given"
            hint = "it is another file, or was altered: look for the one that you mean"
            raise StoreError(message, "altered", hint)


def source_at(file: str, wanted: str | None = None) -> Source:
    """Return the backup in a file; raises StoreError for what is none."""
    path = Path(file).expanduser()
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            message = f"{path} is no file"
            raise StoreError(message, "unreadable", "name the file that db backup made")
        with path.open("rb") as opened:
            begins = opened.read(_MOST_MAGIC)
    except FileNotFoundError as error:
        message = f"there is no file {path}"
        raise StoreError(message, "unreadable", "name the file that db backup made") from error
    except OSError as error:
        message = f"{path} can't be read: {error.strerror}"
        raise StoreError(message, "unreadable", "ask whose it is to let you read it") from error
    kinds = [kind for magic, kind in _MAGIC.items() if begins.startswith(magic)]
    if not kinds:
        raise not_ours(path)
    return Source(path, kinds[0], wanted)


def not_ours(path: Path) -> StoreError:
    """Return the error of a file that is no backup of this program's."""
    message = f"{path} is no backup that lifecycle db backup made"
    return StoreError(message, "foreign", "name the file that db backup made")


def damaged(path: Path, what: str) -> StoreError:
    """Return the error of a backup that can't be restored."""
    message = f"{path} is damaged, cut off or altered: {what}; nothing was restored"
    return StoreError(message, "damaged", "use another backup")
