"""What the unit of work writes, as Core expressions; each is compiled once per dialect."""

from functools import cache
from typing import Any

from sqlalchemy import Table, and_, bindparam, cast, delete, exists, insert, select, update
from sqlalchemy.sql.expression import BindParameter, ColumnElement, Update

from store.tables import (
    adoption,
    agreement,
    attachment,
    beside,
    commitment,
    definition,
    document,
    entry,
    policy,
    program,
    project,
    term,
)

_PROGRAM: BindParameter[Any] = bindparam("program_id")
_KEY: BindParameter[Any] = bindparam("key")
_PROGRAMS = program.alias("programs")


def _at(table: Table) -> ColumnElement[bool]:
    return and_(table.c.program_id == _PROGRAM, table.c.key == _KEY)


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


_TERM_KEY = {"program_id": term.c.program_id, "key": term.c.key, "term": term.c.term}
INSERT_AGREEMENT = insert(agreement)
INSERT_ENTRY, INSERT_BESIDE, INSERT_DOCUMENT = insert(entry), insert(beside), insert(document)
INSERT_PROJECT, INSERT_COMMITMENT = insert(project), insert(commitment)
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
# Whoever holds the program's lock says the day as well; waiting for it here, with an agreement
# locked, would be against the order of locks.
STAND_AT_UNLESS_HELD = (
    update(program)
    .where(
        program.c.id
        == select(_PROGRAMS.c.id)
        .where(_PROGRAMS.c.id == _PROGRAM)
        .with_for_update(key_share=True, skip_locked=True)
        .scalar_subquery()
    )
    .values(stands_at=bindparam("day_"))
)
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
