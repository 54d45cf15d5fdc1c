"""How the unit of work calls the functions, as Core expressions compiled once per dialect.

Values of columns travel as one JSON object, so that whatever a line changes is one statement.
"""

from typing import Any

from sqlalchemy import bindparam, func, select

from store.tables import agreement, program

_ID = bindparam("program_id", type_=program.c.id.type)


def _text(name: str) -> Any:  # noqa: ANN401 - a bound parameter
    return bindparam(name, type_=agreement.c.title.type)


def _number(name: str) -> Any:  # noqa: ANN401 - a bound parameter
    return bindparam(name, type_=agreement.c.key.type)


_APPEND = func.lifecycle.append(
    _ID,
    _number("stream"),
    _number("at_version"),
    _number("at_n"),
    _text("at_policy"),
    _text("at_roles"),
    _text("line"),
    _text("changed"),
    bindparam("at_term", type_=agreement.c.term.type),
    _text("noted"),
).table_valued("written", "policy_now", "roles_now")

APPEND = select(_APPEND.c.written, _APPEND.c.policy_now, _APPEND.c.roles_now)
"""One line: how many were written, and the policy and the roles of now."""

APPEND_EACH = select(_APPEND.c.written).where(_APPEND.c.written == 1)
"""One of many lines: a row if it was written."""

APPEND_PROGRAM = select(func.lifecycle.append_program(_ID, _text("line"), _text("changed")))
RESTATE = select(func.lifecycle.restate(_ID, _text("rows")))
