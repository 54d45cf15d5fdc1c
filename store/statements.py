"""Every statement of the unit of work, as Core expressions; each is compiled once per dialect."""

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from sqlalchemy import (
    Table,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql.expression import BindParameter, ColumnElement, Select, Update

from guards.policy import Limit
from states.vocabulary import State
from store.rows import STANDING
from store.tables import (
    adoption,
    agreement,
    attachment,
    beside,
    commitment,
    definition,
    document,
    entry,
    notice,
    policy,
    program,
    project,
    term,
)

_PROGRAM: BindParameter[Any] = bindparam("program_id")
_KEY: BindParameter[Any] = bindparam("key")


def _at(table: Table) -> ColumnElement[bool]:
    return and_(table.c.program_id == _PROGRAM, table.c.key == _KEY)


_CURRENT = and_(
    document.c.program_id == agreement.c.program_id,
    document.c.key == agreement.c.key,
    document.c.version == agreement.c.document_version,
)

LOCK = (
    select(*STANDING, document.c.body, program.c.policy, program.c.stands_at, program.c.roles)
    .join(document, _CURRENT)
    .join(program, program.c.id == agreement.c.program_id)
    .where(_at(agreement))
)
ROW = select(*STANDING).where(_at(agreement))
BODY = select(document.c.body).where(_at(document), document.c.version == bindparam("version"))
HEAD = select(program.c.n, program.c.head, program.c.policy, program.c.roles).where(
    program.c.id == _PROGRAM
)
SEVERAL = 100
"""How many agreements a statement on several of them names; the last one may stand repeatedly."""

SEVERAL_KEYS = tuple(f"key_{index}" for index in range(SEVERAL))
_ANY_OF = and_(
    agreement.c.program_id == _PROGRAM, agreement.c.key.in_([bindparam(k) for k in SEVERAL_KEYS])
)
DOCUMENTS = select(agreement.c.key, document.c.body).join(document, _CURRENT).where(_ANY_OF)
SCORES = (
    select(agreement.c.key, beside.c.body)
    .join(
        beside,
        and_(
            beside.c.program_id == agreement.c.program_id,
            beside.c.stream == agreement.c.key,
            beside.c.n == agreement.c.score_n,
            beside.c.part == "content",
        ),
    )
    .where(_ANY_OF)
)
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
CORRECTED = select(beside.c.corrects).where(
    beside.c.program_id == _PROGRAM, beside.c.stream == _KEY, beside.c.corrects.is_not(None)
)
ANNUAL = select(beside.c.year, beside.c.n).where(
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
ALL_BESIDE = (
    select(
        beside.c.part,
        beside.c.salt,
        beside.c.body,
        beside.c.kind,
        beside.c.year,
        beside.c.corrects,
    )
    .where(beside.c.program_id == _PROGRAM, beside.c.stream == _KEY, beside.c.n == bindparam("n"))
    .order_by(beside.c.part.desc())
)
ATTACHMENTS = (
    select(beside.c.n, beside.c.body)
    .where(beside.c.program_id == _PROGRAM, beside.c.stream == _KEY, beside.c.kind == "attachment")
    .order_by(beside.c.n)
)
ATTACHED = select(attachment.c.body).where(
    attachment.c.program_id == _PROGRAM, attachment.c.digest == bindparam("digest")
)
IS_ATTACHED = select(attachment.c.digest).where(
    attachment.c.program_id == _PROGRAM, attachment.c.digest == bindparam("digest")
)
LAST_ACT = select(func.max(agreement.c.acted_on)).where(agreement.c.program_id == _PROGRAM)
NOTICE = select(notice.c.given_on).where(
    _at(notice),
    notice.c.term == bindparam("term"),
    notice.c.rule == bindparam("rule"),
    notice.c.due == bindparam("due"),
)
LINES_BACK = (
    select(entry.c.n, entry.c.line)
    .where(entry.c.program_id == _PROGRAM, entry.c.stream == _KEY, entry.c.n < bindparam("before"))
    .order_by(entry.c.n.desc())
    .limit(bindparam("most"))
)
BY_IDEMPOTENCY_KEY = select(entry.c.line).where(
    entry.c.program_id == _PROGRAM, entry.c.idempotency_key == bindparam("idempotency_key")
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


def _due(*, onwards: bool) -> Select[Any]:
    statement = select(*STANDING).where(
        agreement.c.program_id == _PROGRAM,
        agreement.c.due_rule == bindparam("rule"),
        agreement.c.due <= bindparam("day"),
    )
    if onwards:
        passed = and_(agreement.c.due == bindparam("due"), agreement.c.key > bindparam("after"))
        statement = statement.where(
            agreement.c.due >= bindparam("due"), (agreement.c.due > bindparam("due")) | passed
        )
    return statement.order_by(agreement.c.due, agreement.c.key).limit(bindparam("most"))


DUE, DUE_ONWARDS = _due(onwards=False), _due(onwards=True)


@cache
def update_agreement(columns: tuple[str, ...]) -> Update:
    """Return the statement that sets some columns of a row, if it is still at (version, n)."""
    return (
        update(agreement)
        .where(
            agreement.c.program_id == _PROGRAM,
            agreement.c.key == bindparam("at_key"),
            agreement.c.version == bindparam("at_version"),
            agreement.c.n == bindparam("at_n"),
        )
        .values({name: bindparam(name) for name in columns})
    )


@cache
def update_term(columns: tuple[str, ...]) -> Update:
    """Return the statement that sets some columns of a term's row."""
    return (
        update(term)
        .where(
            term.c.program_id == _PROGRAM,
            term.c.key == bindparam("at_key"),
            term.c.term == bindparam("at_term"),
        )
        .values({name: bindparam(name) for name in columns})
    )


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


_TERM_KEY = {"program_id": term.c.program_id, "key": term.c.key, "term": term.c.term}
INSERT_AGREEMENT = insert(agreement)
INSERT_ENTRY, INSERT_BESIDE, INSERT_DOCUMENT = insert(entry), insert(beside), insert(document)
INSERT_PROJECT, INSERT_COMMITMENT = insert(project), insert(commitment)
INSERT_NOTICE = insert(notice)
INSERT_POLICY, INSERT_ADOPTION, INSERT_DEFINITION = (
    insert(policy),
    insert(adoption),
    insert(definition),
)
INSERT_PROGRAM = insert(program)
UPDATE_PROGRAM = (
    update(program)
    .where(program.c.id == _PROGRAM)
    .values(n=bindparam("n_"), head=bindparam("head_"), policy=bindparam("policy_"))
)
SET_ZONE = update(program).where(program.c.id == _PROGRAM).values(time_zone=bindparam("time_zone_"))
STAND_AT = update(program).where(program.c.id == _PROGRAM).values(stands_at=bindparam("day_"))
# A term that was opened before, and taken back, is there already.
OPEN_TERM = insert(term).from_select(
    ["program_id", "key", "term"],
    select(*(cast(bindparam(name), column.type) for name, column in _TERM_KEY.items())).where(
        ~exists().where(
            term.c.program_id == _PROGRAM, term.c.key == _KEY, term.c.term == bindparam("term")
        )
    ),
)
INSERT_ATTACHMENT = insert(attachment)
HOLD = update(program).where(program.c.id == _PROGRAM).values(roles=bindparam("roles_"))
CLEAR_PROJECTS = delete(project).where(_at(project))
CLEAR_COMMITMENTS = delete(commitment).where(_at(commitment))
