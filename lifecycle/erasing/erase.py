"""Erases what people wrote: a whole text beside a line, or words wherever they stand.

Lines are never touched. They cite texts by salted digests, and an `erased` line says what stands
in the place of each since, never what stood there. The new text has a new salt and the old one is
gone with its text, so that nobody can try guesses on what the lines cite.

Steps, in this order, in one transaction:

1. lock the streams, the program's first, then agreements in order of their references;
2. see by what right it is done, before any text is looked at;
3. write each stream's `erased` line, which says what will stand there;
4. replace the texts, which the database allows to nobody but right after such a line;
5. restate what else was derived of the texts.

The agreement's row moves along with its line, to what replay makes of the texts that will stand
there (`lifecycle.erasing.restating`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from msgspec.structs import replace as replaced

from lifecycle.advance import version_refusal
from lifecycle.authority import Authority, authorise, authorise_program
from lifecycle.compose import (
    Draft,
    refused,
    refused_for_program,
    repeated,
    written,
    written_for_program,
)
from lifecycle.entry import entry_of, salted
from lifecycle.erasing.erasable import PARTS, line_of_stream, paper_of, texts, whole, without
from lifecycle.erasing.redacting import Wording, first_free
from lifecycle.erasing.restating import Restating
from lifecycle.matter import Judging, Matter, judging, locked, today_of
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Change, Piece, Unit
from states.codec import encode
from states.deeds import ERASE
from states.notes import Erasure
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.vocabulary import Event, Outcome

_SHORTEST = 2
_KEY_OF_SEVERAL = Problem(
    "key_reused",
    "an idempotency key stands on one line, and this writes several",
    hint="leave it out: erasing again finds nothing left, and changes nothing",
)


@dataclass(frozen=True, slots=True)
class Erasing:
    """What became of erasing on one stream: its receipt, and which texts, by line and part.

    `digests` is how many digests in the outbox lost words; `lines` has the words still, as who
    acted, as an item or in a key, since lines are never touched.
    """

    receipt: Receipt
    pieces: tuple[tuple[int, str], ...] = ()
    digests: int = 0
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One part beside a line, of an agreement or of the program (None)."""

    ref: Ref | None
    n: int
    part: str


@dataclass(frozen=True, slots=True)
class _Stream:
    """One locked stream; `matter` is None for the program's own."""

    unit: Unit
    order: Order
    matter: Matter | None
    today: date
    rules: Judging
    authority: Authority

    @property
    def key(self) -> int | None:
        return self.matter.held.key if self.matter else None

    def of(self, ref: Ref | None) -> bool:
        """Whether it is this agreement's, or the program's own (None)."""
        return (self.matter.ref if self.matter else None) == ref

    @property
    def name(self) -> str:
        return str(self.matter.ref) if self.matter else self.unit.program.code

    @property
    def next_n(self) -> int:
        return 1 + (self.matter.held.n if self.matter else self.unit.program_head()[0])

    def refusal(self) -> Receipt | None:
        """Return the receipt of what stands against it; a void agreement has texts, too."""
        if self.matter is None:
            if not self.authority.refusal:
                return None
            digest = self.rules.digest
            return refused_for_program(self.unit, self.order, self.today, digest, self.authority)
        conflict = version_refusal(self.matter)
        if verdicts := self.authority.refusal or (conflict.verdicts if conflict else ()):
            return written(self.matter, refused(self.matter, self.authority, verdicts))
        return None

    def written(self, pieces: Sequence[Piece], also: Callable[[Change], Change]) -> Receipt:
        """Write the line that says what stands there from now on."""
        note = tuple(Erasure(p.n, p.part, salted(p.salt, p.body)) for p in pieces)
        draft = Draft(
            event=Event.ERASED,
            effective_on=self.today,
            authority=self.authority,
            content=Beside("content", self.unit.salt(), encode(note), "erasure"),
        )
        if self.matter is None:
            return written_for_program(self.unit, self.order, self.rules.digest, draft)
        return written(self.matter, draft, also)

    def unchanged(self) -> Receipt:
        """Return the receipt of an order that leaves everything as it is."""
        n, head = self.unit.program_head()
        held = self.matter.held if self.matter else None
        return Receipt(
            ref=self.name,
            event=Event.ERASED,
            outcome=Outcome.UNCHANGED,
            version=held.version if held else n,
            n=held.n if held else n,
            effective_on=self.today,
            entry=held.head if held else head or "",
        )


