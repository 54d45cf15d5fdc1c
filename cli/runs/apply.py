"""What `lifecycle apply` does: applies all files together, and tells what became of each."""

from collections.abc import Sequence

from cli.applying import Applied, apply_documents
from cli.inputs import documents_of
from cli.output.changes import changes_text
from cli.output.receipts import REFUSED, text
from cli.output.shapes import json_text, receipt_shape
from cli.output.streams import out, out_data
from cli.session import opened
from cli.settings import Settings, Writing


def apply_files(settings: Settings, writing: Writing, files: tuple[str, ...]) -> int:
    """Apply the documents of some files and print a receipt each; returns the exit code."""
    documents = documents_of(files)
    with opened(settings) as session:
        applied = apply_documents(session, writing, documents)
    if settings.json:
        out_data(json_text([applied_shape(one, dry_run=writing.dry_run) for one in applied]))
    else:
        out("".join(applied_text(one, dry_run=writing.dry_run) for one in applied))
    return exit_code(applied)


def exit_code(applied: Sequence[Applied]) -> int:
    """Return the exit code for what became of some documents."""
    return REFUSED if any(one.receipt.refused for one in applied) else 0


def applied_text(applied: Applied, *, dry_run: bool) -> str:
    """Return a document's receipt as people read it, and in a dry run the difference."""
    changes = changes_text(applied.changes) if dry_run else ""
    return text(applied.receipt, dry_run=dry_run) + changes


def applied_shape(applied: Applied, *, dry_run: bool) -> dict[str, object]:
    """Return a document's receipt as JSON, with what it changes."""
    changes = [change.shape() for change in applied.changes]
    return receipt_shape(applied.receipt, dry_run=dry_run, changes=changes)
