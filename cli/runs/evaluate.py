"""What `lifecycle evaluate` does: puts the evaluation of a term beside its agreement."""

from cli.forms import evaluation_form
from cli.output.streams import out
from cli.owed import owed_of
from cli.refs import Found, named
from cli.session import Session, opened
from cli.settings import Settings, Writing
from cli.sheets import Kind, put_sheet
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from lifecycle.sheets import evaluate
from states.records import Evaluation
from states.ref import Ref
from store.reader import Reader


def evaluate_one(settings: Settings, writing: Writing, text: str, file: str | None) -> int:
    """Evaluate a term, and say where its recommendation leads; returns the exit code."""
    said: list[Evaluation] = []

    def put(unit: Unit, order: Order, ref: Ref, sheet: Evaluation, *, file: str | None) -> Receipt:
        said.append(sheet)
        return evaluate(unit, order, ref, sheet, file=file)

    kind = Kind("evaluation", Evaluation, put, evaluation_form_of)
    with opened(settings) as session:
        agreement = named(session, text)
        code = put_sheet(session, writing, agreement, file, kind)
    reclassifies = any(sheet.value.recommendation == "reclassify" for sheet in said[-1:])
    if reclassifies and not (code or settings.json or writing.dry_run):
        out(f"Next: lifecycle reclassify {agreement.ref} TYPE\n")
    return code


def evaluation_form_of(session: Session, reader: Reader, agreement: Found) -> str:
    """Return the form of an agreement's evaluation, filled in as far as known."""
    standing = agreement.standing
    known = None
    if standing.evaluation_n is not None and standing.evaluation_term == standing.signed_term:
        known = reader.sheet(Evaluation, standing.key, standing.evaluation_n)
    owed = owed_of(reader, standing, session.today)
    return evaluation_form(agreement.ref, standing, reader.document(standing), known, owed)
