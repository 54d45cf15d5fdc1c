"""What tests of later changes share: somebody else's approval, and the document as a file.

Approvals are given through the use case, bound to the content that the test says.
"""

from pathlib import Path

from cli.inputs import parsed
from lifecycle.approving import approve
from lifecycle.drafting import with_ids
from lifecycle.subjects import of_document, of_note, of_sheet
from states.notes import TakenBack, Voiding
from states.records import Evaluation, ScoreSheet
from states.ref import Ref
from tests.builders import DORA
from tests.cli.conftest import Cli
from tests.stage import Stage


def assented(
    stage: Stage, ref: Ref, word: str, subject: str | None = None, actor: str = DORA
) -> int:
    """Let somebody approve a deed, bound to a content; returns the line."""
    receipt = stage.do(lambda u, o: approve(u, o, ref, word, subject), actor=actor)
    assert not receipt.refused, receipt.unmet
    return receipt.n


def of_file(stage: Stage, ref: Ref, file: Path) -> str:
    """Return what an approval of a document's file is bound to."""
    document = parsed(file.read_bytes(), file.name)
    return of_document(with_ids(document.agreement, stage.document(ref)))


def of_line(n: int) -> str:
    """Return what an approval of taking back a line is bound to."""
    return of_note(TakenBack(n))


def of_void(same_as: Ref | None = None) -> str:
    """Return what an approval of voiding is bound to."""
    return of_note(Voiding(str(same_as) if same_as else None))


def of_new_sheet(n: int, sheet: ScoreSheet | Evaluation) -> str:
    """Return what an approval of another sheet in the place of line `n`'s is bound to."""
    return of_sheet(n, sheet)


def document_file(cli: Cli, ref: Ref, file: Path, *changes: tuple[str, str]) -> Path:
    """Write an agreement's document to a file, with some words changed."""
    text = cli("show", ref, "--document").well().out
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)
    return file
