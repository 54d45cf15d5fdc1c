"""What `lifecycle evaluate` does: puts the evaluation of a term beside its agreement."""

from cli.forms import evaluation_form
from cli.refs import Found, named
from cli.session import Session, opened
from cli.settings import Settings, Writing
from cli.sheets import Kind, put_sheet
from lifecycle.sheets import evaluate
from states.records import Evaluation
from store.reader import Reader


def evaluate_one(settings: Settings, writing: Writing, text: str, file: str | None) -> int:
    """Evaluate a term; returns the exit code."""
    kind = Kind("evaluation", Evaluation, evaluate, evaluation_form_of)
    with opened(settings) as session:
        return put_sheet(session, writing, named(session, text), file, kind)


def evaluation_form_of(_session: Session, reader: Reader, agreement: Found) -> str:
    """Return the form of an agreement's evaluation, filled in as far as known."""
    standing = agreement.standing
    known = None
    if standing.evaluation_n is not None and standing.evaluation_term == standing.signed_term:
        known = reader.sheet(Evaluation, standing.key, standing.evaluation_n)
    return evaluation_form(agreement.ref, standing, reader.document(standing), known)
