"""Takes a sheet (scores, an evaluation) from a file, or from a form that opens in the editor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from cli.editor import Draft, take
from cli.inputs import sheet_of
from cli.output.receipts import give
from cli.output.streams import out, talk, width
from cli.output.text import paragraphs
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
class Told:
    """What is told of a sheet beside its receipt: a sentence, and keys of the JSON answer."""

    text: str = ""
    shape: Mapping[str, Any] = field(default_factory=dict)


def _nothing(_session: Session, _agreement: Found, _sheet: object) -> Told:
    return Told()


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """One kind of sheet: what it is read as, how it is put, the form, and what is told of it."""

    name: str
    sheet: type[T]
    put: Put[T]
    form: Callable[[Session, Reader, Found], str]
    tell: Callable[[Session, Found, T], Told] = _nothing


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    receipt: Receipt
    sheet: T


def put_sheet(
    session: Session, writing: Writing, agreement: Found, file: str | None, kind: Kind[T]
) -> int:
    """Put a sheet and print the receipt; returns the exit code."""

    def put(sheet: T, name: str) -> _Done[T]:
        order = session.order(writing)
        receipt = session.carry_out(
            writing, lambda unit: kind.put(unit, order, agreement.ref, sheet, file=name)
        )
        return _Done(receipt, sheet)

    if file is not None:
        name, sheet = sheet_of(kind.sheet, file)
        return _told(session, writing, agreement, kind, put(sheet, name))
    with session.store.reading() as reader:
        form = kind.form(session, reader, agreement)

    def use(edited: str) -> _Done[T] | None:
        if edited == form:
            return None
        return put(read(kind.sheet, read_toml(edited, _FORM), file=_FORM), _FORM)

    done = take(Draft(f"{kind.name}-{agreement.ref}", form), session.settings, use, _accepted)
    if done is None:
        talk("The form was left as it was; nothing was changed.\n")
        return 0
    return _told(session, writing, agreement, kind, done)


def _told(
    session: Session, writing: Writing, agreement: Found, kind: Kind[T], done: _Done[T]
) -> int:
    receipt, settings = done.receipt, session.settings
    told = Told() if receipt.refused else kind.tell(session, agreement, done.sheet)
    code = give(settings, receipt, dry_run=writing.dry_run, **told.shape)
    if told.text and not settings.json:
        out(paragraphs(told.text, width(), first="  ") + "\n")
    return code


def _accepted(done: _Done[Any] | None) -> bool:
    return done is None or not done.receipt.refused
