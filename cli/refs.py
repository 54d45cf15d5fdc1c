"""Which agreement is meant: readers take a beginning or a partner's name, writers the whole REF."""

from collections.abc import Sequence
from typing import Self

import msgspec

from cli.asking import can_ask, chosen
from cli.session import Session
from lifecycle.errors import UnknownRefError
from states.agreement import Agreement
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.standing import Standing
from store.reader import Reader


class Found(msgspec.Struct, frozen=True):
    """One agreement: its reference, and where it stands."""

    ref: Ref
    standing: Standing

    @classmethod
    def of(cls, code: str, standing: Standing) -> Self:
        """Return the agreement that stands so, in the program of this code."""
        return cls(Ref.of(code, standing.key), standing)


def found(reader: Reader, text: str) -> Found:
    """Return the one agreement that `text` means; raises for none and for several."""
    exact = _exact(reader, text)
    if exact is not None:
        return exact
    standings = _looked_for(reader, text)
    if not standings:
        raise UnknownRefError(text)
    if len(standings) > 1:
        names = tuple(_called(reader.program.code, standing) for standing in standings)
        message = f"{text!r} means more than one agreement"
        problem = Problem("ambiguous_ref", message, key="REF", allowed=names)
        raise InvalidInputError([problem])
    return Found.of(reader.program.code, standings[0])


def named(session: Session, text: str) -> Found:
    """Return the agreement that a writer names in full; on a terminal it may be asked for."""
    with session.store.reading() as reader:
        exact = _exact(reader, text)
        standings = () if exact else _looked_for(reader, text)
    if exact is not None:
        return exact
    if not standings:
        raise UnknownRefError(text)
    names = [_called(session.code, standing) for standing in standings]
    if not can_ask():
        message = f"{text!r} is not a whole reference, and writing commands take no less"
        problem = Problem("whole_ref", message, key="REF", allowed=tuple(names))
        raise InvalidInputError([problem])
    return Found.of(session.code, standings[chosen("Which agreement is meant?", names)])


def document_at(reader: Reader, agreement: Found, version: int) -> Agreement:
    """Return the document as it stood at a version; raises InvalidInputError if it never did."""
    standing = agreement.standing
    if version == standing.version:
        return reader.document(standing)
    past = reader.document_at(standing.key, version) if version < standing.version else None
    if past is None:
        message = f"{agreement.ref} has no version {version}; it is at version {standing.version}"
        hint = f"lifecycle log {agreement.ref} shows what made each version"
        raise InvalidInputError([Problem("unknown_version", message, hint=hint)])
    return past


def _exact(reader: Reader, text: str) -> Found | None:
    try:
        ref = Ref.parse(text)
    except ValueError:
        return None
    standing = reader.standing(ref.key) if ref.code == reader.program.code else None
    if standing is None:
        raise UnknownRefError(str(ref))
    return Found(ref, standing)


def _looked_for(reader: Reader, text: str) -> Sequence[Standing]:
    """Return what is found for `text`; the program's code may be left out of a reference."""
    return reader.find(text) or reader.find(f"{reader.program.code}-{text}")


def _called(code: str, standing: Standing) -> str:
    return f"{Ref.of(code, standing.key)} {standing.title}"
