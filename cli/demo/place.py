"""Where the demo's sandbox and its register stand, and whether what is there may be replaced.

Only a sandbox that the demo itself made is replaced, and without asking only if nobody has gone on
with it since; and only a register to which nobody has added anything.
"""

import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path

from cli.asking import confirmed
from cli.demo.story import LAST_DAY, MARK, REGISTER
from cli.publishing.manifest import manifest_in
from cli.publishing.place import looked_at
from lifecycle.errors import StoreError
from store.opening import open_store
from store.store import Store

FILE = "lifecycle-demo.db"
_SIDE_FILES = ("", "-wal", "-shm", "-journal", ".key")


def register_of(database: Path) -> Path:
    """Return the folder that the demo publishes into; raises StoreError if it may not be replaced.

    That is one in which something stands that was not published.
    """
    folder = database.with_name(REGISTER)
    manifest = manifest_in(folder)
    if manifest is not None and not any(looked_at(folder, manifest).strange):
        return folder
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return folder
    message = f"{folder} holds more than a register that the demo published, so it stays as it is"
    raise StoreError(message, "exists", "name another folder: lifecycle demo DIR")


def remove_register(folder: Path) -> None:
    """Remove the register that an earlier demo left; its sandbox is gone, and it with it."""
    if folder.exists():
        shutil.rmtree(folder)


def clear(path: Path, *, yes: bool) -> bool:
    """Remove the demo's earlier sandbox; returns whether there was one.

    Raises StoreError for anything else that is there, and UsageError where somebody has gone on
    with the sandbox and nobody says that it may go.
    """
    if not path.exists():
        return False
    if not _may_go(path, yes=yes):
        message = f"{path} stays as it is"
        raise StoreError(message, "kept", "name another folder: lifecycle demo DIR")
    for suffix in _SIDE_FILES:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()
    return True


def _may_go(path: Path, *, yes: bool) -> bool:
    try:
        store = open_store(str(path))
    except StoreError as error:
        raise _not_ours(path) from error
    try:
        if not _made_by_demo(store):
            raise _not_ours(path)
        gone_on = (store.stands_at or date.max) > date.fromisoformat(LAST_DAY)
    finally:
        store.close()
    question = f"Somebody has gone on with the sandbox {path}. Replace it?"
    otherwise = f"Somebody has gone on with {path}: say --yes to replace it, or name another folder"
    return not gone_on or confirmed(question, yes=yes, otherwise=otherwise)


def _made_by_demo(store: Store) -> bool:
    with store.reading() as reader:
        bodies = [part.body for part in reader.beside(None, 1) if part.part == "reason"]
    return store.program.sandbox and bodies == [MARK.encode()]


def _not_ours(path: Path) -> StoreError:
    message = f"{path} is no sandbox that the demo made, so it stays as it is"
    return StoreError(message, "exists", "name another folder: lifecycle demo DIR")
