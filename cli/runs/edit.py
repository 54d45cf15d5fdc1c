"""What `lifecycle edit` does: a document goes out to the editor and comes back to be applied."""

from dataclasses import replace

from cli.applying import Applied, apply_documents
from cli.editor import Draft, take
from cli.inputs import parsed
from cli.output.document import document_toml
from cli.output.shapes import json_text
from cli.output.streams import out, out_data
from cli.refs import named
from cli.runs.apply import applied_shape, applied_text, exit_code
from cli.session import opened
from cli.settings import Settings, Writing
from states.problem import InvalidInputError, Problem


def edit(settings: Settings, writing: Writing, text: str) -> int:
    """Let the user edit a document and apply it; returns the exit code."""
    with opened(settings) as session:
        agreement = named(session, text)
        ref, standing = agreement.ref, agreement.standing
        with session.store.reading() as reader:
            toml = document_toml(ref, standing.version, reader.document(standing))

        def use(edited: str) -> Applied:
            document = parsed(edited, f"the document of {ref}")
            if document.ref not in {None, ref}:
                message = f"this is {ref}, and {document.ref} is another agreement"
                raise InvalidInputError([Problem("other_ref", message, document.file, None, "ref")])
            whole = replace(document, ref=ref, version=document.version or standing.version)
            applied = apply_documents(session, writing, [whole])[0]
            _print(settings, writing, applied)
            return applied

        applied = take(
            Draft(str(ref), toml),
            settings,
            use,
            lambda one: not (one.receipt.refused or writing.dry_run),
            lambda one: one.receipt.refused,
        )
    return exit_code([applied])


def _print(settings: Settings, writing: Writing, applied: Applied) -> None:
    if settings.json:
        out_data(json_text(applied_shape(applied, dry_run=writing.dry_run)))
    else:
        out(applied_text(applied, dry_run=writing.dry_run))
