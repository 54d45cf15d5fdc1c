"""What is to stand in the record: from a file, from standard input, or from the user's editor.

What was edited is kept as a file for as long as it is not stored, so that somebody else can approve
the very same text, and it can be carried out from there.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cli.assent import wants_assent
from cli.editor import Draft, take
from cli.inputs import STDIN, bytes_of
from cli.output.streams import talk
from cli.session import Session
from cli.settings import Writing
from lifecycle.order import Receipt


@dataclass(frozen=True, slots=True)
class Form:
    """A text that opens in the editor: what its file is called, what it is, what it says."""

    file: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What was stated: the text, its name for messages, and the file to name to others."""

    text: str | bytes
    name: str
    file: str
    edited: bool = False


Use = Callable[[Stated], Receipt]


def put(
    session: Session, writing: Writing, file: str | None, form: Callable[[], Form], use: Use
) -> Receipt | None:
    """Return what `use` makes of what is stated; None where the form was left as it was."""
    if file is not None:
        name, data = bytes_of(file)
        return use(Stated(data, name, "FILE" if file == STDIN else file))
    given = form()
    draft = Draft(given.file, given.text)

    def edited(text: str) -> Receipt | None:
        if text == given.text:
            talk("It was left as it was; nothing was changed.\n")
            return None
        return use(Stated(text, given.title, str(draft.path), edited=True))

    def accepted(receipt: Receipt | None) -> bool:
        return receipt is None or not (receipt.refused or writing.dry_run)

    def mendable(receipt: Receipt | None) -> bool:
        return receipt is not None and receipt.refused and not wants_assent(receipt)

    return take(draft, session.settings, edited, accepted, mendable)