def erase_part(
    unit: Unit, order: Order, place: Place, *, everywhere: bool = False
) -> tuple[Erasing, ...]:
    """Erase a whole text beside a line; what is erased already is `unchanged`.

    A file that is attached to other agreements, too, is erased from them only if `everywhere`: its
    bytes are kept once. Raises UnknownRefError, and InvalidInputError where there is no such text,
    or where later lines need it.
    """
    if place.part not in PARTS:
        message = f"{place.part!r} is no part of what stands beside a line"
        raise InvalidInputError([Problem("not_allowed", message, key="--part", allowed=PARTS)])
    if before := repeated(unit, order, Event.ERASED, place.ref):
        return (Erasing(before),)
    _insist_on_reason(unit, order)
    shared = _sharing(unit, place) if everywhere else frozenset[Ref]()
    if order.key and shared - {place.ref}:
        raise InvalidInputError([_KEY_OF_SEVERAL])
    streams = _streams(unit, order, {place.ref, *shared})
    stream = next(one for one in streams if one.of(place.ref))
    if refusal := stream.refusal():
        return (Erasing(refusal),)
    entry = line_of_stream(unit, stream.key, stream.name, place.n)
    gone = f"[erased on line {stream.next_n}]"
    pieces = whole(unit, stream.key, entry, place.part, gone)
    if not pieces:
        return (Erasing(stream.unchanged()),)
    if place.part != "attachment":
        return (_carried_out(stream, pieces),)
    return _file_erased(unit, streams, pieces[0])


def erase_words(
    unit: Unit, order: Order, refs: Sequence[Ref | None], words: Sequence[str]
) -> tuple[Erasing, ...]:
    """Erase words from every text of some streams; None among them is the program's own.

    The same word has the same placeholder in all of them. Raises UnknownRefError, and
    InvalidInputError for words that a policy has, or the order's own reason.
    """
    alone = len(refs) == 1
    if alone and (before := repeated(unit, order, Event.ERASED, refs[0])):
        return (Erasing(before),)
    wanted = _checked(words)
    _insist_on_reason(unit, order)
    if order.key and not alone:
        raise InvalidInputError([_KEY_OF_SEVERAL])
    streams = _streams(unit, order, refs)
    for stream in streams:
        if refusal := stream.refusal():
            return (Erasing(refusal),)
    number = first_free(text.raw() for one in streams for text in texts(unit, one.key))
    wording = Wording(wanted, number)
    _insist_on_words_of_people(unit, streams, wording, order.reason)
    digests = unit.reword_mail(wording)
    done = []
    for stream in streams:
        pieces = without(unit, stream.key, wording)
        one = _carried_out(stream, pieces, wording) if pieces else Erasing(stream.unchanged())
        lines = enumerate(unit.lines(stream.key), 1)
        still = tuple(n for n, line in lines if wording.found_in(line.decode()))
        done.append(replace(one, digests=digests, lines=still))
    return tuple(done)


def _streams(unit: Unit, order: Order, refs: Iterable[Ref | None]) -> list[_Stream]:
    """Lock streams: the program's first, then agreements in order of their references."""
    wanted = sorted(refs, key=lambda ref: ref.key if ref else -1)
    if None in wanted:
        unit.lock_program()
    return [_agreement(unit, order, ref) if ref else _program(unit, order) for ref in wanted]


