"""Changes the agreed document of a signed agreement: from a file, or in the user's editor."""

from dataclasses import dataclass, replace
from typing import Protocol

from cli.acting import Acting
from cli.applying import Applied
from cli.assent import pointed
from cli.bringing import Bringing, brought, tell
from cli.inputs import Document, parsed
from cli.output.changes import differences
from cli.output.document import document_toml
from cli.output.receipts import REFUSED
from cli.output.shapes import json_text
from cli.output.streams import out, out_data
from cli.papers import papers_of
from cli.refs import Found
from cli.runs.apply import applied_shape, applied_text
from cli.session import Session
from cli.settings import Writing
from cli.stating import Form, Stated, put
from lifecycle.drafting import with_ids
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from states.agreement import Agreement
from states.deeds import Deed
from states.problem import InvalidInputError, Problem
from states.ref import Ref


class Change(Protocol):
    """The use case that makes another document the agreement's."""

    def __call__(
        self, unit: Unit, order: Order, ref: Ref, agreement: Agreement, *, file: str | None
    ) -> Receipt:
        """Change the document and return the receipt."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a document is changed: the deed, its use case, and what files are that come with it."""

    deed: Deed
    change: Change
    kind: str


@dataclass(frozen=True, slots=True)
class Changing:
    """One change of an agreement's document: in which run, of which agreement, how, by whom."""

    session: Session
    writing: Writing
    agreement: Found
    acting: Acting
    way: Way

    def from_file(self, file: str | None) -> int:
        """Change the document as a file or the editor has it; prints the receipt, returns the code.

        On standard output nothing but the receipt is written.
        """
        receipt = put(self.session, self.writing, file, self._form, self._changed)
        return REFUSED if receipt is not None and receipt.refused else 0

    def _form(self) -> Form:
        ref, standing = self.agreement.ref, self.agreement.standing
        with self.session.store.reading() as reader:
            toml = document_toml(ref, standing.version, reader.document(standing))
        return Form(str(ref), f"the document of {ref}", toml)

    def _changed(self, stated: Stated) -> Receipt:
        document = self._document(stated)
        ref, standing, way = self.agreement.ref, self.agreement.standing, self.way
        order = self.session.order(self.writing, **self.acting.said)
        order = replace(order, expect_version=order.expect_version or document.version)
        kind = self.acting.kind(way.kind)
        papers = papers_of(self.session, standing, self.acting.files, kind)
        bringing = Bringing(ref, order, way.deed, papers)
        before: list[Agreement] = []

        def act(unit: Unit, order: Order, ref: Ref) -> Receipt:
            before.append(unit.document(unit.standing(ref.key) or standing))
            return way.change(unit, order, ref, document.agreement, file=document.file)

        receipt, attached = brought(self.session, self.writing, bringing, act)
        receipt = pointed(receipt, ref, way.deed, standing, "--file", stated.file)
        after = with_ids(document.agreement, before[-1])
        self._print(Applied(receipt, differences(before[-1], after)))
        tell(bringing, receipt, attached)
        return receipt

    def _document(self, stated: Stated) -> Document:
        ref, document = self.agreement.ref, parsed(stated.text, stated.name)
        if document.ref not in {None, ref}:
            message = f"this is {ref}, and {document.ref} is another agreement"
            raise InvalidInputError([Problem("other_ref", message, document.file, None, "ref")])
        if stated.edited and document.version is None:
            return replace(document, version=self.agreement.standing.version)
        return document

    def _print(self, applied: Applied) -> None:
        dry_run = self.writing.dry_run
        if self.session.settings.json:
            out_data(json_text(applied_shape(applied, dry_run=dry_run)))
        else:
            out(applied_text(applied, dry_run=dry_run))
