"""Notes what of which agreement was published where: by nothing else is it on record (R28).

`note_publications(unit, order, publications)` is called within one unit for everything that a run
of `publish --record URL` has published, each agreement with the address of its own page:

    digest = sha256(agreement_json(public)).hexdigest()
    Publication(ref=ref, url=address, term=public.term, sha256=digest)  # of all that were signed
    receipts = session.carry_out(writing, lambda u, o: note_publications(u, o, publications))

It returns a receipt for each, in the order of their references: `ok` for a new line, `unchanged`
where just that was noted before, `refused` where the agreement was voided, was never signed or has
a later term by now. Somebody whose role it is not gets one receipt in all, the program's refusal.
Nothing here reads a page or asks whether it is there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from guards.conditions import Verdict
from lifecycle.advance import barred, refusal
from lifecycle.authority import authorise, authorise_program
from lifecycle.compose import Draft, compose, receipt_of, refused, refused_for_program, repeated_by
from lifecycle.drafting import unchanged
from lifecycle.errors import UnknownRefError
from lifecycle.matter import Matter, judging, matter_of, today_of
from lifecycle.order import Order, Receipt
from lifecycle.ports import Beside, Change, Unit
from states.codec import encode
from states.deeds import PUBLISH
from states.problem import InvalidInputError, Problem
from states.records import LONGEST_URL, OF_A_PUBLICATION, PUBLISHED, Record
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import Event

BATCH = 500
"""Agreements that are locked, judged and written at a time, all in the one transaction."""

# What RFC 3986 has in an address of the web, without a user's name and password.
_URL = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9]))*(?<!-)(?::[0-9]{1,5})?"
    r"(?!\S*/\.\.?(?:[/?#]|$))(?:[/?#][a-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?",
    re.IGNORECASE,
)
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What was published of an agreement: its own page's address, and what stood there.

    `term` is the signed term that the page shows, `sha256` the digest of the agreement's public
    form, in lower-case hex.
    """

    ref: Ref
    url: str
    term: int
    sha256: str


def note_publications(
    unit: Unit, order: Order, publications: Sequence[Publication]
) -> tuple[Receipt, ...]:
    """Note what was published where, all in one transaction; returns a receipt for each.

    Raises InvalidInputError for an address that is none and an agreement given twice, and
    UnknownRefError.
    """
    given = sorted(publications, key=lambda one: one.ref.key)
    if problems := tuple(_problems(given)):
        raise InvalidInputError(problems)
    today = today_of(unit, order)
    rules = judging(unit, None, today)
    authority = authorise_program(unit, order, PUBLISH, today, rules)
    if authority.refusal:
        unit.lock_program()
        return (refused_for_program(unit, order, today, rules.digest, authority),)
    batches = (given[first : first + BATCH] for first in range(0, len(given), BATCH))
    return tuple(receipt for some in batches for receipt in _noted(unit, order, today, some))


def not_published(standing: Standing, term: int | None) -> tuple[Verdict, ...]:
    """Return why it can't be that what was signed of an agreement was published as of this term."""
    if term == standing.signed_term and term is not None:
        return ()
    signed = standing.signed_term
    return refusal(
        "publication.unsigned" if signed is None else "publication.of_another_term",
        "It was never signed, and only what is signed is noted as published."
        if signed is None
        else f"What was published is of term {term}, and term {signed} is the one last signed.",
        "publish what is signed: lifecycle publish DIR --record URL",
        "what is signed is public (R28)",
    ).verdicts


def address_problem(url: str) -> Problem | None:
    """Return why nothing can be published at an address; None where it can."""
    if _URL.fullmatch(url) and len(url) <= LONGEST_URL:
        return None
    message = f"{_short(url)} is no address that a page can be published at"
    hint = (
        "an http or https address without a password and without ..; letters with accents as"
        " their codes (%C3%A9)"
        if len(url) <= LONGEST_URL
        else f"an address of at most {LONGEST_URL:,} characters"
    )
    return Problem("bad_url", message, key="--record", hint=hint)


def _problems(given: Sequence[Publication]) -> Iterator[Problem]:
    seen: set[Ref] = set()
    for one in given:
        if one.ref in seen:
            yield Problem("repeated", f"{one.ref} is given twice", key="ref")
        seen.add(one.ref)
        if problem := address_problem(one.url):
            yield problem
            return
        if not _SHA256.fullmatch(one.sha256):
            yield Problem("bad_digest", f"{one.sha256!r} is no SHA-256 in hex", key="sha256")


def _short(url: str) -> str:
    said = ascii(url)
    return said if len(said) <= _MOST_SHOWN else f"{said[:_MOST_SHOWN]}..."


_MOST_SHOWN = 100


def _noted(unit: Unit, order: Order, today: date, some: Sequence[Publication]) -> list[Receipt]:
    before = _before(unit, order, some)
    held = {one.key: one for one in unit.lock_many([one.ref.key for one in some])}
    known = unit.publications_of(list(held.values()))
    receipts: list[Receipt] = []
    changes: list[Change] = []
    for one in some:
        standing = held.get(one.ref.key)
        if standing is None or one.ref.code != unit.program.code:
            raise UnknownRefError(str(one.ref))
        mine = replace(order, key=_key(order, one))
        if mine.key and mine.key in before:
            receipts.append(repeated_by(before[mine.key], mine, Event.PUBLISHED, one.ref))
            continue
        matter = matter_of(unit, mine, standing, today)
        fact = Record(PUBLISHED, today, url=one.url, term=one.term, sha256=one.sha256)
        if any(_same(fact, other) for other in known[standing.key]):
            receipts.append(unchanged(matter, Event.PUBLISHED))
            continue
        draft = _draft(matter, fact)
        change = compose(matter, draft)
        changes.append(change)
        receipts.append(receipt_of(change, draft))
    unit.write(changes)
    return receipts


def _draft(matter: Matter, fact: Record) -> Draft:
    authority = authorise(matter, PUBLISH)
    against = barred(matter) or authority.refusal or not_published(matter.held, fact.term)
    if against:
        return refused(matter, authority, against)
    return Draft(
        event=Event.PUBLISHED,
        effective_on=matter.today,
        authority=authority,
        content=Beside("content", matter.unit.salt(), encode(fact), f"record.{PUBLISHED}"),
    )


def _same(fact: Record, other: Record) -> bool:
    return all(getattr(fact, key) == getattr(other, key) for key in OF_A_PUBLICATION)


def _before(unit: Unit, order: Order, some: Sequence[Publication]) -> Mapping[str, bytes]:
    """Return the lines that were written under this order's key before, each under its own."""
    keys = [key for one in some if (key := _key(order, one))]
    return unit.lines_by_keys(keys)


def _key(order: Order, one: Publication) -> str | None:
    """Return the key of one agreement's line: a line has one of its own."""
    return f"{order.key}/{one.ref}" if order.key else None
