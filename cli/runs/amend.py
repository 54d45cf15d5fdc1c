"""What `lifecycle amend` does: makes a document what both sides newly agreed on."""

from cli.acting import Acting
from cli.changing import Changing, Way
from cli.refs import named
from cli.session import opened
from cli.settings import Settings, Writing
from lifecycle.amending import amend
from states.deeds import AMEND

_AMENDED = Way(AMEND, amend, "signed")


def amend_one(
    settings: Settings, writing: Writing, text: str, file: str | None, acting: Acting
) -> int:
    """Amend an agreement and print the receipt; returns the exit code."""
    with opened(settings) as session:
        changing = Changing(session, writing, named(session, text), acting, _AMENDED)
        return changing.from_file(file)
