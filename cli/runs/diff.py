"""What `lifecycle diff` does: compares two versions of an agreement's document."""

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.changes import changes_text, differences
from cli.refs import Found, document_at, found
from cli.session import opened
from cli.settings import Reading, Settings
from store.reader import Reader


def diff(
    settings: Settings, reading: Reading, text: str, first: int | None, second: int | None
) -> None:
    """Print what changed between two versions."""
    with opened(settings) as session, session.store.reading() as reader:
        agreement = found(reader, text)
        newer = second or agreement.standing.version
        older = first or _before_the_last_change(reader, agreement)
        changes = differences(
            document_at(reader, agreement, older), document_at(reader, agreement, newer)
        )
    shapes = [change.shape() for change in changes]
    span = f"{agreement.ref}, version {older} to version {newer}"
    nothing = "Nothing has changed.\n"
    answer = Answer(
        table=lambda: f"{span}\n{changes_text(changes) or nothing}",
        json=shape(shapes),
        csv=csv_of(("key", "before", "after"), shapes),
    )
    give(settings, reading, answer)


def _before_the_last_change(reader: Reader, agreement: Found) -> int:
    """Return the version whose document the last change replaced; the first where none was."""
    versions = reader.versions(agreement.standing.key)
    return versions[-2] if len(versions) > 1 else versions[-1]