def _agreement(unit: Unit, order: Order, ref: Ref) -> _Stream:
    matter = locked(unit, order, ref)
    return _Stream(unit, order, matter, matter.today, matter.judging, authorise(matter, ERASE))


def _program(unit: Unit, order: Order) -> _Stream:
    today = today_of(unit, order)
    rules = judging(unit, None, today)
    authority = authorise_program(unit, order, ERASE, today, rules)
    return _Stream(unit, order, None, today, rules, authority)


def _sharing(unit: Unit, place: Place) -> frozenset[Ref]:
    """Return the agreements that have the file which a line attached."""
    key = place.ref.key if place.ref else None
    line = next(unit.lines(key, place.n - 1), None)
    paper = paper_of(unit, key, entry_of(line)) if line else None
    keys = {key for key, _n in unit.attaching(paper.sha256)} if paper else set[int]()
    return frozenset(Ref.of(unit.program.code, key) for key in keys)


def _file_erased(unit: Unit, streams: Sequence[_Stream], piece: Piece) -> tuple[Erasing, ...]:
    """Erase a file wherever it is attached: each agreement that has it gets a line."""
    lines = unit.attaching(piece.cites)
    held = {stream.key for stream in streams}
    others = sorted({Ref.of(unit.program.code, key) for key, _n in lines if key not in held})
    if others:
        named = ", ".join(map(str, others))
        message = f"the same file is attached to {named}, too, and is kept once"
        hint = "erase it from all of them: --all"
        raise InvalidInputError([Problem("shared", message, key="--part", hint=hint)])
    return tuple(
        _carried_out(
            stream,
            [replaced(piece, n=n) for key, n in lines if key == stream.key],
        )
        for stream in streams
    )


def _carried_out(
    stream: _Stream, pieces: Sequence[Piece], wording: Wording | None = None
) -> Erasing:
    unit = stream.unit
    restating = Restating(unit, pieces)
    receipt = stream.written(pieces, restating)
    unit.erase(stream.key, receipt.n, pieces)
    if wording is not None and restating.document is not None:
        unit.reworded(restating.after, restating.document, wording)
    return Erasing(receipt, tuple((piece.n, piece.part) for piece in pieces))


def _checked(words: Sequence[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(" ".join(word.split()) for word in words))
    if not wanted:
        message = "nothing is said that is to be erased"
        raise InvalidInputError([Problem("missing_key", message, key="--text")])
    for word in wanted:
        if sum(letter.isalnum() for letter in word) < _SHORTEST:
            message = f"{word!r} is too short: it would be found in what is nobody's name"
            raise InvalidInputError([Problem("too_short", message, key="--text")])
    return wanted


def _insist_on_reason(unit: Unit, order: Order) -> None:
    if not (unit.program.sandbox or order.reason):
        message = "erasing has to say why: at whose request, by which rule"
        hint = "say it with -m, without what is to be erased"
        raise InvalidInputError([Problem("missing_key", message, key="--reason", hint=hint)])


def _insist_on_words_of_people(
    unit: Unit, streams: Sequence[_Stream], wording: Wording, reason: str | None
) -> None:
    """Refuse words that guards compare texts with, and a reason that keeps what is to go."""
    if reason and wording.found_in(reason):
        message = "the reason says the very words that are to be erased"
        hint = "name the request instead, for example its file number"
        raise InvalidInputError([Problem("in_reason", message, key="--reason", hint=hint)])
    for digest in {stream.rules.digest for stream in streams}:
        policy = unit.policy(digest)
        answers = (word for condition in policy.conditions for word in condition.answers)
        for word in (*(body.name for body in policy.bodies), *answers):
            if wording.found_in(word):
                message = f"{word!r} is a word of the policy, by which agreements are judged"
                hint = "erase the longer text that it stands in"
                raise InvalidInputError([Problem("in_policy", message, key="--text", hint=hint)])
