"""What `lifecycle log checkpoint` does: prints a checkpoint's exact bytes."""

from cli.output.answers import give_bytes
from cli.output.sealing import checkpoint_shape
from cli.session import opened
from cli.settings import Reading, Settings
from states.problem import InvalidInputError, Problem


def show_checkpoint(settings: Settings, reading: Reading, size: int | None) -> None:
    """Print the newest checkpoint, or the one of so many lines."""
    with opened(settings) as session, session.store.reading() as reader:
        if size is None:
            seal = reader.last_seal()
        else:
            seal = reader.seal_covering(size - 1)
            seal = seal if seal is not None and seal.size == size else None
    if seal is None:
        which = f"no checkpoint of {size} lines" if size else "no checkpoint yet"
        hint = "lifecycle log seal makes one; the log needs a key: lifecycle log key"
        message = f"the log of {session.code} has {which}"
        raise InvalidInputError([Problem("no_checkpoint", message, key="SIZE", hint=hint)])
    shape = {**checkpoint_shape(seal), "note": seal.note.decode()}
    give_bytes(settings, reading, seal.note, shape)
