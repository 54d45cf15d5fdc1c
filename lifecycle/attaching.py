"""Attaches files: the signed paper, resolutions, endorsements, letters, by their SHA-256."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from guards.policy import Attachments
from lifecycle.advance import barred
from lifecycle.authority import authorise
from lifecycle.compose import Draft, refused, repeated, written
from lifecycle.drafting import unchanged
from lifecycle.matter import locked
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Unit
from states.attachment import ATTACHMENT_KINDS, Attachment
from states.codec import encode
from states.deeds import ATTACH
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.vocabulary import Event

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to be attached: its name without a folder, what it is, and its bytes."""

    name: str
    kind: str
    body: bytes
    public: bool = False


def attach(unit: Unit, order: Order, ref: Ref, paper: Paper) -> Receipt:
    """Attach a file to an agreement; the same again is `unchanged`, another mark is a new line.

    Raises UnknownRefError, and InvalidInputError for what the policy's limits don't take.
    """
    if before := repeated(unit, order, Event.ATTACHED, ref):
        return before
    matter = locked(unit, order, ref)
    attached = {known.sha256: known for _n, known in unit.attachments(matter.held.key)}
    new = Attachment(
        name=paper.name,
        kind=paper.kind,
        sha256=sha256(paper.body).hexdigest(),
        size=len(paper.body),
        public=paper.public,
    )
    _check(matter.policy.attachments, new, attached)
    if attached.get(new.sha256) == new:
        return unchanged(matter, Event.ATTACHED)
    authority = authorise(matter, ATTACH)
    if verdicts := barred(matter) or authority.refusal:
        return written(matter, refused(matter, authority, verdicts))
    unit.keep(new.sha256, paper.body)
    content = Beside("content", unit.salt(), encode(new), "attachment")
    draft = Draft(
        event=Event.ATTACHED, effective_on=matter.today, authority=authority, content=content
    )
    return written(matter, draft)


def _check(limits: Attachments, new: Attachment, attached: Mapping[str, Attachment]) -> None:
    problems = []
    if new.kind not in ATTACHMENT_KINDS:
        message = f"{new.kind!r} is not a kind of attachment"
        problems.append(Problem("not_allowed", message, key="kind", allowed=ATTACHMENT_KINDS))
    if f".{new.name.rpartition('.')[2].lower()}" not in limits.endings:
        message = f"{new.name} is not of a kind of file that is attached under this policy"
        problems.append(Problem("bad_ending", message, new.name, allowed=limits.endings))
    if not new.size:
        problems.append(Problem("empty", "there is nothing in it", new.name))
    if new.size > limits.largest_mb * MEGABYTE:
        message = f"it has {new.size:,} bytes; at most {limits.largest_mb} MB are attached"
        problems.append(Problem("too_long", message, new.name))
    if len(attached.keys() | {new.sha256}) > limits.at_most:
        message = f"{len(attached)} files are attached already; the policy allows {limits.at_most}"
        problems.append(Problem("too_many", message, new.name))
    if problems:
        raise InvalidInputError(problems)
