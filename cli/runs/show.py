"""What `lifecycle show` does: gathers everything about one agreement, read at one moment."""

import msgspec

from cli.output.agreement import Whole, page, records_table, shape_of
from cli.output.answers import Answer, csv_of, give, shape
from cli.output.attachments import KEYS as ATTACHMENT_KEYS
from cli.output.attachments import Kept, attachments_table
from cli.output.document import document_toml, plain
from cli.output.shapes import record_shape
from cli.past import Seen, days_of, days_text, seen
from cli.refs import Found, document_at
from cli.session import Session, opened
from cli.settings import Reading, Settings
from guards.policy import Policy
from guards.priorities import serves
from lifecycle.authority import lapsed
from lifecycle.cases import waiver_lapsed
from lifecycle.checking import check
from lifecycle.choosing.weighing import Weighed, criteria_of, weigh
from lifecycle.entry import entry_of
from lifecycle.matter import matter_of
from lifecycle.partners.obligations import ledger
from states.problem import InvalidInputError, Problem
from states.records import Record, ScoreSheet
from states.standing import Standing
from store.reader import Reader

_RECORD_KEYS = ("n", *Record.__dataclass_fields__, "corrects")


class Part(msgspec.Struct, frozen=True):
    """Which part of an agreement is asked for, and as it was when; nothing set is the whole."""

    document: bool = False
    records: bool = False
    version: int | None = None
    term: int | None = None
    attachments: bool = False


def show(settings: Settings, reading: Reading, text: str, part: Part) -> None:
    """Print one agreement, or a part of it."""
    with opened(settings) as session, seen(session, reading) as at:
        reader, agreement = at.reader, at.found(text)
        if part.records:
            answer = _records(reader, agreement)
        elif part.attachments:
            answer = _attachments(reader, agreement)
        elif part.document or part.version is not None:
            answer = _document(reader, agreement, part.version)
        elif part.term is not None:
            version = _last_version_in(reader, agreement, part.term)
            answer = _document(reader, agreement, version)
        else:
            answer = _whole(session, at, agreement, reading)
    give(settings, reading, answer)


def _whole(session: Session, at: Seen, agreement: Found, reading: Reading) -> Answer:
    standing, reader, today = agreement.standing, at.reader, at.day
    document = reader.document(standing)
    matter = matter_of(reader, session.order(), standing, today)
    records = tuple(reader.records(standing.key))
    whole = Whole(
        ref=agreement.ref,
        standing=standing,
        today=today,
        document=document,
        next=() if at.past else check(reader, session.order(), standing),
        records=records,
        terms=tuple(reader.terms(standing.key)),
        policy=matter.judging.digest,
        in_force=reader.policy_in_force(today),
        sandbox=session.store.program.sandbox,
        approvals=tuple((given, lapsed(matter, given)) for given in standing.approvals),
        waivers=tuple((given, waiver_lapsed(matter, given)) for given in standing.waivers),
        attachments=kept_of(reader, standing.key),
        corrects=reader.replacing(standing.key),
        owed=ledger(standing, document, records, today),
        then=days_text(reading) if at.past else None,
        weighed=_weighed(reader, standing, matter.policy),
        serves=serves(document, matter.policy, today),
    )
    return Answer(
        table=lambda: page(whole),
        json=shape({**shape_of(whole), **days_of(reading)}),
        toml=lambda: document_toml(agreement.ref, standing.version, document),
    )


def _weighed(reader: Reader, standing: Standing, policy: Policy) -> Weighed | None:
    """Return what the present score sheet adds up to; None where there is none."""
    n = standing.score_n
    if n is None:
        return None
    sheet = reader.sheet(ScoreSheet, standing.key, n)
    line = entry_of(next(iter(reader.lines(standing.key, after=n - 1))))
    scored_under = reader.policy(line.policy) if line.policy else policy
    return weigh(sheet, criteria_of(sheet, scored_under, policy))


def _document(reader: Reader, agreement: Found, version: int | None) -> Answer:
    at = version or agreement.standing.version
    document = document_at(reader, agreement, at)
    toml = document_toml(agreement.ref, at, document)
    return Answer(
        table=lambda: toml,
        toml=lambda: toml,
        json=shape({"ref": str(agreement.ref), "version": at, **plain(document)}),
    )


def _records(reader: Reader, agreement: Found) -> Answer:
    records = list(reader.records(agreement.standing.key))
    corrects = reader.replacing(agreement.standing.key)
    shapes = [record_shape(n, record, corrects.get(n)) for n, record in records]
    return Answer(
        table=lambda: records_table(records) if records else "There is no record yet.\n",
        json=shape(shapes),
        csv=csv_of(_RECORD_KEYS, shapes),
    )


def kept_of(reader: Reader, key: int) -> tuple[Kept, ...]:
    """Return the files that are attached to an agreement, each as it was attached last."""
    last = {paper.sha256: (n, paper) for n, paper in reader.attachments(key)}
    if not last:
        return ()
    papers = dict(sorted(last.values()))
    lines = map(entry_of, reader.lines(key, after=min(papers) - 1))
    return tuple(Kept(entry, papers[entry.n]) for entry in lines if entry.n in papers)


def _attachments(reader: Reader, agreement: Found) -> Answer:
    kept = kept_of(reader, agreement.standing.key)
    shapes = [one.shape() for one in kept]
    return Answer(
        table=lambda: attachments_table(kept) if kept else "There is no attachment yet.\n",
        json=shape(shapes),
        csv=csv_of(ATTACHMENT_KEYS, shapes),
    )


def _last_version_in(reader: Reader, agreement: Found, term: int) -> int:
    entries = map(entry_of, reader.lines(agreement.standing.key))
    versions = [entry.version for entry in entries if entry.term == term and entry.version]
    if not versions:
        last = agreement.standing.term
        message = f"{agreement.ref} has no term {term}; it is in term {last}"
        raise InvalidInputError([Problem("unknown_term", message)])
    return versions[-1]
