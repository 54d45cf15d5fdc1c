"""Takes a sheet (scores, an evaluation) from a file, or from a form that opens in the editor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from cli.editor import Draft, take
from cli.inputs import sheet_of
from cli.output.receipts import give
from cli.output.streams import talk
from cli.refs import Found
from cli.session import Session
from cli.settings import Writing
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from states.ref import Ref
from states.schema import read
from store.documents import read_toml
from store.reader import Reader

T_contra = TypeVar("T_contra", contravariant=True)
T = TypeVar("T")

_FORM = "the form"


class Put(Protocol[T_contra]):
    """The use case that puts a sheet beside an agreement."""

    def __call__(
        self, unit: Unit, order: Order, ref: Ref, sheet: T_contra, *, file: str | None
    ) -> Receipt:
        """Put the sheet and return the receipt."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """One kind of sheet: what it is read as, how it is put, and the form to fill in."""

    name: str
    sheet: type[T]
    put: Put[T]
    form: Callable[[Session, Reader, Found], str]


def put_sheet(
    session: Session, writing: Writing, agreement: Found, file: str | None, kind: Kind[T]
) -> int:
    """Put a sheet and print the receipt; returns the exit code."""

    def put(sheet: T, name: str) -> Receipt:
        order = session.order(writing)
        return session.carry_out(
            writing, lambda unit: kind.put(unit, order, agreement.ref, sheet, file=name)
        )

    if file is not None:
        name, sheet = sheet_of(kind.sheet, file)
        return give(session.settings, put(sheet, name), dry_run=writing.dry_run)
    with session.store.reading() as reader:
        form = kind.form(session, reader, agreement)

    def use(edited: str) -> Receipt | None:
        if edited == form:
            return None
        return put(read(kind.sheet, read_toml(edited, _FORM), file=_FORM), _FORM)

    receipt = take(Draft(f"{kind.name}-{agreement.ref}", form), session.settings, use, _accepted)
    if receipt is None:
        talk("The form was left as it was; nothing was changed.\n")
        return 0
    return give(session.settings, receipt, dry_run=writing.dry_run)


def _accepted(receipt: Receipt | None) -> bool:
    return receipt is None or not receipt.refused
