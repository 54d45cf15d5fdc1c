"""What the unit of work reads, as Core expressions; each is compiled once per dialect.

What it writes stands in `store.writes`.
"""

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from sqlalchemy import (
    Table,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.sql.expression import BindParameter, ColumnElement, Select

from guards.policy import Limit
from states.records import PRIORITY, PUBLISHED, RETRACTED
from states.vocabulary import State
from store.rows import PART, STANDING, TERM
from store.tables import (
    agreement,
    attachment,
    beside,
    commitment,
    definition,
    document,
    entry,
    erasure,
    policy,
    program,
    project,
    term,
)

_PROGRAM: BindParameter[Any] = bindparam("program_id")
_KEY: BindParameter[Any] = bindparam("key")


def _at(table: Table) -> ColumnElement[bool]:
    return and_(table.c.program_id == _PROGRAM, table.c.key == _KEY)


_PROGRAMS = program.alias("programs")
CURRENT = and_(
    document.c.program_id == agreement.c.program_id,
    document.c.key == agreement.c.key,
    document.c.version == agreement.c.document_version,
)
"""How an agreement's row and its current document belong together."""

LOCK = (
    select(*STANDING, document.c.body, program.c.policy, program.c.stands_at, program.c.roles)
    .join(document, CURRENT)
    .join(program, program.c.id == agreement.c.program_id)
    .where(_at(agreement))
)
_HELD = (
    select(*STANDING, agreement.c.program_id)
    .where(_at(agreement))
    .with_for_update(key_share=True)
    .cte("held")
)
# For a database that locks rows. A writer that waited for the row gets it as it is now, but the
# document, the policy and the roles as they were when it began to wait: a document that is newer
# than that comes as null and is read afterwards; that the others are still so, the write asks.
# KEY SHARE: lines and documents refer to program and agreement, and must not wait for this lock.
LOCK_ROW = (
    select(
        *(_HELD.c[column.name] for column in STANDING),
        document.c.body,
        program.c.policy,
        program.c.stands_at,
        program.c.roles,
    )
    .select_from(_HELD)
    .join(program, program.c.id == _HELD.c.program_id)
    .outerjoin(
        document,
        and_(
            document.c.program_id == _HELD.c.program_id,
            document.c.key == _HELD.c.key,
            document.c.version == _HELD.c.document_version,
        ),
    )
)
ROW = select(*STANDING).where(_at(agreement))
BODY = select(document.c.body).where(_at(document), document.c.version == bindparam("version"))
HEAD = select(program.c.n, program.c.head, program.c.policy, program.c.roles).where(
    program.c.id == _PROGRAM
)
LOCK_PROGRAM = HEAD.with_for_update(key_share=True)
SEVERAL = 100
"""How many agreements a statement on several of them names; the first one may stand repeatedly."""

SEVERAL_KEYS = tuple(f"key_{index}" for index in range(SEVERAL))
_KEYS: list[BindParameter[Any]] = [bindparam(key) for key in SEVERAL_KEYS]
_ANY_OF = and_(agreement.c.program_id == _PROGRAM, agreement.c.key.in_(_KEYS))
DOCUMENTS = select(agreement.c.key, document.c.body).join(document, CURRENT).where(_ANY_OF)
SEVERAL_VERSIONS = tuple(f"version_{index}" for index in range(SEVERAL))


@cache
def documents_at() -> Select[Any]:
    """Return the statement that reads documents at versions; built late, since it takes long."""
    return select(document.c.key, document.c.version, document.c.body).where(
        or_(
            *(
                and_(
                    document.c.program_id == _PROGRAM,
                    document.c.key == bindparam(key),
                    document.c.version == bindparam(version),
                )
                for key, version in zip(SEVERAL_KEYS, SEVERAL_VERSIONS, strict=True)
            )
        )
    )


TERMS_OF = (
    select(agreement.c.key, *TERM)
    .join(
        term,
        # One that was opened and taken back counts no more, until it is opened again.
        and_(
            term.c.program_id == agreement.c.program_id,
            term.c.key == agreement.c.key,
            term.c.term <= agreement.c.term,
        ),
    )
    .where(_ANY_OF)
    .order_by(agreement.c.key, term.c.term)
)


def _sheets(n: ColumnElement[int]) -> Select[Any]:
    """Return the statement that reads a sheet of several agreements, each beside its line `n`."""
    of_line = and_(
        beside.c.program_id == agreement.c.program_id,
        beside.c.stream == agreement.c.key,
        beside.c.n == n,
        beside.c.part == "content",
    )
    return select(agreement.c.key, beside.c.body).join(beside, of_line).where(_ANY_OF)


SCORES = _sheets(agreement.c.score_n)
EVALUATIONS = _sheets(agreement.c.evaluation_n)
POLICY = select(policy.c.body).where(
    policy.c.program_id == _PROGRAM, policy.c.digest == bindparam("digest")
)
DEFINITION = select(definition.c.body).where(definition.c.digest == bindparam("digest"))
BESIDE = select(beside.c.body).where(
    beside.c.program_id == _PROGRAM,
    beside.c.stream == _KEY,
    beside.c.n == bindparam("n"),
    beside.c.part == "content",
)
COUNTED = (
    select(func.count())
    .select_from(agreement)
    .where(agreement.c.program_id == _PROGRAM, agreement.c.counted, agreement.c.key != _KEY)
)
PROJECTS = (
    select(func.count())
    .select_from(project)
    .join(
        agreement,
        and_(agreement.c.program_id == project.c.program_id, agreement.c.key == project.c.key),
    )
    .where(
        project.c.program_id == _PROGRAM,
        project.c.year == bindparam("year"),
        project.c.key != _KEY,
        agreement.c.state == "active",
        agreement.c.voided.is_(None),
    )
)
COMMITTED = (
    select(func.coalesce(func.sum(commitment.c.amount), 0))
    .select_from(commitment)
    .join(
        agreement,
        and_(
            agreement.c.program_id == commitment.c.program_id, agreement.c.key == commitment.c.key
        ),
    )
    .where(
        commitment.c.program_id == _PROGRAM,
        commitment.c.year == bindparam("year"),
        commitment.c.currency == bindparam("currency"),
        commitment.c.key != _KEY,
        or_(agreement.c.state == "signed", agreement.c.state == "active"),
        agreement.c.voided.is_(None),
    )
)
_INSTEAD = beside.alias("instead")
_CORRECTED = exists().where(
    _INSTEAD.c.program_id == beside.c.program_id,
    _INSTEAD.c.stream == beside.c.stream,
    _INSTEAD.c.corrects == beside.c.n,
)
PRIORITIES = (
    select(func.count(beside.c.stream.distinct()))
    .join(
        agreement,
        and_(agreement.c.program_id == beside.c.program_id, agreement.c.key == beside.c.stream),
    )
    .where(
        beside.c.program_id == _PROGRAM,
        beside.c.kind == f"record.{PRIORITY}",
        beside.c.year == bindparam("year"),
        beside.c.stream != _KEY,
        agreement.c.state != State.DECLINED,
        agreement.c.voided.is_(None),
        ~_CORRECTED,
    )
)
CORRECTED = select(beside.c.corrects).where(
    beside.c.program_id == _PROGRAM, beside.c.stream == _KEY, beside.c.corrects.is_not(None)
)
ANNUAL = select(beside.c.n, beside.c.body).where(
    beside.c.program_id == _PROGRAM, beside.c.stream == _KEY, beside.c.kind == "record.annual"
)
_DOCUMENTS = select(document.c.salt, document.c.body).where(_at(document))
BY_DIGEST = _DOCUMENTS.where(document.c.digest == bindparam("digest"))
DOCUMENT_AT = (
    select(document.c.body)
    .where(_at(document), document.c.version <= bindparam("version"))
    .order_by(document.c.version.desc())
    .limit(1)
)
LINES = (
    select(entry.c.n, entry.c.line)
    .where(entry.c.program_id == _PROGRAM, entry.c.stream == _KEY, entry.c.n > bindparam("after"))
    .order_by(entry.c.n)
    .limit(bindparam("most"))
)
LINES_OF = (
    select(entry.c.stream, entry.c.line)
    .where(
        entry.c.program_id == _PROGRAM,
        entry.c.stream.in_(_KEYS),
    )
    .order_by(entry.c.stream, entry.c.n)
)


def _beside_of(part: ColumnElement[bool]) -> Select[Any]:
    """Return the statement that reads a part of what stands beside several agreements' lines."""
    return select(beside.c.stream, beside.c.n, beside.c.body).where(
        beside.c.program_id == _PROGRAM, beside.c.stream.in_(_KEYS), part
    )


REASONS_OF = _beside_of(beside.c.part == "reason")
SCORINGS_OF = _beside_of(beside.c.kind == "scores")
EVALUATIONS_OF = _beside_of(beside.c.kind == "evaluation")
ALL_BESIDE = (
    select(*PART)
    .where(beside.c.program_id == _PROGRAM, beside.c.stream == _KEY, beside.c.n == bindparam("n"))
    .order_by(beside.c.part.desc())
)
ATTACHMENTS = (
    select(beside.c.n, beside.c.body)
    .where(beside.c.program_id == _PROGRAM, beside.c.stream == _KEY, beside.c.kind == "attachment")
    .order_by(beside.c.n)
)
ATTACHMENTS_OF = _beside_of(beside.c.kind == "attachment").order_by(beside.c.stream, beside.c.n)
# Of what is erased no bytes are left; how many there are is known without reading them.
KEPT_FILES = select(attachment.c.digest).where(
    attachment.c.program_id == _PROGRAM,
    attachment.c.digest.in_(_KEYS),
    func.length(attachment.c.body) > 0,
)
ATTACHED = select(attachment.c.body).where(
    attachment.c.program_id == _PROGRAM, attachment.c.digest == bindparam("digest")
)
IS_ATTACHED = select(attachment.c.digest).where(
    attachment.c.program_id == _PROGRAM, attachment.c.digest == bindparam("digest")
)
ATTACHING = (
    select(beside.c.stream, beside.c.n)
    .where(
        beside.c.program_id == _PROGRAM,
        beside.c.kind == "attachment",
        beside.c.body.like(bindparam("pattern")),
    )
    .order_by(beside.c.stream, beside.c.n)
)
ERASURES = (
    select(erasure.c.n, erasure.c.part, erasure.c.by_n, erasure.c.digest)
    .where(erasure.c.program_id == _PROGRAM, erasure.c.stream == _KEY)
    .order_by(erasure.c.by_n, erasure.c.n)
)
LAST_ACT = select(func.max(agreement.c.acted_on)).where(agreement.c.program_id == _PROGRAM)
LINES_BACK = (
    select(entry.c.n, entry.c.line)
    .where(entry.c.program_id == _PROGRAM, entry.c.stream == _KEY, entry.c.n < bindparam("before"))
    .order_by(entry.c.n.desc())
    .limit(bindparam("most"))
)
BY_IDEMPOTENCY_KEY = select(entry.c.line).where(
    entry.c.program_id == _PROGRAM, entry.c.idempotency_key == bindparam("idempotency_key")
)
BY_IDEMPOTENCY_KEYS = select(entry.c.idempotency_key, entry.c.line).where(
    entry.c.program_id == _PROGRAM,
    entry.c.idempotency_key.in_(_KEYS),
)
ON_RECORD = (
    select(
        agreement.c.key,
        agreement.c.partner,
        agreement.c.country,
        agreement.c.type,
        agreement.c.signed_on,
        agreement.c.signed_term,
        document.c.body,
    )
    .join(document, CURRENT)
    .where(
        agreement.c.program_id == _PROGRAM,
        agreement.c.key > bindparam("after"),
        agreement.c.voided.is_(None),
    )
    .order_by(agreement.c.key)
    .limit(bindparam("most"))
)
LAST_KEY = select(func.max(agreement.c.key)).where(
    agreement.c.program_id == _PROGRAM, agreement.c.key < bindparam("before")
)
PORTFOLIO = (
    select(*STANDING)
    .where(agreement.c.program_id == _PROGRAM, agreement.c.key > bindparam("after"))
    .order_by(agreement.c.key)
    .limit(bindparam("most"))
)


RECORDS = (
    select(beside.c.n, beside.c.body)
    .where(
        beside.c.program_id == _PROGRAM,
        beside.c.stream == _KEY,
        beside.c.kind.like("record.%"),
        beside.c.kind != RETRACTED,
    )
    .order_by(beside.c.n)
)
RECORDS_OF = _beside_of(and_(beside.c.kind.like("record.%"), beside.c.kind != RETRACTED)).order_by(
    beside.c.stream, beside.c.n
)
CORRECTED_OF = select(beside.c.stream, beside.c.corrects).where(
    beside.c.program_id == _PROGRAM,
    beside.c.stream.in_(_KEYS),
    beside.c.corrects.is_not(None),
)
PUBLICATIONS_OF = (
    select(beside.c.stream, beside.c.body)
    .where(
        beside.c.program_id == _PROGRAM,
        beside.c.stream.in_(_KEYS),
        beside.c.kind == f"record.{PUBLISHED}",
        ~_CORRECTED,
    )
    .order_by(beside.c.stream, beside.c.n)
)
MANY = select(*STANDING).where(_ANY_OF).order_by(agreement.c.key)
LOCK_MANY = MANY.with_for_update(key_share=True)
LOCK_PORTFOLIO = PORTFOLIO.with_for_update(key_share=True)


def _held_in(states: Collection[State]) -> Iterator[ColumnElement[bool]]:
    """Yield by what an agreement is counted in these states, as `guards.activation.held_as`."""
    for state in states:
        afterwards = state in {State.EVALUATION, State.RENEWAL}
        there = agreement.c.state == state
        yield and_(there, agreement.c.activated) if afterwards else there
    if State.RENEWAL in states:
        between = (agreement.c.state == state for state in (State.NEGOTIATION, State.SIGNED))
        yield and_(agreement.c.term > 1, agreement.c.activated, or_(*between))


@cache
def limit(per: Limit, countries: tuple[str, ...]) -> Select[int]:
    """Return the statement that counts the other agreements under one of the policy's limits.

    `countries` are those of the region, or the partner's own country; none means anywhere.
    """
    counted = [
        agreement.c.program_id == _PROGRAM,
        agreement.c.key != _KEY,
        agreement.c.voided.is_(None),
    ]
    if per.types:
        counted.append(or_(*(agreement.c.type == name for name in per.types)))
    counted.append(or_(*_held_in(per.states)))
    if countries:
        counted.append(or_(*(agreement.c.country == code for code in countries)))
    if per.per == "year":
        counted.append(agreement.c.term_start.between(bindparam("first"), bindparam("last")))
    return select(func.count()).select_from(agreement).where(*counted)
