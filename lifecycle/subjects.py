"""What an approval is bound to: the digest of exactly that content which is going to be written.

So an approval stands for what its giver saw, and for nothing that was put in its place later.
"""

from hashlib import sha256
from typing import Any

from states.agreed import agreed_digest
from states.agreement import Agreement
from states.codec import encode
from states.notes import TakenBack, Voiding


def of_document(agreement: Agreement) -> str:
    """Return what an amendment or a correction of the document is about."""
    return agreed_digest(agreement)


def of_type(type_: str) -> str:
    """Return what a reclassification is about: the type that it is made into."""
    return sha256(type_.encode()).hexdigest()


def of_note(note: TakenBack | Voiding) -> str:
    """Return what taking back a transition, or voiding an agreement, is about."""
    return sha256(encode(note)).hexdigest()


def of_sheet(entry: int, sheet: Any) -> str:  # noqa: ANN401 - any sheet of states.records
    """Return what correcting a sheet is about: the line that it corrects, and the new sheet."""
    return sha256(str(entry).encode() + encode(sheet)).hexdigest()
