"""Which stream of the log is meant: an agreement's, or the program's own by its code."""

from cli.refs import found
from cli.session import Session
from store.reader import Reader


def stream_of(session: Session, reader: Reader, text: str | None) -> int | None:
    """Return the key of the agreement that is meant; None where it is the program."""
    if text is None or text.upper() == session.code:
        return None
    return found(reader, text).standing.key
